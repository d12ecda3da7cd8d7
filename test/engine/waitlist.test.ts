/** The table of lines against lists and loops. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Column } from '../../src/engine/base/columns.ts';
import { KeyedHash } from '../../src/engine/base/keyed-hash.ts';
import { none } from '../../src/engine/tables/keys.ts';
import { waitStates, WaitlistTable } from '../../src/engine/tables/waitlist.ts';
import { Random } from './random.ts';

const sales = [0, 7, 65_536];
const positionMs = 1_700_000_000_000;

function newTable(): WaitlistTable {
  return new WaitlistTable(new KeyedHash([1, 2, 3, 4]));
}

/** A table and the same in plain lists. */
class Lines {
  table = newTable();
  /** State of each entry, as the naive side has it. */
  readonly states: number[] = [];
  readonly saleOf: number[] = [];
  /** Entries of each sale in the order they joined. */
  readonly joined = new Map<number, number[]>(sales.map((sale) => [sale, []]));
  readonly newest = new Map<string, number>();

  join(sale: number, customer: number): number {
    const entry = this.table.add(sale, customer, 1 + (customer % 3), false, this.states.length + 1, positionMs);
    assert.equal(entry, this.states.length, 'entries are numbered in the order they joined');
    this.states.push(waitStates.waiting);
    this.saleOf.push(sale);
    this.joined.get(sale)!.push(entry);
    this.newest.set(`${sale} ${customer}`, entry);
    return entry;
  }

  move(entry: number, state: number): void {
    this.table.move(entry, state);
    this.states[entry] = state;
  }

  waiting(sale: number): number[] {
    return this.joined.get(sale)!.filter((entry) => this.states[entry] === waitStates.waiting);
  }

  /** Compares all answers of the table, for a few entries and places of each sale. */
  compare(random: Random): void {
    const { table } = this;
    for (const sale of sales) {
      const joined = this.joined.get(sale)!;
      const waiting = this.waiting(sale);
      assert.equal(table.waitingOf(sale), waiting.length);
      assert.equal(table.nextWaiting(sale, 0), waiting[0] ?? none);
      if (joined.length === 0) continue;
      for (let sample = 0; sample < 5; sample += 1) {
        const place = random.below(joined.length);
        const entry = joined[place]!;
        assert.equal(table.place.get(entry), place);
        assert.equal(table.ahead(entry), waiting.filter((other) => other < entry).length, `ahead of ${entry}`);
        assert.equal(table.nextWaiting(sale, place), waiting.find((other) => other >= entry) ?? none);
        assert.equal(table.nextWaiting(sale, place + 1), waiting.find((other) => other > entry) ?? none);
      }
      assert.equal(table.nextWaiting(sale, joined.length), none);
    }
  }

  /** Copies the columns into a new table, as a restore does before it rebuilds the rest. */
  restore(): void {
    const from = this.table;
    const into = newTable();
    for (let entry = 0; entry < from.count; entry += 1) {
      const columns = ['sale', 'customer', 'quantity', 'state', 'position', 'place', 'hold', 'books', 'order'] as const;
      for (const column of columns) {
        // Each is a column of the same kind in both.
        const target: Column = into[column];
        target.set(entry, from[column].get(entry));
      }
      into.createdAtMs.set(entry, from.createdAtMs.get(entry));
    }
    into.count = from.count;
    into.rebuild();
    this.table = into;
  }
}

/** Counts the states that a table reads. */
function countReads(table: WaitlistTable): () => number {
  const { state } = table;
  const get = state.get.bind(state);
  let reads = 0;
  state.get = (row) => {
    reads += 1;
    return get(row);
  };
  return () => reads;
}

test('hundreds of thousands of entries that join, leave, are offered and served count as in a list', () => {
  const random = new Random(1);
  const lines = new Lines();
  let open: number[] = [];
  for (let step = 0; step < 250_000; step += 1) {
    // Waves: for a while most join, then most go, some from anywhere and some from the front.
    const joins = (step >> 15) % 2 === 0 ? 80 : 35;
    if (open.length === 0 || random.chance(joins)) {
      open.push(lines.join(random.pick(sales), random.below(1_000_000)));
    } else {
      const at = random.chance(50) ? random.below(Math.min(open.length, 50)) : random.below(open.length);
      const entry = open[at]!;
      const next = lines.states[entry] === waitStates.waiting ? random.pick([1, 1, 2]) : random.pick([2, 3]);
      lines.move(entry, next);
      if (next !== waitStates.offered) {
        open[at] = open.at(-1)!;
        open.pop();
        if (random.chance(1)) open = open.toSorted((one, other) => one - other);
      }
    }
    if (step % 7_500 === 0) lines.compare(random);
    if (step % 100_000 === 99_999) lines.restore();
  }
  assert.ok(lines.states.length > 120_000);
  lines.compare(random);
  for (const [pair, entry] of lines.newest) {
    const [sale, customer] = pair.split(' ').map(Number);
    if (lines.table.find(sale!, customer!) !== entry) assert.fail(`the newest entry of ${pair}`);
  }
});

