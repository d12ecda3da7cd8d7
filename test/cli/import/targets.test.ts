/** Both ways into a store come to the same as the doors: the same records, under the same keys. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { NewSeatedSale } from '../../../sdk/src/index.ts';
import { StoreClient } from '../../../src/cli/import/client.ts';
import { serveToOurselves } from '../../../src/cli/import/own-listener.ts';
import { Target } from '../../../src/cli/import/target.ts';
import { Command } from '../../../src/engine/command.ts';
import { keyText, RecordReader } from '../../../src/engine/record.ts';
import type { Log } from '../../../src/log/log.ts';
import { seatAddition } from '../../../src/doors/seats/seats.ts';
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
    const url = new Target(new StoreClient({ url: `http://127.0.0.1:${store.port}`, operatorKey: null }));
    const listener = serveToOurselves(store.node);
    try {
      await use({ store, targets: { folder: new Target(new StoreClient(listener)), url } });
    } finally {
      await listener.close();
    }
  });
}

const hall: NewSeatedSale['hall'] = {
  sections: [
    { name: 'A', rows: [{ name: '1', rank: 4, seats: { from: 3, to: 5 } }] },
    { name: 'B', rows: [{ name: '1', seats: ['1', { number: '2', accessible: true, rank: 0 }] }] },
  ],
};

const price = { amount: 1250, currency: 'EUR' };
const sale: NewSeatedSale = { name: 'Opera', kind: 'seated', hall, price, maxPerOrder: 4, holdSeconds: 60 };
const seats = [
  { section: 'Hall', row: '1', number: '1', rank: 1 },
  { section: 'Hall', row: '1', number: '2', rank: 7, accessible: true },
];

test('the listener of an import answers only the import itself', () =>
  withStore({}, async (store) => {
    const made = await store.post('/v1/sales', { name: 'A', kind: 'counted', capacity: 5 }, null);
    assert.equal(made.status, 201);
    const listener = serveToOurselves(store.node);
    try {
      const { position } = store.node.engine;
      const asked = { method: 'POST', headers: { 'Content-Type': 'application/json', 'Idempotency-Key': 'k' } };
      for (const [path, init] of [
        ['/v1/sales', {}],
        ['/v1/sales/sale_0_1', {}],
        ['/v1/stream', {}],
        ['/api/events', {}],
        ['/v1/sales/sale_0_1/orders', { ...asked, body: '{"quantity":1}' }],
        ['/v1/sales', { ...asked, body: '{"name":"B","kind":"counted","capacity":5}' }],
        ['/api/events', { ...asked, body: '{"name":"B","event_date":"2027-01-31"}' }],
      ] as const) {
        for (const key of [null, 'another-key-of-the-same-length-as-it-may-be']) {
          const headers = {
            ...('headers' in init ? init.headers : {}),
            ...(key && { Authorization: `Bearer ${key}` }),
          };
          assert.equal((await fetch(listener.url + path, { ...init, headers })).status, 401, path);
        }
      }
      assert.equal(store.node.engine.position, position);
      const { port, hostname } = new URL(listener.url);
      assert.ok(Number(port) > 0 && hostname === '127.0.0.1', listener.url);
    } finally {
      await listener.close();
    }
    await assert.rejects(fetch(listener.url), 'the port is given back');
  }));

describe('an import', () => {
  test('an import makes what POST /api/events and POST /api/seats make', () =>
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
        const added = [seatAddition(row, seat)];
        await folder.addSeats(byFolder!.sale, added, `folder ${row}`);
        await url.addSeats(byUrl!.sale, added, `url ${row}`);
      }
      const stand = (await found(folder)).seats;
      assert.equal(stand[posted!.sale]?.length, 2);
      assert.deepEqual(stand[byFolder!.sale], stand[posted!.sale]);
      assert.deepEqual(stand[byUrl!.sale], stand[posted!.sale]);
    }));

  test('what comes in is under the key, the scope and the fingerprint that an older program gave it, so that what it made is a replay', async () => {
    let log: Log | undefined;
    const wrapLog = (opened: Log): Log => (log = opened);
    await withStore({ store: { wrapLog } }, async ({ node }) => {
      const listener = serveToOurselves(node);
      try {
        const target = new Target(new StoreClient(listener));
        await target.createSale(sale, 'seed-hall-0123');
        for (const status of [undefined, 'draft']) {
          const body = { name: 'Café', event_date: '2027-01-31T19:30:00.000Z', ...(status && { status }) };
          await target.createEvent(body, `import-4567-${status}`);
        }
        await target.addSeats('sale_0_2', seats, 'import-89ab-1');
      } finally {
        await listener.close();
      }
      const commands: string[] = [];
      const [reader, command] = [new RecordReader(), new Command()];
      await log!.subscribe(1, ({ records }) => {
        reader.reset(records);
        while (reader.next(command)) {
          if (command.keyLength === 0) continue;
          const { kind, scope, scopeId, fingerprintLow, fingerprintHigh } = command;
          const fingerprint = [fingerprintHigh, fingerprintLow].map((word) => word.toString(16).padStart(8, '0'));
          commands.push(`kind ${kind} scope ${scope}.${scopeId} ${keyText(command)} ${fingerprint.join('')}`);
        }
      });
      assert.deepEqual(commands, [
        'kind 10 scope 6.0 seed-hall-0123 02fc32492e2af18d',
        'kind 10 scope 5.3 import-4567-undefined e6564a341e166216',
        'kind 10 scope 5.3 import-4567-draft e2be93034d4d77f1',
        'kind 16 scope 1.1 import-89ab-1 043abe3ff83d97d2',
      ]);
    });
  });

  test('what comes in by one way with a key is found by the other way, and by the API', () =>
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
        assert.equal((await first.addSeats(ofEvent, seats, `seats ${i}`)).replayed, false);
        assert.equal((await second.addSeats(ofEvent, seats, `seats ${i}`)).replayed, true);

        const opera = { ...sale, name: `Opera ${i}` };
        const { id, replayed } = await first.createSale(opera, `hall ${i}`);
        assert.equal(replayed, false);
        assert.deepEqual(await second.createSale(opera, `hall ${i}`), { id, replayed: true });
      }
    }));

  test('both ways see the same sales, events and maps, after seats were sold, blocked, moved or removed', () =>
    withBoth(async ({ store, targets: { folder, url } }) => {
      const { id } = await folder.createSale(sale, 'hall');
      for (let i = 1; i <= 5; i += 1)
        await folder.createEvent({ name: `E${i}`, event_date: '2027-01-31' }, `event ${i}`);
      const deleted = await store.ask('DELETE', '/api/events/2');
      assert.equal(deleted.status, 200, deleted.text);
      const [one] = await folder.events();
      await url.addSeats(one!.sale, seats, 'seats');
      const asked = (method: string, path: string, json?: unknown) =>
        store.ask(method, `/v1/sales/${String(id)}${path}`, { json, headers: { 'Idempotency-Key': path } });
      assert.equal((await asked('POST', '/orders', { seats: ['A-1-4'] })).status, 201);
      assert.equal((await asked('PATCH', '/seats/A-1-5', { blocked: true })).status, 200);
      assert.equal((await asked('PATCH', '/seats/B-1-1', { row: '9', number: 'x', place: 7 })).status, 200);
      assert.equal((await asked('DELETE', '/seats/A-1-3')).status, 204);
      const [byFolder, byUrl] = [await found(folder), await found(url)];
      assert.deepEqual(byUrl.events, byFolder.events);
      assert.deepEqual(byUrl.seats, byFolder.seats);
      assert.deepEqual(byUrl.sales, byFolder.sales);
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

  test('what comes in is found in lists of many pages', () =>
    withBoth(async ({ targets: { folder, url } }) => {
      const names = Array.from({ length: 1203 }, (_, i) => `Night ${i}`);
      for (const name of names) await folder.createEvent({ name, event_date: '2027-01-31' }, name);
      const events = await url.events();
      assert.deepEqual(
        events.map(({ name }) => name),
        names,
      );
      assert.deepEqual(events, await folder.events());
    }));

  test("both ways report the store's refusals in its words", () =>
    withBoth(async ({ targets }) => {
      for (const target of [targets.folder, targets.url]) {
        const name = target === targets.url ? 'url' : 'folder';
        await target.createEvent({ name, event_date: '2027-01-31' }, name);
        const { sale: ofEvent } = (await target.events()).find((each) => each.name === name)!;
        await target.addSeats(ofEvent, seats, 'first');
        await assert.rejects(target.addSeats(ofEvent, seats, 'second'), /^UserError: .*has a seat with this name/);
        await assert.rejects(
          target.createEvent({ name: '', event_date: 'x' }, 'bad'),
          /^UserError: .*name must not be empty/,
        );
        const twice = { ...sale, hall: { sections: [...hall.sections, ...hall.sections] } };
        await assert.rejects(target.createSale(twice, 'twice'), /^UserError: /);
      }
    }));
});
