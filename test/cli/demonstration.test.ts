/** What a new store opens with. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { demonstration } from '../../src/cli/demonstration.ts';
import { Command, kinds } from '../../src/engine/command.ts';
import { stock } from '../../src/store/genesis.ts';
import { withStore } from '../http/support/store.ts';

const demonstrated = { settings: { demo: 'yes' } as const };

interface Listed {
  readonly id: string;
  readonly name: string;
  readonly kind: string;
  readonly door: string;
  readonly capacity: number;
}

describe('the demonstration', () => {
  test('the demonstration is an event of the seats dialect, with a number for each row and seat', () =>
    withStore({ ...demonstrated, args: ['--doors', 'v1,seats'] }, async (store) => {
      const { data } = (await store.get('/api/events/1')).body as { data: Record<string, unknown> };
      assert.deepEqual(
        [data['name'], data['status'], data['event_date']],
        ['City Philharmonic', 'active', '2030-12-31T19:30:00.000Z'],
      );
      const seats = (await store.get('/api/seats?limit=1&page=1004')).body as { data: object[]; pagination: object };
      assert.deepEqual(seats.pagination, { page: 1004, limit: 1, total: 1004 });
      const { row_number: row, seat_number: number } = seats.data[0] as Record<string, unknown>;
      assert.ok(Number.isInteger(row) && Number.isInteger(number), JSON.stringify(seats.data[0]));
    }));

  test('the demonstration has something for every door', () =>
    withStore(demonstrated, async (store) => {
      const items = (await store.get('/v1/sales')).body['items'] as Listed[];
      assert.deepEqual(
        items.map(({ id, name, kind, door, capacity }) => [id, name, kind, door, capacity]),
        [
          ['sale_0_6', 'City Philharmonic', 'seated', 'seats', 1004],
          ['sale_0_5', 'iphone-15', 'counted', 'flash', 100],
          ['sale_0_4', 'Adidas Samba OG White', 'counted', 'drops', 250],
          ['sale_0_3', 'New Balance 990v6 Grey', 'counted', 'drops', 60],
          ['sale_0_2', 'Air Jordan 1 High OG', 'counted', 'drops', 100],
          ['sale_0_1', 'Opening Night', 'counted', 'tickets', 5000],
        ],
      );
    }));

  test('the demonstration has a hall whose rows and seats are whole numbers, with places for wheelchairs', () =>
    withStore(demonstrated, async (store) => {
      const { items } = (await store.get('/v1/sales/sale_0_6/seats')).body as {
        items: { id: string; section: string; row: string; number: string; rank: number; accessible: boolean }[];
      };
      assert.equal(new Set(items.map(({ id }) => id)).size, 1004);
      assert.ok(items.every(({ row, number }) => /^[1-9]\d?$/.test(row) && /^[1-9]\d?$/.test(number)));
      const bySection = Map.groupBy(items, ({ section }) => section);
      assert.deepEqual(
        Array.from(bySection, ([section, seats]) => [
          section,
          seats.length,
          seats.filter(({ accessible }) => accessible).length,
        ]),
        [
          ['Stalls left', 168, 4],
          ['Stalls centre', 308, 0],
          ['Stalls right', 168, 4],
          ['Balcony', 360, 2],
        ],
      );
      const compact = await store.get('/v1/sales/sale_0_6/seats?form=compact');
      assert.ok(compact.text.length < 8192, `${compact.text.length} bytes`);
    }));

  test('the demonstration sells the best of it in the middle of the front, each seat by itself', () =>
    withStore(demonstrated, async (store) => {
      const made = await store.post('/v1/sales/sale_0_6/orders', { best: { quantity: 2 } }, 'pair');
      assert.deepEqual(made.body['seats'], ['Stalls centre-1-11', 'Stalls centre-1-12']);
      assert.equal((made.body['lines'] as unknown[]).length, 2);
      assert.deepEqual(made.body['total'], { amount: 9000, currency: 'USD' });
      const left = await store.post(
        '/v1/sales/sale_0_6/orders',
        { best: { quantity: 2, section: 'Stalls left' } },
        'left',
      );
      assert.deepEqual(left.body['seats'], ['Stalls left-1-11', 'Stalls left-1-12']);
      const places = await store.post(
        '/v1/sales/sale_0_6/orders',
        { best: { quantity: 2, accessible: true } },
        'places',
      );
      assert.deepEqual(places.body['seats'], ['Stalls left-14-3', 'Stalls left-14-4']);
    }));

  test('the demonstration is a city with gates and a thousand cards, and riders can tap at once', () =>
    withStore(demonstrated, async (store) => {
      const { cards, gates, tariffs } = store.node.engine.state;
      assert.deepEqual([tariffs.stationCount, gates.count, cards.count], [12, 25, 1000]);
      assert.deepEqual(
        new Set(Array.from({ length: cards.count }, (_, card) => tariffs.categories[cards.category.get(card)])),
        new Set(['adult', 'child', 'student']),
      );
      const known = (await store.get('/v1/cards/6544ecbf-09f5-4dbd-962c-10cc2fc4a8f1')).body;
      assert.deepEqual([known['balance'], known['status']], [{ amount: 10_000, currency: 'USD' }, 'active']);
      const at = new Date().toISOString();
      const tap = { gate: 'central-1', sequence: 1, direction: 'in', at };
      const told = async (more: object): Promise<unknown[]> => {
        const { outcomes } = (await store.post('/v1/taps', { ...tap, ...more }, null)).body as {
          outcomes: { result: string; reason: string | null }[];
        };
        return outcomes.flatMap(({ result, reason }) => [result, reason]);
      };
      assert.deepEqual(await told({ card: 'demo-0001' }), ['open', null]);
      assert.deepEqual(await told({ sequence: 2, card: 'demo-0006' }), ['deny', 'LOW_BALANCE'], 'some have too little');
    }));

  test('stocking it again adds what is missing, and leaves another tariff alone', () =>
    withStore({}, async ({ node }) => {
      const { state } = node.engine;
      const counts = (): number[] => [state.tariffs.count, state.gates.count, state.cards.count];
      const { city, ...sales } = demonstration;
      // As far as a process comes that ends in between.
      assert.equal(await stock(node, { ...sales, city: { ...city, cards: city.cards.slice(0, 3) } }), true);
      assert.deepEqual(counts(), [1, 25, 3]);
      assert.equal(await stock(node, demonstration), true);
      assert.deepEqual(counts(), [1, 25, 1000]);
      assert.equal(await stock(node, demonstration), false);
      assert.deepEqual(counts(), [1, 25, 1000]);
    }));

  test('a store with a tariff, or a currency, of its own gets no city', async () => {
    const { city } = demonstration;
    const stations = city.tariff.stations.map((station) => ({ ...station, id: `my-${station.id}` }));
    for (const tariff of [
      { ...city.tariff, stations },
      { ...city.tariff, currency: 'EUR' },
    ]) {
      await withStore({}, async ({ node }) => {
        const command = new Command().reset(kinds.setTariff);
        command.body = tariff;
        assert.equal(await node.submit(command, ({ ok }) => ok, undefined), true);
        assert.equal(await stock(node, demonstration), true, 'the sales');
        const { tariffs, gates, cards } = node.engine.state;
        assert.deepEqual([tariffs.count, gates.count, cards.count], [1, 0, 0]);
      });
    }
  });
});
