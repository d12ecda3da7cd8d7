/**
 * Compares the tables with the log: replays the log into an engine of its own up to the tables'
 * position, and compares every row. The rows are read at one instant, so the sale and its follower
 * go on meanwhile.
 */
import type { LogReader } from '../../log/log.ts';
import { Arena } from '../../engine/base/arena.ts';
import { NumberColumn } from '../../engine/base/columns.ts';
import type { Command } from '../../engine/command.ts';
import { Engine } from '../../engine/engine.ts';
import type { Outcome } from '../../engine/outcome.ts';
import { LogTrimmedError } from '../../log/log.ts';
import { Replay } from '../../replica/replay.ts';
import { loadNewestSnapshot } from '../../store/snapshot-files.ts';
import { sqlText } from './cells.ts';
import { everything } from './everything.ts';
import { positionOf, RepairNeededError, requireOfThisLog } from './place-in-log.ts';
import { makesOrder } from './rows.ts';
import type { TableName } from './table.ts';
import { tableNames } from './table.ts';
import { tables } from './schema.ts';
import type { Cell } from './cells.ts';
import type { RowBatch, SqlReading, SqlDatabase, StoredPosition, TableRows } from './database.ts';

/** One row that differs from the log. */
export interface Difference {
  readonly table: TableName;
  readonly id: number;
  /** `missing`: only the log has it. `extra`: only the database has it. */
  readonly kind: 'missing' | 'extra' | 'differs';
  /** Columns that differ, with what the log says and what the database has. */
  readonly columns: readonly { readonly name: string; readonly log: Cell; readonly database: Cell }[];
}

export interface Reconciled {
  /** Where the rows were compared; null when the database has no position yet, and so no rows. */
  readonly position: StoredPosition | null;
  /** Why the position cannot be compared: it is of another log, or ahead of this one. */
  readonly refusal: string | null;
  readonly rows: number;
  readonly differences: number;
}

export interface LogReplica {
  readonly folder: string;
  readonly log: LogReader;
  readonly onNotice: (message: string) => void;
}

/** @throws DivergedError, LogDamagedError, DatabaseUnavailableError, SchemaError */
export async function reconcile(
  replica: LogReplica,
  database: SqlDatabase,
  onDifference: (difference: Difference) => void,
): Promise<Reconciled> {
  return await database.reading(0, async (reading) => {
    const { position } = reading;
    if (position === null) return { position, refusal: null, rows: 0, differences: 0 };
    const replayed = await replayTo(replica, position.position);
    try {
      requireOfThisLog(position, replayed.engine, database.place);
    } catch (error) {
      if (!(error instanceof RepairNeededError)) throw error;
      return { position, refusal: error.message, rows: 0, differences: 0 };
    }
    return { position, refusal: null, ...(await compare(reading, replayed, onDifference)) };
  });
}

/** Rebuilds the tables at the log's end, in one transaction. */
export async function repair(replica: LogReplica, database: SqlDatabase): Promise<StoredPosition> {
  const { engine, keyOf } = await replayTo(replica, Infinity);
  const position = positionOf(engine);
  await database.rebuild(async (write) => {
    for (const batch of everything(engine.state, keyOf)) await write(batch);
    return position;
  });
  return position;
}

interface Replayed {
  readonly engine: Engine;
  readonly keyOf: (order: number) => string | null;
  /** The first order whose key the log still has. */
  readonly firstKeyed: number;
}

/**
 * An engine at a position, or at the log's end if that comes first, with the keys of its orders.
 */
async function replayTo(replica: LogReplica, position: number): Promise<Replayed> {
  const { folder, log, onNotice } = replica;
  const from = async (engine: Engine): Promise<Replayed> => {
    const keys = new OrderKeys(engine);
    const replay = new Replay(engine);
    await log.read(
      engine.position + 1,
      (batch) => replay.apply(batch, (command, outcome) => keys.applied(command, outcome), position),
      () => engine.position >= position,
    );
    return { engine, keyOf: (order) => keys.of(order), firstKeyed: keys.first };
  };
  try {
    return await from(new Engine());
  } catch (error) {
    if (!(error instanceof LogTrimmedError)) throw error;
    // The keys of older orders were trimmed with the log's beginning.
    return await from(loadNewestSnapshot(folder, onNotice, position));
  }
}

/**
 * Keys of orders as sent, by the order's row: the log has them, the engine does not keep them.
 * Stored as bytes, since there may be millions.
 */
