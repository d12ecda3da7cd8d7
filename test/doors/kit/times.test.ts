/**
 * Times: what one door takes, every door and tool can say back; what is in a log from before breaks
 * nothing.
 */
import assert from 'node:assert/strict';
import { DatabaseSync } from 'node:sqlite';
import { describe, test } from 'node:test';
import { parseDateOrTime, parseTime } from '../../../src/cli/times.ts';
import { readTerms } from '../../../src/cli/import/terms.ts';
import { formatTime } from '../../../src/doors/kit/ids.ts';
import { sayableTime, timeMsOf } from '../../../src/doors/kit/times.ts';
import { Command, doors, kinds } from '../../../src/engine/command.ts';
import { countedSale, seatedSale } from '../../../src/doors/kit/sale-definition.ts';
import { runToEnd } from '../../crash/support/servers.ts';
import { follow, reconciled, Shop, viewsIn } from '../../followers/support/shop.ts';
import type { Answer } from '../../http/support/client.ts';
import type { TestStore } from '../../http/support/store.ts';
import { withStore } from '../../http/support/store.ts';

/** Times of which no calendar, or no answer of a store, has the text. */
const unsayable = [
  '9999-12-31T23:59:59-12:00',
  '9999-12-31T23:59:59.999-00:01',
  '0000-01-01T00:00:00Z',
  '0000-12-31T23:59:59Z',
  '0001-01-01T00:00:00+00:01',
  '2026-01-01T24:00:00Z',
  '2026-02-29T12:00:00Z',
  '1900-02-29T12:00:00Z',
  '2026-04-31T12:00:00Z',
  '2026-00-10T12:00:00Z',
  '2026-13-10T12:00:00Z',
  '2026-01-00T12:00:00Z',
  '2026-01-01T23:60:00Z',
  '2026-01-01T23:59:60Z',
  '2026-01-01T12:00:00+24:00',
  '2026-01-01T12:00:00+12:60',
];
const sayable = [
  '0001-01-01T00:00:00Z',
  '0004-02-29T00:00:00Z',
  '2000-02-29T23:59:59.999999999+23:59',
  '9999-12-31T23:59:59.999Z',
  '9999-12-31T23:59:59.999999999Z',
];

