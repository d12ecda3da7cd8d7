/**
 * Random damage to proper requests: never a failure of the store, never a wait that does not end.
 * HOLDFAST_SEED replays a seed.
 */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { parseJson } from '../../src/http/body.ts';
import { HttpFailure } from '../../src/http/problems.ts';
import { Random, seedsFor } from '../engine/random.ts';
import { EventListener } from '../doors/drops/listener.ts';
import { eventually } from '../doors/drops/support.ts';
import { ask } from './support/client.ts';
import { exchange, RawConnection, requestText } from './support/raw.ts';
import { stockUpSeats } from './support/seats-samples.ts';
import { withStore } from './support/store.ts';

const key = ['Idempotency-Key: "fuzz"'];
/** Of the main port. */
const requests = [
  requestText('GET', '/v1/sales?limit=5&at=0.1'),
  requestText('GET', '/api/v1/events?limit=5', ['Accept: text/html']),
  requestText('POST', '/v1/customers', [], '{"id":"ann","name":"Ann","email":"ann@example.org"}'),
  requestText('POST', '/v1/sales', key, '{"name":"A","kind":"counted","capacity":5,"opensAt":"2026-06-01T12:00:00Z"}'),
  requestText('POST', '/v1/sales/sale_0_1/orders', key, '{"quantity":1,"customer":"ann"}'),
  requestText('POST', '/v1/sales/sale_0_1/waitlist', key, '{"quantity":1,"customer":"ann"}'),
  requestText(
    'POST',
    '/v1/sales',
    key,
    '{"name":"H","kind":"seated","hall":{"sections":[{"name":"A","rows":[{"name":"1","seats":{"from":1,"to":9}}]}]}}',
  ),
  requestText('POST', '/v1/sales/sale_0_2/holds', key, '{"seats":["A-1-1","A-1-2"]}'),
  requestText('POST', '/v1/sales/sale_0_2/orders', key, '{"best":{"quantity":2,"section":"A","split":true}}'),
  requestText('GET', '/v1/sales/sale_0_2/seats?form=compact&at=0.1'),
  requestText('POST', '/v1/sales/sale_0_2/seats', key, '{"seats":[{"section":"A","row":"2","number":"1"}]}'),
  requestText('PATCH', '/v1/sales/sale_0_2/seats/A-1-3', [], '{"rank":5,"blocked":true}'),
  requestText('DELETE', '/v1/sales/sale_0_2/seats/A-1-4'),
  requestText('GET', '/v1/stream?seats=sale_0_2&since=0.1'),
  requestText('GET', '/v1/stream?sales=sale_0_1&holds=hold_0_1&since=0.1', ['Last-Event-ID: 0.2']),
  requestText('POST', '/v1/orders', key, '{"lines":[{"sale":"sale_0_1","quantity":1}]}'),
  requestText('POST', '/v1/holds/hold_0_1/extend', [], '{"until":"2026-06-01T12:05:00Z"}'),
  requestText('POST', '/api/v1/purchase', key, '{"quantity":2}'),
  requestText('GET', '/api/seats?page=1&limit=5&event_id=1&status=available'),
  requestText('POST', '/api/events/book', key, '{"eventId":1,"numberOfSeats":2,"userId":1,"partial":true}'),
  requestText('DELETE', '/api/events/book', key, '{"eventId":1,"cancelAll":true}'),
  requestText('PUT', '/api/seats/1', key, '{"event_id":1,"row_number":1,"seat_number":2,"status":"booked"}'),
  'POST /v1/customers HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n',
];
const polling = '/socket.io/?EIO=4&transport=polling';
const toWebSocket = ['Upgrade: websocket', 'Connection: Upgrade', `Sec-WebSocket-Key: ${'A'.repeat(22)}==`];
/**
 * Of the drops port; a session's id takes the place of SID. After an upgrade comes a frame that
 * connects, masked with zeros.
 */
