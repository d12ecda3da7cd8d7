/**
 * The rush: a thousand for a hundred units, fifty for one reservation, and the store killed in the
 * middle of it.
 */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Answer } from '../../http/support/client.ts';
import { ChildStore, withDataFolder } from '../../http/support/child.ts';
import type { Asker } from './support.ts';
import { EventListener } from './listener.ts';
import {
  addDrop,
  addUser,
  available,
  dropNow,
  eventually,
  idIn,
  purchase,
  refusal,
  reserve,
  reserved,
  tally,
  withDrops,
} from './support.ts';

const gone = '400 Reservation not found or not active';

async function addUsers(store: Asker, count: number): Promise<number[]> {
  return await Promise.all(Array.from({ length: count }, (_, i) => addUser(store, `client-${i}`)));
}

/** Starts a store that is killed at the end in any case. */
async function withChild<Result>(folder: string, use: (store: ChildStore) => Promise<Result>): Promise<Result> {
  const store = await ChildStore.start(folder, ['--doors', 'drops']);
  try {
    return await use(store);
  } finally {
    await store.kill('SIGKILL');
  }
}

describe('a thousand clients for a hundred units', () => {
  test('of a thousand clients for a hundred units a hundred get one; unbought units come back, and the events agree', () =>
    withDrops(async (store) => {
      const users = await addUsers(store, 1000);
      const drop = await addDrop(store, { totalStock: 100, holdSeconds: 2 });
      const listener = await EventListener.connect(store.port, 'websocket');
      try {
        const answers = await Promise.all(users.map((user) => reserve(store, drop, user)));
        assert.deepEqual(tally(answers), { 201: 100, '400 Out of stock': 900 });
        const got = answers.flatMap((answer, i) => (answer.status === 201 ? [{ answer, user: users[i]! }] : []));
        assert.equal(new Set(got.map(({ answer }) => idIn(answer, 'reservation'))).size, 100);
        await eventually(() => listener.latest(drop) === 0);
        const buyers = got.slice(0, 37);
        const bought = await Promise.all(
          buyers.map(({ answer, user }) => purchase(store, idIn(answer, 'reservation'), user)),
        );
        assert.deepEqual(tally(bought), { 201: 37 });
        await eventually(() => listener.latest(drop) === 63);
        assert.equal(await available(store, drop), 63);
        const deltas = listener.updates.map(({ availableStock }, i) => {
          return availableStock - (listener.updates[i - 1]?.availableStock ?? 100);
        });
        assert.equal(100 + deltas.reduce((sum, delta) => sum + delta, 0), 63);
        assert.ok(listener.updates.every(({ dropId, availableStock }) => dropId === drop && availableStock >= 0));
        assert.equal(listener.purchases.length, 37);
      } finally {
        listener.close();
      }
    }));

  test('a store that is killed while reservations run ends them in time and sells none of them later', () =>
    withDataFolder(async (folder) => {
      const { drop, user, reservations, bought } = await withChild(folder, async (store) => {
        const user = await addUser(store, 'u');
        const drop = await addDrop(store, { totalStock: 100, holdSeconds: 2 });
        const reservations = await Promise.all(Array.from({ length: 100 }, () => reserved(store, drop, user)));
        let bought = 0;
        const buying = reservations.slice(0, 40).map(async (reservation) => {
          if ((await purchase(store, reservation, user, `buy-${reservation}`)).status === 201) bought += 1;
          if (bought === 15) void store.kill('SIGKILL');
        });
        await Promise.allSettled(buying);
        await store.ended;
        return { drop, user, reservations, bought };
      });
      await withChild(folder, async (store) => {
        const listener = await EventListener.connect(store.port, 'websocket');
        try {
          // What was asked and not answered: the same key tells.
          const again = await Promise.all(
            reservations.slice(0, 40).map((reservation) => purchase(store, reservation, user, `buy-${reservation}`)),
          );
          const sold = again.filter(({ status }) => status === 201).length;
          assert.ok(sold >= bought);
          await eventually(async () => (await available(store, drop)) === 100 - sold);
          await eventually(() => listener.updates.length === 0 || listener.latest(drop) === 100 - sold);
          const late = await Promise.all(reservations.slice(40).map((one) => purchase(store, one, user)));
          assert.deepEqual(tally(late), { '400 Reservation has expired': 60 });
          assert.equal(await available(store, drop), 100 - sold);
        } finally {
          listener.close();
        }
      });
    }));
});

describe('fifty purchases of one reservation', () => {
  test('fifty purchases of one reservation are one, also when the store is killed after the first answer', () =>
    withDataFolder(async (folder) => {
      for (let round = 1; round <= 3; round += 1) {
        const answered: Answer[] = [];
        const { drop, user, reservation } = await withChild(folder, async (store) => {
          const [drop, user] = [await addDrop(store), await addUser(store, `u${round}`)];
          const reservation = await reserved(store, drop, user);
          const asked = Array.from({ length: 50 }, async () => {
            answered.push(await purchase(store, reservation, user));
            void store.kill('SIGKILL');
          });
          await Promise.allSettled(asked);
          await store.ended;
          return { drop, user, reservation };
        });
        assert.equal(answered.filter(({ status }) => status === 201).length, 1);
        await withChild(folder, async (store) => {
          assert.equal(refusal(await purchase(store, reservation, user)), gone);
          assert.equal(await available(store, drop), 99);
          assert.equal(((await dropNow(store, drop))['recentPurchases'] as unknown[]).length, 1);
        });
      }
    }));
});
