/** Engines with a past, for snapshots of them. */
import assert from 'node:assert/strict';
import type { SeedDefinition } from '../../../src/engine/commands/running.ts';
import { Command, kinds } from '../../../src/engine/command.ts';
import { termsOf } from '../../../src/engine/commands/holds.ts';
import { dump } from '../../../src/engine/dump.ts';
import { Engine } from '../../../src/engine/engine.ts';
import { line } from '../../node/support/harness.ts';

export const oneSale: SeedDefinition = {
  sales: [
    {
      name: 'A',
      kind: 'counted',
      capacity: 1_000_000,
      price: null,
      opensAtMs: null,
      closesAtMs: null,
      holdMs: 100,
      maxHoldMs: 100,
      maxPerOrder: null,
      maxPerCustomer: null,
      refusals: 'forget',
      door: 0,
    },
  ],
  customers: [],
};

/** An engine with a past: sales, orders, holds, keys, and a few records without effect. */
export function engineAt(position: number): Engine {
  const engine = new Engine();
  const genesis = new Command().reset(kinds.genesis);
  const settings = { orderKeyRetentionMs: 60_000, holdKeyRetentionMs: 60_000, sweepLimit: 10, maxKeys: 1_000_000 };
  genesis.body = { engineVersion: 1, cell: 0, hashKey: [1, 2, 3, 4], ...settings };
  const seed = new Command().reset(kinds.seed);
  seed.body = oneSale;
  for (let at = 1; at <= position; at += 1) {
    const order = line(at % 3 === 0 ? kinds.hold : kinds.order, 0, 1, `k${at}`);
    termsOf(order).holdMs = 50;
    engine.apply(at === 1 ? genesis : at === 2 ? seed : order, at, at * 10);
  }
  return engine;
}

export function sameState(one: Engine, other: Engine): void {
  assert.deepEqual(dump(one), dump(other));
  assert.deepEqual(
    [one.hashLow, one.hashHigh, one.position, one.nowMs],
    [other.hashLow, other.hashHigh, other.position, other.nowMs],
  );
}
