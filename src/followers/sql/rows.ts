/**
 * What has to be written: the engine's changes since the last batch, coalesced, as rows.
 *
 * Duties of the caller:
 * 1. `begin` where the database stands, with the engine at that very position.
 * 2. For each record that is applied then: `applied`, right after the engine; and `collect` at least once before `batch`.
 * 3. `batch` fills columns from the engine as it stands; the engine may go on afterwards.
 */
import { changeKinds } from '../../engine/changes.ts';
import type { Command, SeedDefinition } from '../../engine/command.ts';
import { kinds } from '../../engine/command.ts';
import type { Engine } from '../../engine/engine.ts';
import type { Outcome } from '../../engine/outcome.ts';
import { keyText } from '../../log/codec.ts';
import { ChangedRows } from './changed-rows.ts';
import type { FillableBatch } from './row-batch.ts';
import {
  fillCustomers,
  fillHolds,
  fillOrderLines,
  fillOrders,
  fillSales,
  fillWaitlist,
  sqlText,
} from './row-writers.ts';

const encoder = new TextEncoder();

export class RowCollector {
  private readonly engine: Engine;
  private readonly sales = new ChangedRows();
  private readonly customers = new ChangedRows();
  private readonly holds = new ChangedRows();
  private readonly orders = new ChangedRows();
  private readonly waitlist = new ChangedRows();
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
  }

  /** A record was applied. Takes from it what the engine does not keep, or does not tell of. */
  applied(command: Command, outcome: Outcome): void {
    const { kind } = command;
    if (kind === kinds.tick || !outcome.ok || outcome.replayed) return;
    switch (kind) {
      case kinds.order:
      case kinds.confirm:
        if (command.keyLength > 0) this.keep(outcome.thing, sqlText(keyText(command)));
        return;
      case kinds.createCustomer:
        this.customers.add(outcome.thing);
        return;
      case kinds.genesis:
        // The log's first record made the state: what follows is collected.
        this.engine.state.changes.collecting = true;
        return;
      case kinds.seed:
        if (outcome.row.code === 'OK') this.seeded(command.body as SeedDefinition);
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
      }
    }
    changes.clear();
  }

  /** Fills the rows to be written. They count as written from here on. */
  batch(into: FillableBatch): void {
    if (this.engine.isEmpty) return;
    const { state } = this.engine;
    const { rows } = into;
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
    this.keys.length = 0;
  }

  /** `keys` has no gaps: an array with gaps would be a slow one. */
  private keep(order: number, key: string): void {
    const at = order - this.orders.firstNew;
    while (this.keys.length < at) this.keys.push(null);
    this.keys[at] = key;
  }

  /** A seed registers customers who may have been known before. */
  private seeded(body: SeedDefinition): void {
    for (const { id } of body.customers) {
      const bytes = encoder.encode(id ?? '');
      const row = this.engine.state.findCustomer(bytes, 0, bytes.length);
      if (row >= 0) this.customers.add(row);
    }
  }
}
