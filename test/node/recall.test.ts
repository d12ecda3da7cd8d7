/** Asks whether a key had an effect, without submitting a command. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Command } from '../../src/engine/command.ts';
import { kinds } from '../../src/engine/command.ts';
import { NotTakenError } from '../../src/node/errors.ts';
import type { Node } from '../../src/node/node.ts';
import { line, withNode } from './support/harness.ts';
import { ManualTime } from './support/manual-time.ts';

const ask = (sale: number, quantity: number): Command => line(kinds.order, sale, quantity, 'k');

function known(node: Node, command: Command): string | null {
  const outcome = node.recall(command);
  assert.ok(!(outcome instanceof Promise));
  return outcome === null ? null : `${outcome.row.code} ${outcome.replayed}`;
}

describe('recalling a key', () => {
  test('recalling a key gives its outcome and appends nothing, even when something is due', () => {
    const time = new ManualTime();
    return withNode({ time }, async (harness) => {
      const sale = await harness.sale(10);
      await harness.order(sale, 2, 'k');
      await harness.hold(sale, 1, 1000);
      time.advance(1000);
      const { position } = harness.node.engine;
      assert.equal(known(harness.node, ask(sale, 2)), 'OK true');
      assert.equal(known(harness.node, ask(sale, 3)), 'KEY_REUSED false');
      assert.equal(known(harness.node, line(kinds.order, sale, 2, 'another')), null);
      assert.deepEqual([harness.node.engine.position, harness.node.pendingCommands], [position, 0]);
    });
  });

  test('recalling a key waits for a command in flight with that key', () =>
    withNode({}, async (harness) => {
      const sale = await harness.sale(10);
      harness.log.shut();
      const first = harness.order(sale, 2, 'k');
      const wait = harness.node.recall(ask(sale, 2));
      assert.ok(wait instanceof Promise);
      harness.log.open();
      await wait;
      assert.equal(known(harness.node, ask(sale, 2)), 'OK true');
      assert.equal((await first).replayed, false);
      assert.equal(harness.sold(sale), 2);
    }));

  test('a closed node refuses to recall a key', () =>
    withNode({}, async (harness) => {
      const sale = await harness.sale(10);
      await harness.node.close();
      assert.throws(() => harness.node.recall(ask(sale, 2)), NotTakenError);
    }));
});
