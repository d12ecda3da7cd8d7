/** /v1/taps/stream: batches over a WebSocket, in flight together, answered in order. */
import assert from 'node:assert/strict';
import net from 'node:net';
import { describe, test } from 'node:test';
import { tapReasons, tapResults } from '../../../src/engine/tap-outcomes.ts';
import { FaultyLog } from '../../conformance/door/store.ts';
import { requestText } from '../../http/support/raw.ts';
import type { TestStore } from '../../http/support/store.ts';
import { assertProblem } from '../v1/support.ts';
import { binaryTap, binaryTaps } from './binary-tap.ts';
import type { StreamOptions } from './stream-client.ts';
import { StreamClient } from './stream-client.ts';
import { asOperator, atNoon, guarded, makeCity, makeKey, tapJson, tapped, totalsOf } from './support.ts';

/** Batches of unknown cards, each of so many taps, in the order of their sequences. */
function batchesOf(count: number, taps: number): Uint8Array[] {
  return Array.from({ length: count }, (_, batch) =>
    binaryTaps(Array.from({ length: taps }, (__, i) => ({ sequence: batch * taps + i + 1, card: 99 }))),
  );
}

async function withStream(use: (stream: StreamClient, store: TestStore) => Promise<void>, log?: FaultyLog) {
  await atNoon(
    async (store) => {
      await makeCity(store);
      const stream = await StreamClient.open(store.port);
      try {
        await use(stream, store);
      } finally {
        stream.close();
      }
    },
    log === undefined ? {} : { store: { wrapLog: log.wrap } },
  );
}

