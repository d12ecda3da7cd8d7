import assert from 'node:assert/strict';
import { test } from 'node:test';
import { segmentRows } from '../../src/engine/base/columns.ts';
import { Command, kinds, scopes } from '../../src/engine/command.ts';
import { termsOf, extensionOf } from '../../src/engine/commands/holds.ts';
import { linesOf } from '../../src/engine/commands/lines.ts';
import { dump, stateHash } from '../../src/engine/dump.ts';
import { Engine } from '../../src/engine/engine.ts';
import { restoreSnapshot, writeSnapshot } from '../../src/engine/snapshot.ts';
import { Random } from './random.ts';
import { defaultGenesis, defaultSale } from './rows.ts';
import { answerOf, restored, snapshotOf } from './subjects.ts';
import { beginMs } from './table.ts';

/** Applies random orders, holds, ends of holds and cancellations; nearly all take effect. */
class Shop {
  engine: Engine;
  private readonly random: Random;
  private readonly command = new Command();

  constructor(engine: Engine, seed: number) {
    this.engine = engine;
    this.random = new Random(seed);
  }

  open(): void {
    const { command } = this;
    command.reset(kinds.genesis).body = { ...defaultGenesis, maxKeys: 1e6, holdKeyRetentionMs: 5_000 };
    this.engine.apply(command, 1, beginMs);
    for (const door of [0, 4, 0, 2]) {
      const price = { amount: 1000 + door, currency: 'EUR' };
      command.reset(kinds.createSale).body = { ...defaultSale, capacity: 1e6, price, maxPerCustomer: 1e6, door };
      this.engine.apply(command, this.engine.position + 1, beginMs);
    }
  }

  step(): void {
    const { random, command, engine } = this;
    const kind = random.weighted({ order: 35, hold: 45, confirm: 8, release: 4, extend: 6, cancel: 2 });
    command.reset(kinds[kind]);
    if (kind === 'order' || kind === 'hold') {
      command.setCustomer(`customer-${random.below(60_000)}-${'x'.repeat(random.below(60))}`);
      linesOf(command).add(random.below(4), 1 + random.below(3));
      termsOf(command).holdMs = random.below(60_000);
      command.setKey(scopes.sale, 0, `key ${engine.position}`);
    } else {
      command.target = random.below(kind === 'cancel' ? engine.state.orders.count : engine.state.holds.count);
      extensionOf(command).untilMs = engine.nowMs + 30_000;
      command.setKey(scopes.hold, command.target, kind);
    }
    engine.apply(command, engine.position + 1, engine.nowMs + random.below(3));
  }
}

test('a state of many segments is the same after a restore, and goes on the same', () => {
  const shop = new Shop(new Engine(), 1);
  shop.open();
  for (let step = 0; step < 40_000; step += 1) shop.step();
  const { state } = shop.engine;
  for (const rows of [
    state.holds.count,
    state.orders.count,
    state.lines.count,
    state.customers.count,
    state.keys.rows,
  ]) {
    assert.ok(rows > segmentRows, 'every table is longer than a segment');
  }
  assert.ok(state.customers.arena.segments.length > 1 && state.keys.count < state.keys.rows);

  const snapshot = snapshotOf(shop.engine);
  const again = new Shop(restored(snapshot), 2);
  assert.equal(stateHash(dump(again.engine)), stateHash(dump(shop.engine)));
  assert.deepEqual(snapshotOf(again.engine), snapshot);

  const same = new Shop(shop.engine, 2);
  for (let step = 0; step < 3_000; step += 1) {
    same.step();
    again.step();
    assert.deepEqual(answerOf(again.engine.outcome), answerOf(same.engine.outcome));
  }
  assert.deepEqual(snapshotOf(again.engine), snapshotOf(same.engine));
  assert.equal(again.engine.hashLow, same.engine.hashLow);
  assert.equal(again.engine.hashHigh, same.engine.hashHigh);
});

test('a snapshot right after the genesis restores', () => {
  const engine = new Engine();
  const command = new Command().reset(kinds.genesis);
  command.body = defaultGenesis;
  engine.apply(command, 1, beginMs);
  const again = restored(snapshotOf(engine));
  assert.equal(stateHash(dump(again)), stateHash(dump(engine)));
});

test('a snapshot is written in small chunks', () => {
  const shop = new Shop(new Engine(), 1);
  shop.open();
  for (let step = 0; step < 9_000; step += 1) shop.step();
  for (const chunk of writeSnapshot(shop.engine)) assert.ok(chunk.length <= 1 << 20);
});

test('an empty engine has no snapshot', () => {
  assert.throws(() => [...writeSnapshot(new Engine())], /no genesis/);
});

test('a snapshot is restored into an empty engine only', () => {
  const shop = new Shop(new Engine(), 1);
  shop.open();
  const snapshot = snapshotOf(shop.engine);
  assert.throws(() => restoreSnapshot(shop.engine, () => snapshot), /empty engine/);
});

test('a snapshot of another format is refused', () => {
  const shop = new Shop(new Engine(), 1);
  shop.open();
  const text = Buffer.from(snapshotOf(shop.engine))
    .toString('latin1')
    .replace(/"format":\d/, '"format":0');
  const snapshot = Buffer.from(text, 'latin1');
  assert.throws(() => restored(snapshot), /has format 0/);
});
