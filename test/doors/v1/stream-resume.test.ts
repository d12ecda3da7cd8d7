/** Readers that come back: nothing is lost, wherever the connection was cut. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { TestStore } from '../../http/support/store.ts';
import { freshKey, hold, makeSale, order } from './support.ts';
import type { Received } from './stream-reader.ts';
import { parseEvents, sleep, statesOf, StreamReader, withStreams } from './stream-reader.ts';

const quick = { intervalMs: 1 };

/** The whole first answer to a reader that resumes. */
async function resume(port: number, since: string | null, query = ''): Promise<Received[]> {
  const headers: Record<string, string> = since === null ? {} : { 'Last-Event-ID': since };
  const reader = await (await StreamReader.open(port, query, headers)).ready();
  reader.end();
  return reader.events;
}

/** Orders, baskets, holds and their ends on three sales, some concurrent, which share a batch. */
async function trade(store: TestStore, steps: number): Promise<void> {
  const sales = ['sale_0_1', 'sale_0_2', 'sale_0_3'];
  for (let step = 0; step < steps; step += 1) {
    const sale = sales[step % 3]!;
    const lines = sales.slice(0, 1 + (step % 3)).map((each) => ({ sale: each, quantity: 1 }));
    const held = await hold(store, sale, { quantity: 2 });
    await Promise.all([
      order(store, sale, { quantity: 1 }),
      store.post('/v1/orders', { lines }, freshKey()),
      store.ask('DELETE', `/v1/holds/${held.string('id')}`),
    ]);
    if (step % 4 === 0) await store.post('/v1/orders/order_0_1/cancel', {}, freshKey());
  }
}

/** Position of each order, by id. */
async function positionsOf(store: TestStore, orders: readonly unknown[]): Promise<Map<unknown, number>> {
  const positions = new Map<unknown, number>();
  for (const id of new Set(orders)) {
    const { body } = await store.get(`/v1/orders/${String(id)}`);
    positions.set(id, Number(String(body['position']).split('.')[1]));
  }
  return positions;
}

