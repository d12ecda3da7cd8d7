/**
 * The engine around the rules: order of records, due times, answers from memory, the rolling hash.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Command, kinds } from '../../src/engine/command.ts';
import { linesOf } from '../../src/engine/commands/lines.ts';
import { dump, stateHash } from '../../src/engine/dump.ts';
import { Engine } from '../../src/engine/engine.ts';
import { commandOf } from './rows.ts';
import { restored, snapshotOf } from './subjects.ts';
import { beginMs } from './table.ts';

/** An engine that has applied the rows, each at its ms since the beginning. */
function engineAfter(...rows: readonly (readonly [atMs: number, row: string])[]): Engine {
  const engine = new Engine();
  for (const [atMs, row] of [[0, 'genesis'] as const, ...rows]) {
    engine.apply(command(row), engine.position + 1, beginMs + atMs);
  }
  return engine;
}

function command(row: string): Command {
  const [kind = '', ...words] = row.split(' ');
  return commandOf(kind, words, beginMs);
}

test('nothing can be applied or asked before the genesis', () => {
  const engine = new Engine();
  assert.ok(engine.isEmpty);
  assert.equal(engine.nextDueMs(), Infinity);
  assert.throws(() => engine.state, /no genesis/);
  assert.throws(() => engine.refusal(command('order 0x1')), /no genesis/);
  assert.throws(() => engine.apply(command('tick'), 1, beginMs), /the first record is a tick, not a genesis/);
});

test('positions follow each other', () => {
  const engine = engineAfter([0, 'tick']);
  for (const position of [0, 1, 2, 4]) {
    assert.throws(() => engine.apply(command('tick'), position, beginMs), /does not follow 2/);
  }
  engine.apply(command('tick'), 3, beginMs);
});

test('log time never goes back, and may stand still', () => {
  const engine = engineAfter([5, 'tick']);
  assert.throws(() => engine.apply(command('tick'), 3, beginMs + 4), /log time went back/);
  engine.apply(command('tick'), 3, beginMs + 5);
});

test('a command of an unknown kind stops the engine', () => {
  const engine = engineAfter();
  const unknown = new Command();
  unknown.kind = 99;
  assert.throws(() => engine.apply(unknown, 2, beginMs), /does not know kind 99: the log is of a newer one/);
});

test('the next due time is that of the first hold to end or window to turn', () => {
  const due = (...rows: readonly (readonly [number, string])[]): number => engineAfter(...rows).nextDueMs() - beginMs;
  const sale = [0, 'createSale'] as const;
  assert.equal(due(sale), Infinity);
  assert.equal(due([0, 'createSale opens=10s closes=20s']), 10_000);
  assert.equal(due([0, 'createSale opens=10s closes=20s'], [10_000, 'tick']), 20_000);
  assert.equal(due(sale, [0, 'updateSale 0 closes=9s']), 9_000);
  assert.equal(due(sale, [0, 'hold 0x1 for=30s'], [0, 'hold 0x1 for=20s']), 20_000);
  assert.equal(due(sale, [0, 'hold 0x1 for=30s'], [0, 'hold 0x1 for=20s'], [1, 'confirm 1']), 30_000);
  assert.equal(due(sale, [0, 'hold 0x1 for=30s'], [0, 'hold 0x1 for=20s'], [1, 'release 1']), 30_000);
  assert.equal(due(sale, [0, 'hold 0x1 for=30s'], [1, 'extend 0 until=90s']), 90_000);
  assert.equal(due(sale, [0, 'hold 0x1 for=30s'], [30_000, 'tick']), Infinity);
});

test('while a sweep is owed the next due time has passed', () => {
  const holds = Array.from({ length: 3 }, () => [0, 'hold 0x1 for=30s'] as const);
  const engine = engineAfter([0, 'settings sweepLimit=2'], [0, 'createSale'], ...holds, [40_000, 'tick']);
  assert.equal(engine.nextDueMs(), beginMs + 30_000);
  engine.apply(command('tick'), engine.position + 1, beginMs + 40_000);
  assert.equal(engine.nextDueMs(), Infinity);
});

test('a restored engine is due when the first one is', () => {
  const engine = engineAfter(
    [0, 'createSale closes=70s'],
    [0, 'hold 0x1 for=30s'],
    [0, 'hold 0x1 for=40s'],
    [1, 'extend 0 until=90s'],
    [2, 'release 1'],
  );
  const again = restored(snapshotOf(engine));
  assert.equal(engine.nextDueMs(), beginMs + 70_000);
  assert.equal(again.nextDueMs(), engine.nextDueMs());
});

