/**
 * Positions after a restore, on a copied folder and on a disk that was rolled back: what another
 * history said is known for what it is, in every place that takes a position. Two stores that went
 * on from one log count alike.
 */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { describe, test } from 'node:test';
import type { SeatsNews, StreamEvent } from '../../../sdk/src/index.ts';
import { Holdfast, SeatMap } from '../../../sdk/src/index.ts';
import { runToEnd } from '../../crash/support/servers.ts';
import type { TestStore } from '../../http/support/store.ts';
import { withStore } from '../../http/support/store.ts';
import { withFolder } from '../../log/support/folders.ts';
import { SmallStore } from '../../support/small-store.ts';
import { makeSeated, rowsOf, seatsOf } from './halls.ts';
import { StreamReader } from './stream-reader.ts';
import { assertProblem, hold, makeSale, order } from './support.ts';

/** A store on a folder. */
function serving(folder: string, use: (store: TestStore) => Promise<void>): Promise<void> {
  return withStore({ args: ['--log', 'file', '--data', folder] }, use);
}

const hall = 'sale_0_1';
const counted = 'sale_0_2';

/** A hall and a counted sale, of which some is sold; `count` times. */
async function sellSome(store: TestStore, seats: readonly string[]): Promise<string> {
  let last = '';
  for (const seat of seats) {
    await order(store, counted, { quantity: 1 });
    last = (await order(store, hall, { seats: [seat] })).header('Holdfast-Position');
  }
  return last;
}

async function makeSales(store: TestStore): Promise<void> {
  assert.equal(await makeSeated(store, rowsOf(20)), hall);
  assert.equal(await makeSale(store, 1000), counted);
  for (let i = 0; i < 3; i += 1) await makeSale(store, 5);
}

interface Told {
  /** Where they parted, as both have it. */
  readonly common: string;
  /** Positions that one of them alone has. */
  readonly mine: readonly string[];
  readonly cursor: string;
  readonly hold: string;
}

/** Goes on with a folder in its own way. */
async function goOn(store: TestStore, common: string, seats: readonly string[], more: number): Promise<Told> {
  const mine = [await sellSome(store, seats)];
  for (let i = 0; i < more; i += 1) {
    mine.push((await order(store, counted, { quantity: 1 })).header('Holdfast-Position'));
  }
  const placed = await hold(store, counted, { quantity: 1 });
  mine.push(placed.header('Holdfast-Position'));
  const reader = await (await StreamReader.open(store.port)).ready();
  mine.push(reader.lastId!);
  reader.end();
  mine.push((await seatsOf(store, hall)).position);
  mine.push((await store.get('/readyz')).string('position'));
  const page = (await store.get('/v1/sales?limit=1')).string('next');
  return { common, mine, cursor: page, hold: placed.string('id') };
}

/** Positions of another history are refused in each place. */
async function refusesAllOf(store: TestStore, { mine, cursor, hold: held, common }: Told): Promise<void> {
  const whole = await seatsOf(store, hall);
  for (const position of mine) {
    for (const read of [
      `/v1/sales?at=`,
      `/v1/sales/${counted}?at=`,
      `/v1/sales/${hall}/seats?at=`,
      '/v1/orders/order_0_1?at=',
    ]) {
      assertProblem(await store.get(`${read}${position}`), 'POSITION_UNKNOWN', /Ask without it/);
    }
    assert.deepEqual(await seatsOf(store, hall, `?since=${position}`), { ...whole, whole: true });
    for (const [query, headers] of [
      [`?since=${position}`, {}],
      ['', { 'Last-Event-ID': position }],
      // Also where it follows what only the other history has.
      [`?holds=${held}:token,hold_0_999&seats=${hall}`, { 'Last-Event-ID': position }],
      ['?sales=sale_0_99&waitlist=waitlist_0_7', { 'Last-Event-ID': position }],
      ['?seats=sale_0_99', { 'Last-Event-ID': position }],
      [`?seats=${counted}`, { 'Last-Event-ID': position }],
    ] as const) {
      const reader = await StreamReader.open(store.port, query, headers);
      assert.equal(reader.response.headers['content-type'], 'text/event-stream');
      await reader.ready();
      const names = reader.events.map(({ event }) => event);
      assert.deepEqual(names.slice(0, 2), ['time', 'reset'], `${query} ${position}`);
      if (!query.includes('sales=')) assert.equal(reader.of('sale').length, store.node.engine.state.sales.count);
      assert.ok(reader.lastId !== position, 'it goes on from a position of this store');
      reader.end();
    }
  }
  const refused = await store.get(`/v1/sales?limit=1&cursor=${cursor}`);
  assertProblem(refused, 'INVALID_REQUEST', /another history.*begin again/);
  // Where they were one, positions are both's.
  assert.equal((await store.get(`/v1/sales?at=${common}`)).status, 200);
  const back = await (await StreamReader.open(store.port, '', { 'Last-Event-ID': common })).ready();
  assert.equal(back.of('reset').length, 0);
  back.end();
  assert.equal((await store.get(`/v1/sales/${hall}/seats?since=${common}`)).body['whole'], undefined);
}

