/**
 * The map of a big hall, for many readers that do not read it, and for readers of changes: memory
 * and the event loop stay free.
 */
import assert from 'node:assert/strict';
import net from 'node:net';
import { after, before, describe, test } from 'node:test';
import zlib from 'node:zlib';
import type { HallDefinition } from '../../../src/engine/commands/sales.ts';
import { unsentBytes } from '../../../src/doors/kit/unsent.ts';
import { requestText } from '../../http/support/raw.ts';
import type { TestStore } from '../../http/support/store.ts';
import { withStore } from '../../http/support/store.ts';
import type { SeatsAnswer } from './halls.ts';
import { makeSeated, seatsOf } from './halls.ts';
import { order } from './support.ts';

const hallSeats = 100_000;
const readers = 150;
const megabyte = 1024 * 1024;

/** A hundred thousand seats in rows of a hundred. */
const bigHall: HallDefinition = {
  sections: Array.from({ length: 10 }, (_, section) => ({
    name: `Section ${section}`,
    rows: Array.from({ length: 100 }, (__, row) => ({ name: String(row + 1), seats: { from: 1, to: 100 } })),
  })),
};

/**
 * The longest time in which the event loop took no turn while something ran, ms; the least of three
 * runs, since others run here too.
 */
async function heldMs(run: () => Promise<unknown>): Promise<number> {
  let least = Infinity;
  for (let i = 0; i < 3; i += 1) {
    let longest = 0;
    let lastMs = performance.now();
    let running = true;
    const turn = (): void => {
      const nowMs = performance.now();
      longest = Math.max(longest, nowMs - lastMs);
      lastMs = nowMs;
      if (running) setImmediate(turn);
    };
    setImmediate(turn);
    await run();
    running = false;
    least = Math.min(least, longest);
  }
  return least;
}

/** Asks from a connection that reads nothing. */
async function askWithoutReading(port: number, path: string, headers: readonly string[] = []): Promise<net.Socket> {
  const socket = net.connect({ port, host: '127.0.0.1' });
  socket.on('error', () => {});
  socket.pause();
  await new Promise((resolve) => socket.once('connect', resolve));
  socket.write(requestText('GET', path, headers));
  return socket;
}

