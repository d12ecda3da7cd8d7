/** Seats through the client, against a real store. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { CompactSeats, Hall, Sale, SeatsNews } from '../../sdk/src/index.ts';
import { Holdfast, HoldfastError, SeatMap } from '../../sdk/src/index.ts';
import { operatorKey, Store } from './support/store.ts';

const store = new Store();
let operator: Holdfast;
const anybody = (): Holdfast => new Holdfast({ url: store.url });

before(async () => {
  await store.start();
  operator = new Holdfast({ url: store.url, operatorKey });
});

after(() => store.end());

const hall: Hall = {
  sections: [
    { name: 'Stalls', rows: [{ name: 'A', seats: { from: 1, to: 6 } }] },
    { name: 'Box/1', rows: [{ name: 'B', rank: 4, seats: ['1', { number: '2', accessible: true }] }] },
  ],
};

async function makeHall(): Promise<Sale> {
  return await operator.sales.create({ name: 'Concert', kind: 'seated', hall });
}

function refusal(code: string): (error: unknown) => boolean {
  return (error) => error instanceof HoldfastError && error.code === code && !error.resultUnknown;
}

describe('a seated sale', () => {
  test('a seated sale is made, and its seats are bought by name and as the best', async () => {
    const sale = await makeHall();
    assert.deepEqual([sale.kind, sale.capacity], ['seated', 8]);
    const hold = await anybody().holds.place(sale.id, { seats: ['Stalls-A-3'], seconds: 60 });
    assert.deepEqual(hold.seats, ['Stalls-A-3']);
    const order = await anybody().orders.buy(sale.id, { best: { quantity: 2, section: 'Box/1' }, customer: 'ann' });
    assert.deepEqual(
      [order.seats, order.lines[0]?.seats],
      [
        ['Box/1-B-1', 'Box/1-B-2'],
        ['Box/1-B-1', 'Box/1-B-2'],
      ],
    );
    const lines = [
      { sale: sale.id, seats: ['Stalls-A-1'] },
      { sale: sale.id, seats: ['Stalls-A-5', 'Stalls-A-6'] },
    ];
    assert.equal((await anybody().orders.buyBasket({ lines })).lines.length, 2);
    await assert.rejects(anybody().orders.buy(sale.id, { seats: ['Stalls-A-3'] }), refusal('SEAT_TAKEN'));
    await assert.rejects(anybody().orders.buy(sale.id, { quantity: 1 }), refusal('SEATS_REQUIRED'));
    await assert.rejects(operator.sales.update(sale.id, { capacity: 9 }), refusal('CAPACITY_FOLLOWS'));
  });

  test('a seated sale has a map, whole, compact, and by what changed', async () => {
    const sale = await makeHall();
    const whole = await anybody().seats.list(sale.id);
    assert.equal(whole.items.length, 8);
    const order = await anybody().orders.buy(sale.id, { seats: ['Box/1-B-2'] });
    const changed = await anybody().seats.list(sale.id, {
      since: whole.position,
      at: order.answer.position ?? undefined,
    });
    assert.deepEqual(changed.items, [
      { id: 'Box/1-B-2', section: 'Box/1', row: 'B', number: '2', rank: 4, accessible: true, state: 'sold' },
    ]);
    const map = new SeatMap(await anybody().seats.compact(sale.id));
    assert.deepEqual([map.sale, map.position], [sale.id, changed.position]);
    assert.deepEqual(
      [...map.seats.values()].map(({ place: _, ...seat }) => seat),
      (await anybody().seats.list(sale.id)).items,
    );
    const counted = await operator.sales.create({ name: 'Counted', kind: 'counted', capacity: 5 });
    await assert.rejects(anybody().seats.list(counted.id), refusal('NO_SEATS'));
  });

  test('a seated sale is changed by an operator', async () => {
    const sale = await makeHall();
    const added = await operator.seats.add(sale.id, [{ section: 'Stalls', row: 'B', number: '1', blocked: true }]);
    assert.deepEqual(
      added.items.map(({ id, state }) => [id, state]),
      [['Stalls-B-1', 'blocked']],
    );
    const changed = await operator.seats.change(sale.id, 'Box/1-B-1', { row: 'ü', rank: 9 });
    assert.deepEqual([changed.id, changed.rank], ['Box/1-ü-1', 9]);
    await operator.seats.remove(sale.id, 'Box/1-ü-1');
    await assert.rejects(operator.seats.remove(sale.id, 'Box/1-ü-1'), refusal('UNKNOWN_SEAT'));
    await assert.rejects(
      operator.seats.add(sale.id, [{ section: 'Stalls', row: 'A', number: '1' }]),
      refusal('SEAT_EXISTS'),
    );
    await assert.rejects(anybody().seats.change(sale.id, 'Stalls-A-1', { blocked: true }), refusal('UNAUTHORIZED'));
  });

  test("the stream keeps a page's map of a seated sale up to date", { timeout: 20_000 }, async () => {
    const sale = await makeHall();
    const client = anybody();
    const stream = client.stream({ sales: [sale.id], seats: sale.id });
    let map: SeatMap | null = null;
    const seen: string[][] = [];
    for await (const event of stream) {
      if (event.type === 'ready') await client.orders.buy(sale.id, { seats: ['Stalls-A-2', 'Stalls-A-1'] });
      if (event.type !== 'seats') continue;
      const changed: string[] | null = map?.take(event.news) ?? null;
      if (changed === null) map = new SeatMap(await client.seats.compact(sale.id));
      else seen.push(changed);
      if (map?.seats.has('Stalls-A-7') === true) break;
      if (seen.length === 1) await operator.seats.add(sale.id, [{ section: 'Stalls', row: 'A', number: '7' }]);
    }
    assert.deepEqual(seen, [['Stalls-A-1', 'Stalls-A-2']]);
    assert.equal(map?.seats.get('Stalls-A-1')?.state, 'sold');
  });

  test('a stream can follow a seated sale later, from its map on, and let it go again', async () => {
    const sale = await makeHall();
    const client = anybody();
    const stream = client.stream({ sales: [sale.id] });
    let map: SeatMap | null = null;
    const seen: string[][] = [];
    let isOver = false;
    for await (const event of stream) {
      if (event.type === 'reset') assert.fail('the stream began anew');
      if (event.type === 'ready' && isOver) break;
      if (event.type === 'ready' && map === null) {
        stream.follow({ seats: sale.id });
        map = new SeatMap(await client.seats.compact(sale.id));
        await client.orders.buy(sale.id, { seats: ['Stalls-A-4'] });
      }
      if (event.type !== 'seats') continue;
      assert.equal(isOver, false, 'a hall that is not followed any more');
      const changed: string[] | null = map?.take(event.news) ?? null;
      assert.ok(changed !== null, 'there is no need to read the map again');
      if (changed.length === 0) continue;
      seen.push(changed);
      isOver = true;
      stream.follow({ seats: null });
      await client.orders.buy(sale.id, { seats: ['Stalls-A-5'] });
    }
    assert.deepEqual(seen, [['Stalls-A-4']]);
  });
});

describe('a map', () => {
  const compact: CompactSeats = {
    sale: 'sale_0_1',
    position: '0.5',
    form: 'compact',
    sections: [
      { name: 'A', rows: [{ name: '1', rank: 2, numbers: { from: 9, to: 11 }, places: [1, 3, 4], accessible: [2] }] },
      { name: 'B', rows: [{ name: 'x', rank: 1, numbers: ['a', 'b'], ranks: [1, 8] }] },
    ],
    states: btoa(String.fromCharCode(0b11_10_01_00, 0b01)),
  };
  const news = (position: string, more: Partial<SeatsNews>): SeatsNews => ({ sale: 'sale_0_1', position, ...more });

  test('a map is read from its compact form', () => {
    const { seats } = new SeatMap(compact);
    assert.deepEqual(
      Array.from(seats, ([id, { section, row, number, place, rank, accessible, state }]) =>
        [id, section, row, number, place, rank, accessible, state].join(' '),
      ),
      [
        'A-1-9 A 1 9 1 2 false available',
        'A-1-10 A 1 10 3 2 false held',
        'A-1-11 A 1 11 4 2 true sold',
        'B-x-a B x a 1 1 false blocked',
        'B-x-b B x b 2 8 false held',
      ],
    );
  });

  test('a map applies news, and says what they changed', () => {
    const map = new SeatMap(compact);
    assert.deepEqual(map.take(news('0.6', { seats: { 'A-1-9': 'held', 'A-1-10': 'held', 'B-x-b': 'available' } })), [
      'A-1-9',
      'B-x-b',
    ]);
    assert.deepEqual([map.seats.get('B-x-b')?.state, map.position], ['available', '0.6']);
    assert.deepEqual(map.take(news('0.6', { seats: { 'A-1-9': 'held' } })), []);
  });

  test('a map ignores news that it has already, and news of other halls', () => {
    const map = new SeatMap(compact);
    assert.deepEqual(map.take(news('0.4', { seats: { 'A-1-9': 'sold' } })), []);
    assert.deepEqual(map.take(news('0.4', { reload: true })), []);
    assert.deepEqual(map.take({ ...news('0.9', { seats: { 'A-1-9': 'sold' } }), sale: 'sale_0_2' }), []);
    assert.deepEqual([map.seats.get('A-1-9')?.state, map.position], ['available', '0.5']);
  });

  test('a map has to be read again when the news say so, or name an unknown seat', () => {
    const map = new SeatMap(compact);
    assert.equal(map.take(news('0.6', { reload: true })), null);
    assert.equal(map.take(news('0.6', { seats: { 'A-1-9': 'sold', 'C-1-1': 'available' } })), null);
    assert.equal(map.seats.get('A-1-9')?.state, 'available');
  });
});
