/** The events about seats that readers of a stream get. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { makeSeated, removeSale, rowsOf, statesOf } from './halls.ts';
import { assertProblem, freshKey, hold, makeSale, order } from './support.ts';
import type { Received } from './stream-reader.ts';
import { parseEvents, StreamReader, withStreams } from './stream-reader.ts';

const quick = { intervalMs: 1 };

/** The whole first answer to a reader that begins, or resumes. */
async function begin(port: number, query: string, since: string | null = null): Promise<Received[]> {
  const headers: Record<string, string> = since === null ? {} : { 'Last-Event-ID': since };
  const reader = await (await StreamReader.open(port, query, headers)).ready();
  reader.end();
  return reader.events;
}

/** The number in a position. */
function numberOf(position: string): number {
  return Number(position.split('.')[1]);
}

/** Seats by name, as a map and the events after it leave them. */
function applied(map: Readonly<Record<string, string>>, events: readonly Received[]): Record<string, string> {
  const states = { ...map };
  for (const { event, data } of events) {
    assert.ok(data['reload'] === undefined);
    if (event === 'seats') Object.assign(states, data['seats']);
  }
  return states;
}

const told = (events: readonly Received[]): unknown[] =>
  events.filter(({ event }) => event === 'seats').map(({ data }) => data['seats'] ?? data['reload']);

