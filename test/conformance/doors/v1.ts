import type { Answer } from '../../http/support/client.ts';
import { outcomes } from '../../../src/engine/outcomes.ts';
import { problems } from '../../../src/http/problems.ts';
import type { Ask, DoorTable, Refusal } from '../door/table.ts';

const sale = '/v1/sales/sale_0_1';
const until = '2999-01-01T00:00:00Z';

/** A problem with this code; its sentences are those of the tables of outcomes and problems. */
export function no(code: keyof typeof outcomes | keyof typeof problems): Refusal {
  const rows: Readonly<Record<string, { status: number; retryable: boolean }>> = { ...outcomes, ...problems };
  const { status, retryable } = rows[code]!;
  const type = `urn:holdfast:problem:${code.toLowerCase().replaceAll('_', '-')}`;
  const form = `"type":"${type}","title":"[^"]+","status":${status},"code":"${code}","detail":.+,"retryable":${retryable}`;
  return [status, new RegExp(`^{${form}(,"errors":\\[.+\\])?}$`)];
}

function post(path: string, json?: object): Ask {
  return { method: 'POST', path, ...(json === undefined ? {} : { json }) };
}

function read(path: string): Ask {
  return { method: 'GET', path: `/v1/${path}` };
}

export const problem = ['type', 'title', 'status', 'code', 'detail', 'retryable'];

/** What all kinds of sales in the native API have in common. */
const common = {
  args: ['--doors', 'v1'],
  isNative: true,
  taken: 201,
  tellsApart: (answer: Answer) => answer.string('id'),
  left: { ask: { method: 'GET', path: sale }, read: ({ body }: Answer) => Number(body['available']) },
  tokens: true,
  key: 'required',
  cancel: {
    ask: (taken: Answer) => post(`/v1/orders/${taken.string('id')}/cancel`, {}),
    cancelled: 200,
    cancelledAlready: no('ORDER_CANCELLED'),
  },
  says: {
    soldOut: no('SOLD_OUT'),
    keyReused: no('KEY_REUSED'),
    missingKey: no('MISSING_KEY'),
    malformedKey: no('INVALID_KEY'),
    emptyKey: no('INVALID_KEY'),
    noRoom: no('NOT_TAKEN'),
    keysFull: no('KEYS_FULL'),
    unknownResult: no('RESULT_UNKNOWN'),
    noJson: no('INVALID_JSON'),
    fieldTwice: no('INVALID_JSON'),
    noObject: no('INVALID_REQUEST'),
    tooLarge: no('BODY_TOO_LARGE'),
    otherType: no('UNSUPPORTED_TYPE'),
    foreignOrigin: no('FOREIGN_ORIGIN'),
    foreignHost: no('FOREIGN_HOST'),
  },
  errorForms: [problem, [...problem, 'errors']],
  byId: (id: string) => [
    ...[id, `sale_0_${id}`, 'sale_0_', 'sale_0_1%20', 'sale_1_1', 'SALE_0_1', 'order_0_1'].flatMap((one) => [
      ...['', '/buyers', '/seats'].map((more) => [read(`sales/${one}${more}`), no('UNKNOWN_SALE')] as const),
      [{ method: 'PATCH', path: `/v1/sales/${one}`, json: { name: 'A' } }, no('UNKNOWN_SALE')] as const,
      ...['orders', 'holds'].map(
        (what) => [post(`/v1/sales/${one}/${what}`, { quantity: 1 }), no('UNKNOWN_SALE')] as const,
      ),
      [post(`/v1/sales/${one}/waitlist`, { quantity: 1, customer: 'ann' }), no('UNKNOWN_SALE')] as const,
    ]),
    ...[id, `order_0_${id}`, 'order_1_1', 'sale_0_1'].flatMap((one) => [
      [read(`orders/${one}`), no('UNKNOWN_ORDER')] as const,
      [post(`/v1/orders/${one}/cancel`, {}), no('UNKNOWN_ORDER')] as const,
    ]),
    ...[id, `hold_0_${id}`, 'hold_1_1', 'order_0_1'].flatMap((one) => [
      [read(`holds/${one}`), no('UNKNOWN_HOLD')] as const,
      [post(`/v1/holds/${one}/extend`, { until }), no('UNKNOWN_HOLD')] as const,
      [post(`/v1/holds/${one}/confirm`), no('UNKNOWN_HOLD')] as const,
      [{ method: 'DELETE', path: `/v1/holds/${one}` }, no('UNKNOWN_HOLD')] as const,
    ]),
    ...[id, `waitlist_0_${id}`].map((one) => [read(`waitlist/${one}`), no('UNKNOWN_ENTRY')] as const),
  ],
} as const satisfies Partial<DoorTable>;

function order(json: object): Ask {
  return post(`${sale}/orders`, json);
}

function hold(json: object): Ask {
  return post(`${sale}/holds`, json);
}

const terms = { holdSeconds: 60, price: { amount: 1250, currency: 'EUR' } };

