/** Two commands with one key, the second before the first has its outcome. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { UnknownResultError } from '../../src/node/errors.ts';
import { withNode } from './support/harness.ts';
import { ManualTime } from './support/manual-time.ts';

describe('a second command with the key of one in flight', () => {
  test('a second command with the same key joins: one record, one effect, one answer', () =>
    withNode({}, async (harness) => {
      const sale = await harness.sale(10);
      const { position } = harness.node.engine;
      const told = await Promise.all([1, 2, 3].map(() => harness.order(sale, 2, 'k')));
      assert.deepEqual(
        told.map(({ replayed }) => replayed),
        [false, true, true],
      );
      assert.deepEqual(new Set(told.map(({ thing }) => thing)).size, 1);
      assert.equal(harness.node.engine.position, position + 1);
      assert.equal(harness.sold(sale), 2);
    }));

  test('a second command with another meaning is refused once the first has succeeded', () =>
    withNode({}, async (harness) => {
      const sale = await harness.sale(10);
      const told = await Promise.all([
        harness.order(sale, 2, 'k'),
        harness.order(sale, 3, 'k'),
        harness.order(sale, 2, 'k'),
      ]);
      assert.deepEqual(
        told.map(({ code }) => code),
        ['OK', 'KEY_REUSED', 'OK'],
      );
      assert.equal(harness.sold(sale), 2);
    }));

  test('a second command with another meaning is sent on its own when the first was refused', () => {
    const time = new ManualTime();
    return withNode({ time }, async (harness) => {
      const sale = await harness.sale(3);
      await harness.hold(sale, 1, 1000);
      // Something is due, so the log decides and nothing is refused from memory.
      time.advance(1000);
      const told = await Promise.all([
        harness.order(sale, 4, 'k'),
        harness.order(sale, 3, 'k'),
        harness.order(sale, 4, 'k'),
      ]);
      assert.deepEqual(
        told.map(({ code }) => code),
        ['SOLD_OUT', 'OK', 'SOLD_OUT'],
      );
      assert.deepEqual([harness.sold(sale), harness.held(sale)], [3, 0]);
      assert.equal((await harness.order(sale, 3, 'k')).replayed, true);
    });
  });

  test('a joined command also has an unknown outcome when the first has', () =>
    withNode({}, async (harness) => {
      const sale = await harness.sale(10);
      harness.disk.onOperation = ({ kind }) => (kind === 'sync' ? { kind: 'error', code: 'EIO' } : undefined);
      const told = await Promise.allSettled([
        harness.order(sale, 2, 'k'),
        harness.order(sale, 2, 'k'),
        harness.order(sale, 3, 'k'),
      ]);
      for (const one of told) assert.ok(one.status === 'rejected' && one.reason instanceof UnknownResultError);
      harness.disk.onOperation = null;
    }));

  test('the same key in another scope is another key', () =>
    withNode({}, async (harness) => {
      const [one, two] = [await harness.sale(10), await harness.sale(10)];
      const told = await Promise.all([harness.order(one, 1, 'k'), harness.order(two, 1, 'k')]);
      assert.deepEqual(
        told.map(({ replayed }) => replayed),
        [false, false],
      );
    }));
});

test('a key that has its answer is replayed at once, without the log', () =>
  withNode({}, async (harness) => {
    const sale = await harness.sale(10);
    const first = await harness.order(sale, 2, 'k');
    harness.log.shut();
    assert.deepEqual(await harness.order(sale, 2, 'k'), { ...first, replayed: true });
    assert.equal((await harness.order(sale, 3, 'k')).code, 'KEY_REUSED');
  }));