describe('a time that cannot be said back', () => {
  test('a time that cannot be written back is refused by each door that takes times', async () => {
    await withStore({}, async (store) => {
      const sale = { name: 'A', kind: 'counted', capacity: 5 };
      await store.post('/v1/sales', sale, null);
      const held = await store.post('/v1/sales/sale_0_1/holds', { quantity: 1 }, 'h');
      await store.post('/api/events', { name: 'E', event_date: '2030-01-01' }, null);
      const calls: Record<string, (time: string) => Promise<Answer>> = {
        'a sale, opening': (opensAt) => store.post('/v1/sales', { ...sale, opensAt }, null),
        'a sale, closing': (closesAt) => store.post('/v1/sales', { ...sale, closesAt }, null),
        'a change of a sale': (closesAt) => store.ask('PATCH', '/v1/sales/sale_0_1', { json: { closesAt } }),
        'a hold': (until) => store.post(`/v1/holds/${held.string('id')}/extend`, { until }, null),
        'an event': (event_date) => store.post('/api/events', { name: 'E', event_date }, null),
        'a change of an event': (event_date) => store.ask('PUT', '/api/events/1', { json: { event_date } }),
      };
      await refusesEach(calls);
    });
    await withStore({ args: ['--doors', 'drops'] }, (store) =>
      refusesEach({
        'a drop': (dropStartTime) =>
          store.post('/api/drops', { name: 'D', price: 1, totalStock: 1, dropStartTime }, null),
      }),
    );
  });

  test('a time that cannot be written back is refused in files and flags, and no other is', () => {
    for (const text of unsayable) {
      assert.deepEqual([timeMsOf(text), parseTime(text), parseDateOrTime(text)], [null, null, null], text);
      assert.throws(() => readTerms({ opens: text }), /--opens is/, text);
    }
    for (const text of sayable) {
      const ms = timeMsOf(text);
      assert.ok(ms !== null && ms === Date.parse(text), text);
      assert.equal(parseDateOrTime(text), ms);
      assert.match(formatTime(ms), /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
      assert.equal(Math.floor(ms), Date.parse(formatTime(ms)), text);
    }
  });
});

async function refusesEach(calls: Readonly<Record<string, (time: string) => Promise<Answer>>>): Promise<void> {
  for (const [what, call] of Object.entries(calls)) {
    for (const text of unsayable) {
      const { status, text: said } = await call(text);
      assert.equal(status, 400, `${what} ${text}: ${said}`);
    }
    assert.ok((await call(sayable.at(-1)!)).status < 300, what);
  }
}

describe('a time of the log that cannot be said', () => {
  const year10000 = Date.parse('9999-12-31T23:59:59-12:00');
  const year0 = Date.parse('0000-01-01T00:00:00Z');

  test('a time in the log that cannot be written is shown as the first or the last that can', () => {
    assert.equal(formatTime(year10000), '9999-12-31T23:59:59.999Z');
    assert.equal(formatTime(9e15), '9999-12-31T23:59:59.999Z');
    assert.equal(formatTime(year0), '0001-01-01T00:00:00.000Z');
    assert.equal(formatTime(-9e15), '0001-01-01T00:00:00.000Z');
    assert.equal(formatTime(NaN), '0001-01-01T00:00:00.000Z');
    assert.equal(sayableTime(new Date(year10000).toISOString()), '9999-12-31T23:59:59.999Z');
    assert.equal(sayableTime(new Date(year0).toISOString()), '0001-01-01T00:00:00.000Z');
    assert.equal(sayableTime('2026-01-01T00:00:00.000Z'), '2026-01-01T00:00:00.000Z');
    assert.equal(sayableTime('some day'), 'some day');
  });

  test('a time in the log that cannot be written breaks no answer', async () => {
    for (const args of [[], ['--doors', 'drops']]) {
      await withStore({ args }, async (store) => {
        await makeOddSales((command) => store.node.submit(command, () => undefined, undefined));
        for (const path of args.length === 0
          ? ['/v1/sales', '/v1/sales/sale_0_1', '/api/events', '/api/events/1']
          : ['/api/drops', '/api/drops/1']) {
          await showsTimes(store, path);
        }
      });
    }
  });

  test('a time in the log that cannot be written breaks no table and no tool', { timeout: 60_000 }, async (t) => {
    const shop = await Shop.open(t);
    await makeOddSales((command) => shop.node.submit(command, () => undefined, undefined));
    const { catchUp } = await follow(t, shop.folder);
    await catchUp();
    const database = new DatabaseSync(viewsIn(shop.folder));
    const views = database.prepare("select name from sqlite_master where type in ('table', 'view')").all();
    assert.ok(views.length > 10);
    for (const { name } of views) database.prepare(`select * from "${String(name)}"`).all();
    database.close();
    assert.equal((await reconciled(shop.folder)).differences, 0);
    await shop.close();
    const inspected = await runToEnd(['inspect', '--data', shop.folder, '--records']);
    assert.equal(inspected.code, 0, inspected.stderr);
  });

  async function makeOddSales(submit: (command: Command) => unknown): Promise<void> {
    for (const opensAtMs of [year10000, year0]) {
      const attributes = { status: 'active', event_date: new Date(opensAtMs).toISOString() };
      for (const body of [
        countedSale('Counted', 5, doors.v1, { opensAtMs, closesAtMs: year10000 + 1 }),
        countedSale('Drop', 5, doors.drops, { opensAtMs }),
        { ...seatedSale('Event', { sections: [] }, doors.seats), linePerSeat: true, attributes },
      ]) {
        const command = new Command().reset(kinds.createSale);
        command.body = body;
        await submit(command);
      }
    }
  }

  async function showsTimes(store: TestStore, path: string): Promise<void> {
    const { status, text } = await store.get(path);
    assert.equal(status, 200, `${path}: ${text}`);
    assert.doesNotMatch(text, /"[+-]\d{6}-|"0000-/, path);
  }
});