describe('a reader of seats', () => {
  test('a reader of seats is sent to the map first, and then gets the changes by name', () =>
    withStreams(quick, async ({ store, port }) => {
      const sale = await makeSeated(store, rowsOf(4));
      const reader = await (await StreamReader.open(port, `?seats=${sale}`)).ready();
      assert.deepEqual(
        reader.events.map(({ event, id }) => [event, id]),
        [
          ['time', null],
          ['sale', null],
          ['seats', null],
          ['ready', store.nth(1)],
        ],
      );
      assert.deepEqual(reader.of('seats')[0]!.data, { sale, position: store.nth(1), reload: true });
      const made = await order(store, sale, { seats: ['A-1-3', 'A-1-2'] });
      const { data } = await reader.next('seats', ({ seats }) => seats !== undefined);
      assert.deepEqual(data, {
        sale,
        position: made.header('Holdfast-Position'),
        seats: { 'A-1-2': 'sold', 'A-1-3': 'sold' },
      });
      await store.post(`/v1/orders/${made.string('id')}/cancel`, {}, 'cancel');
      await reader.next(
        'seats',
        ({ seats }) => (seats as Record<string, string> | undefined)?.['A-1-2'] === 'available',
      );
      await store.ask('PATCH', `/v1/sales/${sale}/seats/A-1-4`, { json: { blocked: true } });
      await reader.next('seats', ({ seats }) => (seats as Record<string, string> | undefined)?.['A-1-4'] === 'blocked');
      reader.end();
    }));

  test('a reader of seats hears of a hold that ran out', () =>
    withStreams(
      quick,
      async ({ store, port }) => {
        const sale = await makeSeated(store, rowsOf(2));
        const reader = await (await StreamReader.open(port, `?seats=${sale}`)).ready();
        await hold(store, sale, { seats: ['A-1-2'], seconds: 5 });
        await reader.next('seats', ({ seats }) => (seats as Record<string, string> | undefined)?.['A-1-2'] === 'held');
        await store.advance(5000);
        await reader.next(
          'seats',
          ({ seats }) => (seats as Record<string, string> | undefined)?.['A-1-2'] === 'available',
        );
        assert.equal((await order(store, sale, { seats: ['A-1-2'] })).status, 201);
        reader.end();
      },
      { manualTime: true },
    ));

  test('a reader of seats gets many changes as one, and only of its hall', () =>
    withStreams({ intervalMs: 150 }, async ({ store, port }) => {
      const sale = await makeSeated(store, rowsOf(9));
      const other = await makeSeated(store, rowsOf(9));
      const reader = await (await StreamReader.open(port, `?seats=${sale}`)).ready();
      const begun = reader.events.length;
      for (let i = 1; i < 9; i += 1) {
        const held = await hold(store, sale, { seats: [`A-1-${i}`] });
        if (i % 2 === 0) await store.ask('DELETE', `/v1/holds/${held.string('id')}`);
        await order(store, other, { seats: [`A-1-${i}`] });
      }
      const { position } = store.node.engine;
      await reader.until(() => reader.lastId === store.at(position));
      const events = reader.events.slice(begun);
      assert.ok(told(events).length < 8, `${told(events).length} events for 12 changes`);
      assert.ok(events.every(({ event, data }) => event !== 'seats' || data['sale'] === sale));
      const before = Object.fromEntries(Array.from({ length: 9 }, (_, i) => [`A-1-${i + 1}`, 'available']));
      assert.deepEqual(applied(before, events), await statesOf(store, sale));
      reader.end();
    }));

  test('a reader of seats that resumes gets the seats that changed since, and nothing if none did', () =>
    withStreams(quick, async ({ store, port }) => {
      const sale = await makeSeated(store, rowsOf(5));
      const first = await order(store, sale, { seats: ['A-1-1'] });
      await order(store, sale, { seats: ['A-1-2'] });
      const last = await order(store, sale, { seats: ['A-1-4'] });
      const since = first.header('Holdfast-Position');
      assert.deepEqual(told(await begin(port, `?seats=${sale}`, since)), [{ 'A-1-2': 'sold', 'A-1-4': 'sold' }]);
      assert.deepEqual(told(await begin(port, `?seats=${sale}&since=${since}`)), [
        { 'A-1-2': 'sold', 'A-1-4': 'sold' },
      ]);
      assert.deepEqual(told(await begin(port, `?seats=${sale}`, last.header('Holdfast-Position'))), []);
      assert.deepEqual(told(await begin(port, '', since)), []);
      // Of the future: the map is to be read again.
      const events = await begin(port, `?seats=${sale}`, store.nth(998));
      assert.deepEqual(
        events.map(({ event }) => event),
        ['time', 'reset', 'sale', 'seats', 'ready'],
      );
      assert.deepEqual(told(events), [true]);
    }));

  for (const sales of [null, '', 'other']) {
    test(`a reader of seats has every seat right, whatever byte it was cut at, ${sales === null ? 'with all sales' : `with sales=${sales}`}`, () =>
      withStreams(quick, async ({ store, port }) => {
        const sale = await makeSeated(store, rowsOf(12));
        const other = await makeSale(store, 1000);
        const query = `?seats=${sale}${sales === null ? '' : `&sales=${sales === 'other' ? other : ''}`}`;
        const { position } = store.node.engine;
        const map = await statesOf(store, sale);
        const reader = await (await StreamReader.open(port, query, { 'Last-Event-ID': store.at(position) })).ready();
        const trade = async (): Promise<void> => {
          for (let i = 1; i < 12; i += 1) {
            const held = await hold(store, sale, { seats: [`A-1-${i}`] });
            await Promise.all([
              order(store, other, { quantity: 1 }),
              order(store, sale, { best: { quantity: 1 } }).then(({ body }) =>
                store.post(`/v1/orders/${String(body['id'])}/cancel`, {}, freshKey()),
              ),
              i % 3 === 0
                ? order(store, other, { quantity: 1 })
                : store.ask('DELETE', `/v1/holds/${held.string('id')}`),
            ]);
          }
        };
        await trade();
        const end = (await order(store, sale, { seats: ['A-1-12'] })).header('Holdfast-Position');
        await order(store, other, { quantity: 1 });
        await reader.until(() => applied(map, reader.events)['A-1-12'] === 'sold');
        await reader.until(() => sales !== null || numberOf(reader.lastId!) > numberOf(end));
        reader.end();
        const final = await statesOf(store, sale);
        const resumed = new Map<string, Received[]>();
        for (let cut = 0; cut <= reader.text.length; cut += 1) {
          const before = parseEvents(reader.text.slice(0, cut));
          const lastId = before.findLast(({ id }) => id !== null)?.id ?? store.at(position);
          const after = resumed.get(lastId) ?? (await begin(port, query, lastId));
          resumed.set(lastId, after);
          assert.deepEqual(applied(map, [...before, ...after]), final, `cut at ${cut}, resumed at ${lastId}`);
        }
        assert.ok(resumed.size > 5, `${resumed.size} ids to resume at`);
      }));
  }

  test('a reader of seats reads the map again when more than 500 seats changed, or the hall did', () =>
    withStreams({ intervalMs: 100 }, async ({ store, port }) => {
      const sale = await makeSeated(store, rowsOf(600, 600), { maxPerOrder: null });
      const reader = await (await StreamReader.open(port, `?seats=${sale}`)).ready();
      const reloads = (): number => told(reader.events).filter((each) => each === true).length;
      assert.equal((await hold(store, sale, { best: { quantity: 500 } })).status, 201);
      await reader.until(() => told(reader.events).length === 2);
      assert.equal(Object.keys(told(reader.events)[1] as object).length, 500);
      const since = reader.lastId;
      await Promise.all([
        hold(store, sale, { best: { quantity: 300 } }),
        hold(store, sale, { best: { quantity: 201, split: true } }),
      ]);
      await reader.until(() => reloads() === 2);
      assert.deepEqual(told(await begin(port, `?seats=${sale}`, since)), [true]);
      const json = { rank: 7 };
      assert.equal((await store.ask('PATCH', `/v1/sales/${sale}/seats/A-2-600`, { json })).status, 200);
      await reader.until(() => reloads() === 3);
      assert.equal((await store.ask('DELETE', `/v1/sales/${sale}/seats/A-2-600`)).status, 204);
      await reader.until(() => reloads() === 4);
      reader.end();
    }));

  test('a reader of seats gets seats that changed thousands of times in between', () =>
    withStreams({ intervalMs: 60_000 }, async ({ store, port, door }) => {
      const sale = await makeSeated(store, rowsOf(3));
      const reader = await (await StreamReader.open(port, `?seats=${sale}`)).ready();
      const since = reader.lastId;
      for (let i = 0; i < 1100; i += 1) {
        const held = await hold(store, sale, { seats: ['A-1-2'] });
        await store.ask('DELETE', `/v1/holds/${held.string('id')}`);
      }
      const { position } = store.node.engine;
      await order(store, sale, { seats: ['A-1-1'] });
      assert.equal(door.readers.size, 1);
      assert.deepEqual(told(await begin(port, `?seats=${sale}`, since)), [{ 'A-1-1': 'sold', 'A-1-2': 'available' }]);
      assert.deepEqual(told(await begin(port, `?seats=${sale}`, store.at(position))), [{ 'A-1-1': 'sold' }]);
      reader.end();
    }));

  test('a reader of seats names one sale that has seats', () =>
    withStreams(quick, async ({ store, port }) => {
      const sale = await makeSeated(store, rowsOf(1));
      const counted = await makeSale(store, 1);
      const ask = (query: string) => store.get(`/v1/stream?seats=${query}`);
      assertProblem(await ask(counted), 'INVALID_REQUEST', /parameter seats names a sale without numbered seats/);
      assertProblem(await ask('sale_0_9'), 'INVALID_REQUEST', /parameter seats names sale_0_9/);
      assertProblem(
        await ask(`${sale},${await makeSeated(store, rowsOf(1))}`),
        'INVALID_REQUEST',
        /parameter seats names more/,
      );
      assert.deepEqual(told(await begin(port, '?seats=')), []);
      assert.deepEqual(told(await begin(port, `?seats=${sale}&sales=`)), [true]);
    }));

  test('many readers of seats get the same events', () =>
    withStreams(quick, async ({ store, port, door }) => {
      const sale = await makeSeated(store, rowsOf(9));
      const queries = [`?seats=${sale}`, `?seats=${sale}&sales=`, `?seats=${sale}&sales=${sale}`];
      const readers = await Promise.all(
        Array.from({ length: 60 }, async (_, i) => (await StreamReader.open(port, queries[i % 3])).ready()),
      );
      const map = await statesOf(store, sale);
      await Promise.all(Array.from({ length: 6 }, () => order(store, sale, { best: { quantity: 1 } })));
      const final = await statesOf(store, sale);
      for (const reader of readers) {
        const seats = (): Received[] => reader.of('seats').slice(1);
        await reader.until(() => JSON.stringify(applied(map, seats())) === JSON.stringify(final));
        reader.end();
      }
      while (door.readers.size > 0) await new Promise((resolve) => setTimeout(resolve, 5));
    }));
});

