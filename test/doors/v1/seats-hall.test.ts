/** What an operator does to a hall: seats added, changed, blocked, taken away. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Answer } from '../../http/support/client.ts';
import type { TestStore } from '../../http/support/store.ts';
import { withStore } from '../../http/support/store.ts';
import { makeSeated, rowsOf, seatsOf, statesOf } from './halls.ts';
import { assertProblem, guarded, hold, makeSale, order, stock } from './support.ts';

function add(store: TestStore, sale: string, seats: unknown, key: string | null = null): Promise<Answer> {
  return store.post(`/v1/sales/${sale}/seats`, { seats }, key);
}

function change(store: TestStore, sale: string, seat: string, json: object): Promise<Answer> {
  return store.ask('PATCH', `/v1/sales/${sale}/seats/${encodeURIComponent(seat)}`, { json });
}

function remove(store: TestStore, sale: string, seat: string): Promise<Answer> {
  return store.ask('DELETE', `/v1/sales/${sale}/seats/${encodeURIComponent(seat)}`);
}

const seat = (section: string, row: string, number: string, more: object = {}): object => ({
  section,
  row,
  number,
  ...more,
});

describe('adding seats', () => {
  test('adding seats makes them, with their rows and sections, and the capacity follows', () =>
    withStore({}, async (store) => {
      const sale = await makeSeated(store, rowsOf(2));
      const answer = await add(store, sale, [
        seat('A', '1', '3'),
        seat('Balcony', 'a/b', 'x y', { rank: 5, accessible: true }),
        seat('A', '1', '4', { blocked: true }),
      ]);
      assert.equal(answer.status, 201, answer.text);
      assert.deepEqual(answer.json, {
        items: [
          { id: 'A-1-3', section: 'A', row: '1', number: '3', rank: 1, accessible: false, state: 'available' },
          {
            id: 'Balcony-a/b-x y',
            section: 'Balcony',
            row: 'a/b',
            number: 'x y',
            rank: 5,
            accessible: true,
            state: 'available',
          },
          { id: 'A-1-4', section: 'A', row: '1', number: '4', rank: 1, accessible: false, state: 'blocked' },
        ],
        position: answer.header('Holdfast-Position'),
      });
      assert.deepEqual(await stock(store, sale), { sold: 0, held: 0, available: 4 });
      const { items } = await seatsOf(store, sale);
      assert.deepEqual(
        items.map(({ id }) => id),
        ['A-1-1', 'A-1-2', 'A-1-3', 'A-1-4', 'Balcony-a/b-x y'],
      );
      assert.equal((await order(store, sale, { seats: ['Balcony-a/b-x y', 'A-1-3'] })).status, 201);
      assertProblem(await order(store, sale, { seats: ['A-1-4'] }), 'SEAT_TAKEN');
    }));

  test('adding seats is done once by its key, and answered as they were then', () =>
    withStore({}, async (store) => {
      const sale = await makeSeated(store, rowsOf(1));
      const seats = [seat('A', '1', '2'), seat('A', '2', '1', { blocked: true })];
      const first = await add(store, sale, seats, 'seats');
      await order(store, sale, { seats: ['A-1-2'] });
      await change(store, sale, 'A-2-1', { number: '9', blocked: false });
      const again = await add(store, sale, seats, 'seats');
      assert.deepEqual([again.status, again.text], [201, first.text]);
      assert.equal(again.header('Idempotency-Replayed'), 'true');
      assertProblem(await add(store, sale, [seat('A', '3', '1')], 'seats'), 'KEY_REUSED');
    }));

  test('adding seats is refused when one of them cannot be: none is added then', () =>
    withStore({}, async (store) => {
      const sale = await makeSeated(store, rowsOf(2));
      for (const taken of [seat('A', '1', '2'), seat('A', '1', '9', { place: 2 }), seat('B', '1', '1')]) {
        assertProblem(await add(store, sale, [seat('B', '1', '1'), taken]), 'SEAT_EXISTS');
      }
      assertProblem(await add(store, await makeSale(store, 5), [seat('A', '1', '1')]), 'NO_SEATS');
      assertProblem(await add(store, 'sale_0_99', [seat('A', '1', '1')]), 'UNKNOWN_SALE');
      assert.equal((await seatsOf(store, sale)).items.length, 2);
    }));

  test('adding malformed seats is refused', () =>
    withStore({}, async (store) => {
      const sale = await makeSeated(store, rowsOf(2));
      const many = (count: number): object[] => Array.from({ length: count }, (_, i) => seat('B', '1', `${i + 1}`));
      for (const [seats, path] of [
        [[], '/seats'],
        [many(1001), '/seats'],
        [[{ section: 'A', row: '1' }], '/seats/0'],
        [[seat('A', '1', '')], '/seats/0/number'],
        [[seat('A', '\t', '1')], '/seats/0/row'],
        [[seat('A', '1', '3', { place: 0 })], '/seats/0/place'],
        [[seat('A', '1', '3', { place: 4097 })], '/seats/0/place'],
        [[seat('A', '1', '3', { rank: -1 })], '/seats/0/rank'],
        [[seat('A', '1', '3', { state: 'sold' })], '/seats/0'],
      ] as const) {
        const answer = await add(store, sale, seats);
        assertProblem(answer, 'INVALID_REQUEST');
        assert.equal((answer.body['errors'] as { path: string }[])[0]!.path, path);
      }
      assert.equal((await add(store, sale, many(1000))).status, 201);
    }));

  test('adding seats serves the customers who wait', () =>
    withStore({}, async (store) => {
      const sale = await makeSeated(store, rowsOf(1));
      await order(store, sale, { seats: ['A-1-1'] });
      const joined = await store.post(`/v1/sales/${sale}/waitlist`, { quantity: 1, customer: 'ann' }, null);
      await add(store, sale, [seat('A', '1', '2')]);
      assert.equal((await store.get(`/v1/waitlist/${joined.string('id')}`)).body['status'], 'offered');
      assert.equal((await statesOf(store, sale))['A-1-2'], 'held');
    }));
});

describe('changing a seat', () => {
  test('changing a seat shows it as it is then, under its new name', () =>
    withStore({}, async (store) => {
      const sale = await makeSeated(store, rowsOf(3));
      const answer = await change(store, sale, 'A-1-2', {
        section: 'B',
        row: 'x',
        number: '7',
        rank: 4,
        accessible: true,
      });
      assert.equal(answer.status, 200, answer.text);
      const expected = {
        id: 'B-x-7',
        section: 'B',
        row: 'x',
        number: '7',
        rank: 4,
        accessible: true,
        state: 'available',
      };
      assert.deepEqual(answer.json, expected);
      assert.deepEqual((await seatsOf(store, sale)).items.slice(2), [expected]);
      assertProblem(await change(store, sale, 'A-1-2', { rank: 1 }), 'UNKNOWN_SEAT');
      // Its place came with its number.
      const compact = (await store.get(`/v1/sales/${sale}/seats?form=compact`)).body['sections'] as {
        rows: unknown[];
      }[];
      assert.deepEqual(compact[1]!.rows, [
        { name: 'x', rank: 4, numbers: { from: 7, to: 7 }, places: [7], accessible: [0] },
      ]);
    }));

  test('changing a seat blocks it and lets it go again', () =>
    withStore({}, async (store) => {
      const sale = await makeSeated(store, rowsOf(2));
      assert.equal((await change(store, sale, 'A-1-1', { blocked: true })).body['state'], 'blocked');
      assert.deepEqual((await store.get(`/v1/sales/${sale}`)).body['capacity'], 1);
      assertProblem(await hold(store, sale, { seats: ['A-1-1'] }), 'SEAT_TAKEN');
      assertProblem(await hold(store, sale, { best: { quantity: 2, split: true } }), 'SOLD_OUT');
      assert.equal((await change(store, sale, 'A-1-1', { blocked: false })).body['state'], 'available');
      assert.equal((await hold(store, sale, { best: { quantity: 2 } })).status, 201);
    }));

  test('changing a seat is refused while it is held or sold, and where another one is', () =>
    withStore({}, async (store) => {
      const sale = await makeSeated(store, rowsOf(4));
      await hold(store, sale, { seats: ['A-1-1'] });
      await order(store, sale, { seats: ['A-1-2'] });
      for (const taken of ['A-1-1', 'A-1-2']) {
        for (const json of [{ blocked: true }, { number: '9' }]) {
          assertProblem(await change(store, sale, taken, json), 'SEAT_TAKEN');
        }
        assertProblem(await remove(store, sale, taken), 'SEAT_TAKEN');
      }
      assertProblem(await change(store, sale, 'A-1-3', { number: '4' }), 'SEAT_EXISTS');
      assertProblem(await change(store, sale, 'A-1-3', { place: 1 }), 'SEAT_EXISTS');
      for (const json of [{}, { label: 'x' }, { number: 5 }, { place: 0 }, { blocked: 'no' }]) {
        assertProblem(await change(store, sale, 'A-1-3', json), 'INVALID_REQUEST');
      }
      for (const unknown of ['A-1-9', 'B-1-1', 'a-1-1', ' ', '%']) {
        assertProblem(await change(store, sale, unknown, { rank: 1 }), 'UNKNOWN_SEAT');
        assertProblem(await remove(store, sale, unknown), 'UNKNOWN_SEAT');
      }
      assertProblem(await change(store, await makeSale(store, 5), 'A-1-1', { rank: 1 }), 'UNKNOWN_SEAT');
      assertProblem(await change(store, 'sale_0_99', 'A-1-1', { rank: 1 }), 'UNKNOWN_SALE');
    }));
});

describe('taking a seat away', () => {
  test('removing a seat leaves no trace in the map, and one in the list of changes', () =>
    withStore({}, async (store) => {
      const sale = await makeSeated(store, rowsOf(3));
      const { position } = await seatsOf(store, sale);
      const gone = await remove(store, sale, 'A-1-2');
      assert.deepEqual([gone.status, gone.text], [204, '']);
      assert.match(gone.header('Holdfast-Position'), /^0\.\d+(\.[0-9a-f]{12})?$/);
      assert.deepEqual(Object.keys(await statesOf(store, sale)), ['A-1-1', 'A-1-3']);
      const { items } = await seatsOf(store, sale, `?since=${position}`);
      assert.deepEqual(items, [
        { id: 'A-1-2', section: 'A', row: '1', number: '2', rank: 1, accessible: false, state: 'removed' },
      ]);
      assertProblem(await remove(store, sale, 'A-1-2'), 'UNKNOWN_SEAT');
      assert.equal((await add(store, sale, [seat('A', '1', '2', { rank: 8 })])).status, 201);
      const back = (await seatsOf(store, sale, `?since=${position}`)).items;
      assert.deepEqual(
        back.map(({ id, rank, state }) => [id, rank, state]),
        [['A-1-2', 8, 'available']],
      );
    }));
});

test('only an operator changes a hall; anybody reads its map', () =>
  guarded(async (store) => {
    const sale = await makeSeated(store, rowsOf(2));
    assertProblem(await add(store, sale, [seat('A', '1', '3')]), 'UNAUTHORIZED');
    assertProblem(await change(store, sale, 'A-1-1', { blocked: true }), 'UNAUTHORIZED');
    assertProblem(await remove(store, sale, 'A-1-1'), 'UNAUTHORIZED');
    assert.equal((await seatsOf(store, sale)).items.length, 2);
  }));