describe('a reader that resumes', () => {
  test('a reader that resumes has the final state and every purchase, for a cut at any byte', () =>
    withStreams(quick, async ({ store, port }) => {
      for (let i = 0; i < 3; i += 1) await makeSale(store, 1000);
      const reader = await (await StreamReader.open(port)).ready();
      await trade(store, 6);
      const last = (await order(store, 'sale_0_1', { quantity: 5 })).header('Holdfast-Position');
      await reader.until(() => reader.lastId === last);
      reader.end();
      const { text } = reader;
      const final = statesOf(await resume(port, null));
      assert.deepEqual(statesOf(reader.events), final);
      const everything = await resume(port, '0.0');
      const orders = everything.filter(({ event }) => event === 'purchase').map(({ data }) => data['order']);
      const positions = await positionsOf(store, orders);
      const resumed = new Map<string | null, Received[]>();
      let lastId: string | null = null;
      for (let cut = 0; cut <= text.length; cut += 1) {
        const before = parseEvents(text.slice(0, cut));
        lastId = before.findLast(({ id }) => id !== null)?.id ?? null;
        const after = resumed.get(lastId) ?? (await resume(port, lastId));
        resumed.set(lastId, after);
        assert.deepEqual(statesOf([...before, ...after]), final, `cut at ${cut}, resumed at ${lastId}`);
      }
      assert.equal(lastId, last);
      for (const [since, events] of resumed) {
        if (since === null) continue;
        const told = events.filter(({ event }) => event === 'purchase').map(({ data }) => data['order']);
        const behind = orders.filter((id) => positions.get(id)! > Number(since.split('.')[1]));
        assert.deepEqual(told, behind, `purchases behind ${since}`);
        const ids = events.flatMap(({ id }) => (id === null ? [] : [Number(id.slice(2))]));
        assert.deepEqual(
          ids,
          ids.toSorted((one, other) => one - other),
        );
      }
      assert.ok(resumed.size > 10, 'the text has many ids to resume at');
    }));

  test('a reader that resumes again and again during changes ends up right, alone and with others', () =>
    withStreams({ intervalMs: 3 }, async ({ store, port, door }) => {
      for (let i = 0; i < 3; i += 1) await makeSale(store, 100_000);
      let trading = true;
      const traders = [1, 2].map(async () => {
        while (trading) await trade(store, 3);
      });
      const readers = ['', '', '?sales=sale_0_2', '?sales=sale_0_1,sale_0_3'].map(async (query, index) => {
        const events: Received[] = [];
        for (let life = 0; life < 25; life += 1) {
          const lastId = events.findLast(({ id }) => id !== null)?.id ?? null;
          const headers: Record<string, string> = lastId === null ? {} : { 'Last-Event-ID': lastId };
          const reader = await StreamReader.open(port, query, headers);
          await sleep(((life * 7 + index * 5) % 23) + 1);
          reader.end();
          events.push(...reader.events);
        }
        return { query, events };
      });
      const lives = await Promise.all(readers);
      trading = false;
      await Promise.all(traders);
      for (const { query, events } of lives) {
        const lastId = events.findLast(({ id }) => id !== null)!.id;
        events.push(...(await resume(port, lastId, query)));
        assert.deepEqual(statesOf(events), statesOf(await resume(port, null, query)));
        assert.equal(events.filter(({ event }) => event === 'reset').length, 0);
        for (const { event, data } of events) {
          if (event === 'sale')
            assert.equal(Number(data['sold']) + Number(data['held']) + Number(data['available']), 100_000);
        }
      }
      await sleep(50);
      assert.deepEqual([door.readers.size, door.readers.isWaiting], [0, false]);
    }));

  test('a reader that resumes and missed nothing gets only ready', () =>
    withStreams(quick, async ({ store, port }) => {
      const sale = await makeSale(store, 10);
      await makeSale(store, 10);
      await order(store, sale, { quantity: 1 });
      assert.deepEqual(
        (await resume(port, store.nth(3))).map(({ event }) => event),
        ['time', 'ready'],
      );
      const after = await resume(port, store.nth(2));
      assert.deepEqual(
        after.map(({ event, id }) => [event, id]),
        [
          ['time', null],
          ['sale', null],
          ['purchase', store.nth(3)],
          ['ready', store.nth(3)],
        ],
      );
    }));

  test('a reader may resume by `since` in the query; the header takes precedence', () =>
    withStreams(quick, async ({ store, port }) => {
      const sale = await makeSale(store, 10);
      await order(store, sale, { quantity: 1 });
      await order(store, sale, { quantity: 1 });
      const purchases = async (query: string, since: string | null): Promise<number> =>
        (await resume(port, since, query)).filter(({ event }) => event === 'purchase').length;
      assert.deepEqual(
        [
          await purchases(`?since=${store.nth(1)}`, null),
          await purchases(`?since=${store.nth(2)}`, null),
          await purchases(`?since=${store.nth(1)}`, store.nth(2)),
          await purchases(`?since=${store.nth(1)}`, ''),
          await purchases('?since=', null),
        ],
        [2, 1, 1, 2, 0],
      );
    }));

  test('a reader that resumes from the future or from too far back is reset, and gets the present state', () =>
    withStreams(quick, async ({ store, port }) => {
      const busy = await makeSale(store, 100_000);
      const quiet = await makeSale(store, 10);
      const reset = async (since: string, query = ''): Promise<unknown> => {
        const events = await resume(port, since, query);
        const names = events.map(({ event }) => event);
        if (!names.includes('reset')) return null;
        assert.deepEqual(names, ['time', 'reset', ...(query === '' ? ['sale', 'sale'] : ['sale']), 'ready']);
        // A cut before ready must not look like one behind it.
        assert.ok(events.slice(0, -1).every(({ id }) => id === null));
        return events[1]!.data['reason'];
      };
      assert.match(String(await reset(store.nth(998))), /not reached/);
      await Promise.all(Array.from({ length: 1000 }, () => order(store, busy, { quantity: 1 })));
      assert.equal(await reset(store.nth(2)), null);
      await order(store, busy, { quantity: 1 });
      assert.match(String(await reset(store.nth(2))), /too old/);
      assert.equal(await reset(store.nth(3)), null);
      // Others' trade does not age a reader of a sale that stood still.
      assert.equal(await reset(store.nth(2), `?sales=${quiet}`), null);
    }));

  test('a reader that resumes gets its holds again, since those have no ids', () =>
    withStreams(quick, async ({ store, port }) => {
      const sale = await makeSale(store, 10);
      const held = (await hold(store, sale, { quantity: 1 })).string('id');
      const reader = await (await StreamReader.open(port, `?holds=${held}`)).ready();
      await store.ask('DELETE', `/v1/holds/${held}`);
      await reader.next('hold', ({ status }) => status === 'released');
      reader.end();
      assert.ok(reader.of('hold').every(({ id }) => id === null));
      const again = await resume(port, reader.lastId, `?holds=${held}`);
      assert.equal(again.find(({ event }) => event === 'hold')?.data['status'], 'released');
    }));
});