describe('the map of a hundred thousand seats', () => {
  let store: TestStore;
  let sale = '';
  let path = '';
  let close = (): void => {};
  let closed: Promise<void>;

  before(async () => {
    await new Promise<void>((resolve, reject) => {
      closed = withStore({}, async (opened) => {
        store = opened;
        sale = await makeSeated(store, bigHall, { maxPerOrder: null });
        path = `/v1/sales/${sale}/seats`;
        await new Promise<void>((over) => {
          close = over;
          resolve();
        });
      });
      closed.catch(reject);
    });
  });
  after(async () => {
    close();
    await closed;
  });

  const buySeat = async (n: number): Promise<void> => {
    const seat = `Section ${n % 10}-${1 + (Math.floor(n / 10) % 100)}-${1 + Math.floor(n / 1000)}`;
    assert.equal((await order(store, sale, { seats: [seat] })).status, 201);
  };
  let bought = 0;

  for (const [what, headers] of [
    ['as it is', []],
    ['compressed', ['Accept-Encoding: gzip']],
  ] as const) {
    test(`the map of a hundred thousand seats costs little for each of ${readers} that do not read it, ${what}, each at another position`, async () => {
      await seatsOf(store, sale);
      Bun.gc(true);
      const beforeBytes = process.memoryUsage().rss;
      const sockets: net.Socket[] = [];
      for (let i = 0; i < readers; i += 1) {
        await buySeat((bought += 1));
        sockets.push(await askWithoutReading(store.port, path, headers));
      }
      // Whoever reads is served beside them.
      assert.equal((await seatsOf(store, sale)).items.length, hallSeats);
      const moreBytes = process.memoryUsage().rss - beforeBytes;
      assert.ok(moreBytes < 250 * megabyte, `${Math.round(moreBytes / megabyte)} MiB more for ${readers} readers`);
      assert.ok(unsentBytes.total <= 64 * megabyte, `${unsentBytes.total} bytes are counted as unsent`);
      for (const socket of sockets) socket.destroy();
      for (let i = 0; i < 200 && unsentBytes.total > 0; i += 1) await new Promise((resolve) => setTimeout(resolve, 10));
      assert.equal(unsentBytes.total, 0, 'is let go when they leave');
    });
  }

  test('the map of a hundred thousand seats holds the event loop for a few milliseconds at a time, whole or changes, few or many', async () => {
    const start = (await store.get('/v1/sales')).header('Holdfast-Position');
    for (let i = 0; i < 20; i += 1) await buySeat((bought += 1));
    const recent = (await seatsOf(store, sale, `?since=${start}`)).items;
    assert.equal(recent.length, 20);
    for (const query of ['', '?since=0.0', `?since=${start}`, '?form=compact']) {
      const ms = await heldMs(() => askWithoutReading(store.port, path + query).then((socket) => over(socket, store)));
      assert.ok(ms < 60, `${query === '' ? 'the whole' : query} held the loop for ${ms} ms`);
    }
    // A layout that has to be made anew is made in turns too.
    const ms = await heldMs(async () => {
      const seats = [{ section: 'new', row: '1', number: String((bought += 1)) }];
      assert.equal((await store.post(path, { seats }, null)).status, 201);
      await over(await askWithoutReading(store.port, path), store);
    });
    assert.ok(ms < 60, `a new layout held the loop for ${ms} ms`);
  });

  test('the map of a hundred thousand seats comes compressed to clients that accept it, with the same content', async () => {
    const plain = await store.get(path);
    assert.equal(plain.headers['content-encoding'], undefined);
    assert.match(plain.header('Vary'), /Accept-Encoding/);
    const raw = await rawBody(store.port, path, { 'Accept-Encoding': 'br, gzip;q=0.5' });
    assert.equal(raw.headers.get('content-encoding'), 'gzip');
    assert.ok(raw.bytes.length < plain.text.length / 5);
    assert.equal(zlib.gunzipSync(raw.bytes).toString(), plain.text);
    for (const header of ['gzip;q=0', 'identity', 'deflate']) {
      const { headers } = await rawBody(store.port, path, { 'Accept-Encoding': header });
      assert.equal(headers.get('content-encoding'), null, header);
    }
    const compact = await rawBody(store.port, `${path}?form=compact`, { 'Accept-Encoding': 'gzip' });
    assert.equal(zlib.gunzipSync(compact.bytes).toString(), (await store.get(`${path}?form=compact`)).text);
  });

  test('the map of a hundred thousand seats is sent whole, and says so, when some hundred seats have changed', async () => {
    const start = (await store.get('/v1/sales')).header('Holdfast-Position');
    const range = (from: number, to: number): string[] =>
      Array.from({ length: to - from + 1 }, (_, i) => `Section 9-100-${from + i}`);
    await order(store, sale, { seats: range(1, 50) });
    const few = (await store.get(`${path}?since=${start}`)).json as SeatsAnswer & { whole?: true };
    assert.equal(few.items.length, 50);
    assert.equal(few.whole, undefined);
    for (let row = 90; row < 96; row += 1) {
      await order(store, sale, { seats: Array.from({ length: 100 }, (_, i) => `Section 9-${row}-${i + 1}`) });
    }
    const many = (await store.get(`${path}?since=${start}`)).json as SeatsAnswer & { whole?: true };
    assert.equal(many.whole, true);
    assert.deepEqual(many.items, (await seatsOf(store, sale)).items);
  });
});

/** Long enough to make an answer that is not read. */
async function over(socket: net.Socket, store: TestStore): Promise<void> {
  for (let i = 0; i < 20; i += 1) {
    await store.get('/readyz');
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  socket.destroy();
}

async function rawBody(
  port: number,
  path: string,
  headers: Readonly<Record<string, string>>,
): Promise<{ headers: Headers; bytes: Buffer }> {
  const response = await fetch(`http://127.0.0.1:${port}${path}`, { headers, decompress: false } as RequestInit);
  return { headers: response.headers, bytes: Buffer.from(await response.arrayBuffer()) };
}