describe('the stream of taps', () => {
  test('batches in flight are answered in order, each with its outcomes', () =>
    withStream(async (stream, store) => {
      for (const [i, taps] of batchesOf(20, 50).entries()) stream.send(1000 + i, taps);
      const replies = await stream.heard(20);
      assert.deepEqual(
        replies.map(({ batch, status, outcomes }) => [batch, status, outcomes.length, outcomes[0]?.['sequence']]),
        Array.from({ length: 20 }, (_, i) => [1000 + i, 0, 50, i * 50 + 1]),
      );
      for (const { outcomes } of replies) {
        for (const { reason, replayed } of outcomes) assert.deepEqual([reason, replayed], [tapReasons.UNKNOWN_CARD, 0]);
      }
      assert.equal((await totalsOf(store)).taps, 1000);
    }));

  test('nothing is answered before it is durable', () => {
    const log = new FaultyLog();
    return withStream(async (stream, store) => {
      let open!: () => void;
      log.gate = new Promise((resolve) => (open = resolve));
      for (const [i, taps] of batchesOf(3, 2).entries()) stream.send(i, taps);
      await new Promise((resolve) => setTimeout(resolve, 100));
      assert.deepEqual([stream.replies.length, (await totalsOf(store)).taps], [0, 0]);
      open();
      assert.equal((await stream.heard(3)).length, 3);
      assert.equal((await totalsOf(store)).taps, 6);
    }, log);
  });

  test('a log without room refuses a batch; sent again it is taken', () => {
    const log = new FaultyLog();
    return withStream(async (stream, store) => {
      log.isFull = true;
      stream.send(1, binaryTap({ sequence: 1 }));
      const [refused] = await stream.heard(1);
      assert.deepEqual([refused?.status, refused?.problem?.['code']], [503, 'NOT_TAKEN']);
      log.isFull = false;
      for (let attempt = 2; stream.replies.at(-1)?.status !== 0; attempt += 1) {
        assert.ok(attempt < 200, 'the store did not take up again');
        await new Promise((resolve) => setTimeout(resolve, 20));
        stream.send(attempt, binaryTap({ sequence: 1 }));
        await stream.heard(attempt);
      }
      assert.deepEqual(stream.replies.at(-1)?.outcomes[0]?.['result'], tapResults.open);
      assert.equal((await totalsOf(store)).taps, 1);
    }, log);
  });

  test('a batch that is refused is told so in its turn, and the connection goes on', () =>
    withStream(async (stream, store) => {
      const cut = binaryTap({ sequence: 2 }).subarray(0, 40);
      const many = binaryTaps(Array.from({ length: 1025 }, (_, i) => ({ sequence: i + 2 })));
      stream.send(1, binaryTap({ sequence: 1 }));
      stream.send(2, cut);
      stream.send(3, new Uint8Array(0));
      stream.send(4, many);
      stream.send(5, new Uint8Array(8193 * 48));
      stream.sendRaw(new Uint8Array([9, 9]));
      stream.send(7, binaryTap({ sequence: 2, card: 99 }));
      const replies = await stream.heard(7);
      assert.deepEqual(
        replies.map(({ batch, status, problem }) => [batch, status, problem?.['code'] ?? null]),
        [
          [1, 0, null],
          [2, 400, 'INVALID_REQUEST'],
          [3, 400, 'INVALID_REQUEST'],
          [4, 400, 'INVALID_REQUEST'],
          [5, 413, 'BODY_TOO_LARGE'],
          [0, 400, 'INVALID_REQUEST'],
          [7, 0, null],
        ],
      );
      assert.match(String(replies[1]?.problem?.['detail']), /^Byte 0 of the batch: the batch is cut off/);
      assert.deepEqual(Object.keys(replies[1]!.problem!), [
        'type',
        'title',
        'status',
        'code',
        'detail',
        'retryable',
        'errors',
      ]);
      assert.equal((await totalsOf(store)).taps, 2);
    }));

  test('text closes the connection with 1003, and a message that is far too long with 1009', () =>
    withStream(async (stream, store) => {
      stream.sendRaw(JSON.stringify(tapJson({ sequence: 1 })));
      assert.equal(await stream.ended(), 1003);
      const other = await StreamClient.open(store.port);
      other.sendRaw(new Uint8Array(1024 * 1024));
      assert.ok([1009, 1006].includes(await other.ended()));
      assert.equal((await totalsOf(store)).taps, 0);
    }));

  test('more than 64 batches in flight close the connection with 1008; what was taken counts', () => {
    const log = new FaultyLog();
    return withStream(async (stream, store) => {
      let open!: () => void;
      log.gate = new Promise((resolve) => (open = resolve));
      const batches = batchesOf(65, 1);
      for (const [i, taps] of batches.slice(0, 64).entries()) stream.send(i, taps);
      await new Promise((resolve) => setTimeout(resolve, 50));
      assert.equal(stream.closed, null);
      stream.send(64, batches[64]!);
      assert.equal(await stream.ended(), 1008);
      open();
      const again = await StreamClient.open(store.port);
      again.send(1, binaryTaps(Array.from({ length: 65 }, (_, i) => ({ sequence: i + 1, card: 99 }))));
      const [reply] = await again.heard(1);
      assert.deepEqual(
        reply?.outcomes.map(({ replayed }) => replayed),
        Array.from({ length: 65 }, (_, i) => (i < 64 ? 1 : 0)),
      );
      again.close();
    }, log);
  });
});

