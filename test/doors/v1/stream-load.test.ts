/** Streams under load: conflation, readers that are slow, readers that go away. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Command, kinds } from '../../../src/engine/command.ts';
import { linesOf } from '../../../src/engine/commands/lines.ts';
import type { TestStore } from '../../http/support/store.ts';
import { RawConnection, requestText } from '../../http/support/raw.ts';
import { hold, makeSale, order } from './support.ts';
import { sleep, statesOf, StreamReader, withStreams } from './stream-reader.ts';

/** One unit of each of these sales, straight to the node. */
function buy(store: TestStore, sales: readonly number[]): Promise<unknown> {
  const command = new Command().reset(kinds.order);
  for (const sale of sales) linesOf(command).add(sale, 1);
  return Promise.resolve(store.node.submit(command, () => undefined, undefined));
}

/** Thousands of orders, some hundred at a time, for this time. */
async function burst(store: TestStore, sales: readonly number[], ms: number): Promise<number> {
  const endMs = performance.now() + ms;
  let bought = 0;
  while (performance.now() < endMs) {
    await Promise.all(Array.from({ length: 200 }, () => buy(store, sales)));
    bought += 200;
  }
  return bought;
}

describe('a burst of thousands of orders', () => {
  test('a burst of thousands of orders reaches a reader as one event of the sale in 50 ms, and the last value always', () =>
    withStreams({}, async ({ store, port }) => {
      const sale = await makeSale(store, 10_000_000);
      const early = await (await StreamReader.open(port)).ready();
      const trading = burst(store, [0], 1200);
      await sleep(333);
      // One that comes in the middle must not make the others' events come more often.
      const late: StreamReader[] = [];
      for (let i = 0; i < 20; i += 1) late.push(await (await StreamReader.open(port)).ready());
      const bought = await trading;
      assert.ok(bought > 2000, `${bought} orders are no burst`);
      for (const reader of [early, ...late]) {
        await reader.next('sale', ({ sold }) => sold === bought);
        const told = reader.of('sale').slice(1);
        for (const [at, { atMs }] of told.entries()) {
          // Arrivals are a little less regular than what was sent.
          if (at > 1) assert.ok(atMs - told[at - 2]!.atMs > 80, `three events within ${atMs - told[at - 2]!.atMs} ms`);
        }
        const counts = told.map(({ data }) => Number(data['sold']));
        assert.deepEqual(
          counts,
          counts.toSorted((one, other) => one - other),
        );
        assert.equal((await store.get(`/v1/sales/${sale}`)).body['sold'], counts.at(-1));
        reader.end();
      }
      const told = early.of('sale').length;
      assert.ok(told >= 6 && told <= 30, `${told} events in 1.2 s`);
      const names = early.events.map(({ event }) => event);
      for (let at = names.indexOf('ready') + 1; at < names.length; at += 4) {
        assert.ok(names.slice(at, at + 4).filter((name) => name === 'purchase').length <= 3);
      }
      const orders = early.of('purchase').map(({ data }) => Number(String(data['order']).slice('order_0_'.length)));
      assert.deepEqual(
        orders,
        orders.toSorted((one, other) => one - other),
      );
      assert.equal(orders.at(-1), bought);
    }));

  test('a burst of thousands of orders does not hold up a change that comes alone', () =>
    withStreams({}, async ({ store, port }) => {
      const sale = await makeSale(store, 100);
      const reader = await (await StreamReader.open(port)).ready();
      for (let sold = 1; sold <= 3; sold += 1) {
        await sleep(150);
        const askedMs = performance.now();
        await order(store, sale, { quantity: 1 });
        const { atMs } = await reader.next('sale', (now) => now['sold'] === sold);
        assert.ok(atMs - askedMs < 60, `told after ${atMs - askedMs} ms`);
      }
      reader.end();
    }));
});

describe('many readers', () => {
  test('many readers with different choices each get what they asked for', () =>
    withStreams({ intervalMs: 5 }, async ({ store, port, door }) => {
      for (let i = 0; i < 10; i += 1) await makeSale(store, 1_000_000);
      const readers = await Promise.all(
        Array.from({ length: 250 }, async (_, index) => {
          const mine = [`sale_0_${1 + (index % 10)}`, `sale_0_${1 + (index % 7)}`];
          const query = index % 5 === 0 ? '' : `?sales=${mine.join(',')}`;
          return (await StreamReader.open(port, query)).ready();
        }),
      );
      assert.equal(door.readers.size, 250);
      const [trading] = await Promise.all([
        Promise.all([burst(store, [0, 3, 7], 300), burst(store, [1, 2, 4, 5, 6], 300)]),
        // Some leave while chunks are sent.
        sleep(150).then(() => readers.splice(0, 60).forEach((reader) => reader.end())),
      ]);
      assert.ok(trading[0] > 0 && trading[1] > 0);
      const final = new Map<unknown, unknown>();
      for (let i = 1; i <= 10; i += 1) {
        final.set(`sale_0_${i}`, (await store.get(`/v1/sales/sale_0_${i}`)).body['sold']);
      }
      for (const reader of readers) {
        const right = (): boolean =>
          [...statesOf(reader.events)].every(([id, state]) => state['sold'] === final.get(id));
        await reader.until(right, 'the final counts');
        reader.end();
      }
      await sleep(100);
      assert.deepEqual([door.readers.size, door.readers.isWaiting], [0, false]);
    }));

  test('many readers that watch their own holds get no others', () =>
    withStreams({ intervalMs: 1 }, async ({ store, port }) => {
      const sale = await makeSale(store, 1000);
      const readers = await Promise.all(
        Array.from({ length: 30 }, async () => {
          const id = (await hold(store, sale, { quantity: 1 })).string('id');
          return { id, reader: await (await StreamReader.open(port, `?sales=&holds=${id}`)).ready() };
        }),
      );
      for (const { id } of readers.slice(10)) await store.ask('DELETE', `/v1/holds/${id}`);
      for (const [index, { id, reader }] of readers.entries()) {
        if (index >= 10) await reader.next('hold', ({ status }) => status === 'released');
        assert.ok(reader.of('hold').every(({ data }) => data['id'] === id));
        assert.equal(reader.of('hold').length, index >= 10 ? 2 : 1);
        reader.end();
      }
    }));
});

