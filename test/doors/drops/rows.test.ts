/** Each row of the dialect, with what it answers. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { addDrop, addUser, dropNow, part, purchase, refusal, reserve, reserved, withDrops } from './support.ts';

const time = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

describe('health and what is not there', () => {
  test('health says the words of the dialect', () =>
    withDrops(async (store) => {
      const answer = await store.get('/api/health');
      assert.equal(answer.status, 200);
      assert.equal(answer.text, '{"status":"OK","message":"Inventory system is running"}');
    }));

  test('any other path, and any other method on a path, is a route not found', () =>
    withDrops(async (store) => {
      for (const [method, path] of [
        ['GET', '/api/nothing'],
        ['GET', '/api'],
        ['DELETE', '/api/drops'],
        ['GET', '/api/reserve/1'],
        ['PUT', '/api/users'],
        ['GET', '/socket.io/nothing.js'],
      ] as const) {
        assert.equal(refusal(await store.ask(method, path)), '404 Route not found', `${method} ${path}`);
      }
    }));
});

describe('users', () => {
  test('users are made with small ids from 1 and listed in that order', () =>
    withDrops(async (store) => {
      const made = await store.ask('POST', '/api/users', { json: { username: 'demo_user' } });
      assert.equal(made.status, 201);
      const user = part(made, 'user');
      assert.deepEqual(Object.keys(user), ['id', 'username', 'createdAt', 'updatedAt']);
      assert.equal(user['id'], 1);
      assert.equal(user['username'], 'demo_user');
      assert.match(String(user['createdAt']), time);
      assert.equal(await addUser(store, 'Zoë 王'), 2);
      const listed = await store.get('/api/users');
      assert.equal(listed.status, 200);
      const users = listed.body['users'] as { id: number; username: string }[];
      assert.deepEqual(
        users.map(({ id, username }) => [id, username]),
        [
          [1, 'demo_user'],
          [2, 'Zoë 王'],
        ],
      );
    }));

  test('users need a name, and a name that is new', () =>
    withDrops(async (store) => {
      assert.equal(refusal(await store.ask('POST', '/api/users', { json: {} })), '400 Username is required');
      assert.equal(refusal(await store.ask('POST', '/api/users')), '400 Username is required');
      await addUser(store, 'one');
      const again = await store.ask('POST', '/api/users', { json: { username: 'one' } });
      assert.equal(refusal(again), '400 Username already exists');
    }));

  test('a name that fifty ask for at once goes to one of them', () =>
    withDrops(async (store) => {
      const asked = Array.from({ length: 50 }, () => store.ask('POST', '/api/users', { json: { username: 'wanted' } }));
      const answers = await Promise.all(asked);
      assert.equal(answers.filter(({ status }) => status === 201).length, 1);
      assert.equal(answers.filter(({ status }) => status === 400).length, 49);
      assert.equal(await addUser(store, 'next'), 2);
    }));
});

describe('drops', () => {
  test('drops are made as the documents say, with both spellings', () =>
    withDrops(async (store) => {
      const made = await store.ask('POST', '/api/drops', {
        json: { name: 'Air Jordan 1 High OG', price: 200, totalStock: 100 },
      });
      assert.equal(made.status, 201);
      assert.equal(made.body['message'], 'Drop created successfully');
      const { dropStartTime, drop_start_time, createdAt, updatedAt, ...rest } = part(made, 'drop');
      assert.match(String(dropStartTime), time);
      for (const other of [drop_start_time, createdAt, updatedAt]) assert.equal(other, dropStartTime);
      assert.deepEqual(rest, {
        id: 1,
        name: 'Air Jordan 1 High OG',
        price: 200,
        availableStock: 100,
        totalStock: 100,
        available_stock: 100,
        total_stock: 100,
        recentPurchases: [],
      });
      const listed = await store.get('/api/drops');
      assert.equal(listed.status, 200);
      assert.deepEqual(listed.json, [part(made, 'drop')]);
      assert.deepEqual((await store.get('/api/drops/1')).json, part(made, 'drop'));
    }));

  test('drops have the times of their creation and of their last purchase', () =>
    withDrops(
      async (store) => {
        const [drop, user] = [await addDrop(store), await addUser(store, 'u')];
        const { createdAt } = await dropNow(store, drop);
        const times: unknown[] = [];
        for (const key of ['k', undefined]) {
          await store.advance(1000);
          const bought = await purchase(store, await reserved(store, drop, user), user, key);
          const { createdAt: at } = part(bought, 'purchase');
          const told = part(bought, 'drop');
          assert.deepEqual([told['createdAt'], told['updatedAt']], [createdAt, at]);
          times.push(at);
        }
        const { createdAt: again, updatedAt } = await dropNow(store, drop);
        assert.deepEqual([again, updatedAt], [createdAt, times[1]]);
        // The first answer again, after any later purchases.
        const replay = await purchase(store, 1, user, 'k');
        assert.equal(part(replay, 'drop')['updatedAt'], times[0]);
      },
      { manualTime: true },
    ));

  test('drops take the other spellings of what they need', () =>
    withDrops(async (store) => {
      const json = { name: 'B', price: '199.99', total_stock: '7', drop_start_time: '2020-02-29T12:00' };
      const made = await store.ask('POST', '/api/drops', { json });
      assert.equal(made.status, 201, made.text);
      const drop = part(made, 'drop');
      assert.equal(drop['price'], 199.99);
      assert.equal(drop['totalStock'], 7);
      assert.equal(drop['dropStartTime'], '2020-02-29T12:00:00.000Z');
    }));

  test('drops without a required field are refused', () =>
    withDrops(async (store) => {
      const whole = { name: 'A', price: 1, totalStock: 1 };
      for (const name of ['name', 'price', 'totalStock']) {
        const answer = await store.ask('POST', '/api/drops', { json: { ...whole, [name]: undefined } });
        assert.equal(refusal(answer), '400 Missing required fields: name, price, totalStock');
      }
    }));

  test('unknown drops are not found', () =>
    withDrops(async (store) => {
      assert.equal(refusal(await store.get('/api/drops/1')), '404 Drop not found');
    }));
});

describe('a reservation', () => {
  test('a reservation sets one unit aside for a minute', () =>
    withDrops(async (store) => {
      const [drop, user] = [await addDrop(store), await addUser(store, 'u')];
      const answer = await reserve(store, drop, user);
      assert.equal(answer.status, 201);
      assert.equal(answer.body['message'], 'Reservation successful');
      const reservation = part(answer, 'reservation');
      const expected = { id: 1, status: 'ACTIVE', userId: user, UserId: user, dropId: drop, DropId: drop };
      assert.deepEqual({ ...reservation, ...expected }, reservation);
      assert.equal(reservation['expiresAt'], reservation['expires_at']);
      assert.equal(answer.body['expiresAt'], reservation['expires_at']);
      const lasts = Date.parse(String(reservation['expires_at'])) - Date.parse(String(reservation['createdAt']));
      assert.equal(lasts, 60_000);
      assert.equal((await store.get(`/api/drops/${drop}`)).body['availableStock'], 99);
    }));

  test('a reservation takes the user as a number, in digits, and under its other names', () =>
    withDrops(async (store) => {
      const [drop, user] = [await addDrop(store), await addUser(store, 'u')];
      for (const json of [{ userId: user }, { userId: String(user) }, { UserId: user }, { user_id: user }]) {
        const answer = await store.ask('POST', `/api/reserve/${drop}`, { json });
        assert.equal(answer.status, 201, answer.text);
        assert.equal(part(answer, 'reservation')['userId'], user);
      }
    }));

  test('a refused reservation says what is missing or unknown', () =>
    withDrops(async (store) => {
      const [drop, user] = [await addDrop(store, { totalStock: 1 }), await addUser(store, 'u')];
      assert.equal(refusal(await reserve(store, drop, undefined)), '400 userId is required');
      assert.equal(refusal(await reserve(store, drop, 9)), '400 User not found');
      assert.equal(refusal(await reserve(store, 9, user)), '400 Drop not found');
      assert.equal((await reserve(store, drop, user)).status, 201);
      assert.equal(refusal(await reserve(store, drop, user)), '400 Out of stock');
    }));
});

describe('a purchase', () => {
  test('a purchase is the end of a reservation', () =>
    withDrops(async (store) => {
      const [drop, user] = [await addDrop(store), await addUser(store, 'u')];
      const reservation = await reserved(store, drop, user);
      const answer = await purchase(store, reservation, user);
      assert.equal(answer.status, 201);
      assert.equal(answer.body['message'], 'Purchase completed successfully');
      const bought = part(answer, 'purchase');
      const expected = { id: 1, userId: user, dropId: drop, UserId: user, DropId: drop, reservationId: reservation };
      assert.deepEqual({ ...bought, ...expected }, bought);
      assert.match(String(bought['createdAt']), time);
      assert.equal(part(answer, 'drop')['availableStock'], 99);
      const [recent] = (await store.get(`/api/drops/${drop}`)).body['recentPurchases'] as object[];
      assert.deepEqual(recent, { username: 'u', timestamp: bought['createdAt'] });
    }));

  test('a purchase needs a user, and a reservation of that user that is active', () =>
    withDrops(async (store) => {
      const [drop, user] = [await addDrop(store), await addUser(store, 'u')];
      const other = await addUser(store, 'other');
      const reservation = await reserved(store, drop, user);
      const gone = '400 Reservation not found or not active';
      assert.equal(refusal(await purchase(store, reservation, undefined)), '400 userId is required');
      assert.equal(refusal(await purchase(store, 9, user)), gone);
      assert.equal(refusal(await purchase(store, reservation, other)), gone);
      assert.equal(refusal(await purchase(store, reservation, 9)), gone);
      assert.equal((await purchase(store, reservation, String(user))).status, 201);
      assert.equal(refusal(await purchase(store, reservation, user)), gone);
    }));
});