describe('the stream and who may use it', () => {
  const withKeys = (use: (store: TestStore) => Promise<void>) =>
    atNoon(
      async (store) => {
        await makeCity(store);
        await use(store);
      },
      { environment: guarded },
    );
  const refused = async (store: TestStore, options: StreamOptions) =>
    assert.rejects(StreamClient.open(store.port, options));
  const asProtocol = (key: string): string => `holdfast.key.${Buffer.from(key).toString('base64url')}`;

  test('a key comes as a header, or as a subprotocol beside that of the taps', () =>
    withKeys(async (store) => {
      const { key, headers } = await makeKey(store, ['north-1']);
      const protocols = ['holdfast.taps', asProtocol(key)];
      for (const options of [
        { headers },
        { protocols },
        { headers: asOperator },
        { headers, protocols: ['holdfast.taps'] },
      ]) {
        const stream = await StreamClient.open(store.port, options);
        assert.equal(stream.protocol, 'protocols' in options ? 'holdfast.taps' : '');
        stream.send(1, binaryTap({ sequence: 1 }));
        assert.equal((await stream.heard(1))[0]?.status, 0);
        stream.close();
      }
      assert.equal((await totalsOf(store)).taps, 1);
    }));

  test('without a key, with a wrong one, or with another subprotocol it stays shut', () =>
    withKeys(async (store) => {
      const { key } = await makeKey(store, ['north-1']);
      await refused(store, {});
      await refused(store, { headers: { Authorization: 'Bearer nothing' } });
      await refused(store, { protocols: ['holdfast.taps'] });
      await refused(store, { protocols: ['holdfast.taps', asProtocol(`${key}x`)] });
      await refused(store, { protocols: ['holdfast.taps', 'holdfast.key.'] });
      await refused(store, { protocols: [asProtocol(key)] });
      await refused(store, { protocols: ['graphql-ws', asProtocol(key)] });
    }));

  test('pages of foreign origins do not open it, with a key or without', async () => {
    await withKeys(async (store) => {
      const { headers } = await makeKey(store, ['north-1']);
      await refused(store, { headers: { ...headers, Origin: 'https://evil.example' } });
      const own = await StreamClient.open(store.port, {
        headers: { ...headers, Origin: `http://127.0.0.1:${store.port}` },
      });
      own.close();
    });
    await withStream(async (_, store) => {
      await refused(store, { headers: { Origin: 'https://evil.example' } });
      await refused(store, { headers: { Origin: 'null' } });
      await refused(store, { headers: { Host: 'evil.example' } });
    });
  });

  test('what is no upgrade is told what the path takes', () =>
    atNoon(async (store) => {
      assertProblem(await store.get('/v1/taps/stream'), 'INVALID_REQUEST', /upgrade/);
      const posted = await store.post('/v1/taps/stream', {}, null);
      assertProblem(posted, 'METHOD_NOT_ALLOWED');
      assert.equal(posted.header('Allow'), 'GET');
    }));

  test('a gate of another key is refused by its index; the key’s removal ends the connection', () =>
    withKeys(async (store) => {
      const { headers, id } = await makeKey(store, ['north-1']);
      const stream = await StreamClient.open(store.port, { headers });
      stream.send(1, binaryTaps([{ sequence: 1 }, { gate: 3, sequence: 1 }]));
      stream.send(2, binaryTap({ gate: 77, sequence: 1 }));
      stream.send(3, binaryTap({ sequence: 1 }));
      const replies = await stream.heard(3);
      assert.deepEqual(
        replies.map(({ status, problem }) => [status, problem?.['code'] ?? null]),
        [
          [403, 'NOT_ITS_GATE'],
          [403, 'NOT_ITS_GATE'],
          [0, null],
        ],
      );
      assert.match(String(replies[0]?.problem?.['detail']), /^\/1 \(byte 48\): /);
      assert.equal((await store.ask('DELETE', `/v1/keys/${id}`, { headers: asOperator })).status, 204);
      stream.send(4, binaryTap({ sequence: 2 }));
      assert.equal(await stream.ended(), 1008);
      assert.equal((await totalsOf(store)).taps, 1);
    }));
});