test('a table keeps the columns of an entry', () => {
  const table = newTable();
  assert.equal(table.count, 0);
  const entry = table.add(3, 0, 5, false, 17, positionMs);
  assert.deepEqual([table.sale.get(entry), table.customer.get(entry), table.quantity.get(entry)], [3, 1, 5]);
  assert.deepEqual([table.createdAtMs.get(entry), table.position.get(entry)], [positionMs, 17]);
  assert.deepEqual([table.state.get(entry), table.hold.get(entry), table.place.get(entry)], [0, 0, 0]);
  assert.equal(table.count, 1);
});

test('the newest entry of a customer is found in each sale apart', () => {
  const table = newTable();
  const numbers = [0, 1, 255, 256, 65_536, 1 << 24];
  const pairs = numbers.flatMap((sale) => numbers.map((customer) => [sale, customer] as const));
  for (const [sale, customer] of pairs) assert.equal(table.find(sale, customer), -1);
  for (const [sale, customer] of pairs) table.add(sale, customer, 1, false, 1, positionMs);
  for (const [at, [sale, customer]] of pairs.entries()) assert.equal(table.find(sale, customer), at);
  table.move(3, waitStates.left);
  assert.equal(table.find(...pairs[3]!), 3, 'who left is still known');
  assert.equal(table.add(...pairs[3]!, 1, false, 1, positionMs), pairs.length);
  assert.equal(table.find(...pairs[3]!), pairs.length);
});

test('a sale without a line has no waiting entry', () => {
  const table = newTable();
  assert.equal(table.waitingOf(4), 0);
  assert.equal(table.nextWaiting(4, 0), none);
  table.move(table.add(4, 1, 1, false, 1, positionMs), waitStates.offered);
  assert.equal(table.waitingOf(4), 0);
  assert.equal(table.nextWaiting(4, 0), none);
});

test('an entry that was offered no longer waits, and is not counted out twice', () => {
  const table = newTable();
  for (let customer = 0; customer < 3; customer += 1) table.add(0, customer, 1, false, 1, positionMs);
  table.move(1, waitStates.offered);
  table.move(1, waitStates.served);
  assert.deepEqual([table.waitingOf(0), table.ahead(2), table.nextWaiting(0, 1)], [2, 1, 2]);
});

test('a search skips blocks without a waiting entry, from any place', () => {
  const table = newTable();
  const count = 100_000;
  for (let customer = 0; customer < count; customer += 1) table.add(0, customer, 1, false, 1, positionMs);
  const stays = [count - 1, 60_000, 59_999];
  for (let entry = count - 1; entry >= 0; entry -= 1) if (!stays.includes(entry)) table.move(entry, waitStates.left);
  const reads = countReads(table);
  for (const [from, found] of [
    [1, 59_999],
    [300, 59_999],
    [59_999, 59_999],
    [60_000, 60_000],
    [60_001, count - 1],
  ] as const) {
    const before = reads();
    assert.equal(table.nextWaiting(0, from), found);
    assert.ok(reads() - before <= 2 * 256, `${reads() - before} entries were looked at from place ${from}`);
  }
  assert.equal(table.ahead(count - 1), 2);
  assert.ok(reads() < 6 * 2 * 256, 'blocks are counted, not looked through');
});

test('entries that left at the front are not looked at again', () => {
  const table = newTable();
  for (let customer = 0; customer < 200; customer += 1) table.add(0, customer, 1, false, 1, positionMs);
  for (let entry = 150; entry >= 0; entry -= 1) table.move(entry, waitStates.left);
  assert.equal(table.nextWaiting(0, 0), 151);
  const reads = countReads(table);
  assert.equal(table.nextWaiting(0, 0), 151);
  assert.equal(reads(), 1);
  table.move(151, waitStates.offered);
  assert.equal(table.nextWaiting(0, 0), 152);
});
