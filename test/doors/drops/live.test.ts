/** The live events, heard by the real client over each transport. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Command, doors, kinds } from '../../../src/engine/command.ts';
import { linesOf } from '../../../src/engine/commands/lines.ts';
import type { Transport } from './listener.ts';
import { EventListener } from './listener.ts';
import { addDrop, addUser, available, eventually, part, purchase, reserve, reserved, withDrops } from './support.ts';

const ways: readonly (readonly Transport[])[] = [['websocket'], ['polling'], ['polling', 'websocket']];

for (const transports of ways) {
  describe(`over ${transports.join(', then ')}`, () => {
    test('a listener is greeted, and hears of each change in the documented form', () =>
      withDrops(async (store) => {
        const [drop, user] = [await addDrop(store), await addUser(store, 'buyer')];
        const listener = await EventListener.connect(store.port, ...transports);
        try {
          const reservation = await reserved(store, drop, user);
          await eventually(() => listener.updates.length === 1);
          const bought = part(await purchase(store, reservation, String(user)), 'purchase');
          await eventually(() => listener.purchases.length === 1);
          assert.deepEqual(listener.heard, [
            ['connected', { message: 'Connected to inventory system' }],
            ['stockUpdate', { dropId: drop, availableStock: 99 }],
            ['stockUpdate', { dropId: drop, availableStock: 99 }],
            ['newPurchase', { dropId: drop, userId: user, username: 'buyer', timestamp: bought['createdAt'] }],
          ]);
          await eventually(() => listener.transport === transports.at(-1));
        } finally {
          listener.close();
        }
      }));

    test('a listener hears at once that a reservation has ended', () =>
      withDrops(async (store) => {
        const drop = await addDrop(store, { holdSeconds: 1 });
        const user = await addUser(store, 'u');
        const listener = await EventListener.connect(store.port, ...transports);
        try {
          const answer = await reserve(store, drop, user);
          const dueMs = Date.parse(String(answer.body['expiresAt'])) - Date.now() + performance.now();
          await eventually(() => listener.updates.length === 2);
          assert.equal(listener.latest(drop), 100);
          const lateMs = listener.updatedAtMs[1]! - dueMs;
          // Usually half of the 50 ms between two flushes, at most a tenth of a second; this
          // machine may be busy with other tests.
          assert.ok(lateMs > -50 && lateMs < 1000, `${lateMs} ms after the deadline`);
        } finally {
          listener.close();
        }
      }));
  });
}

describe('what is told', () => {
  test('listeners get the latest stock of each drop, at most once in 50 ms, and always the last value', () =>
    withDrops(async (store) => {
      const user = await addUser(store, 'u');
      const drops = [await addDrop(store, { totalStock: 500 }), await addDrop(store, { totalStock: 500 })];
      const listener = await EventListener.connect(store.port, 'websocket');
      try {
        const beganMs = performance.now();
        for (let round = 0; round < 15; round += 1) {
          const asked = drops.flatMap((drop) => Array.from({ length: 20 }, () => reserve(store, drop, user)));
          await Promise.all(asked);
        }
        const tookMs = performance.now() - beganMs;
        await eventually(() => drops.every((drop) => listener.latest(drop) === 200));
        for (const drop of drops) {
          const told = listener.updates.filter(({ dropId }) => dropId === drop).map((update) => update.availableStock);
          assert.ok(told.length <= tookMs / 50 + 3, `${told.length} updates in ${tookMs} ms`);
          assert.deepEqual(
            told,
            [...told].sort((one, other) => other - one),
          );
        }
      } finally {
        listener.close();
      }
    }));

  test('few listeners get every purchase, and its buyer', () =>
    withDrops(async (store) => {
      const drop = await addDrop(store);
      const users = await Promise.all(Array.from({ length: 40 }, (_, i) => addUser(store, `user ${i}`)));
      const reservations = await Promise.all(users.map((user) => reserved(store, drop, user)));
      const listener = await EventListener.connect(store.port, 'websocket');
      try {
        await Promise.all(reservations.map((reservation, i) => purchase(store, reservation, users[i])));
        await eventually(() => listener.purchases.length === 40);
        assert.deepEqual(
          listener.purchases.map(({ userId }) => userId).sort((one, other) => Number(one) - Number(other)),
          [...users].sort((one, other) => one - other),
        );
        assert.ok(listener.purchases.every(({ userId, username }) => username === `user ${users.indexOf(userId!)}`));
      } finally {
        listener.close();
      }
    }));

  test('listeners get an unchanged stock only with a purchase, not for a new drop or a new name', () =>
    withDrops(async (store) => {
      const [drop, user] = [await addDrop(store), await addUser(store, 'u')];
      const reservation = await reserved(store, drop, user);
      // All events of it have arrived by then.
      await new Promise((resolve) => setTimeout(resolve, 150));
      const listener = await EventListener.connect(store.port, 'websocket');
      try {
        const other = await addDrop(store);
        await new Promise((resolve) => setTimeout(resolve, 150));
        assert.deepEqual(listener.updates, []);
        await purchase(store, reservation, user);
        await eventually(() => listener.purchases.length === 1);
        assert.deepEqual(
          listener.heard.map(([name]) => name),
          ['connected', 'stockUpdate', 'newPurchase'],
        );
        assert.deepEqual(listener.updates, [{ dropId: drop, availableStock: 99 }]);
        // Bought without a reservation, as other doors do: the new stock once, then the purchase.
        const sale = store.node.engine.state.sales.namespaces.row(doors.drops, other);
        const order = new Command().reset(kinds.order);
        linesOf(order).add(sale, 1);
        assert.equal(await store.node.submit(order, ({ row }) => row.code, undefined), 'OK');
        await eventually(() => listener.purchases.length === 2);
        assert.deepEqual(listener.updates.slice(1), [{ dropId: other, availableStock: 99 }]);
        assert.deepEqual(listener.heard.at(-1)?.[0], 'newPurchase');
      } finally {
        listener.close();
      }
    }));

  test('the stock that listeners get adds up to what was taken and given back', () =>
    withDrops(async (store) => {
      const user = await addUser(store, 'u');
      const drop = await addDrop(store, { totalStock: 60, holdSeconds: 1 });
      const listener = await EventListener.connect(store.port, 'polling');
      try {
        const reservations = await Promise.all(Array.from({ length: 60 }, () => reserved(store, drop, user)));
        await Promise.all(reservations.slice(0, 25).map((reservation) => purchase(store, reservation, user)));
        await eventually(() => listener.latest(drop) === 35);
        let told = 60;
        let sum = 0;
        for (const { availableStock } of listener.updates) {
          sum += availableStock - told;
          told = availableStock;
        }
        assert.equal(60 + sum, await available(store, drop));
        assert.ok(listener.updates.every(({ availableStock }) => availableStock >= 0 && availableStock <= 60));
      } finally {
        listener.close();
      }
    }));
});
