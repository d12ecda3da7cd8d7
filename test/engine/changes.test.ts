/** The changes that streams get: none unless collected, and then every thing that changed. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Changes, changeKinds } from '../../src/engine/changes.ts';
import { Command } from '../../src/engine/command.ts';
import type { SaleDump, SeatDump, StateDump } from '../../src/engine/dump.ts';
import { dump } from '../../src/engine/dump.ts';
import { Engine } from '../../src/engine/engine.ts';
import { civilMsOf } from './civil.ts';
import { History } from './histories.ts';
import { Random, seedsFor } from './random.ts';
import { commandOf } from './rows.ts';
import { restored, snapshotOf } from './subjects.ts';
import { beginMs } from './table.ts';

const stepsPerRun = 160;

type Name = keyof typeof changeKinds;

/** The rows that the changes name, by kind. */
function named(changes: Changes): Record<Name, Set<number>> {
  const rows = (kind: Name): Set<number> => {
    const found = new Set<number>();
    for (let at = 0; at < changes.count; at += 1)
      if (changes.kind(at) === changeKinds[kind]) found.add(changes.row(at));
    return found;
  };
  return {
    sale: rows('sale'),
    order: rows('order'),
    cancelled: rows('cancelled'),
    hold: rows('hold'),
    waitlist: rows('waitlist'),
    customer: rows('customer'),
    seat: rows('seat'),
    card: rows('card'),
    tariff: rows('tariff'),
    gate: rows('gate'),
  };
}

/** Rows that are new or whose `shown` value changed. */
function changed<Row>(before: readonly Row[], after: readonly Row[], shown: (row: Row) => unknown): number[] {
  const same = (at: number): boolean => {
    const was = before[at];
    return was !== undefined && JSON.stringify(shown(was)) === JSON.stringify(shown(after[at]!));
  };
  return [...after.keys()].filter((at) => !same(at));
}

/** Asserts that the changes name every thing that changed, by existing rows. */
function auditChanges(before: StateDump, after: StateDump, changes: Changes): void {
  const rows = named(changes);
  const expect = (kind: Name, expected: readonly number[], count: number): void => {
    for (const row of expected) assert.ok(rows[kind].has(row), `${kind} ${row} changed and is not named`);
    for (const row of rows[kind]) assert.ok(row < count, `${kind} ${row} is named and not there`);
  };
  expect('sale', changed(before.sales, after.sales, termsOf), after.sales.length);
  expect('sale', turned(before, after), after.sales.length);
  expect(
    'hold',
    changed(before.holds, after.holds, (hold) => hold),
    after.holds.length,
  );
  const lines = changed(before.orders, after.orders, (order) => order);
  const isNew = (order: number): boolean => order >= before.orders.length;
  assert.deepEqual([...rows.order], lines.filter(isNew), 'new orders are named, and no others');
  assert.deepEqual(
    [...rows.cancelled],
    lines.filter((order) => !isNew(order)),
    'orders that lost lines are named, and no others',
  );
  const entries = changed(before.waitlist, after.waitlist, ({ state, hold, order }) => [state, hold, order]);
  const sorted = (kind: Name): number[] => [...rows[kind]].toSorted((one, other) => one - other);
  assert.deepEqual(sorted('waitlist'), entries, 'entries, and no others');
  const seats = changed(seatsOf(before), seatsOf(after), (seat) => seat);
  assert.deepEqual(sorted('seat'), seats, 'seats, and no others');
  const customers = changed(before.customers, after.customers, (customer) => customer);
  expect('customer', customers, after.customers.length);
  for (let at = 0; at < changes.count; at += 1) assert.equal(changes.position(at), after.position);
}

/** What a stream shows of a sale; seats are streamed by themselves. */
function termsOf({ units: _, seats: __, hallRows: ___, ...terms }: SaleDump): unknown {
  return terms;
}

/** All seats, by row. */
function seatsOf({ sales }: StateDump): SeatDump[] {
  return sales.flatMap(({ seats }) => seats).toSorted((one, other) => one.seat - other.seat);
}

