import type { Chapter } from './script.ts';
import { guarded } from './script.ts';

const page = { Origin: 'https://shop.example' };
const other = { Origin: 'https://other.example' };

export const system: readonly Chapter[] = [
  {
    name: 'what the store says of itself',
    steps: [
      { ask: 'GET /' },
      { ask: 'HEAD /' },
      { ask: 'GET /livez' },
      { ask: 'HEAD /livez' },
      { ask: 'GET /readyz' },
      { ask: 'GET /health' },
      { ask: 'GET /openapi.json' },
      { ask: 'GET /openapi.json', on: 'drops' },
      { ask: 'GET /LiveZ/' },
      { ask: 'GET /nothing' },
      { ask: 'POST /nothing', json: {} },
      { ask: 'DELETE /livez' },
      { ask: 'POST /', json: {} },
      { ask: 'OPTIONS /' },
      { ask: 'OPTIONS /nothing' },
      { ask: 'GET /livez?a=%ff' },
      { ask: 'GET /%ff' },
      { ask: 'GET /livez', headers: { Host: 'shop.example' } },
      { ask: 'GET /readyz', headers: { Host: 'shop.example' } },
      { ask: 'GET /health', headers: { Host: 'shop.example' } },
      { ask: 'GET /', headers: { Host: 'shop.example' } },
      { ask: 'GET /nothing', headers: { Host: 'shop.example' } },
      { ask: 'GET /livez', headers: { Host: 'a b' } },
      { ask: 'GET /livez', headers: { Connection: 'close' } },
      { ask: 'POST /v1/sales', json: { name: 'A', kind: 'counted', capacity: 1 } },
      { ask: 'GET /readyz' },
    ],
  },
  {
    name: 'one door alone',
    args: ['--doors', 'drops'],
    steps: [{ ask: 'GET /' }, { ask: 'GET /v1/sales' }, { ask: 'GET /api/v1/event' }, { ask: 'GET /nothing' }],
  },
  {
    name: 'pages of named origins',
    environment: { CORS_ORIGIN: 'https://shop.example' },
    steps: [
      { ask: 'GET /livez' },
      { ask: 'GET /livez', headers: page },
      { ask: 'GET /livez', headers: other },
      { ask: 'GET /', headers: page },
      { ask: 'GET /', headers: other },
      { ask: 'OPTIONS /v1/sales', headers: { ...page, 'Access-Control-Request-Method': 'POST' } },
      { ask: 'OPTIONS /v1/sales', headers: { ...other, 'Access-Control-Request-Method': 'POST' } },
      { ask: 'POST /v1/sales', headers: page, json: { name: 'A', kind: 'counted', capacity: 1 } },
      { ask: 'POST /v1/sales', headers: other, json: { name: 'A', kind: 'counted', capacity: 1 } },
      { ask: 'GET /v1/sales', headers: page },
      { ask: 'GET /v1/sales', headers: other },
      { ask: 'GET /v1/stream', headers: other, until: 'event: ready' },
      { ask: 'GET /api/drops', on: 'drops', headers: page },
      { ask: 'GET /nothing', headers: page },
    ],
  },
  {
    name: 'pages of any origin',
    environment: { ...guarded, CORS_ORIGIN: '*' },
    steps: [
      { ask: 'GET /livez', headers: page },
      { ask: 'OPTIONS /v1/orders', headers: { ...page, 'Access-Control-Request-Headers': 'idempotency-key' } },
      { ask: 'POST /v1/sales', headers: page, json: { name: 'A', kind: 'counted', capacity: 1 } },
      { ask: 'POST /v1/sales', as: 'operator', headers: page, json: { name: 'A', kind: 'counted', capacity: 1 } },
      { ask: 'POST /v1/sales/sale_0_1/orders', key: 'a', headers: page, json: { quantity: 1 } },
      { ask: 'GET /v1/orders/order_0_1', headers: page },
      { ask: 'GET /readyz', headers: page },
    ],
  },
  {
    name: 'a store that is open',
    args: ['--open'],
    steps: [
      { ask: 'GET /v1/sales', headers: { Host: 'shop.example' } },
      { ask: 'POST /v1/sales', headers: { Host: 'shop.example' }, json: { name: 'A', kind: 'counted', capacity: 1 } },
      { ask: 'POST /v1/sales', headers: other, json: { name: 'A', kind: 'counted', capacity: 1 } },
      { ask: 'GET /v1/customers/nobody', headers: other },
    ],
  },
  {
    name: 'a proxy that no operator key tells the operator from',
    steps: [
      { ask: 'POST /v1/sales', headers: { 'X-Forwarded-For': '203.0.113.7' }, json: {} },
      { ask: 'GET /readyz', headers: { Via: '1.1 proxy' } },
    ],
  },
];
