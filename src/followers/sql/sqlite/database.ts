/**
 * The SQL views in a SQLite file, through the runtime's own module. In WAL mode readers and the
 * follower never block each other.
 *
 * `synchronous = normal`: a commit is a plain write, which survives the end of the process; only
 * checkpoints sync. A power cut may take the last transactions, whole ones from the end. The
 * position goes back with the rows, and the follower writes them again. Checkpoints are made here,
 * so the durable position is known (`durablePosition`).
 */
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { migrationsOf, missingMigrations } from '../migrations.ts';
import { samePosition } from '../place-in-log.ts';
import type { TableName } from '../table.ts';
import { tableNames } from '../table.ts';
import { tables } from '../schema.ts';
import { describeSqlite } from './description.ts';
import { openSqlite, translated } from './open.ts';
import { noteTapsFromDay, tapsFromDayOf } from './retention.ts';
import { SqliteRows } from './rows.ts';
import type { Cell } from '../cells.ts';
import type {
  DescribedColumn,
  IdRange,
  OnRows,
  RetainedTaps,
  RowBatch,
  SqlReading,
  SqlDatabase,
  StoredPosition,
} from '../database.ts';
import { ConstraintError, FollowedElsewhereError } from '../database.ts';

/** A checkpoint is made after this many rows… */
const checkpointRows = 200_000;
/** …or this long after the last one, ms. */
const checkpointMs = 2000;
/** Rows that a reader takes at a time. */
const readRows = 10_000;
/** Old taps are dropped in transactions of this many rows, with a rest in between, ms. */
const dropRows = 10_000;
const dropRestMs = 5;
/** Of every row, for reading. */
const everyId: IdRange = { after: 0, upTo: Number.MAX_SAFE_INTEGER };

export function openSqliteDatabase(file: string): SqlDatabase {
  return translated(file, () => new SqliteDatabase(file));
}

class SqliteDatabase implements SqlDatabase {
  readonly dialect = 'sqlite';
  readonly place: string;
  private readonly database: DatabaseSync;
  private rows: SqliteRows | null = null;
  private positions: PositionStatements | null = null;
  private written: StoredPosition | null = null;
  private durable: StoredPosition | null = null;
  private rowsSinceCheckpoint = 0;
  private checkpointedMs = performance.now();

  constructor(file: string) {
    this.place = file;
    this.database = openSqlite(file);
  }

  async migrate(): Promise<readonly string[]> {
    return this.guard(() => {
      const applied: string[] = [];
      for (let name = this.migrateOnce(); name !== null; name = this.migrateOnce()) applied.push(name);
      return applied;
    });
  }

  async position(cell: number): Promise<StoredPosition | null> {
    return this.guard(() => {
      this.positions ??= new PositionStatements(this.database);
      const stored = this.positions.read(cell);
      this.written = stored;
      if (!samePosition(this.durable, stored)) this.checkpoint();
      return stored;
    });
  }

  async write(batch: RowBatch, from: StoredPosition | null, to: StoredPosition): Promise<void> {
    this.guard(() => {
      this.rows ??= new SqliteRows(this.database);
      this.positions ??= new PositionStatements(this.database);
      const { rows, positions } = this;
      this.inTransaction(() => {
        // The position comes first: a follower that finds it moved has written no row.
        if (!positions.move(from, to)) throw followedElsewhere(this.place, from, positions.read(to.cell));
        rows.write(batch);
      });
      this.written = to;
      for (const { count } of batch) this.rowsSinceCheckpoint += count;
      this.checkpointWhenDue();
    });
  }

  durablePosition(): StoredPosition | null {
    return this.durable;
  }

  async settle(when: 'due' | 'now'): Promise<void> {
    this.guard(() => {
      if (samePosition(this.durable, this.written)) return;
      if (when === 'now') this.checkpoint();
      else this.checkpointWhenDue();
    });
  }

  async rebuild(fill: (write: (batch: RowBatch) => Promise<void>) => Promise<StoredPosition>): Promise<void> {
    const { database } = this;
    // Without checks row by row, which would look for children; all are checked at the end.
    this.guard(() => database.exec('pragma foreign_keys = off; begin immediate'));
    try {
      this.guard(() => {
        for (const name of [...tableNames].reverse()) database.exec(`delete from ${name}`);
        database.exec('delete from cells');
      });
      const rows = new SqliteRows(database);
      const to = await fill(async (batch) => this.guard(() => rows.write(batch)));
      this.guard(() => {
        if (database.prepare('pragma foreign_key_check').get() !== undefined)
          throw new ConstraintError(`${this.place} would have a row that refers to one that is not there`);
        if (!new PositionStatements(database).move(null, to)) throw new Error('the position could not be set');
        database.exec('commit');
        this.written = to;
        this.durable = null;
        this.checkpoint();
      });
    } catch (error) {
      if (database.isTransaction) database.exec('rollback');
      throw error;
    } finally {
      database.exec('pragma foreign_keys = on');
    }
  }

  async retainTaps(cell: number, days: number): Promise<RetainedTaps> {
    const fromDay = this.guard(() => this.inTransaction(() => noteTapsFromDay(this.database, cell, days)));
    if (fromDay === null) return { fromDay };
    const dropped = this.database.prepare(
      `delete from taps where id in (select id from taps where day < ? limit ${dropRows})`,
    );
    for (let more = true; more;) {
      more = this.guard(() => this.inTransaction(() => Number(dropped.run(fromDay).changes) === dropRows));
      // Others write in between.
      await sleep(dropRestMs);
    }
    this.guard(() => this.checkpoint());
    return { fromDay };
  }

