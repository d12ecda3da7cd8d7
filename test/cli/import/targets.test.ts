/** Both ways into a store come to the same as the doors: the same records, under the same keys. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { FolderTarget } from '../../../src/cli/import/folder-target.ts';
import { StoreClient } from '../../../src/cli/import/store-client.ts';
import type { SeatedSale, Target } from '../../../src/cli/import/target.ts';
import { UrlTarget } from '../../../src/cli/import/url-target.ts';
import { seatAddition } from '../../../src/doors/seats/seats.ts';
import type { Store } from '../../../src/store/open.ts';
import type { TestStore } from '../../http/support/store.ts';
import { withStore } from '../../http/support/store.ts';
import { found } from './support.ts';

interface Both {
  readonly store: TestStore;
  readonly targets: Readonly<Record<'folder' | 'url', Target>>;
}

/** One store, and both ways into it. What differs between them would show. */
function withBoth(use: (both: Both) => Promise<void>): Promise<void> {
  return withStore({}, async (store) => {
    const { node } = store;
    const url = new UrlTarget(new StoreClient(`http://127.0.0.1:${store.port}`, null));
    // A folder's target asks nothing of its store but the node.
    await use({ store, targets: { folder: new FolderTarget({ node } as Store), url } });
  });
}

const hall: SeatedSale['hall'] = {
  sections: [
    { name: 'A', rows: [{ name: '1', rank: 4, seats: { from: 3, to: 5 } }] },
    { name: 'B', rows: [{ name: '1', seats: ['1', { number: '2', accessible: true, rank: 0 }] }] },
  ],
};

const price = { amount: 1250, currency: 'EUR' };
const sale: SeatedSale = { name: 'Opera', kind: 'seated', hall, price, maxPerOrder: 4, holdSeconds: 60 };
const seats = [
  { section: 'Hall', row: '1', number: '1', rank: 1 },
  { section: 'Hall', row: '1', number: '2', rank: 7, accessible: true },
];

