/**
 * Random histories, followed into a real database in batches that end anywhere: at each end the
 * rows must be what the engine's state is, as its dump tells it, which shares no code with what
 * makes the rows. And what is compared by `reconcile` must agree with that.
 */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, describe, test } from 'node:test';
import { Command, doors, kinds } from '../../../src/engine/command.ts';
import type { StateDump } from '../../../src/engine/dump.ts';
import { dump } from '../../../src/engine/dump.ts';
import { Engine } from '../../../src/engine/engine.ts';
import { everything } from '../../../src/followers/sql/everything.ts';
import { positionOf } from '../../../src/followers/sql/place-in-log.ts';
import { FillableBatch } from '../../../src/followers/sql/row-batch.ts';
import { RowCollector } from '../../../src/followers/sql/rows.ts';
import { openSqliteDatabase } from '../../../src/followers/sql/sqlite/database.ts';
import type { StoredPosition } from '../../../src/followers/sql/database.ts';
import { keyText } from '../../../src/engine/record.ts';
import { offsetAt } from '../../engine/civil.ts';
import { History } from '../../engine/histories.ts';
import { Random, seedsFor } from '../../engine/random.ts';
import { allRows, rowsIn } from '../support/sql-rows.ts';
import type { Row } from '../support/sql-rows.ts';

const stepsPerRun = 250;
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'holdfast-rows-'));
after(() => fs.rmSync(folder, { recursive: true, force: true }));

const doorNames = Object.entries(doors).map(([name]) => name);
const plusOne = (row: number | null): number | null => (row === null ? null : row + 1);

/** What the tables must hold, said by the dump. Columns that a dump does not have are left out. */
function expectedRows(state: StateDump, keys: ReadonlyMap<number, string>): Record<string, Row[]> {
  const customers = new Map(state.customers.map(({ id }, row) => [id, row + 1]));
  const customerOf = (id: string | null): number | null => (id === null ? null : (customers.get(id) ?? -1));
  let line = 0;
  return {
    sales: state.sales.map((sale, row) => ({
      id: row + 1,
      name: sale.name,
      kind: sale.kind,
      line_per_seat: Number(sale.linePerSeat),
      state: sale.state,
      removed: Number(sale.removed),
      capacity: sale.capacity,
      sold: sale.sold,
      held: sale.held,
      price_amount: sale.price?.amount ?? null,
      opens_at_ms: sale.opensAtMs,
      closes_at_ms: sale.closesAtMs,
      door: doorNames[sale.door] ?? '',
      door_number: sale.doorNumber,
      image: sale.image,
      attributes: JSON.stringify(sale.attributes),
      created_at_ms: sale.createdAtMs,
      position: sale.position,
    })),
    customers: state.customers.map((customer, row) => ({
      id: row + 1,
      public_id: customer.id,
      status: customer.removed ? 'removed' : customer.registered ? 'registered' : 'known',
      name: customer.name,
      email: customer.email,
      door: doorNames[customer.door] ?? '',
      door_number: customer.doorNumber || null,
      created_at_ms: customer.createdAtMs,
    })),
    holds: state.holds.map((hold, row) => ({
      id: row + 1,
      sale_id: hold.sale + 1,
      customer_id: customerOf(hold.customer),
      quantity: hold.quantity,
      status: hold.state,
      price_amount: hold.amount,
      created_at_ms: hold.createdAtMs,
      expires_at_ms: hold.deadlineMs + offsetAt(state, hold.position),
      order_id: plusOne(hold.order),
      waitlist_id: plusOne(hold.entry),
      door_number: hold.doorNumber || null,
      position: hold.position,
    })),
    orders: state.orders.map((order, row) => ({
      id: row + 1,
      customer_id: customerOf(order.customer),
      hold_id: plusOne(order.hold),
      waitlist_id: plusOne(order.entry),
      key: keys.get(row) ?? null,
      door_number: order.doorNumber || null,
      created_at_ms: order.createdAtMs,
      position: order.position,
      ...standingOf(state, order),
    })),
    order_lines: state.orders.flatMap((order, row) =>
      order.lines.map((each, number) => {
        line += 1;
        return {
          id: line,
          order_id: row + 1,
          line: number,
          sale_id: each.sale + 1,
          quantity: each.quantity,
          price_amount: each.amount,
          remaining: each.remaining,
          cancelled_position: each.cancelledAt || null,
        };
      }),
    ),
    waitlist: state.waitlist.map((entry, row) => ({
      id: row + 1,
      sale_id: entry.sale + 1,
      customer_id: customerOf(entry.customer),
      quantity: entry.quantity,
      status: entry.state,
      books: Number(entry.books),
      hold_id: plusOne(entry.hold),
      order_id: plusOne(entry.order),
      created_at_ms: entry.createdAtMs,
      position: entry.position,
    })),
    seats: state.sales
      .flatMap((sale, row) =>
        sale.seats.map((seat) => ({
          id: seat.seat + 1,
          sale_id: row + 1,
          section: seat.section,
          row: seat.row,
          number: seat.number,
          place: seat.place,
          rank: seat.rank,
          accessible: Number(seat.accessible),
          status: seat.state,
          hold_id: seat.state === 'held' ? plusOne(seat.holder) : null,
          order_line_id: seat.state === 'sold' ? plusOne(seat.holder) : null,
          door_number: seat.doorNumber || null,
          created_at_ms: seat.createdAtMs,
          changed_position: seat.changedAt,
        })),
      )
      .toSorted((one, other) => one.id - other.id),
    hold_seats: state.holds.flatMap(({ seats }, hold) =>
      seats.map((seat, at) => ({ id: 512 * hold + at + 1, hold_id: hold + 1, seat_id: seat + 1 })),
    ),
    order_line_seats: state.orders
      .flatMap(({ lines }) => lines)
      .flatMap(({ seats }, each) =>
        seats.map((seat, at) => ({ id: 512 * each + at + 1, order_line_id: each + 1, seat_id: seat + 1 })),
      ),
  };
}