const dropsRequests = [
  requestText('GET', '/api/drops'),
  requestText('GET', '/api/drops/1', ['Accept: text/html']),
  requestText('GET', '/api/users?limit=5'),
  requestText('POST', '/api/users', key, '{"username":"ann"}'),
  requestText(
    'POST',
    '/api/drops',
    key,
    '{"name":"A pair","price":"199.99","totalStock":5,"dropStartTime":"2026-01-11T09:00:00Z","holdSeconds":60}',
  ),
  requestText('POST', '/api/reserve/1', key, '{"userId":1}'),
  requestText('POST', '/api/reserve/1', [], '{"userId":"1"}'),
  requestText('POST', '/api/purchase/1', [], '{"userId":1}'),
  requestText('GET', '/socket.io/socket.io.min.js'),
  requestText('GET', polling),
  requestText('POST', `${polling}&sid=SID`, [], '40'),
  requestText('POST', `${polling}&sid=SID`, [], '42["stockUpdate",{"dropId":1}]'),
  requestText('GET', `${polling}&sid=SID`),
  `${requestText('GET', '/socket.io/?EIO=4&transport=websocket', toWebSocket)}\x81\x82\0\0\0\x0040`,
  `${requestText('GET', '/socket.io/?EIO=4&transport=websocket&sid=SID', toWebSocket)}\x81\x86\0\0\0\x002probe`,
];
const pieces = [
  '\r\n',
  '\0',
  ':',
  ' ',
  'chunked',
  'Content-Length: 5\r\n',
  '\xff',
  '{',
  '"',
  '\\u0000',
  '%',
  '1e999',
  '\r\n\r\n',
  'HTTP/1.1',
];

function damaged(random: Random, request: string): Uint8Array {
  const bytes = [...Buffer.from(request, 'latin1')];
  for (let left = 1 + random.below(4); left > 0; left -= 1) {
    const at = random.below(bytes.length);
    const piece = [...Buffer.from(random.pick(pieces), 'latin1')];
    switch (random.below(5)) {
      case 0:
        bytes[at] = random.below(256);
        break;
      case 1:
        bytes.splice(at, 1 + random.below(8));
        break;
      case 2:
        bytes.splice(at, 0, ...piece);
        break;
      case 3:
        bytes.splice(at, 0, ...bytes.slice(at, at + random.below(60)));
        break;
      default:
        bytes.length = Math.max(1, at);
    }
    if (bytes.length === 0) bytes.push(0x47);
  }
  return Uint8Array.from(bytes);
}

/**
 * Sends bytes and looks at what comes back for a moment: half a request gets no answer, and may
 * not.
 */
async function tryOne(port: number, bytes: Uint8Array): Promise<void> {
  const connection = await RawConnection.open(port);
  connection.send(bytes);
  const moment = new Promise<null>((resolve) => setTimeout(resolve, 60, null));
  const answer = await Promise.race([connection.answer().catch(() => null), moment]);
  connection.end();
  assert.ok(answer === null || answer.status !== 500, Buffer.from(bytes).toString('latin1'));
}

/** Damages requests by a seed, twenty at a time; after each twenty the port still answers. */
async function attack(seed: number, port: number, read: string, sent: () => Promise<readonly string[]>): Promise<void> {
  const random = new Random(seed);
  for (let round = 0; round < 8; round += 1) {
    const proper = await sent();
    await Promise.all(Array.from({ length: 20 }, () => tryOne(port, damaged(random, random.pick(proper)))));
    assert.equal((await exchange(port, requestText('GET', read)))?.status, 200);
  }
}

const settings = { listener: { bodyTimeoutMs: 500 } };

