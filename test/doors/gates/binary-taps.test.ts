/** POST /v1/taps in the binary form. */
import assert from 'node:assert/strict';
import http from 'node:http';
import { describe, test } from 'node:test';
import { tapReasons, tapResults } from '../../../src/engine/tap-outcomes.ts';
import type { TestStore } from '../../http/support/store.ts';
import { assertProblem } from '../v1/support.ts';
import { binaryTap, binaryTaps, noonMs, readOutcomes } from './binary-tap.ts';
import {
  asOperator,
  atNoon,
  euros,
  guarded,
  makeCard,
  makeCity,
  outcomesIn,
  sendTaps,
  tapJson,
  totalsOf,
} from './support.ts';

const tapsType = 'application/vnd.holdfast.taps';
const uuid = '6544ecbf-09f5-4dbd-962c-10cc2fc4a8f1';

/** Sends bytes and reads the answer as bytes. */
function sendBytes(
  store: TestStore,
  bytes: Uint8Array,
  headers: Readonly<Record<string, string>> = {},
): Promise<{ status: number; type: string | undefined; position: unknown; bytes: Buffer }> {
  return new Promise((resolve, reject) => {
    const all = { 'Content-Type': tapsType, 'Content-Length': bytes.length, Accept: tapsType, ...headers };
    const options = { host: '127.0.0.1', port: store.port, method: 'POST', path: '/v1/taps', headers: all };
    const request = http.request(options, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () =>
        resolve({
          status: response.statusCode ?? 0,
          type: response.headers['content-type'],
          position: response.headers['holdfast-position'],
          bytes: Buffer.concat(chunks),
        }),
      );
    });
    request.on('error', reject);
    request.end(bytes);
  });
}

describe('binary taps', () => {
  test('bytes and JSON are one thing: a tap of each is a repeat of the other', () =>
    atNoon(async (store) => {
      await makeCity(store, ['ann', uuid]);
      const sent = binaryTaps([{ sequence: 1 }, { sequence: 2, card: uuid }, { sequence: 3, card: 99 }]);
      const answer = await sendBytes(store, sent);
      assert.deepEqual([answer.status, answer.type], [200, tapsType]);
      assert.match(String(answer.position), /^0\.\d+\./);
      const outcomes = readOutcomes(answer.bytes);
      assert.deepEqual(
        outcomes.map(({ gate, sequence, result, reason, balance, journey, replayed }) => [
          [gate, sequence],
          [result, reason, replayed],
          [balance, journey],
        ]),
        [
          [
            [1, 1],
            [tapResults.open, 0, 0],
            [1000, 1],
          ],
          [
            [1, 2],
            [tapResults.open, 0, 0],
            [1000, 2],
          ],
          [
            [1, 3],
            [tapResults.deny, tapReasons.UNKNOWN_CARD, 0],
            [0, 0],
          ],
        ],
      );
      const taps = [tapJson({ epoch: 1, sequence: 1 }), tapJson({ epoch: 1, sequence: 2, card: uuid })];
      const again = outcomesIn(await sendTaps(store, taps));
      assert.deepEqual(
        again.map(({ replayed, journey }) => [replayed, journey]),
        [
          [true, 'journey_0_1'],
          [true, 'journey_0_2'],
        ],
      );
      assert.equal((await totalsOf(store)).taps, 3);
    }));

  test('the answer is bytes only where the caller takes them, whatever it sent', () =>
    atNoon(async (store) => {
      await makeCity(store, ['ann', uuid]);
      const asked = binaryTaps([{ sequence: 1 }, { sequence: 2, card: uuid }, { gate: 77, sequence: 1, card: 99 }]);
      for (const accept of ['*/*', 'application/json', `${tapsType};q=0`, `${tapsType}x`]) {
        const { status, type, bytes } = await sendBytes(store, asked, { Accept: accept });
        assert.deepEqual([status, type], [200, 'application/json']);
        const { outcomes } = JSON.parse(bytes.toString()) as { outcomes: Record<string, unknown>[] };
        assert.deepEqual(
          outcomes.map(({ gate, card, reason }) => [gate, card, reason]),
          [
            ['north-1', 'ann', null],
            ['north-1', uuid, null],
            ['77', null, 'UNKNOWN_GATE'],
          ],
        );
      }
      const { type, bytes } = await sendBytes(store, Buffer.from(JSON.stringify(tapJson({ sequence: 1 }))), {
        'Content-Type': 'application/json',
        Accept: `application/json;q=0.5, ${tapsType}; q=0.9`,
      });
      assert.deepEqual([type, readOutcomes(bytes)[0]?.['gate']], [tapsType, 1]);
    }));

  test('8,192 taps of eight gates are one record', () =>
    atNoon(async (store) => {
      await makeCity(store);
      for (let gate = 4; gate <= 8; gate += 1)
        await store.post('/v1/gates', { id: `g${gate}`, station: 'north' }, null);
      const before = store.node.engine.position;
      const taps = Array.from({ length: 8192 }, (_, i) => ({ gate: (i % 8) + 1, sequence: Math.floor(i / 8) + 1 }));
      const sent = binaryTaps(taps.map((tap) => ({ ...tap, card: 99 })));
      const { status, bytes } = await sendBytes(store, sent);
      assert.equal(status, 200);
      assert.equal(readOutcomes(bytes).length, 8192);
      assert.equal(store.node.engine.position, before + 1);
      assert.equal((await totalsOf(store)).denied, 8192);
    }));

  test('a number that no card, gate or station has is no other’s', () =>
    atNoon(async (store) => {
      await makeCity(store);
      const sent = binaryTaps([
        { sequence: 1, card: 0 },
        { sequence: 2, card: 0xffffffff },
        { sequence: 3, station: 4 },
        { sequence: 4, station: 0x10001 },
        { sequence: 5, station: 0xffffffff },
        { gate: 0, sequence: 1 },
        { gate: 0xffffffff, sequence: 1 },
        { sequence: 6, card: '00000000-0000-0000-0000-000000000000' },
      ]);
      const reasons = readOutcomes((await sendBytes(store, sent)).bytes).map(({ reason }) => reason);
      const { UNKNOWN_CARD: card, UNKNOWN_STATION: station, UNKNOWN_GATE: gate } = tapReasons;
      assert.deepEqual(reasons, [card, card, station, station, station, gate, gate, card]);
    }));
});

