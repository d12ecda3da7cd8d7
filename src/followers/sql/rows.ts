/**
 * What must be written: the engine's changes since the last batch, coalesced, as rows.
 *
 * Duties of the caller:
 * 1. Call `begin` at the database's position, with the engine at the same position.
 * 2. For each record from then on, call `applied` right after the engine; and `collect` at least
 *    once before `batch`.
 * 3. `batch` fills columns from the engine as it stands; the engine may go on afterwards.
 */
import type { Command } from '../../engine/command.ts';
import { kinds } from '../../engine/command.ts';
import type { Engine } from '../../engine/engine.ts';
import type { Outcome } from '../../engine/outcome.ts';
import { keyText } from '../../engine/record.ts';
import { sqlText } from './cells.ts';
import { ChangedRows } from './changed-rows.ts';
import type { FillableBatch } from './row-batch.ts';
import { tables } from './schema.ts';
import type { Things } from './table.ts';
import { tableNames } from './table.ts';

export class RowCollector {
  private readonly engine: Engine;
  /** By the things that they are of: tables of the same things change together. */
  private readonly changed = new Map<Things, ChangedRows>();
  /** By kind of change; without gaps, which would make the array slow. */
  private readonly byKind: (ChangedRows | null)[] = [];
  private readonly orders: ChangedRows;
  /** Keys of the orders that are new since the last batch, in order. */
  private readonly keys: (string | null)[] = [];

  constructor(engine: Engine) {
    this.engine = engine;
    for (const name of tableNames) this.changedOf(tables[name].of);
    this.orders = this.changedOf(tables.orders.of);
  }

  /**
   * Changes are collected from here on. `written`: the database has all present rows; else it has
   * none.
   */
  begin(written: boolean): void {
    if (this.engine.isEmpty) return;
    const { state } = this.engine;
    state.changes.clear();
    state.changes.collecting = true;
    // What the journal has is of records up to here.
    state.journal.clear();
    state.journal.collecting = true;
    for (const [things, changed] of this.changed) {
      if (written || things.firstKept !== undefined) changed.begin(things.count(state));
    }
  }

  /**
   * How many things are new or changed since the last batch, as far as collected. Things that come
   * with others are not counted, but for the journal's.
   */
  get pending(): number {
    if (this.engine.isEmpty) return 0;
    const { state } = this.engine;
    let count = 0;
    for (const [things, changed] of this.changed) {
      if (things.changes.length > 0 || things.firstKept !== undefined) count += changed.pending(things.count(state));
    }
    return count;
  }

  /** After a record was applied: takes from it what the engine does not keep. */
  applied(command: Command, outcome: Outcome): void {
    if (command.kind === kinds.genesis) {
      // The log's first record made the state: what follows is collected.
      const { changes, journal } = this.engine.state;
      changes.collecting = true;
      journal.collecting = true;
    } else if (command.keyLength > 0 && makesOrder(outcome)) {
      this.keep(outcome.thing, sqlText(keyText(command)));
    }
  }

  /** Takes the changes that the engine has noted so far. */
  collect(): void {
    if (this.engine.isEmpty) return;
    const { changes } = this.engine.state;
    for (let at = 0; at < changes.count; at += 1) this.byKind[changes.kind(at)]?.add(changes.row(at));
    changes.clear();
  }

  /** Fills the rows to be written. They count as written from here on. */
  batch(into: FillableBatch): void {
    if (this.engine.isEmpty) return;
    const { state } = this.engine;
    const firstOrder = this.orders.firstNew;
    // The key of an older order is in the database already, and stays.
    const keyOf = (order: number): string | null =>
      order < firstOrder ? null : (this.keys[order - firstOrder] ?? null);
    for (const [things, changed] of this.changed) {
      const count = things.count(state);
      const newCount = count - changed.firstNew;
      const rows = changed.take(count);
      const newRows = rows.subarray(rows.length - newCount);
      for (const name of tableNames) {
        const table = tables[name];
        if (table.of !== things) continue;
        into.rows[name].fill(state, table.columns.some(({ changes }) => changes) ? rows : newRows, keyOf);
      }
    }
    state.journal.clear();
    this.keys.length = 0;
  }

  private changedOf(things: Things): ChangedRows {
    const known = this.changed.get(things);
    if (known !== undefined) return known;
    const changed = new ChangedRows();
    this.changed.set(things, changed);
    for (const kind of things.changes) {
      while (this.byKind.length <= kind) this.byKind.push(null);
      if (this.byKind[kind] !== null) throw new Error(`two tables take change ${kind} for one of their own things`);
      this.byKind[kind] = changed;
    }
    return changed;
  }

  /** `keys` has no gaps: an array with gaps would be slow. */
  private keep(order: number, key: string): void {
    const at = order - this.orders.firstNew;
    while (this.keys.length < at) this.keys.push(null);
    this.keys[at] = key;
  }
}

/**
 * Whether a command made an order. A partial one that found nothing joined the waitlist instead.
 */
export function makesOrder({ ok, replayed, kind }: Outcome): boolean {
  return ok && !replayed && (kind === kinds.order || kind === kinds.confirm);
}