/** A store accepts every position that it gave itself. */
async function takesAllOf(store: TestStore, { mine, cursor, common }: Told): Promise<void> {
  for (const position of [common, ...mine]) {
    assert.equal((await store.get(`/v1/sales?at=${position}`)).status, 200, position);
    const { body } = await store.get(`/v1/sales/${hall}/seats?since=${position}`);
    assert.equal(body['whole'], undefined);
    const reader = await (await StreamReader.open(store.port, `?seats=${hall}`, { 'Last-Event-ID': position })).ready();
    assert.equal(reader.of('reset').length, 0);
    reader.end();
  }
  assert.equal((await store.get(`/v1/sales?limit=1&cursor=${cursor}`)).status, 200);
}

test(
  'a backup that goes on otherwise and the store it is of know each other’s positions for what they are',
  { timeout: 60_000 },
  () =>
    withFolder(async (folder) => {
      const [first, copy, second] = ['a', 'copy', 'b'].map((name) => path.join(folder, name));
      await serving(first!, async (a) => {
        await makeSales(a);
        const common = await sellSome(a, ['A-1-1', 'A-1-2']);
        const backup = await runToEnd(['backup', '--data', first!, '--to', copy!]);
        assert.equal(backup.code, 0, backup.stderr);
        const toldByA = await goOn(a, common, ['A-1-3', 'A-1-4'], 6);
        const restored = await runToEnd(['restore', '--from', copy!, '--data', second!]);
        assert.equal(restored.code, 0, restored.stderr);
        await serving(second!, async (b) => {
          const toldByB = await goOn(b, common, ['A-1-5'], 12);
          await refusesAllOf(b, toldByA);
          await refusesAllOf(a, toldByB);
          await takesAllOf(b, toldByB);
        });
        await takesAllOf(a, toldByA);
      });
    }),
);

test('a folder that was copied and is served twice has two histories', { timeout: 60_000 }, () =>
  withFolder(async (folder) => {
    const [one, other] = ['one', 'other'].map((name) => path.join(folder, name));
    let common = '';
    await serving(one!, async (a) => {
      await makeSales(a);
      common = await sellSome(a, ['A-1-1']);
    });
    fs.cpSync(one!, other!, { recursive: true });
    await serving(one!, (a) =>
      serving(other!, async (b) => {
        const [toldByA, toldByB] = [await goOn(a, common, ['A-1-3'], 2), await goOn(b, common, ['A-1-3'], 2)];
        await refusesAllOf(b, toldByA);
        await refusesAllOf(a, toldByB);
        await takesAllOf(a, toldByA);
        await takesAllOf(b, toldByB);
      }),
    );
  }),
);