  async reading<Result>(cell: number, use: (reading: SqlReading) => Promise<Result>): Promise<Result> {
    const { database } = this;
    this.guard(() => database.exec('begin'));
    try {
      const position = this.guard(() => new PositionStatements(database).read(cell));
      const tapsFromDay = this.guard(() => tapsFromDayOf(database, cell));
      return await use({
        position,
        tapsFromDay,
        readAll: async (table, onRows, range) => this.guard(() => this.readAll(table, onRows, range)),
      });
    } finally {
      if (database.isTransaction) database.exec('rollback');
    }
  }

  async describe(): Promise<Readonly<Record<string, readonly DescribedColumn[]>>> {
    return this.guard(() => describeSqlite(this.database));
  }

  async close(): Promise<void> {
    this.database.close();
  }

  /**
   * Runs the next missing migration. It looks for it inside the transaction, since another process
   * may migrate too.
   */
  private migrateOnce(): string | null {
    const { database } = this;
    return this.inTransaction(() => {
      database.exec(`create table if not exists schema_migrations (
        number integer primary key, name text not null unique, applied_at text not null default current_timestamp) strict`);
      const applied = database.prepare('select name from schema_migrations order by number').all();
      const names = applied.map((row) => String(row['name']));
      const [next] = missingMigrations(migrationsOf('sqlite'), names, this.place);
      if (next === undefined) return null;
      database.exec(next.sql);
      database.prepare('insert into schema_migrations (number, name) values (?, ?)').run(next.number, next.name);
      return next.name;
    });
  }

  private readAll(name: TableName, onRows: OnRows, range: IdRange = everyId): void {
    const { columns } = tables[name];
    const statement = this.database.prepare(
      `select ${columns.map((column) => column.name).join(', ')} from ${name} where id > ? and id <= ? order by id limit ${readRows}`,
    );
    const taken: Cell[][] = columns.map(() => []);
    for (let last = range.after; ;) {
      const found = statement.all(last, range.upTo);
      columns.forEach(({ name: column }, at) => {
        taken[at] = found.map((row) => row[column] as Cell);
      });
      if (found.length > 0) onRows(taken, found.length);
      if (found.length < readRows) return;
      last = Number(taken[0]?.at(-1));
    }
  }

  private inTransaction<Result>(work: () => Result): Result {
    const { database } = this;
    database.exec('begin immediate');
    try {
      const result = work();
      database.exec('commit');
      return result;
    } catch (error) {
      if (database.isTransaction) database.exec('rollback');
      throw error;
    }
  }

  private checkpointWhenDue(): void {
    const elapsedMs = performance.now() - this.checkpointedMs;
    if (this.rowsSinceCheckpoint >= checkpointRows || elapsedMs >= checkpointMs) this.checkpoint();
  }

  /** Syncs the WAL, moves what readers no longer need from it into the database, and syncs that. */
  private checkpoint(): void {
    this.rowsSinceCheckpoint = 0;
    const result = this.database.prepare('pragma wal_checkpoint(passive)').get();
    this.checkpointedMs = performance.now();
    if (result !== undefined && result['log'] === result['checkpointed']) this.durable = this.written;
  }

  private guard<Result>(work: () => Result): Result {
    return translated(this.place, work);
  }
}

function followedElsewhere(
  place: string,
  from: StoredPosition | null,
  found: StoredPosition | null,
): FollowedElsewhereError {
  const expected = from === null ? 'no position' : `position ${from.position}`;
  const there = found === null ? 'none' : `position ${found.position}`;
  return new FollowedElsewhereError(
    `somebody else follows into ${place} too: it was left at ${expected}, and has ${there} now. Nothing was written. Stop the other follower`,
  );
}

/** The statements on `cells`. */
class PositionStatements {
  private readonly select: StatementSync;
  private readonly insert: StatementSync;
  private readonly update: StatementSync;

  constructor(database: DatabaseSync) {
    this.select = database.prepare('select log, position, epoch, outcome_hash, log_time_ms from cells where id = ?');
    this.insert = database.prepare(
      'insert into cells (id, log, position, epoch, outcome_hash, log_time_ms) values (?, ?, ?, ?, ?, ?) on conflict do nothing',
    );
    this.update = database.prepare(
      `update cells set position = ?, epoch = ?, outcome_hash = ?, log_time_ms = ?
       where id = ? and log = ? and position = ? and outcome_hash = ?`,
    );
  }

  read(cell: number): StoredPosition | null {
    const row = this.select.get(cell);
    if (row === undefined) return null;
    return {
      cell,
      log: String(row['log']),
      position: Number(row['position']),
      epoch: row['epoch'] === null ? null : String(row['epoch']),
      hash: String(row['outcome_hash']),
      timeMs: Number(row['log_time_ms']),
    };
  }

  /** Whether the position was the expected one, and is now `to`. */
  move(from: StoredPosition | null, to: StoredPosition): boolean {
    const { changes } =
      from === null
        ? this.insert.run(to.cell, to.log, to.position, to.epoch, to.hash, to.timeMs)
        : this.update.run(to.position, to.epoch, to.hash, to.timeMs, from.cell, from.log, from.position, from.hash);
    return Number(changes) === 1;
  }
}
