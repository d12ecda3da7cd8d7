/**
 * Compares the tables with the log: replays the log into an engine of its own up to the tables'
 * position, and compares every row. The rows are read at one instant, so the sale and its follower
 * go on meanwhile.
 */
import type { RowBatch, SqlReading, SqlDatabase, StoredPosition, TableRows } from './database.ts';
import { everything } from './everything.ts';
import { compareJournal } from './journal-comparison.ts';
import { JournalReplay } from './journal-rows.ts';
import type { LogReplica, Replayed } from './log-replica.ts';
import { replayTo } from './log-replica.ts';
import { positionOf, RepairNeededError, requireOfThisLog } from './place-in-log.ts';
import { tables } from './schema.ts';
import type { Difference } from './table-comparison.ts';
import { TableComparison } from './table-comparison.ts';
import type { TableName } from './table.ts';
import { isJournaled, tableNames } from './table.ts';

export interface Reconciled {
  /** Where the rows were compared; null when the database has no position yet, and so no rows. */
  readonly position: StoredPosition | null;
  /** Why the position cannot be compared: it is of another log, or ahead of this one. */
  readonly refusal: string | null;
  readonly rows: number;
  readonly differences: number;
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
    let differences = 0;
    const tell = (difference: Difference): void => {
      differences += 1;
      onDifference(difference);
    };
    const ofState = await compareState(reading, replayed, tell);
    const ofJournal = await compareJournal(replica, reading, position.position, tell);
    return { position, refusal: null, rows: ofState + ofJournal, differences };
  });
}

/**
 * Rebuilds the tables at the log's end, in one transaction. What the journal has told comes from a
 * second replay, since it refers to rows that the first one makes.
 */
export async function repair(replica: LogReplica, database: SqlDatabase): Promise<StoredPosition> {
  const { engine, keyOf } = await replayTo(replica, Infinity);
  const position = positionOf(engine);
  await database.rebuild(async (write) => {
    for (const batch of everything(engine.state, keyOf)) await write(batch);
    const journal = await JournalReplay.begin(replica, position.position);
    for (let taken = await journal.next(); taken !== null; taken = await journal.next()) {
      await write(taken.map(({ rows }) => rows).filter(({ count }) => count > 0));
    }
    return position;
  });
  return position;
}

/** Compares the rows that a state has; returns how many there are. */
async function compareState(
  reading: SqlReading,
  { engine, keyOf, firstKeyed }: Replayed,
  tell: (difference: Difference) => void,
): Promise<number> {
  let rows = 0;
  const expected = everything(engine.state, keyOf);
  let next = expected.next();
  for (const name of tableNames) {
    if (isJournaled(tables[name])) continue;
    const more = (): TableRows | null => {
      next = expected.next();
      return ofTable(next, name);
    };
    const comparison = new TableComparison(name, { firstKeyed, fromDay: null, tell, more });
    comparison.begin(ofTable(next, name));
    await reading.readAll(name, (columns, count) => comparison.take(columns, count));
    comparison.end();
    rows += comparison.rows;
  }
  return rows;
}

/** The stretch of rows that comes next, where it is of a table. */
function ofTable(next: IteratorResult<RowBatch>, name: TableName): TableRows | null {
  const rows = next.done === true ? undefined : next.value[0];
  return rows?.table.name === name ? rows : null;
}