/** What an order comes to, counted by hand. */
function standingOf(state: StateDump, { lines }: StateDump['orders'][number]): Row {
  const sums = (of: typeof lines): [number, number] => [
    of.reduce((sum, line) => sum + line.quantity, 0),
    of.reduce((sum, line) => sum + line.quantity * (line.amount ?? 0), 0),
  ];
  const standing = lines.filter(({ cancelledAt }) => cancelledAt === 0);
  const [quantity, total] = sums(lines);
  const [activeQuantity, activeTotal] = sums(standing);
  const cancelledAt = Math.max(...lines.map((line) => line.cancelledAt));
  const some = standing.length > 0 ? 'partially_cancelled' : 'cancelled';
  return {
    status: standing.length === lines.length ? 'confirmed' : some,
    quantity,
    total_amount: total,
    active_quantity: activeQuantity,
    active_amount: activeTotal,
    cancelled_at_ms: state.cancellations.find(([position]) => position === cancelledAt)?.[1] ?? null,
  };
}

/** What the histories have had between them: each of these has to be in some. */
const seen = {
  'a seated sale': 0,
  'a removed sale': 0,
  'a removed customer': 0,
  'a seat that is held': 0,
  'a seat that is sold': 0,
  'a seat that is blocked': 0,
  'a seat that was removed': 0,
  'a renamed seat with the number of the old one': 0,
  'a hold with seats': 0,
  'a line with several seats': 0,
  'an order in part cancelled': 0,
  'a cancelled order': 0,
  'a partial order': 0,
  'an entry that was sold what came back': 0,
};

function note(rows: Readonly<Record<string, readonly Row[]>>): void {
  const { sales = [], customers = [], orders = [], waitlist = [], seats = [] } = rows;
  const { hold_seats: ofHolds = [], order_line_seats: ofLines = [] } = rows;
  const having = (all: readonly Row[], column: string, value: string | number): number =>
    all.filter((row) => row[column] === value).length;
  seen['a seated sale'] += having(sales, 'kind', 'seated');
  seen['a removed sale'] += having(sales, 'removed', 1);
  seen['a removed customer'] += having(customers, 'status', 'removed');
  seen['a seat that is held'] += having(seats, 'status', 'held');
  seen['a seat that is sold'] += having(seats, 'status', 'sold');
  seen['a seat that is blocked'] += having(seats, 'status', 'blocked');
  seen['a seat that was removed'] += having(seats, 'status', 'removed');
  const numbers = seats.flatMap(({ sale_id: sale, door_number: number }) =>
    number === null ? [] : `${sale} ${number}`,
  );
  seen['a renamed seat with the number of the old one'] += numbers.length - new Set(numbers).size;
  seen['a hold with seats'] += ofHolds.length;
  seen['a line with several seats'] += ofLines.filter(({ id }) => Number(id) % 512 === 2).length;
  seen['an order in part cancelled'] += having(orders, 'status', 'partially_cancelled');
  seen['a cancelled order'] += having(orders, 'status', 'cancelled');
  seen['a partial order'] += orders.filter(({ waitlist_id: entry }) => entry !== null).length;
  seen['an entry that was sold what came back'] += waitlist.filter(({ order_id: order }) => order !== null).length;
}

