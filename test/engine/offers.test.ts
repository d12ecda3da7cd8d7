/**
 * Rules of offers that the tables of scenarios cannot express: due times, answers from memory, long
 * lines, numbers after a restore.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { segmentRows } from '../../src/engine/base/columns.ts';
import { Command, kinds } from '../../src/engine/command.ts';
import { linesOf } from '../../src/engine/commands/lines.ts';
import { dump, stateHash } from '../../src/engine/dump.ts';
import { Engine } from '../../src/engine/engine.ts';
import { Reference } from './reference.ts';
import { commandOf } from './rows.ts';
import { answerOf, restored, snapshotOf } from './subjects.ts';
import { beginMs } from './table.ts';

function command(row: string): Command {
  const [kind = '', ...words] = row.split(' ');
  return commandOf(kind, words, beginMs);
}

/**
 * An engine after a genesis and these rows, each given as "ms row" or at the time of the one
 * before.
 */
function engineAfter(...rows: readonly string[]): Engine {
  const engine = new Engine();
  let nowMs = beginMs;
  for (const row of ['genesis', ...rows]) {
    const [, atMs, words = row] = /^(\d+) (.*)$/.exec(row) ?? [];
    if (atMs !== undefined) nowMs = beginMs + Number(atMs);
    engine.apply(command(words), engine.position + 1, nowMs);
  }
  return engine;
}

const crowded = [
  'settings sweepLimit=1',
  'createSale capacity=3 hold=30s',
  'order 0x3',
  'joinWaitlist 0x1 by=anna',
  'joinWaitlist 0x1 by=bert',
  'joinWaitlist 0x1 by=carl',
];

test('while an offer is owed the next due time is now', () => {
  const engine = engineAfter(...crowded, '5000 cancel 0');
  assert.deepEqual(dump(engine).owedOffers, [0]);
  assert.equal(engine.nextDueMs(), beginMs + 5_000);
  assert.equal(restored(snapshotOf(engine)).nextDueMs(), beginMs + 5_000);
  engine.apply(command('tick'), engine.position + 1, beginMs + 6_000);
  assert.deepEqual(dump(engine).owedOffers, []);
  assert.equal(engine.nextDueMs(), beginMs + 35_000, 'the first offer lapses');
});

test('waiting entries are never due', () => {
  assert.equal(engineAfter(...crowded).nextDueMs(), Infinity);
});

test('a join and a leave are refused from memory as they would be from the log', () => {
  const engine = engineAfter(...crowded, 'createSale');
  const foreseen = (row: string): string | undefined => engine.refusal(command(row))?.row.code;
  const before = stateHash(dump(engine));
  assert.equal(foreseen('joinWaitlist 0x1'), 'CUSTOMER_REQUIRED');
  assert.equal(foreseen('joinWaitlist 0x9 by=anna'), 'SOLD_OUT');
  assert.equal(foreseen('joinWaitlist 1x1 by=anna'), 'STILL_AVAILABLE');
  assert.equal(foreseen('joinWaitlist 0x1 by=anna'), undefined, 'who is in line is for the log to find');
  assert.equal(foreseen('leaveWaitlist 7'), 'UNKNOWN_ENTRY');
  assert.equal(foreseen('leaveWaitlist 0'), undefined);
  assert.equal(stateHash(dump(engine)), before);
});

test('a join is decided by its own line, not by the line of an earlier command', () => {
  const engine = engineAfter(...crowded);
  const reused = command('joinWaitlist 0x1 by=dora');
  reused.reset(kinds.joinWaitlist).setCustomer('dora');
  assert.equal(engine.apply(reused, engine.position + 1, beginMs).row.code, 'INVALID_QUANTITY');
});

test('the rolling hash covers the place of a join', () => {
  const hashes = [[], ['leaveWaitlist 0'], ['leaveWaitlist 1']].map((rows) => {
    const engine = engineAfter(...crowded, ...rows, 'joinWaitlist 0x1 by=dora');
    return `${engine.hashLow} ${engine.hashHigh}`;
  });
  assert.equal(new Set(hashes).size, 3);
});

test('one pass looks at no more than two thousand entries, and the sale is settled then', () => {
  const engine = new Engine();
  const reference = new Reference();
  let position = 0;
  const apply = (row: string): void => {
    position += 1;
    const expected = reference.apply(command(row), position, beginMs);
    assert.deepEqual(answerOf(engine.apply(command(row), position, beginMs)), expected, row);
  };
  apply('genesis');
  apply('createSale capacity=4');
  for (let line = 0; line < 2; line += 1) apply('order 0x2');
  for (let customer = 0; customer < 1_999; customer += 1) apply(`joinWaitlist 0x4 by=customer${customer}`);
  for (const customer of ['first', 'second', 'third']) apply(`joinWaitlist 0x1 by=${customer}`);
  const states = (): string[] =>
    dump(engine)
      .waitlist.slice(1_999)
      .map(({ state }) => state);
  apply('cancel 0');
  assert.deepEqual(states(), ['offered', 'waiting', 'waiting']);
  assert.deepEqual(dump(engine).owedOffers, []);
  // The first entry that does not fit has left: the pass reaches one more.
  apply('leaveWaitlist 0');
  assert.deepEqual(states(), ['offered', 'waiting', 'waiting']);
  apply('updateSale 0 name=other');
  assert.deepEqual(states(), ['offered', 'offered', 'waiting']);
  assert.equal(stateHash(dump(engine)), stateHash(reference.dump()));
});

