/**
 * A real store behind a line that is cut at random: the stream still tells everything once and in
 * order.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Holdfast } from '../../sdk/src/index.ts';
import { Random, seedsFor } from '../engine/random.ts';
import { withCuts } from './support/cuts.ts';
import { operatorKey, withStore } from './support/store.ts';

for (const seed of seedsFor(2)) {
  test(`a stream over a line that breaks tells everything once and in order (seed ${seed})`, () =>
    withStore(async (store) => {
      const random = new Random(seed);
      const operator = new Holdfast({ url: store.url, operatorKey });
      const { id } = await operator.sales.create({ name: 'Rush', kind: 'counted', capacity: 1000 });
      const { id: other } = await operator.sales.create({ name: 'Beside', kind: 'counted', capacity: 1000 });
      await withCuts(store.url, random, async (url, cuts) => {
        const reader = new Holdfast({ url }).stream({ retry: { baseMs: 2, capMs: 20 } });
        const sold: Record<string, number[]> = { [id]: [], [other]: [] };
        const bought: string[] = [];
        let isDone = (): boolean => false;
        const listening = reader.listen((event) => {
          if (event.type === 'sale') sold[event.sale.id]?.push(event.sale.sold);
          if (event.type === 'purchase') bought.push(`${event.purchase.order} ${event.purchase.sale}`);
          if (isDone()) reader.close();
        });
        const orders = 60;
        for (let count = 1; count <= orders; count += 1) {
          const lines = [{ sale: id, quantity: 1 }, ...(random.chance(50) ? [{ sale: other, quantity: 1 }] : [])];
          await operator.orders.buyBasket({ lines });
          await new Promise((resolve) => setTimeout(resolve, random.below(30)));
        }
        const expected = [orders, (await operator.sales.get(other)).sold];
        isDone = () => sold[id]?.at(-1) === expected[0] && sold[other]?.at(-1) === expected[1];
        if (isDone()) reader.close();
        await listening;
        assert.ok(cuts() >= 3, `the line was cut ${cuts()} times only`);
        for (const counts of Object.values(sold)) {
          assert.deepEqual(
            counts,
            [...counts].sort((one, two) => one - two),
            'a sale went back',
          );
        }
        assert.equal(new Set(bought).size, bought.length, `a purchase was told twice: ${bought.join(', ')}`);
        for (const sale of [id, other]) {
          const numbers = bought.filter((one) => one.endsWith(` ${sale}`)).map((one) => Number(one.split(/[_ ]/)[2]));
          assert.deepEqual(
            numbers,
            [...numbers].sort((one, two) => one - two),
            'an earlier purchase came later',
          );
        }
        assert.ok(bought.length > orders / 2, `only ${bought.length} purchases were told`);
      });
    }));
}