/** The columns of `rows` that `like` has. */
function same(rows: readonly Row[] = [], like: readonly Row[]): Row[] {
  return rows.map((row, at) =>
    Object.fromEntries(Object.keys(like[at] ?? row).map((name) => [name, row[name] ?? null])),
  );
}

/**
 * A replica that is followed into a file of its own, and all that is needed to know what must be
 * there.
 */
class Run {
  readonly engine = new Engine();
  readonly keys = new Map<number, string>();
  private readonly history: History;
  private readonly random: Random;
  private collector = new RowCollector(this.engine);
  private readonly batches = [new FillableBatch(), new FillableBatch()] as const;
  private readonly database: ReturnType<typeof openSqliteDatabase>;
  private readonly command = new Command();
  private readonly decoded = new Command();
  private written: StoredPosition | null = null;

  constructor(seed: number, file: string) {
    this.random = new Random(seed);
    this.history = new History(this.random);
    this.database = openSqliteDatabase(file);
  }

  async run(): Promise<void> {
    await this.database.migrate();
    this.collector.begin(false);
    for (let step = 0; step < stepsPerRun; step += 1) {
      this.apply();
      if (this.random.chance(12)) await this.write();
      // A follower that starts again: all that it knew is gone, but what the database has.
      if (this.random.chance(3)) await this.restart();
    }
    await this.write();
    await this.compare();
    await this.database.close();
  }

  private apply(): void {
    const { history, command, decoded, engine } = this;
    history.next(command, engine.isEmpty ? null : dump(engine));
    history.record(command, decoded);
    const outcome = engine.apply(decoded, engine.position + 1, history.nowMs);
    // Of a partial order that found nothing, the outcome is that of a join.
    const makes = outcome.kind === kinds.order || outcome.kind === kinds.confirm;
    if (makes && outcome.ok && !outcome.replayed && decoded.keyLength > 0) {
      this.keys.set(outcome.thing, keyText(decoded));
    }
    this.collector.applied(decoded, outcome);
    if (this.random.chance(50)) this.collector.collect();
  }

  private async write(): Promise<void> {
    this.collector.collect();
    const batch = this.random.pick(this.batches);
    this.collector.batch(batch);
    const to = positionOf(this.engine);
    if (this.written?.position === to.position) return;
    await this.database.write(batch.filled(), this.written, to);
    this.written = to;
    if (this.random.chance(20)) await this.compare();
  }

  private async restart(): Promise<void> {
    await this.write();
    this.collector = new RowCollector(this.engine);
    this.collector.begin(true);
  }

  private async compare(): Promise<void> {
    const state = dump(this.engine);
    const found = await allRows(this.database);
    const expected = expectedRows(state, this.keys);
    note(expected);
    for (const [name, rows] of Object.entries(expected)) {
      assert.deepEqual(same(found[name as keyof typeof found], rows), rows, `${name} at position ${state.position}`);
    }
    assert.deepEqual(
      Object.keys(found),
      Object.entries(expected).flatMap(([name, rows]) => (rows.length > 0 ? name : [])),
    );
    // What `reconcile` compares with, and `--repair` writes.
    for (const batch of everything(this.engine.state, (order) => this.keys.get(order) ?? null)) {
      for (const [name, rows] of Object.entries(rowsIn(batch))) {
        assert.deepEqual(found[name as keyof typeof found], rows, `${name} at position ${state.position}`);
      }
    }
  }
}

describe('a history followed into SQL', () => {
  for (const seed of seedsFor(25)) {
    test(`a history followed into SQL is in the tables as it is in the engine, seed ${seed}`, async () => {
      await new Run(seed, path.join(folder, `${seed}.sqlite`)).run();
    });
  }

  test(
    'a history followed into SQL has had rows of every kind',
    { skip: process.env['HOLDFAST_SEED'] !== undefined },
    () => {
      const missing = Object.entries(seen).flatMap(([what, count]) => (count === 0 ? what : []));
      assert.deepEqual(missing, []);
    },
  );
});