for (const seed of seedsFor(4, 9001)) {
  test(`requests damaged by seed ${seed} do no harm`, () =>
    withStore(settings, async (store) => {
      await store.post('/v1/sales', { name: 'A', kind: 'counted', capacity: 1_000_000 }, null);
      await store.post('/v1/sales/sale_0_1/holds', { quantity: 1 }, 'hold');
      const hall = { sections: [{ name: 'A', rows: [{ name: '1', seats: { from: 1, to: 9 } }] }] };
      await store.post('/v1/sales', { name: 'H', kind: 'seated', hall }, null);
      await stockUpSeats(store);
      await attack(seed, store.port, '/livez', async () => requests);
      assert.equal((await store.post('/v1/sales/sale_0_1/orders', { quantity: 1 }, `after-${seed}`)).status, 201);
      assert.deepEqual(store.logged, []);
    }));

  test(`requests to the drops port damaged by seed ${seed} do no harm`, () =>
    withStore({ ...settings, args: ['--drops-port', '4000'] }, async ({ drops, logged }) => {
      const { port } = drops!;
      const post = async (path: string, json: object): Promise<number> =>
        (await ask(port, 'POST', path, { json })).status;
      assert.equal(await post('/api/users', { username: 'bea' }), 201);
      assert.equal(await post('/api/drops', { name: 'A', price: 1, totalStock: 1_000_000 }), 201);
      assert.equal(await post('/api/reserve/1', { userId: 1 }), 201);
      await attack(seed, port, '/api/drops', async () => {
        const { sid } = JSON.parse((await ask(port, 'GET', polling)).text.slice(1)) as { sid: string };
        return dropsRequests.map((request) => request.replace('SID', sid));
      });
      const listener = await EventListener.connect(port, 'websocket');
      assert.equal(await post('/api/reserve/1', { userId: 1 }), 201);
      await eventually(() => listener.latest(1) !== undefined);
      listener.close();
      assert.deepEqual(logged, []);
    }));
}

describe('JSON', () => {
  function value(random: Random, depth: number): unknown {
    switch (random.below(depth > 4 ? 4 : 6)) {
      case 0:
        return random.word() / (1 + random.below(1000));
      case 1:
        return random.pick([true, false, null, -0, 1e300, -5]);
      case 2:
        return random.pick(['', 'a:b', '"', '\\', '\\"', '{"a":1}', '\u2028', '\u{1f600}', 'x'.repeat(300), '\u0000:']);
      case 3:
        return [];
      case 4:
        return Array.from({ length: random.below(4) }, () => value(random, depth + 1));
      default:
        return Object.fromEntries(
          Array.from({ length: random.below(5) }, () => [
            random.pick(['a', 'b', ':', '"', '__proto__', 'c d', '\\']),
            value(random, depth + 1),
          ]),
        );
    }
  }

  for (const seed of seedsFor(3, 77)) {
    test(`JSON of seed ${seed} is read as it was written, and never with a name twice`, () => {
      const random = new Random(seed);
      for (let i = 0; i < 500; i += 1) {
        const made = { list: value(random, 0), more: value(random, 0) };
        const text = JSON.stringify(made, null, random.pick([0, 2]));
        assert.deepEqual(parseJson(Buffer.from(text)), JSON.parse(text));
        const twice = `{"more":${JSON.stringify(value(random, 1))},${text.slice(1)}`;
        assert.throws(() => parseJson(Buffer.from(twice)), HttpFailure);
      }
    });

    test(`JSON damaged by seed ${seed} is refused or read as the runtime reads it`, () => {
      const random = new Random(seed);
      for (let i = 0; i < 2000; i += 1) {
        const bytes = Buffer.from(JSON.stringify({ a: value(random, 0), b: 1 }));
        bytes[random.below(bytes.length)] = random.below(256);
        let read: unknown;
        try {
          read = parseJson(bytes);
        } catch (error) {
          assert.ok(error instanceof HttpFailure && error.row.status === 400, String(error));
          continue;
        }
        assert.deepEqual(read, JSON.parse(bytes.toString()));
      }
    });
  }
});
