/**
 * What has to be written: the engine's changes since the last batch, coalesced, as rows.
 *
 * Duties of the caller:
 * 1. `begin` where the database stands, with the engine at that very position.
 * 2. For each record that is applied then: `applied`, right after the engine; and `collect` at least once before `batch`.
 * 3. `batch` fills columns from the engine as it stands; the engine may go on afterwards.
 */
import { changeKinds } from '../../engine/changes.ts';
import type { Command } from '../../engine/command.ts';
import { kinds } from '../../engine/command.ts';
import type { Engine } from '../../engine/engine.ts';
import type { Outcome } from '../../engine/outcome.ts';
import { keyText } from '../../engine/record.ts';
import { sqlText } from './cells.ts';
import { ChangedRows } from './changed-rows.ts';
import type { FillableBatch } from './row-batch.ts';
import { fillCustomers, fillHolds, fillOrderLines, fillOrders, fillSales, fillWaitlist } from './row-writers.ts';
import { fillHoldSeats, fillOrderLineSeats, fillSeats } from './seat-writers.ts';

export class RowCollector {
  private readonly engine: Engine;
  private readonly sales = new ChangedRows();
  private readonly customers = new ChangedRows();
  private readonly holds = new ChangedRows();
  private readonly orders = new ChangedRows();
  private readonly waitlist = new ChangedRows();
  private readonly seats = new ChangedRows();
  /** Order lines below this one are in the database: lines come with their orders, and are written with them again. */
  private linesWritten = 0;
  /** Keys of the orders that are new since the last batch, in their order. */
  private readonly keys: (string | null)[] = [];

  constructor(engine: Engine) {
    this.engine = engine;
  }

  /** From here on changes are collected. `written`: the database has all rows that the engine has now; else it has none. */
  begin(written: boolean): void {
    if (this.engine.isEmpty) return;
    const { state } = this.engine;
    state.changes.clear();
    state.changes.collecting = true;
    if (!written) return;
    this.sales.begin(state.sales.count);
    this.customers.begin(state.customers.count);
    this.holds.begin(state.holds.count);
    this.orders.begin(state.orders.count);
    this.waitlist.begin(state.waitlist.count);
    this.seats.begin(state.seats.count);
    this.linesWritten = state.lines.count;
  }

  /** How many things have changed, or are new, since the last batch; as far as they were collected. */
  get pending(): number {
    if (this.engine.isEmpty) return 0;
    const { sales, customers, holds, orders, waitlist, seats } = this.engine.state;
    return (
      this.sales.pending(sales.count) +
      this.customers.pending(customers.count) +
      this.holds.pending(holds.count) +
      this.orders.pending(orders.count) +
      this.waitlist.pending(waitlist.count) +
      this.seats.pending(seats.count)
    );
  }

  /** A record was applied. Takes from it what the engine does not keep. */
  applied(command: Command, outcome: Outcome): void {
    if (command.kind === kinds.genesis) {
      // The log's first record made the state: what follows is collected.
      this.engine.state.changes.collecting = true;
    } else if (command.keyLength > 0 && makesOrder(outcome)) {
      this.keep(outcome.thing, sqlText(keyText(command)));
    }
  }

  /** Takes the changes that the engine has noted so far. */
  collect(): void {
    if (this.engine.isEmpty) return;
    const { changes } = this.engine.state;
    for (let at = 0; at < changes.count; at += 1) {
      const row = changes.row(at);
      switch (changes.kind(at)) {
        case changeKinds.sale:
          this.sales.add(row);
          break;
        case changeKinds.order:
        case changeKinds.cancelled:
          this.orders.add(row);
          break;
        case changeKinds.hold:
          this.holds.add(row);
          break;
        case changeKinds.waitlist:
          this.waitlist.add(row);
          break;
        case changeKinds.customer:
          this.customers.add(row);
          break;
        case changeKinds.seat:
          this.seats.add(row);
      }
    }
    changes.clear();
  }

  /** Fills the rows to be written. They count as written from here on. */
  batch(into: FillableBatch): void {
    if (this.engine.isEmpty) return;
    const { state } = this.engine;
    const { rows } = into;
    const firstHold = this.holds.firstNew;
    const firstOrder = this.orders.firstNew;
    const orders = this.orders.take(state.orders.count);
    fillSales(state, this.sales.take(state.sales.count), rows.sales);
    fillCustomers(state, this.customers.take(state.customers.count), rows.customers);
    fillHolds(state, this.holds.take(state.holds.count), rows.holds);
    // The key of an older order is in the database already, and stays.
    fillOrders(state, orders, rows.orders, (order) =>
      order < firstOrder ? null : (this.keys[order - firstOrder] ?? null),
    );
    fillOrderLines(state, orders, rows.order_lines);
    fillWaitlist(state, this.waitlist.take(state.waitlist.count), rows.waitlist);
    fillSeats(state, this.seats.take(state.seats.count), rows.seats);
    // What somebody was given does not change: only new holds and lines have seats to be written.
    fillHoldSeats(state, firstHold, state.holds.count, rows.hold_seats);
    fillOrderLineSeats(state, this.linesWritten, state.lines.count, rows.order_line_seats);
    this.linesWritten = state.lines.count;
    this.keys.length = 0;
  }

  /** `keys` has no gaps: an array with gaps would be a slow one. */
  private keep(order: number, key: string): void {
    const at = order - this.orders.firstNew;
    while (this.keys.length < at) this.keys.push(null);
    this.keys[at] = key;
  }
}

/** Whether a command made an order; a partial one that found nothing has joined the waitlist instead. */
export function makesOrder({ ok, replayed, kind }: Outcome): boolean {
  return ok && !replayed && (kind === kinds.order || kind === kinds.confirm);
}