describe('the stream and lost connections', () => {
  test('stored taps of an offline hour and live ones, over two connections, count once each', () =>
    withStream(async (stored, store) => {
      const live = await StreamClient.open(store.port);
      const hourMs = 3_600_000;
      const noonMs = Date.parse('2026-06-01T12:00:00Z');
      await store.advance(hourMs);
      // The gate was away for an hour, and opened; now it stores and taps at once.
      const away = Array.from({ length: 300 }, (_, i) => ({
        sequence: i + 1,
        card: 99,
        decided: 1 as const,
        atMs: noonMs + i * 10_000,
      }));
      const now = Array.from({ length: 100 }, (_, i) => ({
        gate: 3,
        sequence: i + 1,
        card: 1,
        direction: i % 2 === 0 ? ('in' as const) : ('out' as const),
        atMs: noonMs + hourMs + i * 1000,
      }));
      for (let at = 0, batch = 0; at < 300; at += 30, batch += 1) {
        stored.send(batch, binaryTaps(away.slice(at, at + 30)));
        live.send(batch, binaryTaps(now.slice(at / 3, at / 3 + 10)));
        // An answer was lost: the gate sends its last taps over the other connection too.
        if (batch % 3 === 2) live.send(100 + batch, binaryTaps(away.slice(at - 30, at + 30)));
      }
      await stored.heard(10);
      await live.heard(13);
      live.close();
      const { taps, open, denied, explained } = await totalsOf(store);
      assert.deepEqual([taps, open + denied, explained], [400, 400, true]);
      const again = await StreamClient.open(store.port);
      again.send(1, binaryTaps(away));
      const [reply] = await again.heard(1);
      assert.ok(reply?.outcomes.every(({ replayed, result }) => replayed === 1 && result === tapResults.open));
      again.close();
      assert.equal((await totalsOf(store)).taps, 400);
    }));

  test('a client that takes no answers is cut off, and the others go on', () =>
    withStream(async (stream, store) => {
      for (let gate = 4; gate <= 8; gate += 1)
        await store.post('/v1/gates', { id: `g${gate}`, station: 'north' }, null);
      const socket = net.connect(store.port, '127.0.0.1');
      socket.on('error', () => {});
      const gone = new Promise<void>((resolve) => socket.on('close', () => resolve()));
      socket.write(
        requestText('GET', '/v1/taps/stream', [
          'Upgrade: websocket',
          'Connection: Upgrade',
          'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
          'Sec-WebSocket-Version: 13',
        ]),
      );
      await new Promise((resolve) => socket.once('data', resolve));
      socket.pause();
      // The same full batch again and again, as large as they come.
      const taps = Array.from({ length: 8192 }, (_, i) => ({ gate: (i % 8) + 1, sequence: (i >> 3) + 1, card: 99 }));
      const frame = maskedFrame(Buffer.concat([Buffer.from([1, 0, 0, 0]), binaryTaps(taps)]));
      let isGone = false;
      void gone.then(() => (isGone = true));
      for (let sent = 0; sent < 200 && !isGone; sent += 1) {
        if (!socket.write(frame)) await Promise.race([gone, new Promise((resolve) => socket.once('drain', resolve))]);
        stream.send(sent, binaryTap({ sequence: 1, card: 99 }));
        assert.equal((await stream.heard(sent + 1))[sent]?.status, 0);
      }
      assert.ok(isGone || (await Promise.race([gone.then(() => true), wait(5000)])), 'the client is still served');
      socket.destroy();
      assert.equal((await tapped(store, { gate: 'g4', epoch: 9, sequence: 1, card: 'nobody' })).length, 1);
    }));

  test('at shutdown what is in flight is answered, and then the connection is closed with 1001', async () => {
    const log = new FaultyLog();
    await withStream(async (stream, store) => {
      let open!: () => void;
      log.gate = new Promise((resolve) => (open = resolve));
      for (const [i, taps] of batchesOf(3, 2).entries()) stream.send(i, taps);
      await new Promise((resolve) => setTimeout(resolve, 50));
      const closed = store.listener.close(5000);
      await new Promise((resolve) => setTimeout(resolve, 20));
      assert.equal(stream.closed, null);
      stream.send(3, batchesOf(4, 2)[3]!);
      open();
      assert.equal(await stream.ended(), 1001);
      assert.deepEqual(
        stream.replies.map(({ batch, status }) => [batch, status]),
        [
          [0, 0],
          [1, 0],
          [2, 0],
        ],
      );
      await closed;
      assert.equal(store.node.engine.state.journal.applied, 6);
    }, log);
  });
});

function wait(ms: number): Promise<false> {
  return new Promise((resolve) => setTimeout(() => resolve(false), ms));
}

/** A whole binary message as a client sends it, masked with zeros. */
function maskedFrame(message: Uint8Array): Buffer {
  const head = Buffer.alloc(14);
  head[0] = 0x82;
  head[1] = 0x80 | 127;
  head.writeBigUInt64BE(BigInt(message.length), 2);
  return Buffer.concat([head, message]);
}
