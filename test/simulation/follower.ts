/**
 * A follower in the simulated world: another process that reads the log up to the watermark, at any
 * moment, and keeps rows. No power cut may take back what it has seen, and in the end its rows are
 * those of the engine.
 */
import assert from 'node:assert/strict';
import { Engine } from '../../src/engine/engine.ts';
import { everything } from '../../src/followers/sql/everything.ts';
import { FillableBatch } from '../../src/followers/sql/row-batch.ts';
import { RowCollector } from '../../src/followers/sql/rows.ts';
import { tableNames } from '../../src/followers/sql/table.ts';
import type { Cell } from '../../src/followers/sql/cells.ts';
import type { RowBatch } from '../../src/followers/sql/database.ts';
import { FileLogReader } from '../../src/log/file/reader.ts';
import type { Disk } from '../../src/log/disk.ts';
import { Replay } from '../../src/replica/replay.ts';

export class SimulatedFollower {
  /** Rows by table and id, as a database would keep them. */
  private readonly tables = new Map(tableNames.map((name) => [name, new Map<Cell, Cell[]>()]));
  private readonly engine: Engine;
  private readonly replay: Replay;
  private readonly reader: FileLogReader;
  private readonly batch = new FillableBatch();
  private collector: RowCollector;

  constructor(folder: string, disk: Disk, engine = new Engine()) {
    this.engine = engine;
    this.replay = new Replay(engine);
    this.collector = new RowCollector(engine);
    this.reader = new FileLogReader({ folder, disk });
  }

  /**
   * Reads what there is. `again`: as one that was killed, which knows only what the database has.
   */
  async look(again: boolean): Promise<void> {
    const { engine, replay } = this;
    if (again) {
      this.collector = new RowCollector(engine);
      this.collector.begin(true);
    }
    const { collector } = this;
    const { end } = await this.reader.read(engine.position + 1, (batch) => {
      replay.apply(batch, (command, outcome) => collector.applied(command, outcome));
      collector.collect();
    });
    assert.ok(
      end > engine.position,
      `position ${engine.position} was acknowledged to a follower, and the log ends at ${end - 1}`,
    );
    collector.batch(this.batch);
    this.write(this.batch.filled());
  }

  /** Whether the rows are those of a state at the same position. */
  audit(engine: Engine): void {
    assert.equal(this.engine.position, engine.position, 'the follower has all of the log');
    const counts = new Map(tableNames.map((name) => [name, 0]));
    for (const batch of everything(engine.state, () => null)) {
      for (const { table, columns, count } of batch) {
        const rows = this.tables.get(table.name)!;
        counts.set(table.name, counts.get(table.name)! + count);
        // Keys are in the log alone.
        const compared = table.columns.flatMap(({ name }, column) => (name === 'key' ? [] : column));
        for (let at = 0; at < count; at += 1) {
          const row = rows.get(columns[0]![at]!) ?? [];
          const followed = compared.map((column) => row[column]);
          assert.deepEqual(
            followed,
            compared.map((column) => columns[column]![at]),
            `the follower's ${table.name}`,
          );
        }
      }
    }
    const found = [...this.tables].map(([name, { size }]) => [name, size]);
    assert.deepEqual(found, [...counts], 'the follower has no other rows');
  }

  private write(batch: RowBatch): void {
    for (const { table, columns, count } of batch) {
      const rows = this.tables.get(table.name)!;
      for (let at = 0; at < count; at += 1) {
        const id = columns[0]![at]!;
        const row = rows.get(id) ?? table.columns.map((_, column) => columns[column]![at]!);
        table.columns.forEach(({ changes }, column) => {
          if (changes) row[column] = columns[column]![at]!;
        });
        rows.set(id, row);
      }
    }
  }
}