test('small numbers name the same things after a restore and count on from there', () => {
  const rows = [
    'createSale door=1',
    'createSale door=2',
    'createSale door=1',
    'hold 1x1',
    'hold 2x1',
    'hold 0x1',
    'order 1x1 0x1',
    'order 2x1 1x1',
    'order 0x1 by=anna',
    'confirm 1',
    'createCustomer by=bert door=1',
    'createCustomer by=carl door=2',
    'createCustomer by=anna door=1',
    'seed customers=bert:1,dora:1,carl',
  ];
  const engine = engineAfter(...rows);
  for (const again of [engine, restored(snapshotOf(engine))]) {
    const { holds, orders, customers } = again.state;
    const named = (table: typeof holds | typeof orders | typeof customers, door: number): number[] =>
      Array.from({ length: table.namespaces.count(door) }, (_, number) => table.namespaces.row(door, number + 1));
    assert.deepEqual([named(holds, 1), named(holds, 2), named(holds, 0), named(holds, 9)], [[1, 2], [0], [], []]);
    assert.deepEqual([named(orders, 1), named(orders, 2)], [[1, 2, 3], [0]]);
    assert.deepEqual([named(customers, 1), named(customers, 2)], [[1, 0, 3], [2]]);
    assert.deepEqual(
      [holds.namespaces.row(1, 0), holds.namespaces.row(1, 3), holds.namespaces.row(9, 1)],
      [-1, -1, -1],
    );
    for (const row of ['hold 0x1', 'order 0x1', 'createCustomer door=1', 'createCustomer door=3']) {
      again.apply(command(row), again.position + 1, beginMs);
    }
    const { holds: lastHolds, orders: lastOrders, customers: lastCustomers } = dump(again);
    assert.deepEqual([lastHolds.at(-1)?.doorNumber, lastOrders.at(-1)?.doorNumber], [3, 4]);
    assert.deepEqual(
      lastCustomers.slice(-2).map(({ door, doorNumber }) => [door, doorNumber]),
      [
        [1, 4],
        [3, 1],
      ],
    );
  }
});

test('a line of many entries goes on the same after a restore at any step', () => {
  const first = new Engine();
  let second = new Engine();
  let nowMs = beginMs;
  const both = (row: string): void => {
    if (!second.isEmpty) second = restored(snapshotOf(second));
    for (const engine of [first, second]) engine.apply(command(row), engine.position + 1, nowMs);
    assert.deepEqual(answerOf(second.outcome), answerOf(first.outcome), row);
    assert.equal(second.nextDueMs(), first.nextDueMs());
  };
  both('genesis sweepLimit=2');
  both('createSale capacity=6 hold=2s perCustomer=2 door=4');
  both('order 0x2 by=zoe');
  both('hold 0x2 by=yve for=1s');
  both('hold 0x2 by=xav for=3s');
  for (let customer = 0; customer < 30; customer += 1) both(`joinWaitlist 0x${1 + (customer % 2)} by=c${customer}`);
  for (let step = 0; step < 60; step += 1) {
    nowMs += 250;
    both(step % 7 === 0 ? `leaveWaitlist ${step}` : 'tick');
  }
  assert.equal(stateHash(dump(second)), stateHash(dump(first)));
  assert.deepEqual([second.hashLow, second.hashHigh], [first.hashLow, first.hashHigh]);
  assert.ok(dump(first).waitlist.filter(({ state }) => state === 'left').length > 20);
});

test('a line longer than a segment is the same after a restore', () => {
  const engine = engineAfter('createSale capacity=1', 'order 0x1');
  const joins = segmentRows + 500;
  const join = new Command();
  for (let customer = 0; customer < joins; customer += 1) {
    linesOf(join.reset(kinds.joinWaitlist)).add(0, 1);
    join.setCustomer(`customer${customer}`);
    engine.apply(join, engine.position + 1, beginMs);
  }
  for (let entry = 0; entry < joins - 1; entry += 3) {
    join.reset(kinds.leaveWaitlist).target = entry;
    engine.apply(join, engine.position + 1, beginMs);
  }
  const snapshot = snapshotOf(engine);
  const again = restored(snapshot);
  assert.deepEqual(snapshotOf(again), snapshot);
  assert.equal(stateHash(dump(again)), stateHash(dump(engine)));
  for (const row of ['cancel 0', 'joinWaitlist 0x1 by=customer0', `leaveWaitlist ${joins - 1}`]) {
    for (const one of [engine, again]) one.apply(command(row), one.position + 1, beginMs);
    assert.deepEqual(answerOf(again.outcome), answerOf(engine.outcome), row);
  }
  assert.equal(again.state.waitlist.waitingOf(0), engine.state.waitlist.waitingOf(0));
  assert.equal(stateHash(dump(again)), stateHash(dump(engine)));
});