/** Calls that take a key, beside that of buying. */
const keyed: DoorTable['keyed'] = [
  [hold({ quantity: 1 }), 'required'],
  [post('/v1/orders', { lines: [{ sale: 'sale_0_1', quantity: 1 }] }), 'required'],
  [post('/v1/orders/order_0_1/cancel', {}), 'required'],
  [post('/v1/holds/hold_0_1/confirm'), 'required'],
  [post('/v1/holds/hold_0_1/extend', { until }), 'optional'],
  [{ method: 'DELETE', path: '/v1/holds/hold_0_1' }, 'optional'],
  [post('/v1/sales', { name: 'A', kind: 'counted', capacity: 1 }), 'optional'],
  [post('/v1/customers', { id: 'ann' }), 'optional'],
  [post(`${sale}/waitlist`, { quantity: 1, customer: 'ann' }), 'optional'],
];

const holds: NonNullable<DoorTable['hold']> = {
  placed: 201,
  confirm: (placed) => post(`/v1/holds/${placed.string('id')}/confirm`),
  confirmed: 201,
  seconds: 60,
  confirmedAlready: no('HOLD_CONFIRMED'),
  expired: no('HOLD_EXPIRED'),
};

export const v1: DoorTable = {
  ...common,
  name: 'v1',
  stock: (units) => [post('/v1/sales', { name: 'A sale', kind: 'counted', capacity: units, ...terms })],
  take: () => order({ quantity: 1, customer: 'ann' }),
  relief: [{ method: 'PATCH', path: sale, json: { capacity: 2 } }],
  keyed,
  others: [
    order({ quantity: 2, customer: 'ann' }),
    order({ quantity: 1, customer: 'bob' }),
    order({ quantity: 1 }),
    hold({ quantity: 1 }),
  ],
  hold: { ...holds, place: (buyer) => hold({ quantity: 1, customer: `buyer ${buyer}` }) },
  unknown: [
    [post('/v1/sales/sale_0_9/orders', { quantity: 1 }), no('UNKNOWN_SALE')],
    [post('/v1/sales/x/holds', { quantity: 1 }), no('UNKNOWN_SALE')],
    [post('/v1/orders', { lines: [{ sale: 'sale_0_9', quantity: 1 }] }), no('UNKNOWN_SALE')],
    [post('/v1/orders/order_0_9/cancel', {}), no('UNKNOWN_ORDER')],
    [post('/v1/holds/hold_0_9/confirm'), no('UNKNOWN_HOLD')],
    [{ method: 'GET', path: '/v1/holds/hold_0_9' }, no('UNKNOWN_HOLD')],
  ],
  invalid: [
    [order({ quantity: 0 }), no('INVALID_REQUEST')],
    [order({ quantity: '1' }), no('INVALID_REQUEST')],
    [order({ quantity: 1, admin: true }), no('INVALID_REQUEST')],
    [order({}), no('INVALID_REQUEST')],
    [order({ seats: ['A-1-1'] }), no('NO_SEATS')],
    [hold({ quantity: 1, seconds: 0 }), no('INVALID_REQUEST')],
    [post('/v1/orders', { lines: [] }), no('INVALID_REQUEST')],
  ],
};

function hallOf(seats: number): object {
  return { sections: [{ name: 'A', rows: seats === 0 ? [] : [{ name: '1', seats: { from: 1, to: seats } }] }] };
}

export const v1Seated: DoorTable = {
  ...common,
  name: 'v1, numbered seats',
  stock: (units) => [post('/v1/sales', { name: 'A hall', kind: 'seated', hall: hallOf(units), ...terms })],
  take: () => order({ best: { quantity: 1 } }),
  tellsApart: ({ body }) => `${String(body['id'])} ${String(body['seats'])}`,
  relief: [post(`${sale}/seats`, { seats: [{ section: 'B', row: '1', number: '1' }] })],
  keyed: [...keyed, [post(`${sale}/seats`, { seats: [{ section: 'B', row: '9', number: '9' }] }), 'optional']],
  others: [order({ best: { quantity: 2 } }), order({ seats: ['A-1-3'] }), hold({ best: { quantity: 1 } })],
  hold: { ...holds, place: () => hold({ best: { quantity: 1 } }) },
  unknown: [
    [order({ seats: ['A-9-9'] }), no('UNKNOWN_SEAT')],
    [order({ best: { quantity: 1, section: 'Z' } }), no('UNKNOWN_SECTION')],
    [{ method: 'DELETE', path: `${sale}/seats/A-9-9` }, no('UNKNOWN_SEAT')],
  ],
  invalid: [
    [order({ quantity: 1 }), no('SEATS_REQUIRED')],
    [order({ seats: [] }), no('INVALID_REQUEST')],
    [order({ seats: ['A-1-1', 'A-1-1'] }), no('SEAT_REPEATED')],
    [order({ seats: ['A-1-1'], best: { quantity: 1 } }), no('INVALID_REQUEST')],
    [order({ best: { quantity: 0 } }), no('INVALID_REQUEST')],
  ],
};
