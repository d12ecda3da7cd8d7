/** Waiting for a position: how a reader sees at least what it has seen before. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { NotTakenError } from '../../src/node/errors.ts';
import { pause, withNode } from './support/harness.ts';

describe('a reader of a position', () => {
  test('a reader of an applied position does not wait', () =>
    withNode({}, async (harness) => {
      await harness.sale(5);
      harness.log.shut();
      await harness.node.reached(2);
      await harness.node.reached(0);
    }));

  test('a reader of a later position is woken when it is applied, not before', () =>
    withNode({}, async (harness) => {
      const sale = await harness.sale(5);
      const seen: number[] = [];
      const waiting = [3, 5, 4, 3].map(async (position) => {
        await harness.node.reached(position);
        seen.push(position);
        assert.ok(harness.node.engine.position >= position);
      });
      await harness.order(sale, 1);
      await pause(1);
      assert.deepEqual(seen, [3, 3]);
      await Promise.all([harness.order(sale, 1), harness.order(sale, 1)]);
      await Promise.all(waiting);
      assert.deepEqual(
        seen.toSorted((one, other) => one - other),
        [3, 3, 4, 5],
      );
    }));

  test('a reader of a position that comes too late hears where the replica is', () =>
    withNode({ maxWaitMs: 40 }, async (harness) => {
      const told = (error: unknown): boolean =>
        error instanceof NotTakenError && /position 1, not yet at 7/.test(error.message);
      await assert.rejects(harness.node.reached(7), told);
      const [one, other] = [harness.node.reached(2), harness.node.reached(9)];
      await harness.sale(5);
      await one;
      await assert.rejects(other, NotTakenError);
    }));
});