describe('binary batches that are refused', () => {
  test('a batch with one wrong byte, a cut off one and one too long change nothing', () =>
    atNoon(async (store) => {
      await makeCity(store);
      const good = binaryTaps([{ sequence: 1 }, { sequence: 2 }]);
      const reserved = Buffer.from(good);
      reserved[48 + 15] = 1;
      const nan = Buffer.from(good);
      nan.writeDoubleLE(NaN, 48 + 40);
      const none = Buffer.from(good);
      none.writeUInt32LE(0, 48 + 8);
      const up = Buffer.from(good);
      up[48 + 12] = 2;
      for (const [bytes, offset] of [
        [reserved, 63],
        [nan, 88],
        [none, 56],
        [up, 60],
        [good.subarray(0, 95), 48],
      ] as const) {
        const { status, type, bytes: told } = await sendBytes(store, bytes);
        assert.deepEqual([status, type], [400, 'application/problem+json'], told.toString());
        assert.match(told.toString(), new RegExp(`"Byte ${offset} of the batch`));
      }
      assert.equal((await sendBytes(store, new Uint8Array(0))).status, 400);
      const long = await sendBytes(store, new Uint8Array(8193 * 48));
      assert.deepEqual([long.status, /byte 393216/.test(long.bytes.toString())], [413, true]);
      assert.equal((await totalsOf(store)).taps, 0);
    }));

  test('1,025 taps of one gate are refused with the index and the byte', () =>
    atNoon(async (store) => {
      await makeCity(store);
      const sent = binaryTaps(Array.from({ length: 1025 }, (_, i) => ({ sequence: i + 1, card: 99 })));
      const { status, bytes } = await sendBytes(store, sent);
      assert.equal(status, 400);
      assert.match(bytes.toString(), /\/1024 \(byte 49152\) is one more than the 1024 taps/);
      assert.equal((await totalsOf(store)).taps, 0);
    }));
});

test('bytes at random are taken or refused, never more, and nothing is logged', () =>
  atNoon(async (store) => {
    await makeCity(store);
    let seed = 20_260_601;
    const random = (below: number): number => {
      seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
      return Math.floor((seed / 2 ** 32) * below);
    };
    const told: Record<number, number> = {};
    for (let round = 0; round < 400; round += 1) {
      const bytes = Buffer.from(binaryTaps(Array.from({ length: 1 + random(5) }, () => ({ sequence: 1 + random(9) }))));
      for (let changes = random(4); changes > 0; changes -= 1) bytes[random(bytes.length)] = random(256);
      const cut = random(10) === 0 ? random(bytes.length) : bytes.length;
      const answer = await sendBytes(store, bytes.subarray(0, cut));
      told[answer.status] = (told[answer.status] ?? 0) + 1;
      if (answer.status === 200) assert.equal(answer.bytes.length, cut);
    }
    assert.deepEqual(Object.keys(told), ['200', '400'], JSON.stringify(told));
    assert.ok(told[200]! > 50 && told[400]! > 50, JSON.stringify(told));
    assert.deepEqual(store.logged, []);
    assert.equal(((await totalsOf(store)) as { explained: boolean }).explained, true);
  }));

describe('binary taps from pages', () => {
  const bytes = binaryTap({ sequence: 1, atMs: noonMs });

  test('in a store without a key no foreign page sends them, by any way that a browser has', () =>
    atNoon(async (store) => {
      await makeCity(store);
      for (const headers of [
        { Origin: 'https://evil.example' },
        { Origin: 'null' },
        { 'Sec-Fetch-Site': 'cross-site' },
        { 'Sec-Fetch-Site': 'same-site' },
      ]) {
        const { status, bytes: told } = await sendBytes(store, bytes, headers);
        assert.deepEqual([status, /FOREIGN_ORIGIN/.test(told.toString())], [403, true], JSON.stringify(headers));
      }
      assert.equal((await totalsOf(store)).taps, 0);
      for (const headers of [{}, { 'Sec-Fetch-Site': 'same-origin' }, { Origin: `http://localhost:${store.port}` }]) {
        assert.equal((await sendBytes(store, bytes, headers)).status, 200);
      }
    }));

  test('the type is taken by this route alone', () =>
    atNoon(async (store) => {
      const answer = await store.ask('POST', '/v1/cards', { body: bytes, headers: { 'Content-Type': tapsType } });
      assertProblem(answer, 'UNSUPPORTED_TYPE');
    }));

  test('with an operator key, who has none is turned away before the bytes are looked at', () =>
    atNoon(
      async (store) => {
        await makeCity(store);
        await makeCard(store, { id: 'bob', balance: euros(5) });
        assert.equal((await sendBytes(store, bytes)).status, 401);
        assert.equal((await sendBytes(store, new Uint8Array(7))).status, 401);
        assert.equal((await sendBytes(store, bytes, asOperator)).status, 200);
      },
      { environment: guarded },
    ));
});
