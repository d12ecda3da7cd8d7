/** Seated sales: making a hall, and its map. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { withStore } from '../../http/support/store.ts';
import { inState, makeSeated, removeSale, rowsOf, seatsOf } from './halls.ts';
import { assertProblem, changeSale, hold, makeSale, order } from './support.ts';

const row = (seats: unknown, more: object = {}): object => ({ name: '1', seats, ...more });
const section = (...rows: readonly object[]): object => ({ sections: [{ name: 'A', rows }] });
const numbers = (count: number): string[] => Array.from({ length: count }, (_, i) => String(i + 1));

describe('a seated sale', () => {
  test('a seated sale has the seats of its hall as its capacity', () =>
    withStore({}, async (store) => {
      const hall = section(row({ from: 1, to: 3 }), row(['1', { number: '2' }], { name: '2' }));
      const made = await store.post('/v1/sales', { name: 'H', kind: 'seated', hall, holdSeconds: 60 }, 'made');
      assert.equal(made.status, 201);
      const { kind, capacity, available, sold, held, holdSeconds, door } = made.body;
      assert.deepEqual([kind, capacity, available, sold, held, holdSeconds, door], ['seated', 5, 5, 0, 0, 60, 'v1']);
      const read = await store.get(made.header('Location'));
      assert.deepEqual(read.json, made.json);
      assert.deepEqual((await store.get('/v1/sales')).body['items'], [made.json]);
    }));

  test('a seated sale is made once by its key, whatever became of it, and not of another hall', () =>
    withStore({}, async (store) => {
      const body = { name: 'H', kind: 'seated', hall: section(row(['1', '2'])) };
      const made = await store.post('/v1/sales', body, 'made');
      await order(store, made.string('id'), { seats: ['A-1-1'] });
      await store.post(
        `/v1/sales/${made.string('id')}/seats`,
        { seats: [{ section: 'B', row: '1', number: '1' }] },
        null,
      );
      const again = await store.post('/v1/sales', body, 'made');
      assert.deepEqual([again.status, again.text], [201, made.text]);
      const other = { ...body, hall: section(row(['1', '3'])) };
      assertProblem(await store.post('/v1/sales', other, 'made'), 'KEY_REUSED');
    }));

  test('a seated sale may begin without a seat', () =>
    withStore({}, async (store) => {
      const sale = await makeSeated(store, { sections: [] });
      assert.deepEqual((await seatsOf(store, sale)).items, []);
      assert.equal((await store.get(`/v1/sales/${sale}`)).body['status'], 'sold_out');
    }));

  test('a seated sale has no capacity to change', () =>
    withStore({}, async (store) => {
      const sale = await makeSeated(store, rowsOf(3));
      assertProblem(await changeSale(store, sale, { capacity: 3 }), 'CAPACITY_FOLLOWS');
      assert.equal((await changeSale(store, sale, { name: 'Renamed', status: 'paused' })).body['kind'], 'seated');
    }));

  test('a seated sale of a hundred thousand seats is made by one call, of one more it is not', () =>
    withStore({}, async (store) => {
      const rows = Array.from({ length: 1000 }, (_, i) => ({ name: String(i), seats: { from: 1, to: 100 } }));
      const sale = await makeSeated(store, { sections: [{ name: 'A', rows }] });
      assert.equal((await store.get(`/v1/sales/${sale}`)).body['capacity'], 100_000);
      const over = { sections: [{ name: 'A', rows: [...rows, { name: 'one', seats: ['1'] }] }] };
      const refused = await store.post('/v1/sales', { name: 'H', kind: 'seated', hall: over }, null);
      assertProblem(refused, 'INVALID_REQUEST', /^\/hall has more than 100000 seats/);
    }));

  test('a seated sale may be a body of 1 MB, and no larger', () =>
    withStore({}, async (store) => {
      const padded = (bytes: number): string => {
        const text = JSON.stringify({ name: 'H', kind: 'seated', hall: section(row(numbers(4096))) });
        return text + ' '.repeat(bytes - text.length);
      };
      assert.equal((await store.ask('POST', '/v1/sales', { body: padded(1_000_000) })).status, 201);
      assertProblem(await store.ask('POST', '/v1/sales', { body: padded(1_000_001) }), 'BODY_TOO_LARGE');
    }));

  test('a seated sale that is small as it is sent and too large for the log is refused', () =>
    withStore({}, async (store) => {
      const rows = Array.from({ length: 25 }, (_, i) => ({ name: String(i), seats: numbers(4000) }));
      const body = JSON.stringify({ name: 'H', kind: 'seated', hall: { sections: [{ name: 'A', rows }] } });
      const ranked = body.replaceAll(/"(\d{3,4})"(?=[,\]])/g, '{"number":"$1","rank":1e6}').slice(0, 950_000);
      const cut = `${ranked.slice(0, ranked.lastIndexOf('{"number"') - 1)}]}]}]}}`;
      const answer = await store.ask('POST', '/v1/sales', { body: cut });
      assertProblem(answer, 'BODY_TOO_LARGE', /ranges/);
      assert.equal((await store.get('/livez')).status, 200);
    }));
});

describe('a hall is refused by its places', () => {
  const cases: readonly (readonly [string, unknown, RegExp])[] = [
    ['missing', undefined, /lacks: hall/],
    ['a list', [], /^\/hall /],
    ['without sections', {}, /^\/hall lacks: sections/],
    ['with a section without rows', { sections: [{ name: 'A' }] }, /^\/hall\/sections\/0 lacks: rows/],
    ['with an empty name', { sections: [{ name: '', rows: [] }] }, /^\/hall\/sections\/0\/name /],
    ['with a long name', { sections: [{ name: 'x'.repeat(41), rows: [] }] }, /^\/hall\/sections\/0\/name /],
    ['with a control character', { sections: [{ name: 'A\n', rows: [] }] }, /^\/hall\/sections\/0\/name /],
    ['with a row without seats', section({ name: '1' }), /^\/hall\/sections\/0\/rows\/0 lacks: seats/],
    ['with seats that are a number', section(row(5)), /^\/hall\/sections\/0\/rows\/0\/seats is neither/],
    ['with seats that are null', section(row(null)), /^\/hall\/sections\/0\/rows\/0\/seats is neither/],
    ['with a number as a seat', section(row(['1', 2])), /^\/hall\/sections\/0\/rows\/0\/seats\/1 /],
    [
      'with a seat without a number',
      section(row([{ rank: 1 }])),
      /^\/hall\/sections\/0\/rows\/0\/seats\/0 lacks: number/,
    ],
    [
      'with a misspelt field',
      section(row([{ number: '1', acessible: true }])),
      /seats\/0 has unknown fields: acessible/,
    ],
    ['with a rank below 0', section(row(['1'], { rank: -1 })), /^\/hall\/sections\/0\/rows\/0\/rank /],
    ['with a rank that is a fraction', section(row([{ number: '1', rank: 0.5 }])), /seats\/0\/rank /],
    ['with half a range', section(row({ from: 1 })), /seats lacks: to/],
    ['with a range backwards', section(row({ from: 2, to: 1 })), /seats\/to is less than from/],
    ['with a range too long', section(row({ from: 1, to: 4097 })), /seats has more than 4096 seats/],
    ['with a row too long', section(row(numbers(4097))), /seats has more than 4096 seats/],
    ['with a seat twice', section(row(['1', '2', { number: '1' }])), /^\/hall\/sections\/0\/rows\/0\/seats\/2 .*A-1-1/],
    ['with a row twice', section(row(['1']), row({ from: 1, to: 2 })), /rows\/1\/seats .*A-1-1/],
    [
      'with two ways to one label',
      {
        sections: [
          { name: 'A', rows: [{ name: '1-2', seats: ['3'] }] },
          { name: 'A-1', rows: [{ name: '2', seats: ['3'] }] },
        ],
      },
      /^\/hall\/sections\/1\/rows\/0\/seats\/0 .*A-1-2-3/,
    ],
  ];
  for (const [sentence, hall, detail] of cases) {
    test(sentence, () =>
      withStore({}, async (store) => {
        const answer = await store.post('/v1/sales', { name: 'H', kind: 'seated', hall }, 'key');
        assertProblem(answer, 'INVALID_REQUEST', detail);
        assert.ok(Array.isArray(answer.body['errors']));
        assert.equal(store.node.engine.state.sales.count, 0);
        // Nothing was kept: the same key makes the sale that was meant.
        const right = await store.post('/v1/sales', { name: 'H', kind: 'seated', hall: rowsOf(1) }, 'key');
        assert.equal(right.status, 201);
      }),
    );
  }

  test('with every seat that stands twice named, up to twenty', () =>
    withStore({}, async (store) => {
      const twice = section(
        row(['1', '1', '2', '2', '3']),
        { name: '2', seats: { from: 1, to: 40 } },
        row(['1'], { name: '2' }),
      );
      const { errors } = (await store.post('/v1/sales', { name: 'H', kind: 'seated', hall: twice }, null)).body;
      const paths = (errors as { path: string }[]).map(({ path }) => path.slice('/hall/sections/0/rows/'.length));
      assert.deepEqual(paths, ['0/seats/1', '0/seats/3', '2/seats/0']);
      const many = section(row({ from: 1, to: 40 }), row({ from: 1, to: 40 }));
      const answer = await store.post('/v1/sales', { name: 'H', kind: 'seated', hall: many }, null);
      assert.equal((answer.body['errors'] as unknown[]).length, 20);
    }));

  test('with a capacity beside it, or with seats in lines of their own, which v1 does not offer', () =>
    withStore({}, async (store) => {
      for (const more of [{ capacity: 1 }, { linePerSeat: true }]) {
        const body = { name: 'H', kind: 'seated', hall: rowsOf(1), ...more };
        assertProblem(await store.post('/v1/sales', body, null), 'INVALID_REQUEST', /unknown fields/);
      }
      const counted = { name: 'C', kind: 'counted', capacity: 1, hall: rowsOf(1) };
      assertProblem(await store.post('/v1/sales', counted, null), 'INVALID_REQUEST', /unknown fields: hall/);
    }));

  test('with a row named twice that runs past the last place', () =>
    withStore({}, async (store) => {
      const long = section(row({ from: 1, to: 4096 }), row({ from: 5000, to: 5000 }));
      assertProblem(await store.post('/v1/sales', { name: 'H', kind: 'seated', hall: long }, null), 'SEAT_EXISTS');
    }));
});

describe('the map', () => {
  const hall = {
    sections: [
      { name: 'Stalls', rows: [{ name: 'A', seats: { from: 11, to: 13 } }] },
      { name: 'Box', rows: [{ name: 'B', rank: 9, seats: ['x', { number: 'y', accessible: true, rank: 0 }] }] },
    ],
  };

  test('the map has every seat in the order of the hall, with what it is', () =>
    withStore({}, async (store) => {
      const sale = await makeSeated(store, hall);
      const held = await hold(store, sale, { seats: ['Stalls-A-12'] });
      assert.equal(held.status, 201);
      await order(store, sale, { seats: ['Box-B-y'] });
      const seat = (section: string, row: string, number: string, rank: number, state = 'available'): object => ({
        id: `${section}-${row}-${number}`,
        section,
        row,
        number,
        rank,
        accessible: number === 'y',
        state,
      });
      const answer = await store.get(`/v1/sales/${sale}/seats`);
      assert.deepEqual(answer.json, {
        items: [
          seat('Stalls', 'A', '11', 1),
          seat('Stalls', 'A', '12', 1, 'held'),
          seat('Stalls', 'A', '13', 1),
          seat('Box', 'B', 'x', 9),
          seat('Box', 'B', 'y', 0, 'sold'),
        ],
        position: answer.header('Holdfast-Position'),
      });
    }));

  test('the map in compact form says the same in few bytes', () =>
    withStore({}, async (store) => {
      const sale = await makeSeated(store, hall);
      await order(store, sale, { seats: ['Box-B-y', 'Stalls-A-11'] });
      const { json } = await store.get(`/v1/sales/${sale}/seats?form=compact`);
      assert.deepEqual(json, {
        sale,
        position: store.nth(2),
        form: 'compact',
        sections: [
          { name: 'Stalls', rows: [{ name: 'A', rank: 1, numbers: { from: 11, to: 13 } }] },
          { name: 'Box', rows: [{ name: 'B', rank: 9, numbers: ['x', 'y'], accessible: [1], ranks: [9, 0] }] },
        ],
        // Sold, available, available, available; sold.
        states: Buffer.from([2, 2]).toString('base64'),
      });
    }));

  test('the map of ten thousand seats has at most 30 KiB in compact form', () =>
    withStore({}, async (store) => {
      const sections = Array.from({ length: 10 }, (_, s) => ({
        name: `Section ${s + 1}`,
        rows: Array.from({ length: 25 }, (_, r) => ({ name: String(r + 1), seats: { from: 1, to: 40 } })),
      }));
      const sale = await makeSeated(store, { sections });
      const answer = await store.get(`/v1/sales/${sale}/seats?form=compact`);
      assert.ok(answer.text.length <= 30 * 1024, `${answer.text.length} bytes`);
      assert.equal((await seatsOf(store, sale)).items.length, 10_000);
    }));

  test('the map waits for a position, and lists the changes since one', () =>
    withStore({}, async (store) => {
      const sale = await makeSeated(store, hall);
      const before = (await seatsOf(store, sale)).position;
      const bought = await order(store, sale, { seats: ['Box-B-y'] });
      const position = bought.header('Holdfast-Position');
      assert.equal((await seatsOf(store, sale, `?at=${position}`)).position, position);
      const { items } = await seatsOf(store, sale, `?since=${before}`);
      assert.deepEqual(
        items.map(({ id, state }) => [id, state]),
        [['Box-B-y', 'sold']],
      );
      assert.deepEqual((await seatsOf(store, sale, `?since=${position}`)).items, []);
      assert.equal((await seatsOf(store, sale, '?since=0.0')).items.length, 5);
    }));

  test('the map refuses what it does not understand', () =>
    withStore({}, async (store) => {
      const sale = await makeSeated(store, hall);
      for (const query of ['form=full', 'form=', 'form=compact&since=0.1']) {
        assertProblem(await store.get(`/v1/sales/${sale}/seats?${query}`), 'INVALID_REQUEST', /^The parameter /);
      }
      assertProblem(await store.get(`/v1/sales/${sale}/seats?at=x`), 'POSITION_UNKNOWN');
      // What is no position of this store has no changes behind it: the map comes whole.
      const whole = { ...(await seatsOf(store, sale)), whole: true };
      for (const since of ['', 'x', '1.1', '0.99', '0.1.0123456789ab', '0.01', '9'.repeat(400)]) {
        assert.deepEqual(await seatsOf(store, sale, `?since=${since}`), whole, since);
      }
      assertProblem(await store.get('/v1/sales/sale_0_9/seats'), 'UNKNOWN_SALE');
      assertProblem(await store.get(`/v1/sales/${await makeSale(store, 5)}/seats`), 'NO_SEATS');
    }));

  test('the map is right for each of many halls, asked for in turn', () =>
    withStore({}, async (store) => {
      const sales: string[] = [];
      for (let i = 1; i <= 40; i += 1) sales.push(await makeSeated(store, rowsOf(i, 2)));
      for (let turn = 0; turn < 2; turn += 1) {
        for (const [i, sale] of sales.entries()) {
          await order(store, sale, { best: { quantity: 1 } });
          assert.equal((await seatsOf(store, sale)).items.length, i + 3);
          assert.equal((await inState(store, sale, 'sold')).length, turn + 1);
        }
      }
    }));
});

test('a sale that was removed is unknown, and in no list', () =>
  withStore({}, async (store) => {
    const kept = await makeSeated(store, rowsOf(2));
    const bought = await order(store, kept, { seats: ['A-1-1'] }, 'bought');
    const gone = await makeSeated(store, rowsOf(2));
    const brief = await order(store, gone, { seats: ['A-1-1'] }, 'brief');
    const last = await makeSeated(store, rowsOf(2));
    await store.post(`/v1/orders/${brief.string('id')}/cancel`, {}, 'cancel');
    await removeSale(store, gone);
    const list = async (query: string): Promise<unknown> => {
      const { items, next } = (await store.get(`/v1/sales${query}`)).body;
      return [(items as { id: string }[]).map(({ id }) => id), typeof next];
    };
    assert.deepEqual(await list(''), [[last, kept], 'object']);
    assert.deepEqual(await list('?limit=1'), [[last], 'string']);
    for (const path of ['', '/seats', '/buyers'])
      assertProblem(await store.get(`/v1/sales/${gone}${path}`), 'UNKNOWN_SALE');
    assertProblem(await order(store, gone, { seats: ['A-1-2'] }), 'UNKNOWN_SALE');
    assertProblem(await hold(store, gone, { best: { quantity: 1 } }), 'UNKNOWN_SALE');
    assertProblem(await changeSale(store, gone, { name: 'Back' }), 'UNKNOWN_SALE');
    const seats = [{ section: 'A', row: '1', number: '9' }];
    assertProblem(await store.post(`/v1/sales/${gone}/seats`, { seats }, null), 'UNKNOWN_SALE');
    assertProblem(await store.ask('DELETE', `/v1/sales/${gone}/seats/A-1-2`), 'UNKNOWN_SALE');
    assertProblem(
      await store.post(`/v1/sales/${gone}/waitlist`, { quantity: 1, customer: 'ann' }, null),
      'UNKNOWN_SALE',
    );
    // Who bought of it still has the order, and a retry its first answer.
    assert.equal((await order(store, gone, { seats: ['A-1-1'] }, 'brief')).text, brief.text);
    assert.equal((await store.get(`/v1/orders/${brief.string('id')}`)).body['status'], 'cancelled');
    assert.equal((await order(store, kept, { seats: ['A-1-1'] }, 'bought')).text, bought.text);
  }));
