/** What a new store opens with. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
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
});
