/** Idempotency-Key is honoured when it is sent, and asked of nobody. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Answer } from '../../http/support/client.ts';
import type { TestStore } from '../../http/support/store.ts';
import { Command, kinds } from '../../../src/engine/command.ts';
import { addDrop, addUser, available, idIn, part, purchase, refusal, reserve, reserved, withDrops } from './support.ts';

const reused = '422 This idempotency key was used for another request. Use a new key for a new request.';

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
  test('makes a repeated reservation the first one, byte for byte, whatever became of it', () =>
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

  test('makes a repeated purchase the first one, whatever the drop has become', () =>
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

  test('makes a repeated creation the first one', () =>
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

  test('used for another request is refused, and nothing is done', () =>
    withDrops(async (store) => {
      const [drop, user] = [await addDrop(store), await addUser(store, 'u')];
      const other = await addUser(store, 'other');
      const reservation = idIn(await reserve(store, drop, user, 'k'), 'reservation');
      for (const answer of [
        await reserve(store, drop, other, 'k'),
        await reserve(store, await addDrop(store), user, 'k'),
        await purchase(store, reservation, user, 'k'),
        await store.post('/api/users', { username: 'third' }, 'k'),
      ]) {
        assert.equal(refusal(answer), reused);
      }
      assert.equal(await available(store, drop), 99);
    }));

  test('sent twice at once has one effect and two equal answers', () =>
    withDrops(async (store) => {
      const [drop, user] = [await addDrop(store), await addUser(store, 'u')];
      for (let round = 0; round < 20; round += 1) {
        const [one, other] = await Promise.all([
          reserve(store, drop, user, `k${round}`),
          reserve(store, drop, user, `k${round}`),
        ]);
        assert.equal(one.status, 201);
        assert.equal(one.text, other.text);
      }
      assert.equal(await available(store, drop), 80);
    }));

  test('is not spent by a refusal', () =>
    withDrops(
      async (store) => {
        const [drop, user] = [await addDrop(store, { totalStock: 1 }), await addUser(store, 'u')];
        await reserved(store, drop, user);
        assert.equal(refusal(await reserve(store, drop, user, 'k')), '400 Out of stock');
        await store.advance(60_000);
        assert.equal((await reserve(store, drop, user, 'k')).status, 201);
      },
      { manualTime: true },
    ));

  test('that is malformed or empty is a 400', () =>
    withDrops(async (store) => {
      const [drop, user] = [await addDrop(store), await addUser(store, 'u')];
      assert.match(refusal(await reserve(store, drop, user, 'k'.repeat(256))), /^400 .*255/);
      assert.match(refusal(await reserve(store, drop, user, '"open')), /^400 /);
      assert.match(refusal(await reserve(store, drop, user, '')), /^400 .*empty/);
      assert.match(refusal(await reserve(store, drop, user, '""')), /^400 .*empty/);
      assert.equal(await available(store, drop), 100);
    }));
});