describe('what comes in', () => {
  test('as an event or as a seat is what POST /api/events and POST /api/seats make', () =>
    withBoth(async ({ store, targets: { folder, url } }) => {
      const { state } = store.node.engine;
      for (const status of [undefined, 'active', 'draft']) {
        const body = {
          name: 'Hamlet',
          event_date: '2027-01-31T19:30:00.000Z',
          ...(status === undefined ? {} : { status }),
        };
        const first = state.sales.count;
        assert.equal((await store.post('/api/events', body, null)).status, 201);
        await folder.createEvent(body, `folder ${status}`);
        await url.createEvent(body, `url ${status}`);
        const [posted, ...others] = [0, 1, 2].map((i) => {
          const { closesAtMs, ...made } = state.sales.made[first + i]!;
          return { ...made, isClosed: closesAtMs !== null && closesAtMs <= store.node.engine.nowMs };
        });
        for (const other of others) assert.deepEqual(other, posted);
      }
      const [posted, byFolder, byUrl] = await folder.events();
      for (const [row, seat] of [
        [3, 4],
        [0, 4096],
      ] as const) {
        const body = { event_id: posted!.id, row_number: row, seat_number: seat };
        assert.equal((await store.post('/api/seats', body, null)).status, 201);
        const added = { seats: [seatAddition(row, seat)] };
        await folder.addSeats(byFolder!.sale, added, `folder ${row}`);
        await url.addSeats(byUrl!.sale, added, `url ${row}`);
      }
      const stand = (await found(folder)).seats;
      assert.equal(stand[posted!.sale]?.length, 2);
      assert.deepEqual(stand[byFolder!.sale], stand[posted!.sale]);
      assert.deepEqual(stand[byUrl!.sale], stand[posted!.sale]);
    }));

  test('by one way with a key is found by the other way with it, and by the API', () =>
    withBoth(async ({ store, targets }) => {
      const ways = [
        [targets.folder, targets.url],
        [targets.url, targets.folder],
      ] as const;
      for (const [i, [first, second]] of ways.entries()) {
        const event = { name: `Event ${i}`, event_date: '2027-01-31T19:30:00.000Z' };
        const made = await first.createEvent(event, `event ${i}`);
        assert.deepEqual(made, { id: i + 1, replayed: false });
        assert.deepEqual(await second.createEvent(event, `event ${i}`), { id: i + 1, replayed: true });
        const posted = await store.post('/api/events', event, `event ${i}`);
        assert.equal(posted.header('Idempotency-Replayed'), 'true');

        const { sale: ofEvent } = (await first.events()).at(-1)!;
        assert.equal((await first.addSeats(ofEvent, { seats }, `seats ${i}`)).replayed, false);
        assert.equal((await second.addSeats(ofEvent, { seats }, `seats ${i}`)).replayed, true);

        const opera = { ...sale, name: `Opera ${i}` };
        const { id, replayed } = await first.createSale(opera, `hall ${i}`);
        assert.equal(replayed, false);
        assert.deepEqual(await second.createSale(opera, `hall ${i}`), { id, replayed: true });
      }
    }));

  test('is seen alike by both: sales, events, maps, whatever has been sold, blocked, moved or taken away', () =>
    withBoth(async ({ store, targets: { folder, url } }) => {
      const { id } = await folder.createSale(sale, 'hall');
      for (let i = 1; i <= 5; i += 1)
        await folder.createEvent({ name: `E${i}`, event_date: '2027-01-31' }, `event ${i}`);
      const deleted = await store.ask('DELETE', '/api/events/2');
      assert.equal(deleted.status, 200, deleted.text);
      const [one] = await folder.events();
      await url.addSeats(one!.sale, { seats }, 'seats');
      const asked = (method: string, path: string, json?: unknown) =>
        store.ask(method, `/v1/sales/${String(id)}${path}`, { json, headers: { 'Idempotency-Key': path } });
      assert.equal((await asked('POST', '/orders', { seats: ['A-1-4'] })).status, 201);
      assert.equal((await asked('PATCH', '/seats/A-1-5', { blocked: true })).status, 200);
      assert.equal((await asked('PATCH', '/seats/B-1-1', { row: '9', number: 'x', place: 7 })).status, 200);
      assert.equal((await asked('DELETE', '/seats/A-1-3')).status, 204);
      const [byFolder, byUrl] = [await found(folder), await found(url)];
      assert.deepEqual(byUrl.events, byFolder.events);
      assert.deepEqual(byUrl.seats, byFolder.seats);
      assert.deepEqual(byUrl.sales.toReversed(), byFolder.sales);
      assert.deepEqual(
        byFolder.events.map(({ id: number, sale: of }) => `${number} ${of}`),
        ['1 sale_0_2', '3 sale_0_4', '4 sale_0_5', '5 sale_0_6'],
      );
      assert.deepEqual(
        byFolder.seats[String(id)]?.map(({ section, row, number, place }) => `${section}-${row}-${number} ${place}`),
        ['A-1-4 2', 'A-1-5 3', 'B-1-2 2', 'B-9-x 7'],
      );
      assert.deepEqual([await folder.eventStands(2), await url.eventStands(2)], [false, false]);
      assert.deepEqual([await folder.eventStands(3), await url.eventStands(3)], [true, true]);
    }));

  test('is found in lists of many pages', () =>
    withBoth(async ({ targets: { folder, url } }) => {
      const names = Array.from({ length: 1203 }, (_, i) => `Night ${i}`);
      await Promise.all(names.map((name) => folder.createEvent({ name, event_date: '2027-01-31' }, name)));
      const events = await url.events();
      assert.deepEqual(
        events.map(({ name }) => name),
        names,
      );
      assert.deepEqual(events, await folder.events());
    }));

  test('refused by the store is told by both in its words', () =>
    withBoth(async ({ targets }) => {
      for (const target of [targets.folder, targets.url]) {
        const name = target === targets.url ? 'url' : 'folder';
        await target.createEvent({ name, event_date: '2027-01-31' }, name);
        const { sale: ofEvent } = (await target.events()).find((each) => each.name === name)!;
        await target.addSeats(ofEvent, { seats }, 'first');
        await assert.rejects(target.addSeats(ofEvent, { seats }, 'second'), /^UserError: .*has a seat with this name/);
        await assert.rejects(
          target.createEvent({ name: '', event_date: 'x' }, 'bad'),
          /^UserError: .*name must not be empty/,
        );
        const twice = { ...sale, hall: { sections: [...hall.sections, ...hall.sections] } };
        await assert.rejects(target.createSale(twice, 'twice'), /^UserError: /);
      }
    }));
});