/** Sales that time opened or closed. */
function turned(before: StateDump, after: StateDump): number[] {
  const isClosed = (at: StateDump, { closesAtMs }: SaleDump): boolean => civilMsOf(at) >= (closesAtMs ?? Infinity);
  const found = [...before.sales.entries()].filter(
    ([number, sale]) => !after.sales[number]!.removed && isClosed(before, sale) !== isClosed(after, sale),
  );
  return found.map(([number]) => number);
}

for (const seed of seedsFor(60, 1001)) {
  test(`every change in history ${seed} is named`, () => {
    const random = new Random(seed);
    const history = new History(random);
    const command = new Command();
    const decoded = new Command();
    let engine = new Engine();
    let before: StateDump | null = null;
    for (let step = 0; step < stepsPerRun; step += 1) {
      history.next(command, before);
      history.record(command, decoded);
      // Restored now and then: the changes of a restored engine are just as complete.
      if (before !== null && random.chance(5)) engine = restored(snapshotOf(engine));
      if (before !== null) engine.state.changes.collecting = true;
      engine.apply(decoded, engine.position + 1, history.nowMs);
      const after = dump(engine);
      const { changes } = engine.state;
      try {
        if (before !== null) auditChanges(before, after, changes);
      } catch (error) {
        throw new Error(`HOLDFAST_SEED=${seed}, step ${step}: ${String(error)}`, { cause: error });
      }
      changes.clear();
      before = after;
    }
  });
}

function apply(engine: Engine, row: string, afterMs = 0): string[] {
  const [kind = '', ...words] = row.split(' ');
  engine.apply(commandOf(kind, words, beginMs), engine.position + 1, beginMs + afterMs);
  const { changes } = engine.state;
  const names = Object.keys(changeKinds) as Name[];
  const told = Array.from({ length: changes.count }, (_, at) => {
    const name = names.find((name) => changeKinds[name] === changes.kind(at));
    return `${name} ${changes.row(at)}`;
  });
  changes.clear();
  return told;
}

test('the changes of a record are listed in order', () => {
  const engine = new Engine();
  apply(engine, 'genesis');
  engine.state.changes.collecting = true;
  assert.deepEqual(apply(engine, 'createSale capacity=2 hold=30s closes=90s'), ['sale 0']);
  assert.deepEqual(apply(engine, 'hold 0x2 for=10s'), ['hold 0', 'sale 0']);
  assert.deepEqual(apply(engine, 'extend 0 until=20s'), ['hold 0']);
  assert.deepEqual(apply(engine, 'order 0x1'), []);
  assert.deepEqual(apply(engine, 'joinWaitlist 0x1 by=anna'), ['customer 0', 'waitlist 0']);
  assert.deepEqual(apply(engine, 'joinWaitlist 0x1 by=anna'), []);
  assert.deepEqual(apply(engine, 'joinWaitlist 0x1 by=bert'), ['customer 1', 'waitlist 1']);
  const offered = ['hold 1', 'sale 0', 'waitlist 0', 'hold 2', 'sale 0', 'waitlist 1'];
  assert.deepEqual(apply(engine, 'release 0'), ['hold 0', 'sale 0', ...offered]);
  assert.deepEqual(apply(engine, 'confirm 1'), ['order 0', 'waitlist 0', 'hold 1', 'sale 0']);
  assert.deepEqual(apply(engine, 'tick', 30_000), ['waitlist 1', 'hold 2', 'sale 0']);
  assert.deepEqual(apply(engine, 'cancel 0', 30_000), ['sale 0', 'cancelled 0']);
  assert.deepEqual(apply(engine, 'updateSale 0 name=other', 30_000), ['sale 0']);
  assert.deepEqual(apply(engine, 'tick', 89_999), []);
  assert.deepEqual(apply(engine, 'tick', 90_000), ['sale 0']);
  assert.deepEqual(apply(engine, 'tick', 99_000), []);
});

