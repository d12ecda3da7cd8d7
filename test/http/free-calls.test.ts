/**
 * What strangers may take without paying: a limit by address, in the words of each door; never for
 * purchases.
 */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { FreeCalls } from '../../src/http/free-calls.ts';
import { SocketIoTransport } from '../../src/http/socket-io-transport.ts';
import type { Door } from '../../src/http/door.ts';
import { problemAnswer } from '../../src/doors/kit/native-errors.ts';
import { Listener } from '../../src/http/listener.ts';
import { createLogger } from '../../src/http/logging.ts';
import { AccessControl } from '../../src/http/access.ts';
import { ClientAddresses } from '../../src/http/client-address.ts';
import { parseNetwork } from '../../src/http/ip.ts';
import type { Answer } from './support/client.ts';
import { ask } from './support/client.ts';
import { routesOf, withEveryRoute } from './support/samples.ts';
import type { Options, TestStore } from './support/store.ts';
import { operatorKey, withStore } from './support/store.ts';

const burst = 5;
/** Every call says who its client is, as a trusted proxy does; the bucket fills by one a second. */
const bounded: Options = {
  args: ['--free-rate', '1', '--free-burst', String(burst)],
  environment: { HOLDFAST_OPERATOR_KEY: operatorKey, HOLDFAST_TRUSTED_PROXIES: '127.0.0.1' },
};
const asOperator = { Authorization: `Bearer ${operatorKey}` };
const from = (address: string): Record<string, string> => ({ 'X-Forwarded-For': address });
let count = 0;

type Register = (
  store: TestStore,
  key: string | null,
  name: string,
  headers: Record<string, string>,
) => Promise<Answer>;

const registrations: Readonly<Record<string, readonly [doors: string, register: Register]>> = {
  'a customer': ['v1', (store, key, name, headers) => store.post('/v1/customers', { id: name }, key, headers)],
  'a place in line': [
    'v1',
    (store, key, customer, headers) =>
      store.post('/v1/sales/sale_0_1/waitlist', { quantity: 1, customer }, key, headers),
  ],
  'a user of seats': [
    'seats',
    (store, key, name, headers) => store.post('/api/users', { name, email: `${name}@example.org` }, key, headers),
  ],
  'a user of drops': ['drops', (store, key, username, headers) => store.post('/api/users', { username }, key, headers)],
};

describe('what one address may have for nothing', () => {
  for (const [what, [doors, register]] of Object.entries(registrations)) {
    test(`${what}: a burst, then 429 in the door's words, while replays, others and the operator go on`, () =>
      withStore({ ...bounded, args: [...bounded.args!, '--doors', doors] }, async (store) => {
        if (doors === 'v1') {
          const sale = { name: 'A', kind: 'counted', capacity: 1 };
          await store.post('/v1/sales', sale, null, asOperator);
          await store.post('/v1/sales/sale_0_1/orders', { quantity: 1 }, 'all');
        }
        const name = (): string => `n${(count += 1)}`;
        const [known, key] = [name(), 'a key that is known'];
        const first = await register(store, key, known, from('192.0.2.1'));
        assert.equal(first.status, 201, first.text);
        const statuses: number[] = [];
        for (let i = 0; i < burst + 3; i += 1)
          statuses.push((await register(store, null, name(), from('192.0.2.1'))).status);
        assert.deepEqual(
          statuses.slice(0, burst - 1),
          Array.from({ length: burst - 1 }, () => 201),
        );
        assert.equal(statuses.at(-1), 429, statuses.join());
        const refused = await register(store, null, name(), from('192.0.2.1'));
        assert.equal(refused.status, 429);
        assert.equal(refused.header('Retry-After'), '1');
        const said = refused.body['detail'] ?? refused.body['error'] ?? refused.body['message'];
        assert.match(String(said), /Too many registrations/);
        // A replay, another address, one without an address, an operator.
        const again = await register(store, key, known, from('192.0.2.1'));
        assert.deepEqual([again.status, again.text], [first.status, first.text]);
        assert.equal(again.header('Idempotency-Replayed'), 'true');
        assert.equal((await register(store, null, name(), from('192.0.2.2'))).status, 201);
        assert.equal((await register(store, null, name(), {})).status, 201);
        const byOperator = await register(store, null, name(), { ...from('192.0.2.1'), ...asOperator });
        assert.equal(byOperator.status, 201);
      }));
  }

  test('free calls are counted on routes that say so, and on none that sells', () =>
    withEveryRoute(async (store) => {
      const free = routesOf(store).filter((route) => route.free === true);
      const paths = free.map(({ method, path }) => `${method} ${path}`);
      const drops = store.listener.doors.some(({ name }) => name === 'drops');
      const wanted = drops
        ? ['POST /api/users']
        : ['POST /v1/sales/:id/waitlist', 'POST /v1/customers', 'POST /api/users'];
      assert.deepEqual(paths.sort(), wanted.sort());
    }));

  test('the limit of free calls is none for buyers', () =>
    withStore(bounded, async (store) => {
      await store.post('/v1/sales', { name: 'A', kind: 'counted', capacity: 1000 }, null, asOperator);
      for (let i = 0; i < 4 * burst; i += 1) {
        for (const noun of ['orders', 'holds']) {
          const asked = { quantity: 1, customer: `c${i}` };
          const answer = await store.post(`/v1/sales/sale_0_1/${noun}`, asked, `b${noun}${i}`, from('192.0.2.1'));
          assert.equal(answer.status, 201);
        }
      }
    }));
});

