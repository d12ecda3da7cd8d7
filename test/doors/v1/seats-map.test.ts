/**
 * Maps of random halls after random changes: every way to ask for them says the same. HOLDFAST_SEED
 * replays a seed.
 */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { CompactSeats, SeatsNews } from '../../../sdk/src/index.ts';
import { SeatMap } from '../../../sdk/src/index.ts';
import { Compile } from 'typebox/compile';
import * as schemas from '../../../src/doors/v1/seat-schemas.ts';
import { dump } from '../../../src/engine/dump.ts';
import { Random, seedsFor } from '../../engine/random.ts';
import type { TestStore } from '../../http/support/store.ts';
import { withStore } from '../../http/support/store.ts';
import type { SeatItem, SeatsAnswer } from './halls.ts';
import { makeSeated, randomHall, seatsOf } from './halls.ts';
import { freshKey, hold, order } from './support.ts';
import { StreamReader, withStreams } from './stream-reader.ts';

const isList = Compile(schemas.seatList);
const isCompact = Compile(schemas.compactSeats);

/** One change, of any kind; it may be refused. */
async function disturb(store: TestStore, sale: string, random: Random): Promise<void> {
  const { items } = await seatsOf(store, sale);
  const some = (): string => (items.length === 0 ? 'none' : random.pick(items).id);
  const path = `/v1/sales/${sale}/seats`;
  const newSeat = {
    section: random.pick(['A', 'Ünter\\', 'new']),
    row: random.pick(['0', '1', 'z']),
    number: random.pick(['1', '99', '"q"', '4000']),
    ...(random.chance(50) ? {} : { rank: random.below(9) }),
    blocked: random.chance(20),
  };
  switch (
    random.weighted({ order: 4, hold: 4, release: 3, cancel: 3, add: 3, change: 3, block: 3, remove: 2, wait: 1 })
  ) {
    case 'order':
      await order(store, sale, { seats: [some()] });
      break;
    case 'hold':
      await hold(store, sale, { best: { quantity: 1 + random.below(3), split: true }, seconds: 1 + random.below(30) });
      break;
    case 'release':
      await store.ask('DELETE', `/v1/holds/hold_0_${1 + random.below(store.node.engine.state.holds.count + 1)}`);
      break;
    case 'cancel':
      await store.post(
        `/v1/orders/order_0_${1 + random.below(store.node.engine.state.orders.count + 1)}/cancel`,
        {},
        freshKey(),
      );
      break;
    case 'add':
      await store.post(path, { seats: [newSeat] }, null);
      break;
    case 'change': {
      const json = random.pick([
        { number: `${random.below(30)}` },
        { rank: random.below(5) },
        { section: 'new', row: 'z' },
      ]);
      await store.ask('PATCH', `${path}/${encodeURIComponent(some())}`, { json });
      break;
    }
    case 'block':
      await store.ask('PATCH', `${path}/${encodeURIComponent(some())}`, { json: { blocked: random.chance(50) } });
      break;
    case 'remove':
      await store.ask('DELETE', `${path}/${encodeURIComponent(some())}`);
      break;
    default:
      await store.advance(random.below(5000));
  }
}

/** What the engine has, in an order of its own. */
function truth(store: TestStore, sale: number): SeatItem[] {
  const { seats } = dump(store.node.engine).sales[sale]!;
  return seats
    .filter(({ state }) => state !== 'removed')
    .map(({ section, row, number, rank, accessible, state }) => ({
      id: `${section}-${row}-${number}`,
      section,
      row,
      number,
      rank,
      accessible,
      state,
    }));
}

const byId = (items: readonly SeatItem[]): SeatItem[] => items.toSorted((one, other) => (one.id < other.id ? -1 : 1));

/** A full map brought up to date by what changed. */
function updated({ items }: SeatsAnswer, changes: SeatsAnswer): SeatItem[] {
  const seats = new Map(items.map((item) => [item.id, item]));
  for (const item of changes.items) {
    if (item.state === 'removed') seats.delete(item.id);
    else seats.set(item.id, item);
  }
  return [...seats.values()];
}

for (const seed of seedsFor(6, 400)) {
  test(`full, compact and changes agree with the engine, by seed ${seed}`, () =>
    withStore({ manualTime: true }, async (store) => {
      const random = new Random(seed);
      const sale = await makeSeated(store, randomHall(random));
      await makeSeated(store, randomHall(random));
      const earlier = [await seatsOf(store, sale)];
      for (let step = 0; step < 60; step += 1) {
        await disturb(store, random.chance(80) ? sale : 'sale_0_2', random);
        const full = await seatsOf(store, sale);
        assert.ok(isList.Check(full));
        assert.deepEqual(byId(full.items), byId(truth(store, 0)));
        const compact = (await store.get(`/v1/sales/${sale}/seats?form=compact`)).json;
        assert.ok(isCompact.Check(compact));
        const seats = [...new SeatMap(compact).seats.values()];
        assert.deepEqual(
          seats.map(({ place: _, ...seat }) => seat),
          full.items,
        );
        const from = random.pick(earlier);
        assert.deepEqual(byId(updated(from, await seatsOf(store, sale, `?since=${from.position}`))), byId(full.items));
        if (random.chance(30)) earlier.push(full);
      }
    }));
}

describe('a page that keeps a map', () => {
  for (const seed of seedsFor(4, 500)) {
    test(`a page that keeps a map by the stream has the store's state, seed ${seed}`, () =>
      withStreams(
        { intervalMs: 1 },
        async ({ store, port }) => {
          const random = new Random(seed);
          const sale = await makeSeated(store, randomHall(random));
          const load = async (): Promise<SeatMap> =>
            new SeatMap((await store.get(`/v1/sales/${sale}/seats?form=compact`)).json as CompactSeats);
          const reader = await (await StreamReader.open(port, `?seats=${sale}`)).ready();
          let map: SeatMap | null = null;
          let taken = 0;
          for (let step = 0; step < 60; step += 1) {
            await disturb(store, sale, random);
            if (random.chance(40)) continue;
            for (const { event, data } of reader.events.slice(taken)) {
              if (event !== 'seats') continue;
              if (map?.take(data as unknown as SeatsNews) === null) map = null;
              map ??= await load();
            }
            taken = reader.events.length;
          }
          // The last news come with the last change, of any kind.
          const last = (
            await store.post(`/v1/sales/${sale}/seats`, { seats: [{ section: 'last', row: '1', number: '1' }] }, null)
          ).header('Holdfast-Position');
          await reader.until(() => reader.lastId === last);
          for (const { event, data } of reader.events.slice(taken)) {
            if (event === 'seats' && map?.take(data as unknown as SeatsNews) === null) map = null;
          }
          map ??= await load();
          assert.deepEqual(
            [...map.seats.values()].map(({ place: _, ...seat }) => seat),
            (await seatsOf(store, sale)).items,
          );
          reader.end();
        },
        { manualTime: true },
      ));
  }
});
