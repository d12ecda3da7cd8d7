/** What the original did wrong, in the shape in which it was seen. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { EventListener } from './listener.ts';
import {
  addDrop,
  addUser,
  available,
  eventually,
  purchase,
  refusal,
  reserve,
  reserved,
  tally,
  withDrops,
} from './support.ts';

const gone = '400 Reservation not found or not active';

describe('the original', () => {
  test('wrote back a stock it had read earlier when holds ended: more units alive than there are', () =>
    withDrops(async (store) => {
      const total = 300;
      const drop = await addDrop(store, { totalStock: total, holdSeconds: 1 });
      const user = await addUser(store, 'u');
      const { sales } = store.node.engine.state;
      const untilMs = performance.now() + 2500;
      let bought = 0;
      const buyer = async (): Promise<void> => {
        while (performance.now() < untilMs) {
          const answer = await reserve(store, drop, user);
          if (answer.status !== 201) continue;
          const { id } = (answer.body as { reservation: { id: number } }).reservation;
          if (id % 4 === 0 && (await purchase(store, id, user)).status === 201) bought += 1;
          assert.equal(sales.sold.get(0) + sales.held.get(0) + sales.available(0), total);
        }
      };
      // Some sixteen at a time reserve through two seconds of endings, and buy a quarter of what
      // they got.
      await Promise.all(Array.from({ length: 16 }, buyer));
      await new Promise((resolve) => setTimeout(resolve, 1300));
      assert.equal(sales.sold.get(0), bought);
      assert.equal(await available(store, drop), total - bought);
      assert.ok(bought <= total);
    }));

  test('lost stock for ever when an expired reservation was bought five times at once, and announced nothing', () =>
    withDrops(
      async (store) => {
        const [drop, user] = [await addDrop(store, { totalStock: 50 }), await addUser(store, 'u')];
        const listener = await EventListener.connect(store.port, 'websocket');
        try {
          const reservations = await Promise.all(Array.from({ length: 20 }, () => reserved(store, drop, user)));
          await eventually(() => listener.latest(drop) === 30);
          // Nobody but the late buyers brings it about: the clock stands still otherwise.
          store.time.advance(60_000);
          for (const reservation of reservations) {
            const answers = await Promise.all(Array.from({ length: 5 }, () => purchase(store, reservation, user)));
            assert.deepEqual(tally(answers), { '400 Reservation has expired': 5 });
          }
          assert.equal(await available(store, drop), 50);
          await eventually(() => listener.latest(drop) === 50);
          assert.deepEqual(listener.purchases, []);
        } finally {
          listener.close();
        }
      },
      { manualTime: true },
    ));

  test('let a drop be reserved before it starts', () =>
    withDrops(async (store) => {
      const dropStartTime = new Date(Date.now() + 3_600_000).toISOString();
      const [drop, user] = [await addDrop(store, { dropStartTime }), await addUser(store, 'u')];
      assert.equal(refusal(await reserve(store, drop, user)), '400 Drop has not started');
      assert.equal(await available(store, drop), 100);
    }));

  test('showed the words of its database for a bad id or user', () =>
    withDrops(async (store) => {
      const [drop, user] = [await addDrop(store), await addUser(store, 'u')];
      assert.equal(refusal(await store.get('/api/drops/abc')), '404 Drop not found');
      assert.equal(refusal(await reserve(store, 'abc', user)), '400 Drop not found');
      assert.equal(refusal(await reserve(store, drop, 'abc')), '400 User not found');
      assert.equal(refusal(await purchase(store, 'abc', user)), gone);
      assert.equal(refusal(await purchase(store, await reserved(store, drop, user), 'abc')), gone);
    }));

  test('took "abc" for no price, and a stock of -2', () =>
    withDrops(async (store) => {
      const json = { name: 'A', price: 200, totalStock: 100 };
      const abc = await store.ask('POST', '/api/drops', { json: { ...json, price: 'abc' } });
      assert.match(refusal(abc), /^400 Price must be a number/);
      const negative = await store.ask('POST', '/api/drops', { json: { ...json, totalStock: -2 } });
      assert.match(refusal(negative), /^400 totalStock must be a whole number/);
      assert.deepEqual((await store.get('/api/drops')).json, []);
    }));
});