test('a sale that is removed is told as such, to who resumes as well', () =>
  withStreams(quick, async ({ store, port }) => {
    const kept = await makeSale(store, 5);
    const sale = await makeSeated(store, rowsOf(2));
    const since = store.at(store.node.engine.position);
    const watch = async (): Promise<StreamReader> =>
      (await StreamReader.open(port, `?sales=${sale},${kept}&seats=${sale}`)).ready();
    const reader = await watch();
    await removeSale(store, sale);
    const { data } = await reader.next('removed');
    assert.deepEqual(data, { id: sale, position: store.at(store.node.engine.position) });
    reader.end();
    const names = (events: readonly Received[]): unknown => events.map(({ event, data: { id } }) => [event, id]);
    const missed = await begin(port, '', since);
    assert.deepEqual(names(missed), [
      ['time', undefined],
      ['removed', sale],
      ['ready', undefined],
    ]);
    // A reader that asks for it by its id gets its removal too, and keeps the rest; a reader of all
    // sales does not.
    const late = await watch();
    assert.deepEqual(
      late.events.map(({ event }) => event),
      ['time', 'removed', 'sale', 'seats', 'ready'],
    );
    late.end();
    const present = names(await begin(port, ''));
    assert.deepEqual(present, [
      ['time', undefined],
      ['sale', kept],
      ['ready', undefined],
    ]);
  }));