test('the changes of seats and customers are listed in order', () => {
  const engine = new Engine();
  apply(engine, 'genesis');
  engine.state.changes.collecting = true;
  assert.deepEqual(apply(engine, 'createSale hall=A/1/..a hold=30s'), ['sale 0', 'seat 0', 'seat 1', 'seat 2']);
  assert.deepEqual(apply(engine, 'hold 0:1,0 for=10s'), ['seat 1', 'seat 0', 'hold 0', 'sale 0']);
  assert.deepEqual(apply(engine, 'order 0:1'), []);
  assert.deepEqual(apply(engine, 'confirm 0'), ['order 0', 'seat 1', 'seat 0', 'hold 0', 'sale 0']);
  assert.deepEqual(apply(engine, 'changeSeat 0 2 blocked=yes'), ['seat 2', 'sale 0']);
  assert.deepEqual(apply(engine, 'changeSeat 0 2 blocked=yes'), ['sale 0']);
  assert.deepEqual(apply(engine, 'changeSeat 0 2 number=9'), ['seat 2', 'seat 3', 'sale 0']);
  assert.deepEqual(apply(engine, 'removeSeat 0 3'), ['seat 3', 'sale 0']);
  const booked = ['order 1', 'sale 0', 'seat 0', 'waitlist 0'];
  assert.deepEqual(apply(engine, 'order 0*1 partial=yes by=anna'), ['customer 0', 'waitlist 0']);
  assert.deepEqual(apply(engine, 'cancel 0'), ['seat 1', 'seat 0', 'sale 0', 'cancelled 0', ...booked]);
  assert.deepEqual(apply(engine, 'addSeats 0 A/2/1'), ['seat 4', 'sale 0']);
  assert.deepEqual(apply(engine, 'createCustomer by=anna name=Anna'), ['customer 0']);
  assert.deepEqual(apply(engine, 'changeCustomer 0 name=Ann'), ['customer 0']);
  assert.deepEqual(apply(engine, 'removeCustomer 0'), ['customer 0']);
  assert.deepEqual(apply(engine, 'createSale'), ['sale 1']);
  assert.deepEqual(apply(engine, 'removeSale 1'), ['sale 1']);
});

test('changes are collected only while there is a reader', () => {
  const engine = new Engine();
  apply(engine, 'genesis');
  assert.deepEqual(apply(engine, 'createSale'), []);
  engine.state.changes.collecting = true;
  assert.deepEqual(apply(engine, 'order 0x1'), ['order 0', 'sale 0']);
  engine.state.changes.collecting = false;
  assert.deepEqual(apply(engine, 'order 0x1'), []);
});

test('changes are no part of the state', () => {
  const engine = new Engine();
  apply(engine, 'genesis');
  apply(engine, 'createSale');
  const before = snapshotOf(engine);
  engine.state.changes.collecting = true;
  engine.state.changes.add(changeKinds.sale, 0, 2);
  assert.deepEqual(snapshotOf(engine), before);
  assert.equal(restored(before).state.changes.collecting, false);
});

test('the list of changes grows as needed and keeps its entries', () => {
  const changes = new Changes();
  changes.collecting = true;
  const position = Number.MAX_SAFE_INTEGER - 5_000;
  for (let at = 0; at < 5_000; at += 1) changes.add(changeKinds.hold, 0xffffffff - at, position + at);
  assert.equal(changes.count, 5_000);
  for (let at = 0; at < 5_000; at += 1) {
    const found = [changes.kind(at), changes.row(at), changes.position(at)];
    assert.deepEqual(found, [changeKinds.hold, 0xffffffff - at, position + at]);
  }
  changes.clear();
  assert.equal(changes.count, 0);
  changes.add(changeKinds.sale, 3, 9);
  assert.deepEqual([changes.count, changes.kind(0), changes.row(0), changes.position(0)], [1, changeKinds.sale, 3, 9]);
});
