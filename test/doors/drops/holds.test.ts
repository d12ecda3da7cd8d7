/** The life of a reservation: its minute, its deadline, its owner. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { addDrop, addUser, available, dropNow, purchase, refusal, reserve, reserved, withDrops } from './support.ts';

describe('a reservation', () => {
  test('a reservation can be bought in its last millisecond and not in the one after', () =>
    withDrops(
      async (store) => {
        const [drop, user] = [await addDrop(store, { totalStock: 2 }), await addUser(store, 'u')];
        const [early, late] = [await reserved(store, drop, user), await reserved(store, drop, user)];
        await store.advance(59_999);
        assert.equal((await purchase(store, early, user)).status, 201);
        store.time.advance(1);
        assert.equal(refusal(await purchase(store, late, user)), '400 Reservation has expired');
        assert.equal(await available(store, drop), 1);
      },
      { manualTime: true },
    ));

  test('a reservation that ended gives its unit to the next in the same moment', () =>
    withDrops(
      async (store) => {
        const [drop, user] = [await addDrop(store, { totalStock: 1 }), await addUser(store, 'u')];
        const other = await addUser(store, 'other');
        const lapsed = await reserved(store, drop, user);
        assert.equal(refusal(await reserve(store, drop, other)), '400 Out of stock');
        store.time.advance(60_000);
        assert.equal((await reserve(store, drop, other)).status, 201);
        assert.equal(refusal(await purchase(store, lapsed, user)), '400 Reservation has expired');
      },
      { manualTime: true },
    ));

  test('a reservation whose purchase races its deadline ends as one of the two, and the stock says which', () =>
    withDrops(async (store) => {
      const [drop, user] = [await addDrop(store, { holdSeconds: 1, totalStock: 40 }), await addUser(store, 'u')];
      const reservations = await Promise.all(Array.from({ length: 40 }, () => reserved(store, drop, user)));
      // Purchases are spread over the 40 ms around the deadline.
      const answers = await Promise.all(
        reservations.map(async (reservation, i) => {
          await new Promise((resolve) => setTimeout(resolve, 970 + i));
          return purchase(store, reservation, user);
        }),
      );
      const bought = answers.filter(({ status }) => status === 201).length;
      for (const answer of answers) {
        if (answer.status !== 201) assert.equal(refusal(answer), '400 Reservation has expired');
      }
      await new Promise((resolve) => setTimeout(resolve, 200));
      assert.equal(await available(store, drop), 40 - bought);
    }));

  test('a reservation of a drop that has not started is refused until it starts', () =>
    withDrops(
      async (store) => {
        const user = await addUser(store, 'u');
        const startMs = store.node.clock.nowMs() + 5000;
        const drop = await addDrop(store, { dropStartTime: new Date(startMs).toISOString() });
        assert.equal(refusal(await reserve(store, drop, user)), '400 Drop has not started');
        assert.equal((await dropNow(store, drop))['dropStartTime'], new Date(startMs).toISOString());
        await store.advance(4999);
        assert.equal(refusal(await reserve(store, drop, user)), '400 Drop has not started');
        store.time.advance(1);
        assert.equal((await reserve(store, drop, user)).status, 201);
      },
      { manualTime: true },
    ));

  test('a second reservation of the same user is placed: one person may hold two', () =>
    withDrops(async (store) => {
      const [drop, user] = [await addDrop(store), await addUser(store, 'u')];
      assert.deepEqual([await reserved(store, drop, user), await reserved(store, drop, user)], [1, 2]);
      assert.equal(await available(store, drop), 98);
    }));
});

describe('with an operator key', () => {
  const options = { environment: { HOLDFAST_OPERATOR_KEY: 'an-operator-key-of-the-tests' } };
  const operator = { Authorization: 'Bearer an-operator-key-of-the-tests' };

  test('drops are made and people listed by the operator alone; anybody may reserve and buy', () =>
    withDrops(async (store) => {
      const json = { name: 'A', price: 1, totalStock: 3 };
      assert.match(refusal(await store.ask('POST', '/api/drops', { json })), /^401 /);
      assert.match(refusal(await store.get('/api/users')), /^401 /);
      assert.equal((await store.ask('POST', '/api/drops', { json, headers: operator })).status, 201);
      assert.equal((await store.get('/api/users', operator)).status, 200);
      const user = await addUser(store, 'u');
      assert.equal((await purchase(store, await reserved(store, 1, user), user)).status, 201);
    }, options));
});
