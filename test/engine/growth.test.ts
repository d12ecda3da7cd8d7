/**
 * Memory, counted in the sizes of arrays: unlike the system's figures it does not depend on the
 * garbage collector.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Command, kinds, scopes } from '../../src/engine/command.ts';
import { termsOf, extensionOf } from '../../src/engine/commands/holds.ts';
import { linesOf } from '../../src/engine/commands/lines.ts';
import { Engine } from '../../src/engine/engine.ts';
import { defaultGenesis, defaultSale } from './rows.ts';
import { beginMs } from './table.ts';

const referenceBytes = 8;

/**
 * Bytes of every array reached from an object: whole buffers, even barely used ones, and lists of
 * references.
 */
function arrayBytes(root: object): number {
  const seen = new Set<object>([root]);
  const open: object[] = [root];
  let bytes = 0;
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (next instanceof ArrayBuffer) bytes += next.byteLength;
    if (Array.isArray(next)) bytes += referenceBytes * next.length;
    for (const child of ArrayBuffer.isView(next) ? [next.buffer] : (Object.values(next) as unknown[])) {
      if (typeof child !== 'object' || child === null || seen.has(child)) continue;
      assert.ok(!(child instanceof Map || child instanceof Set), 'what this cannot count does not grow');
      seen.add(child);
      open.push(child);
    }
  }
  return bytes;
}

/** An engine with one sale that has room for all. */
function openShop(): { engine: Engine; command: Command } {
  const engine = new Engine();
  const command = new Command().reset(kinds.genesis);
  command.body = { ...defaultGenesis, maxKeys: 10_000_000 };
  engine.apply(command, 1, beginMs);
  command.reset(kinds.createSale).body = { ...defaultSale, capacity: 10_000_000 };
  engine.apply(command, 2, beginMs);
  return { engine, command };
}

/**
 * Max bytes a row at any of the sizes. The worst size is where every bucket has just been split.
 */
function maxPerRow(sizes: readonly number[], grow: (row: number) => void, table: () => object): number {
  let most = 0;
  let row = 0;
  for (const size of sizes) {
    for (; row < size; row += 1) grow(row);
    most = Math.max(most, arrayBytes(table()) / size);
  }
  return most;
}

const sizes = Array.from({ length: 25 }, (_, i) => 60_000 + 10_000 * i);

test('a key takes at most 64 bytes', () => {
  const { engine, command } = openShop();
  const most = maxPerRow(
    sizes,
    (row) => {
      linesOf(command.reset(kinds.order)).add(0, 1);
      command.setKey(scopes.sale, 0, `key ${row}`);
      engine.apply(command, engine.position + 1, beginMs + row);
    },
    () => engine.state.keys,
  );
  assert.equal(engine.state.keys.count, sizes.at(-1));
  assert.ok(most <= 64, `a key takes ${most.toFixed(1)} bytes`);
  assert.ok(most > 16 + 34, `${most.toFixed(1)} bytes cannot be all of a key`);
});

test('a hold takes at most 96 bytes, with its place among the deadlines', () => {
  const { engine, command } = openShop();
  const most = maxPerRow(
    sizes,
    (row) => {
      linesOf(command.reset(kinds.hold)).add(0, 1);
      termsOf(command).holdMs = 3_600_000 - row;
      engine.apply(command, engine.position + 1, beginMs + row);
    },
    () => [engine.state.holds, engine.state.deadlines],
  );
  assert.equal(engine.state.holds.count, sizes.at(-1));
  assert.ok(most <= 96, `a hold takes ${most.toFixed(1)} bytes`);
  assert.ok(most > 57 + 12, `${most.toFixed(1)} bytes cannot be all of a hold`);
});

test('keys that were freed make room for as many new ones', () => {
  const { engine, command } = openShop();
  const order = (key: number, nowMs: number): void => {
    linesOf(command.reset(kinds.order)).add(0, 1);
    command.setKey(scopes.sale, 0, `key ${key}`);
    engine.apply(command, engine.position + 1, nowMs);
  };
  for (let key = 0; key < 60_000; key += 1) order(key, beginMs);
  const before = arrayBytes(engine.state.keys);
  const laterMs = beginMs + defaultGenesis.orderKeyRetentionMs;
  for (let key = 60_000; key < 120_000; key += 1) order(key, laterMs);
  assert.equal(engine.state.keys.rows, 60_000);
  assert.ok(arrayBytes(engine.state.keys) <= 1.2 * before, 'the index grows no more than its unevenness');
});

test('extending a hold takes no memory', () => {
  const { engine, command } = openShop();
  linesOf(command.reset(kinds.hold)).add(0, 1);
  termsOf(command).holdMs = 1_000;
  for (let hold = 0; hold < 100; hold += 1) engine.apply(command, engine.position + 1, beginMs);
  for (let time = 1; time <= 20_000; time += 1) {
    command.reset(kinds.extend).target = time % 100;
    extensionOf(command).untilMs = beginMs + 1_000 + time;
    engine.apply(command, engine.position + 1, beginMs);
  }
  assert.equal(engine.state.deadlines.length, 100);
});