class OrderKeys {
  readonly first: number;
  private readonly arena = new Arena();
  /** Arena references; 0 for none. */
  private readonly references = new NumberColumn();
  private count = 0;

  constructor(engine: Engine) {
    this.first = engine.isEmpty ? 0 : engine.state.orders.count;
  }

  applied(command: Command, outcome: Outcome): void {
    if (!makesOrder(outcome)) return;
    const at = outcome.thing - this.first;
    for (; this.count <= at; this.count += 1) this.references.set(this.count, 0);
    if (command.keyLength === 0) return;
    this.references.set(at, this.arena.add(command.text, command.keyStart, command.keyLength));
  }

  of(order: number): string | null {
    const at = order - this.first;
    const reference = at >= 0 && at < this.count ? this.references.get(at) : 0;
    return reference === 0 ? null : sqlText(this.arena.text(reference));
  }
}

async function compare(
  reading: SqlReading,
  replayed: Replayed,
  onDifference: (difference: Difference) => void,
): Promise<{ rows: number; differences: number }> {
  const { state } = replayed.engine;
  let rows = 0;
  let differences = 0;
  const tell = (difference: Difference): void => {
    differences += 1;
    onDifference(difference);
  };
  const expected = everything(state, replayed.keyOf);
  let next = expected.next();
  for (const name of tableNames) {
    const comparison = new TableComparison(name, replayed.firstKeyed, tell, () => {
      next = expected.next();
      return ofTable(next, name);
    });
    comparison.begin(ofTable(next, name));
    await reading.readAll(name, (columns, count) => comparison.take(columns, count));
    comparison.end();
    rows += comparison.rows;
  }
  return { rows, differences };
}

/** The stretch of rows that comes next, where it is of a table. */
function ofTable(next: IteratorResult<RowBatch>, name: TableName): TableRows | null {
  const rows = next.done === true ? undefined : next.value[0];
  return rows?.table.name === name ? rows : null;
}

/** Walks the database's rows of a table and the expected rows side by side, by id. */
class TableComparison {
  private readonly name: TableName;
  private readonly firstKeyed: number;
  private readonly tell: (difference: Difference) => void;
  private readonly more: () => TableRows | null;
  private expected: TableRows | null = null;
  private at = 0;
  /** How many rows the log gives. */
  rows = 0;

  constructor(
    name: TableName,
    firstKeyed: number,
    tell: (difference: Difference) => void,
    more: () => TableRows | null,
  ) {
    this.name = name;
    this.firstKeyed = firstKeyed;
    this.tell = tell;
    this.more = more;
  }

  begin(first: TableRows | null): void {
    this.expected = first;
    this.skipEmpty();
  }

  take(columns: readonly (readonly Cell[])[], count: number): void {
    for (let row = 0; row < count; row += 1) {
      const id = Number(columns[0]![row]);
      while (this.expected !== null && this.expectedId() < id) this.missing();
      if (this.expected === null || this.expectedId() > id) {
        this.tell({ table: this.name, id, kind: 'extra', columns: [] });
      } else {
        this.both(id, columns, row);
        this.advance();
      }
    }
  }

  /** The database has no more rows. */
  end(): void {
    while (this.expected !== null) this.missing();
  }

  private both(id: number, columns: readonly (readonly Cell[])[], row: number): void {
    const { expected } = this;
    let differing: { name: string; log: Cell; database: Cell }[] | null = null;
    tables[this.name].columns.forEach(({ name }, column) => {
      const log = expected!.columns[column]![this.at]!;
      const database = columns[column]![row]!;
      if (log === database || this.isUnknownKey(name, id)) return;
      (differing ??= []).push({ name, log, database });
    });
    if (differing !== null) this.tell({ table: this.name, id, kind: 'differs', columns: differing });
  }

  /** The key of an order whose record was trimmed from the log. */
  private isUnknownKey(column: string, id: number): boolean {
    return this.name === 'orders' && column === 'key' && id <= this.firstKeyed;
  }

  private missing(): void {
    this.tell({ table: this.name, id: this.expectedId(), kind: 'missing', columns: [] });
    this.advance();
  }

  private expectedId(): number {
    return Number(this.expected!.columns[0]![this.at]);
  }

  private advance(): void {
    this.at += 1;
    this.rows += 1;
    this.skipEmpty();
  }

  private skipEmpty(): void {
    while (this.expected !== null && this.at >= this.expected.count) {
      this.expected = this.more();
      this.at = 0;
    }
  }
}