describe('buckets', () => {
  test('buckets fill again, up to their burst', () => {
    let nowMs = 0;
    const calls = new FreeCalls({ perSecond: 10, burst: 20, nowMs: () => nowMs });
    const taken = (): number => {
      let tokens = 0;
      while (calls.take('a')) tokens += 1;
      return tokens;
    };
    assert.equal(taken(), 20);
    nowMs += 99;
    assert.equal(taken(), 0);
    nowMs += 901;
    assert.equal(taken(), 10);
    nowMs += 3_600_000;
    assert.equal(taken(), 20);
  });

  test('buckets are limited in number, and an address seen often is not forgotten', () => {
    const calls = new FreeCalls({ perSecond: 1, burst: 1, maxAddresses: 100, nowMs: () => 0 });
    assert.ok(calls.take('often'));
    for (let i = 0; i < 10_000; i += 1) {
      assert.ok(calls.take(`address ${i}`));
      if (i % 50 === 0) assert.ok(!calls.take('often'));
      assert.ok(calls.addresses <= 200);
    }
  });
});

test('sessions of one address are bounded, and those that end make room', async () => {
  const sockets = new SocketIoTransport({
    path: '/socket.io/',
    pingIntervalMs: 25_000,
    pingTimeoutMs: 20_000,
    maxMessageBytes: 1000,
    maxSessions: 100,
    maxSessionsPerAddress: 3,
  });
  const door: Door = {
    name: 'live',
    routes: [],
    prefixes: [],
    sockets,
    failed: ({ row, detail, errors }) => problemAnswer(row, detail, errors),
  };
  const clients = new ClientAddresses({ trusted: [parseNetwork('127.0.0.1')!], warn: () => undefined });
  const access = new AccessControl({ operatorKey, open: false, origins: [], clients });
  const listener = new Listener({ port: 0, host: '127.0.0.1', doors: [door], access, logger: createLogger('silent') });
  const open = (address: string): Promise<Answer> =>
    ask(listener.port, 'GET', '/socket.io/?EIO=4&transport=polling', { headers: address === '' ? {} : from(address) });
  try {
    const first = await open('192.0.2.1');
    for (let i = 0; i < 2; i += 1) assert.equal((await open('192.0.2.1')).status, 200);
    const refused = await open('192.0.2.1');
    assert.equal(refused.status, 429);
    assert.equal(refused.header('Retry-After'), '1');
    for (let i = 0; i < 5; i += 1) assert.equal((await open('')).status, 200);
    assert.equal((await open('192.0.2.2')).status, 200);
    const sid = /"sid":"([^"]+)"/.exec(first.text)?.[1] ?? '';
    const target = `/socket.io/?EIO=4&transport=polling&sid=${sid}`;
    await ask(listener.port, 'POST', target, { body: '1', headers: { 'Content-Type': 'text/plain' } });
    assert.equal((await open('192.0.2.1')).status, 200);
    assert.equal((await open('192.0.2.1')).status, 429);
  } finally {
    await listener.close(0);
  }
});