test('a disk that was rolled back is another history from there on', { timeout: 60_000 }, () =>
  withFolder(async (folder) => {
    const [data, earlier] = ['data', 'earlier'].map((name) => path.join(folder, name));
    let common = '';
    let told: Told | null = null;
    await serving(data!, async (a) => {
      await makeSales(a);
      common = await sellSome(a, ['A-1-1']);
    });
    fs.cpSync(data!, earlier!, { recursive: true });
    await serving(data!, async (a) => {
      told = await goOn(a, common, ['A-1-3'], 3);
    });
    // Further starts of the same log take it all back.
    await serving(data!, (a) => takesAllOf(a, told!));
    fs.rmSync(data!, { recursive: true });
    fs.renameSync(earlier!, data!);
    await serving(data!, async (a) => {
      await refusesAllOf(a, told!);
      await refusesAllOf(a, { ...told!, mine: (await goOn(a, common, ['A-1-4', 'A-1-5'], 9)).mine.map(otherEpoch) });
    });
  }),
);

/** A position with an epoch that no store ever had. */
function otherEpoch(position: string): string {
  const [cell, number] = position.split('.');
  return `${cell!}.${number!}.${randomBytes(6).toString('hex')}`;
}

test(
  'positions from before there were epochs keep their form, and are valid up to the first start that wrote one',
  { timeout: 60_000 },
  () =>
    withFolder(async (folder) => {
      const data = path.join(folder, 'data');
      const small = await SmallStore.open(data);
      const end = await small.sell(50);
      await small.close();
      await serving(data, async (a) => {
        assert.equal((await a.get('/v1/orders/order_0_1')).string('position'), '0.3');
        for (const position of [0, 1, 3, end]) {
          assert.equal((await a.get(`/v1/sales?at=0.${position}`)).status, 200);
          const reader = await (await StreamReader.open(a.port, `?since=0.${position}`)).ready();
          assert.deepEqual(reader.of('reset'), []);
          reader.end();
        }
        const bought = (await order(a, 'sale_0_1', { quantity: 1 })).header('Holdfast-Position');
        const [, number, epoch] = bought.split('.');
        assert.match(epoch!, /^[0-9a-f]{12}$/);
        for (const position of [`0.${number!}`, `0.${end + 1}`, `0.${end + 1000}`, `0.${end}.${epoch!}`]) {
          assertProblem(await a.get(`/v1/sales?at=${position}`), 'POSITION_UNKNOWN');
          const reader = await (await StreamReader.open(a.port, '', { 'Last-Event-ID': position })).ready();
          assert.equal(reader.of('reset').length, 1, position);
          reader.end();
        }
        // Ahead of the end, in this history: waited for.
        const next = `0.${Number(number) + 1}.${epoch!}`;
        const waiting = a.get(`/v1/sales/sale_0_1?at=${next}`);
        await order(a, 'sale_0_1', { quantity: 1 });
        assert.equal((await waiting).string('position'), next);
      });
    }),
);

test('what is no position, or no cursor, is told apart in each place and never silence', () =>
  withStore({}, async (a) => {
    await makeSales(a);
    const { cursor } = await goOn(a, a.at(a.node.engine.position), ['A-1-3'], 1);
    const whole = { ...(await seatsOf(a, hall)), whole: true };
    const epoch = '0123456789ab';
    for (const text of [
      'x',
      '0',
      '0.',
      '.1',
      '1.1',
      '-0.1',
      '0.1.',
      `0.1.${epoch}0`,
      '0.1.0123456789AB',
      '0.01',
      `0.1e3.${epoch}`,
      `0.1.${epoch}.1`,
      '0.99999999999999999',
      '9'.repeat(6000),
      '%00',
      '%F0%9F%8E%AB',
    ]) {
      assertProblem(await a.get(`/v1/sales?at=${text}`), 'POSITION_UNKNOWN');
      assert.deepEqual(await seatsOf(a, hall, `?since=${text}`), whole);
      const reader = await (await StreamReader.open(a.port, `?since=${text}`)).ready();
      assert.equal(reader.of('reset').length, 1, text);
      reader.end();
    }
    const of = (text: string): string => Buffer.from(text).toString('base64url');
    const forged = [
      '',
      'x',
      cursor.slice(1),
      of('r0'),
      of('r0@'),
      of('r0@x'),
      of(`r0@0.1.${epoch}`),
      of(`b1@${a.nth(1)}`),
      of(`r99@${a.nth(1)}`),
      of(`r00@${a.nth(1)}`),
      'A'.repeat(6000),
    ];
    for (const one of forged) assertProblem(await a.get(`/v1/sales?cursor=${one}`), 'INVALID_REQUEST', /begin again/);
  }));