test('a replay is answered from memory and changes nothing', () => {
  const engine = engineAfter([0, 'createSale capacity=3'], [0, 'order 0x1 key=a'], [0, 'order 0x2']);
  const before = stateHash(dump(engine));
  const replay = engine.replayOf(command('order 0x1 key=a'));
  assert.deepEqual([replay?.row.code, replay?.replayed, replay?.thing, replay?.remaining], ['OK', true, 0, 2]);
  assert.equal(engine.replayOf(command('order 0x1 key=a print=2'))?.row.code, 'KEY_REUSED');
  assert.equal(engine.replayOf(command('order 0x1 key=b')), null);
  assert.equal(stateHash(dump(engine)), before);
});

test('a refusal is foreseen from memory at the present log time and changes nothing', () => {
  const engine = engineAfter([0, 'createSale capacity=3 closes=20s'], [0, 'order 0x3'], [0, 'hold 0x1']);
  const before = stateHash(dump(engine));
  const refusal = engine.refusal(command('order 0x1 key=a by=anna'));
  assert.deepEqual([refusal?.row.code, refusal?.position, refusal?.thing], ['SOLD_OUT', engine.position, 0]);
  assert.equal(engine.refusal(command('cancel 0')), null);
  assert.equal(engine.refusal(command('confirm 0'))?.row.code, 'UNKNOWN_HOLD');
  assert.equal(stateHash(dump(engine)), before);
});

test('a refusal that would be pinned to its key is left to the log', () => {
  const engine = engineAfter([0, 'createSale capacity=0 refusals=remember']);
  assert.equal(engine.refusal(command('order 0x1 key=a')), null);
  assert.equal(engine.refusal(command('order 0x1'))?.row.code, 'SOLD_OUT');
});

test('a full store of keys is refused from memory before any other refusal', () => {
  const engine = engineAfter([0, 'settings maxKeys=1'], [0, 'createSale capacity=0'], [0, 'createCustomer key=a']);
  assert.equal(engine.refusal(command('order 0x1 key=b'))?.row.code, 'KEYS_FULL');
  assert.equal(engine.refusal(command('order 0x1'))?.row.code, 'SOLD_OUT');
});

test('the rolling hash of outcomes is in the log and never changes', () => {
  const engine = engineAfter(
    [0, 'createSale capacity=5'],
    [0, 'order 0x2 key=a'],
    [0, 'order 0x2 key=a'],
    [0, 'hold 0x1 for=30s'],
    [0, 'order 0x9'],
    [30_000, 'tick'],
    [30_000, 'cancel 0'],
  );
  assert.equal(`${engine.hashLow.toString(16)} ${engine.hashHigh.toString(16)}`, 'fb132f51 bb381983');
});

test('the rolling hash covers expiries, replays and the remaining stock', () => {
  const histories = [
    [
      [0, 'order 0x1 key=a'],
      [0, 'order 0x1 key=b'],
    ],
    [
      [0, 'order 0x1 key=a'],
      [0, 'order 0x1 key=a'],
    ],
    [
      [0, 'order 0x1 key=a'],
      [0, 'order 0x2 key=b'],
    ],
    [
      [0, 'order 0x1 key=a'],
      [0, 'order 0x99 key=b'],
    ],
    [
      [0, 'hold 0x1 for=1s'],
      [999, 'tick'],
    ],
    [
      [0, 'hold 0x1 for=1s'],
      [1000, 'tick'],
    ],
    [
      [0, 'tick'],
      [1000, 'tick'],
    ],
  ] as const;
  const hashes = histories.map((history) => {
    const { hashLow, hashHigh } = engineAfter([0, 'createSale'], ...history);
    return `${hashLow} ${hashHigh}`;
  });
  assert.equal(new Set(hashes).size, hashes.length);
});

test('a command and an outcome are reused by the caller, not kept by the engine', () => {
  const engine = engineAfter([0, 'createSale capacity=9']);
  const reused = new Command();
  for (const customer of ['anna', 'bert']) {
    reused.reset(kinds.order).setCustomer(customer);
    linesOf(reused).add(0, 1);
    assert.equal(engine.apply(reused, engine.position + 1, beginMs), engine.outcome);
    reused.text.fill(0);
  }
  assert.deepEqual(
    dump(engine).orders.map(({ customer }) => customer),
    ['anna', 'bert'],
  );
});
