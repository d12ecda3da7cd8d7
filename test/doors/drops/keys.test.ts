/**
 * What a key of this door repeats after later changes. test/conformance has what holds for the keys
 * of every door.
 */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Answer } from '../../http/support/client.ts';
import type { TestStore } from '../../http/support/store.ts';
import { Command, kinds } from '../../../src/engine/command.ts';
import { addDrop, addUser, available, idIn, part, purchase, reserve, reserved, withDrops } from './support.ts';

function repeats(again: Answer, first: Answer): void {
  assert.equal(again.status, first.status);
  assert.equal(again.text, first.text);
  assert.equal(again.header('Idempotency-Replayed'), 'true');
}

async function rename(store: TestStore, sale: number, name: string): Promise<void> {
  const command = new Command().reset(kinds.updateSale);
  command.body = { sale, name, price: { amount: 1, currency: 'USD' }, capacity: 500 };
  await store.node.submit(command, () => undefined, undefined);
}

describe('a key', () => {
  test('a retry of a reservation gets its first answer, byte for byte, after any later changes', () =>
    withDrops(
      async (store) => {
        const [drop, user] = [await addDrop(store), await addUser(store, 'u')];
        const first = await reserve(store, drop, user, 'k');
        repeats(await reserve(store, drop, String(user), '"k"'), first);
        await purchase(store, idIn(first, 'reservation'), user);
        repeats(await reserve(store, drop, user, 'k'), first);
        assert.equal(await available(store, drop), 99);
        const lapses = await reserve(store, drop, user, 'k2');
        await store.advance(60_000);
        assert.equal(await available(store, drop), 99);
        repeats(await reserve(store, drop, user, 'k2'), lapses);
      },
      { manualTime: true },
    ));

  test('a retry of a purchase gets its first answer after the drop has changed', () =>
    withDrops(async (store) => {
      const [drop, user] = [await addDrop(store), await addUser(store, 'u')];
      const reservation = await reserved(store, drop, user);
      const first = await purchase(store, reservation, user, 'p');
      assert.equal(first.status, 201);
      await reserved(store, drop, user);
      await rename(store, 0, 'Another name');
      repeats(await purchase(store, reservation, user, 'p'), first);
      assert.equal(part(first, 'drop')['availableStock'], 99);
      const unkeyed = await purchase(store, await reserved(store, drop, user), user);
      assert.equal(part(unkeyed, 'drop')['name'], 'Another name');
    }));

  test('a retry of a creation gets its first answer', () =>
    withDrops(async (store) => {
      const makeUser = (): Promise<Answer> => store.post('/api/users', { username: 'u' }, 'user');
      const user = await makeUser();
      repeats(await makeUser(), user);
      const makeDrop = (price: unknown): Promise<Answer> =>
        store.post('/api/drops', { name: 'A', price, totalStock: 5 }, 'drop');
      const drop = await makeDrop(200);
      await reserve(store, 1, 1);
      await rename(store, 0, 'B');
      repeats(await makeDrop('200.00'), drop);
      assert.equal(store.node.engine.state.sales.count, 1);
    }));
});
