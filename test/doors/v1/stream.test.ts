/** GET /v1/stream: what readers get, and when. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { assertProblem, changeSale, freshKey, hold, makeSale, order } from './support.ts';
import { sleep, StreamReader, withStreams } from './stream-reader.ts';

/** The store's own pace. */
const usual = {};
/** Every change at once, so tests need not wait. */
const quick = { intervalMs: 1 };

describe('a new reader', () => {
  test('a new reader gets the time, the present state of every sale, then ready', () =>
    withStreams(quick, async ({ store, port }) => {
      await makeSale(store, 5, { name: 'One' });
      await makeSale(store, 7, { name: 'Two lines: "and" €' });
      await order(store, 'sale_0_2', { quantity: 2 });
      const reader = await (await StreamReader.open(port)).ready();
      assert.ok(reader.text.startsWith('retry: 1000\n\n'));
      assert.equal(reader.response.headers['content-type'], 'text/event-stream');
      assert.equal(reader.response.headers['cache-control'], 'private, no-store');
      assert.deepEqual(
        reader.events.map(({ event, id }) => [event, id]),
        [
          ['time', null],
          ['sale', null],
          ['sale', null],
          ['ready', store.nth(3)],
        ],
      );
      for (const { data } of reader.of('sale')) {
        assert.deepEqual(data, (await store.get(`/v1/sales/${String(data['id'])}`)).json);
      }
      assert.deepEqual(reader.of('ready')[0]!.data, { position: store.nth(3) });
      assert.match(String(reader.of('time')[0]!.data['now']), /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
      reader.end();
    }));

  test('a new reader of an empty store is ready at once, and hears of the first sale', () =>
    withStreams(quick, async ({ store, port }) => {
      const reader = await (await StreamReader.open(port)).ready();
      const sale = await makeSale(store, 5);
      assert.equal((await reader.next('sale')).data['id'], sale);
      reader.end();
    }));
});

describe('a reader', () => {
  test('a reader gets every kind of change of a sale', () =>
    withStreams(quick, async ({ store, port }) => {
      const sale = await makeSale(store, 10, { maxHoldSeconds: 600 });
      const reader = await (await StreamReader.open(port)).ready();
      const becomes = async (expected: Record<string, unknown>): Promise<void> => {
        const now = (await store.get(`/v1/sales/${sale}`)).body;
        const { data } = await reader.next('sale', ({ position }) => position === now['position']);
        assert.deepEqual(data, now);
        for (const [name, value] of Object.entries(expected)) assert.equal(data[name], value, name);
      };
      await order(store, sale, { quantity: 2 });
      await becomes({ sold: 2, held: 0, available: 8 });
      const held = (await hold(store, sale, { quantity: 3 })).string('id');
      await becomes({ sold: 2, held: 3, available: 5 });
      await store.post(`/v1/holds/${held}/confirm`, undefined, freshKey());
      await becomes({ sold: 5, held: 0, available: 5 });
      const other = (await hold(store, sale, { quantity: 1 })).string('id');
      await becomes({ held: 1 });
      await store.ask('DELETE', `/v1/holds/${other}`);
      await becomes({ sold: 5, held: 0, available: 5 });
      await store.post('/v1/orders/order_0_1/cancel', {}, freshKey());
      await becomes({ sold: 3, available: 7 });
      await changeSale(store, sale, { name: 'Renamed', capacity: 3 });
      await becomes({ name: 'Renamed', available: 0, status: 'sold_out' });
      await changeSale(store, sale, { status: 'paused' });
      await becomes({ status: 'paused' });
      reader.end();
    }));

  test('a reader gets buyers by their registered name and nothing else', () =>
    withStreams(quick, async ({ store, port }) => {
      const sale = await makeSale(store, 10);
      await store.post('/v1/customers', { id: 'ann-secret', name: 'Ann', email: 'ann@example.org' }, null);
      const reader = await (await StreamReader.open(port)).ready();
      await order(store, sale, { quantity: 2, customer: 'ann-secret' });
      const { data } = await reader.next('purchase');
      const made = (await store.get('/v1/orders/order_0_1')).body;
      assert.deepEqual(data, { sale, order: 'order_0_1', name: 'Ann', quantity: 2, at: made['createdAt'] });
      await order(store, sale, { quantity: 1, customer: 'bob-secret' });
      await order(store, sale, { quantity: 1 });
      await reader.until(() => reader.of('purchase').length === 3);
      assert.deepEqual(
        reader.of('purchase').map((each) => each.data['name']),
        ['Ann', null, null],
      );
      assert.doesNotMatch(reader.text, /secret|example\.org/);
      reader.end();
    }));

  test('a reader that names sales hears of no other', () =>
    withStreams(quick, async ({ store, port }) => {
      const [one, two, three] = [await makeSale(store, 5), await makeSale(store, 5), await makeSale(store, 5)];
      const reader = await (await StreamReader.open(port, `?sales=${one},${three}`)).ready();
      await order(store, two, { quantity: 1 });
      await order(store, three, { quantity: 1 });
      const basket = [one, two].map((sale) => ({ sale, quantity: 1 }));
      await store.post('/v1/orders', { lines: basket }, freshKey());
      await reader.next('sale', (now) => now['id'] === one && now['sold'] === 1);
      const heard = [
        ...reader.of('sale').map(({ data }) => data['id']),
        ...reader.of('purchase').map(({ data }) => data['sale']),
      ];
      assert.deepEqual(new Set(heard), new Set([one, three]));
      reader.end();
    }));

  test('a reader that names holds gets their changes', () =>
    withStreams(quick, async ({ store, port }) => {
      const sale = await makeSale(store, 10, { holdSeconds: 60, maxHoldSeconds: 600 });
      const ids: string[] = [];
      for (let i = 0; i < 3; i += 1) ids.push((await hold(store, sale, { quantity: 1 })).string('id'));
      const [first = '', second = '', third = ''] = ids;
      const reader = await (await StreamReader.open(port, `?sales=&holds=${first},${second}`)).ready();
      assert.deepEqual(
        reader.events.map(({ event }) => event),
        ['time', 'hold', 'hold', 'ready'],
      );
      const seen = (await store.get(`/v1/holds/${first}`)).body;
      assert.deepEqual(reader.of('hold')[0]!.data, { id: first, status: 'active', expiresAt: seen['expiresAt'] });
      await store.ask('DELETE', `/v1/holds/${third}`);
      const until = new Date(Date.now() + 300_000).toISOString();
      await store.post(`/v1/holds/${first}/extend`, { until }, null);
      await reader.next('hold', ({ id, expiresAt }) => id === first && expiresAt === until);
      await store.post(`/v1/holds/${first}/confirm`, undefined, freshKey());
      await reader.next('hold', ({ id, status }) => id === first && status === 'confirmed');
      await store.ask('DELETE', `/v1/holds/${second}`);
      await reader.next('hold', ({ id, status }) => id === second && status === 'released');
      assert.ok(!reader.text.includes(third) && reader.of('sale').length === 0);
      reader.end();
    }));

  test('a reader gets the time regularly, also when nothing happens', () =>
    withStreams({ heartbeatMs: 40 }, async ({ port }) => {
      const reader = await (await StreamReader.open(port)).ready();
      await reader.until(() => reader.of('time').length >= 4);
      const times = reader.of('time').map(({ data }) => Date.parse(String(data['now'])));
      assert.deepEqual(
        times,
        times.toSorted((one, other) => one - other),
      );
      assert.ok(times.at(-1)! > times[0]!);
      assert.ok(reader.of('time').every(({ id }) => id === null));
      reader.end();
    }));
});

describe('what happens by itself', () => {
  test('an expired hold is announced within 100 ms, with no request to bring it about', () =>
    withStreams(usual, async ({ store, port }) => {
      const sale = await makeSale(store, 5, { holdSeconds: 1 });
      const placed = await hold(store, sale, { quantity: 2 });
      const id = placed.string('id');
      const reader = await (await StreamReader.open(port, `?holds=${id}`)).ready();
      assert.equal(reader.of('sale')[0]!.data['held'], 2);
      const offMs = performance.now() - store.node.clock.nowMs();
      const back = await reader.next('sale', ({ held }) => held === 0);
      const ended = await reader.next('hold', ({ status }) => status === 'expired');
      const lateMs = Math.max(back.atMs, ended.atMs) - (Date.parse(String(placed.body['expiresAt'])) + offMs);
      assert.ok(lateMs >= 0 && lateMs < 100, `announced ${lateMs} ms after the deadline`);
      assert.equal(back.data['available'], 5);
      reader.end();
    }));

  test('a sale that opens and closes by its window is announced', () =>
    withStreams(usual, async ({ store, port }) => {
      const reader = await (await StreamReader.open(port)).ready();
      const at = (ms: number): string => new Date(store.node.clock.nowMs() + ms).toISOString();
      const [opensAt, closesAt] = [at(300), at(700)];
      const sale = await makeSale(store, 5, { opensAt, closesAt });
      const offMs = performance.now() - store.node.clock.nowMs();
      await reader.next('sale', ({ id, status }) => id === sale && status === 'scheduled');
      const opened = await reader.next('sale', ({ status }) => status === 'open');
      const closed = await reader.next('sale', ({ status }) => status === 'closed');
      for (const [event, due] of [
        [opened, opensAt],
        [closed, closesAt],
      ] as const) {
        const lateMs = event.atMs - (Date.parse(due) + offMs);
        assert.ok(lateMs >= 0 && lateMs < 150, `${String(event.data['status'])} ${lateMs} ms late`);
      }
      reader.end();
    }));
});

describe('a request for what is not there', () => {
  test('a request to watch something unknown is refused with the parameter named', () =>
    withStreams(usual, async ({ store }) => {
      const sale = await makeSale(store, 5);
      await hold(store, sale, { quantity: 1 });
      const bad: readonly (readonly [string, string])[] = [
        ['sales=sale_0_2', 'sales'],
        [`sales=${sale},nonsense`, 'sales'],
        ['sales=hold_0_1', 'sales'],
        ['sales=sale_1_1', 'sales'],
        ['holds=hold_0_2', 'holds'],
        ['waitlist=waitlist_0_1', 'waitlist'],
        [`waitlist=${sale}`, 'waitlist'],
      ];
      for (const [query, name] of bad) {
        const answer = await store.get(`/v1/stream?${query}`);
        assertProblem(answer, 'INVALID_REQUEST');
        assert.equal((answer.body['errors'] as { path: string }[])[0]?.path, name);
      }
    }));

  test('a reconnecting reader of things that are gone gets a reset and the present state, since any other answer ends an EventSource', () =>
    withStreams(usual, async ({ store, port }) => {
      const sale = await makeSale(store, 5);
      const counted = sale;
      const tell = async (query: string, headers: Record<string, string>): Promise<void> => {
        const reader = await (await StreamReader.open(port, query, headers)).ready();
        const names = reader.events.map(({ event }) => event);
        assert.deepEqual(names, ['time', 'reset', ...(query.includes('sales=') ? [] : ['sale']), 'ready'], query);
        reader.end();
      };
      for (const position of ['abc', '1.5', '0.-1', '0.99', '0.1.0123456789ab', '0.1.', 'null', '0'.repeat(5000)]) {
        await tell(`?since=${position}`, {});
        await tell('', { 'Last-Event-ID': position });
      }
      const here = store.at(store.node.engine.position);
      for (const named of [
        'sales=sale_0_2',
        'holds=hold_0_2',
        'waitlist=waitlist_0_1',
        'seats=sale_0_9',
        `seats=${counted}`,
      ]) {
        await tell(`?${named}`, { 'Last-Event-ID': here });
      }
    }));

  test('a request to watch too many holds is refused', () =>
    withStreams(usual, async ({ store, port }) => {
      const sale = await makeSale(store, 50);
      const ids: string[] = [];
      for (let i = 0; i < 21; i += 1) ids.push((await hold(store, sale, { quantity: 1 })).string('id'));
      assertProblem(await store.get(`/v1/stream?holds=${ids.join(',')}`), 'INVALID_REQUEST', /more than 20/);
      const reader = await StreamReader.open(port, `?holds=${ids.slice(1).join(',')}`);
      await reader.ready();
      assert.equal(reader.of('hold').length, 20);
      reader.end();
    }));

  test('a refused request leaves no reader behind, and neither does HEAD', () =>
    withStreams({ heartbeatMs: 50 }, async ({ store, port, door }) => {
      await store.get('/v1/stream?sales=sale_0_9');
      for (let i = 0; i < 3; i += 1) {
        const answer = await fetch(`http://127.0.0.1:${port}/v1/stream`, { method: 'HEAD' });
        assert.deepEqual([answer.status, answer.headers.get('content-type')], [200, 'text/event-stream']);
      }
      await sleep(20);
      assert.deepEqual([door.readers.size, door.readers.isWaiting], [0, false]);
    }));
});