test(
  'the client’s stream and map come right behind a restore, and its reads say what became of their position',
  { timeout: 60_000 },
  () =>
    withFolder(async (folder) => {
      const [first, second] = ['a', 'b'].map((name) => path.join(folder, name));
      let port = 0;
      // One address, behind which the store is another one after a while.
      const fetchBehind = (url: string, init: RequestInit): Promise<Response> =>
        fetch(url.replace('http://shop.example', `http://127.0.0.1:${port}`), init);
      const client = new Holdfast({ url: 'http://shop.example', fetch: fetchBehind });
      const stream = client.stream({ seats: hall, retry: { baseMs: 5, capMs: 20 } });
      const page: { map: SeatMap | null } = { map: null };
      const told: StreamEvent['type'][] = [];
      const early: SeatsNews[] = [];
      const listening = stream.listen((event) => {
        told.push(event.type);
        if (event.type === 'reset') page.map = null;
        if (event.type === 'seats') early.push(event.news);
      });
      /** As a page does: what came is taken in, and the map read again where it says so. */
      const settle = async (): Promise<SeatMap> => {
        for (let tries = 0; tries < 100; tries += 1) {
          await new Promise((resolve) => setTimeout(resolve, 20));
          for (const news of early.splice(0)) if (page.map?.take(news) === null) page.map = null;
          page.map ??= new SeatMap(await client.seats.compact(hall));
        }
        return page.map!;
      };
      let at = '';
      await serving(first!, async (a) => {
        await makeSales(a);
        await sellSome(a, ['A-1-1']);
        const backup = await runToEnd(['backup', '--data', first!, '--to', second!]);
        assert.equal(backup.code, 0, backup.stderr);
        port = a.port;
        await sellSome(a, ['A-1-3', 'A-1-4', 'A-1-5']);
        at = (await client.orders.buy(counted, { quantity: 1 })).answer.position!;
        assert.equal((await settle()).seats.get('A-1-4')?.state, 'sold');
      });
      const before = page.map!;
      told.length = 0;
      await serving(second!, async (b) => {
        port = b.port;
        await sellSome(b, ['A-1-7']);
        const now = await settle();
        assert.ok(told.includes('reset'));
        const states = new Map((await seatsOf(b, hall)).items.map(({ id, state }) => [id, state]));
        assert.deepEqual(new Map([...now.seats].map(([id, { state }]) => [id, state])), states);
        // A map whose reader missed the reset is recognized by the position alone.
        const news = { sale: hall, position: b.at(b.node.engine.position), seats: { 'A-1-7': 'sold' } } as const;
        assert.equal(before.take(news), null);
        await assert.rejects(
          client.sales.get(counted, { at }),
          ({ code }: { code: string }) => code === 'POSITION_UNKNOWN',
        );
        assert.equal(client.position, null, 'it forgets what the other history said');
        await client.sales.get(counted);
        assert.ok((await client.sales.get(counted, { at: client.position! })).available > 0);
        stream.close();
        await listening;
      });
    }),
);

describe('restore --position', () => {
  test('takes the plain number, and says which that is', () =>
    withFolder(async (folder) => {
      const [data, to] = ['data', 'to'].map((name) => path.join(folder, name));
      const small = await SmallStore.open(data!);
      await small.sell(20);
      await small.close();
      const made = await runToEnd(['restore', '--from', data!, '--data', to!, '--position', '0.15.0123456789ab']);
      assert.equal(made.code, 1);
      assert.match(made.stderr, /--position is "0\.15\.0123456789ab"; it takes the plain number, which is 15 there/);
      assert.equal((await runToEnd(['restore', '--from', data!, '--data', to!, '--position', '15'])).code, 0);
    }));
});