describe('a reader that does not keep up', () => {
  const sales = Array.from({ length: 40 }, (_, row) => row);

  /** A store with many large chunks, so the system's buffers are soon full. */
  function flooded(
    use: (store: TestStore, port: number, size: () => number, flood: () => Promise<void>) => Promise<void>,
    idleSeconds = 30,
  ): Promise<void> {
    return withStreams(
      { intervalMs: 1, heartbeatMs: 500 },
      async ({ store, port, door }) => {
        for (const row of sales) await makeSale(store, 1_000_000, { name: `${row} ${'x'.repeat(180)}` });
        const flood = async (): Promise<void> => {
          for (let round = 0; round < 200; round += 1) {
            await buy(store, sales);
            await sleep(1);
          }
        };
        await use(store, port, () => door.readers.size, flood);
      },
      {},
      { idleSeconds },
    );
  }

  test('a reader that does not keep up gets the latest state when it reads again, and costs little meanwhile', () =>
    flooded(async (store, port, size, flood) => {
      const slow = await (await StreamReader.open(port)).ready();
      const other = await (await StreamReader.open(port)).ready();
      slow.response.pause();
      // The client's own buffers take something too.
      await flood();
      const before = process.memoryUsage.rss();
      await flood();
      await flood();
      const sold = (await store.get('/v1/sales/sale_0_1')).body['sold'];
      const grown = process.memoryUsage.rss() - before;
      assert.equal(size(), 2);
      await other.next('sale', (now) => now['id'] === 'sale_0_40' && now['sold'] === sold);
      slow.response.resume();
      await slow.next('sale', (now) => now['id'] === 'sale_0_40' && now['sold'] === sold);
      assert.ok([...statesOf(slow.events).values()].every((state) => state['sold'] === sold));
      const [told = 0, toOther = 1] = [slow, other].map(({ text }) => text.length);
      assert.ok(told < 0.8 * toOther, `${told} bytes for the slow one, ${toOther} for the other`);
      assert.ok(grown < 200e6, `memory grew by ${grown} bytes`);
      slow.end();
      other.end();
    }));

  test('a reader that does not keep up is cut when it takes nothing for as long as a connection may be idle', () =>
    flooded(async (_store, port, size, flood) => {
      const stuck = await (await StreamReader.open(port)).ready();
      const idle = await (await StreamReader.open(port)).ready();
      stuck.response.pause();
      for (let tries = 0; tries < 3; tries += 1) await flood();
      for (let tries = 0; size() > 1 && tries < 200; tries += 1) await sleep(100);
      // Heartbeats keep the one that reads.
      assert.deepEqual([size(), idle.closed], [1, false]);
      idle.end();
      stuck.end();
    }, 5));
});

describe('a reader that goes away', () => {
  test('a reader that goes away in any manner is forgotten', () =>
    withStreams({ heartbeatMs: 20 }, async ({ store, port, door }) => {
      const sale = await makeSale(store, 100);
      const held = (await hold(store, sale, { quantity: 1 })).string('id');
      const readers = [
        await (await StreamReader.open(port)).ready(),
        await (await StreamReader.open(port, `?sales=${sale}`)).ready(),
        await (await StreamReader.open(port, `?holds=${held}`)).ready(),
      ];
      const controller = new AbortController();
      await fetch(`http://127.0.0.1:${port}/v1/stream`, { signal: controller.signal });
      // Never reads its answer at all.
      const raw = await RawConnection.open(port);
      raw.send(requestText('GET', '/v1/stream'));
      for (let tries = 0; door.readers.size < 5 && tries < 50; tries += 1) await sleep(10);
      assert.deepEqual([door.readers.size, door.readers.isWaiting], [5, true]);
      for (const reader of readers) reader.end();
      controller.abort();
      raw.end();
      await order(store, sale, { quantity: 1 });
      for (let tries = 0; door.readers.size > 0 && tries < 50; tries += 1) await sleep(10);
      await sleep(50);
      assert.deepEqual([door.readers.size, door.readers.isWaiting], [0, false]);
      await order(store, sale, { quantity: 1 });
      assert.equal(door.readers.isWaiting, false);
    }));

  test('a reader that goes away is not waited for when the store closes', () =>
    withStreams({}, async ({ store, port, door }) => {
      const reader = await (await StreamReader.open(port)).ready();
      const elsewhere = await (await StreamReader.open(store.port)).ready();
      const beganMs = performance.now();
      await store.listener.close(5000);
      assert.ok(performance.now() - beganMs < 1000);
      await elsewhere.until(() => elsewhere.response.complete, 'the end of the stream').catch(() => {});
      assert.ok(elsewhere.response.complete, 'ended, not cut');
      assert.equal(door.readers.size, 1);
      reader.end();
    }));
});
