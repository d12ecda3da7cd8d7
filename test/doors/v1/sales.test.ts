/** /v1/sales: create, read, list. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { createSale, readSale } from '../../../src/doors/v1/sales.ts';
import { Command } from '../../../src/engine/command.ts';
import type { Answer } from '../../http/support/client.ts';
import type { TestStore } from '../../http/support/store.ts';
import { assertProblem, atNoon, hold, makeSale, noon, order, timeAt } from './support.ts';

const plain = { name: 'Air Jordan 1', kind: 'counted', capacity: 100 };

describe('a sale', () => {
  test('a sale that names only what it must gets the defaults', () =>
    atNoon(async (store) => {
      const made = await store.post('/v1/sales', plain, null);
      assert.equal(made.status, 201);
      assert.equal(made.header('Location'), '/v1/sales/sale_0_1');
      assert.equal(made.header('Holdfast-Position'), store.nth(1));
      const shown = {
        id: 'sale_0_1',
        name: 'Air Jordan 1',
        kind: 'counted',
        status: 'open',
        capacity: 100,
        sold: 0,
        held: 0,
        available: 100,
        price: null,
        opensAt: null,
        closesAt: null,
        holdSeconds: 300,
        maxHoldSeconds: 900,
        maxPerOrder: 10,
        maxPerCustomer: null,
        refusals: 'forget',
        image: null,
        door: 'v1',
        createdAt: noon,
        position: store.nth(1),
      };
      assert.deepEqual(made.json, shown);
      assert.equal((await store.get('/v1/sales/sale_0_1')).text, made.text);
    }));

  test('a sale takes ten units at a time when it names no limit, any number when it says that there is none', () =>
    atNoon(async (store) => {
      const orders = async (terms: object, quantity: number): Promise<Answer> => {
        const made = await store.post('/v1/sales', { ...plain, ...terms }, null);
        return store.post(
          `/v1/sales/${made.string('id')}/orders`,
          { quantity },
          `${JSON.stringify(terms)} ${quantity}`,
        );
      };
      assert.equal((await orders({}, 10)).status, 201);
      assertProblem(await orders({}, 11), 'LIMIT_REACHED');
      assert.equal((await orders({ maxPerOrder: null }, 100)).status, 201);
      assert.equal((await orders({ maxPerOrder: 12 }, 12)).status, 201);
    }));

  test('a sale that names everything is shown as it was asked for', () =>
    atNoon(async (store) => {
      const asked = {
        ...plain,
        price: { amount: 20_000, currency: 'USD' },
        opensAt: timeAt(60),
        closesAt: timeAt(3600),
        holdSeconds: 30,
        maxHoldSeconds: 45,
        maxPerOrder: 4,
        maxPerCustomer: 6,
        refusals: 'remember',
        image: 'https://pictures.example/jordan.jpg',
      };
      const made = await store.post('/v1/sales', asked, null);
      assert.equal(made.status, 201);
      const { id, status, sold, held, available, door, createdAt, position, ...rest } = made.body;
      assert.deepEqual(rest, asked);
      assert.deepEqual([id, status, sold, held, available], ['sale_0_1', 'scheduled', 0, 0, 100]);
      assert.deepEqual([door, createdAt, position], ['v1', noon, store.nth(1)]);
    }));

  test('a sale takes times with any offset, in either case, to the millisecond', () =>
    atNoon(async (store) => {
      const cases = [
        ['2026-06-01T14:00:00+02:00', '2026-06-01T12:00:00.000Z'],
        ['2026-06-01t12:00:00z', '2026-06-01T12:00:00.000Z'],
        ['2026-06-01T12:00:00.5-00:30', '2026-06-01T12:30:00.500Z'],
        ['2026-06-01T12:00:00.123456789Z', '2026-06-01T12:00:00.123Z'],
        ['2028-02-29T00:00:00Z', '2028-02-29T00:00:00.000Z'],
      ];
      for (const [given, shown] of cases) {
        const made = await store.post('/v1/sales', { ...plain, opensAt: given }, null);
        assert.deepEqual([made.status, made.body['opensAt']], [201, shown], given);
      }
    }));

  test('a sale keeps one hold time that is longer than the default cap', () =>
    atNoon(async (store) => {
      const made = await store.post('/v1/sales', { ...plain, holdSeconds: 3600 }, null);
      assert.deepEqual([made.body['holdSeconds'], made.body['maxHoldSeconds']], [3600, 3600]);
    }));

  test('a sale shows what is sold and held as it changes', () =>
    atNoon(async (store) => {
      const sale = await makeSale(store, 10);
      await order(store, sale, { quantity: 3 });
      await hold(store, sale, { quantity: 2 });
      const { sold, held, available, position } = (await store.get(`/v1/sales/${sale}`)).body;
      assert.deepEqual([sold, held, available, position], [3, 2, 5, store.nth(3)]);
    }));

  test('a sale that closes before it opens is refused', () =>
    atNoon(async (store) => {
      for (const closesAt of [timeAt(60), timeAt(59)]) {
        assertProblem(
          await store.post('/v1/sales', { ...plain, opensAt: timeAt(60), closesAt }, null),
          'INVALID_WINDOW',
        );
      }
    }));
});

describe('a malformed sale is refused by its places', () => {
  const cases: readonly (readonly [string, Record<string, unknown>, RegExp])[] = [
    ['without a name', { name: undefined }, /name/],
    ['with an empty name', { name: '' }, /^\/name /],
    ['of another kind', { kind: 'standing' }, /^\/kind /],
    ['with a fraction of capacity', { capacity: 1.5 }, /^\/capacity /],
    ['with negative capacity', { capacity: -1 }, /^\/capacity /],
    ['with too much capacity', { capacity: 1_000_000_001 }, /^\/capacity /],
    ['with capacity as text', { capacity: '5' }, /^\/capacity /],
    ['with a field that does not exist', { colour: 'red' }, /colour/],
    ['with a price that is a number', { price: 20 }, /^\/price /],
    ['with a price without currency', { price: { amount: 1 } }, /^\/price/],
    ['with a currency of two letters', { price: { amount: 1, currency: 'US' } }, /^\/price/],
    ['with a currency that nobody has', { price: { amount: 1, currency: 'XYZ' } }, /"XYZ", which ISO 4217 does not/],
    ['with a currency that is gone', { price: { amount: 1, currency: 'HRK' } }, /^\/price\/currency /],
    ['with gold', { price: { amount: 1, currency: 'XAU' } }, /^\/price\/currency /],
    ['with a fraction of a cent', { price: { amount: 0.5, currency: 'USD' } }, /^\/price/],
    ['with a time without an offset', { opensAt: '2026-06-01T12:00:00' }, /^\/opensAt /],
    ['with a time that does not exist', { opensAt: '2026-02-30T12:00:00Z' }, /^\/opensAt /],
    ['with an hour that does not exist', { closesAt: '2026-06-01T25:00:00Z' }, /^\/closesAt /],
    ['with a hold time of nothing', { holdSeconds: 0 }, /^\/holdSeconds /],
    ['with a hold time beyond a day', { holdSeconds: 86_401 }, /^\/holdSeconds /],
    ['with a cap below the hold time', { holdSeconds: 60, maxHoldSeconds: 59 }, /maxHoldSeconds/],
    ['with a limit of nothing', { maxPerOrder: 0 }, /^\/maxPerOrder /],
    ['with refusals of a third kind', { refusals: 'maybe' }, /^\/refusals /],
  ];
  for (const [sentence, change, detail] of cases) {
    test(sentence, () =>
      atNoon(async (store) => {
        assertProblem(await store.post('/v1/sales', { ...plain, ...change }, null), 'INVALID_REQUEST', detail);
        assert.deepEqual((await store.get('/v1/sales')).json, { items: [], next: null });
      }),
    );
  }
});

describe('a sale in a currency that the list does not have, from before it was asked', () => {
  const asked = { ...plain, price: { amount: 1250, currency: 'HRK' } };

  test('an older sale in an unlisted currency is shown, sold and changed as ever, in no other currency', () =>
    atNoon(async (store) => {
      const command = new Command();
      createSale.fill(readSale(asked), store.node.engine.state, command);
      await store.node.submit(command, () => undefined, undefined);
      const path = '/v1/sales/sale_0_1';
      assert.deepEqual((await store.get(path)).body['price'], asked.price);
      const price = { amount: 1300, currency: 'HRK' };
      assert.deepEqual((await store.ask('PATCH', path, { json: { price } })).body['price'], price);
      const other = await store.ask('PATCH', path, { json: { price: { ...price, currency: 'XYZ' } } });
      assertProblem(other, 'INVALID_REQUEST', /^\/price\/currency is "XYZ"/);
      const order = await store.post(`${path}/orders`, { quantity: 2 }, 'a-key');
      assert.deepEqual([order.status, order.body['total']], [201, { amount: 2600, currency: 'HRK' }]);
    }));

  test('an older sale in an unlisted currency is again the answer to its key', () =>
    atNoon(async (store) => {
      const command = new Command();
      const ask = readSale(asked);
      createSale.fill(ask, store.node.engine.state, command);
      createSale.keep?.('from-before', ask, command);
      await store.node.submit(command, () => undefined, undefined);
      const again = await store.post('/v1/sales', asked, 'from-before');
      assert.deepEqual([again.status, again.header('Idempotency-Replayed')], [201, 'true']);
      assert.equal(again.body['id'], 'sale_0_1');
      assertProblem(await store.post('/v1/sales', asked, 'another'), 'INVALID_REQUEST', /^\/price\/currency /);
      const changed = { ...asked, capacity: 2 };
      assertProblem(await store.post('/v1/sales', changed, 'from-before'), 'KEY_REUSED');
    }));
});

describe('the list of sales', () => {
  const names = (items: unknown): unknown[] => (items as { name: unknown }[]).map(({ name }) => name);

  async function makeSales(store: TestStore, count: number): Promise<void> {
    for (let i = 1; i <= count; i += 1) await makeSale(store, i, { name: `Sale ${i}` });
  }

  test('the list of sales is newest first, twenty at a time', () =>
    atNoon(async (store) => {
      await makeSales(store, 23);
      const { items, next } = (await store.get('/v1/sales')).body;
      assert.equal(names(items).length, 20);
      assert.deepEqual([names(items)[0], names(items)[19]], ['Sale 23', 'Sale 4']);
      const rest = (await store.get(`/v1/sales?cursor=${String(next)}`)).body;
      assert.deepEqual([names(rest['items']), rest['next']], [['Sale 3', 'Sale 2', 'Sale 1'], null]);
    }));

  test('the list of sales goes on where a page ended, whatever was made in between', () =>
    atNoon(async (store) => {
      await makeSales(store, 5);
      const first = (await store.get('/v1/sales?limit=2')).body;
      await makeSale(store, 1, { name: 'Newcomer' });
      const second = (await store.get(`/v1/sales?limit=2&cursor=${String(first['next'])}`)).body;
      assert.deepEqual(names(second['items']), ['Sale 3', 'Sale 2']);
      const third = (await store.get(`/v1/sales?limit=2&cursor=${String(second['next'])}`)).body;
      assert.deepEqual([names(third['items']), third['next']], [['Sale 1'], null]);
    }));

  test('the list of sales shows each sale as its own page does', () =>
    atNoon(async (store) => {
      await makeSales(store, 2);
      const { items } = (await store.get('/v1/sales')).body;
      const alone = await Promise.all(['sale_0_2', 'sale_0_1'].map((id) => store.get(`/v1/sales/${id}`)));
      assert.deepEqual(
        items,
        alone.map(({ json }) => json),
      );
    }));

  test('the list of sales refuses a limit or cursor that it did not give', () =>
    atNoon(async (store) => {
      await makeSales(store, 1);
      const queries = [
        'limit=0',
        'limit=101',
        'limit=x',
        'limit=',
        'limit=1.5',
        'cursor=x',
        'cursor=',
        'cursor=cjk5',
        'cursor=cjE',
      ];
      for (const query of queries) {
        assertProblem(await store.get(`/v1/sales?${query}`), 'INVALID_REQUEST', /^The parameter (limit|cursor) /);
      }
    }));
});
