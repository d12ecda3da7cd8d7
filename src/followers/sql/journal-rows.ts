/**
 * Rows of the journal's things, taps for one. No state has them: they are made by replaying the log
 * from where it begins, and handed over in stretches.
 */
import type { Command } from '../../engine/command.ts';
import { kinds } from '../../engine/command.ts';
import type { Engine } from '../../engine/engine.ts';
import { Replay } from '../../replica/replay.ts';
import { replayStart } from '../../store/replay-start.ts';
import type { LogReplica } from './log-replica.ts';
import { applyInParts } from './parts.ts';
import { FillableRows } from './row-batch.ts';
import { tables } from './schema.ts';
import type { Things } from './table.ts';
import { isJournaled, tableNames } from './table.ts';

const thingsAtOnce = 20_000;

/** A stretch of a table's rows: all those with ids above `after`, up to `upTo`. */
export interface JournalStretch {
  readonly rows: FillableRows;
  readonly after: number;
  readonly upTo: number;
}

export const journaledTables = tableNames.map((name) => tables[name]).filter(isJournaled);

export class JournalReplay {
  readonly engine: Engine;
  private readonly replica: LogReplica;
  private readonly until: number;
  private readonly replay: Replay;
  private readonly rows = journaledTables.map((table) => new FillableRows(table));

  private constructor(replica: LogReplica, engine: Engine, until: number) {
    this.replica = replica;
    this.engine = engine;
    this.until = until;
    this.replay = new Replay(engine);
    if (!engine.isEmpty) this.collect();
  }

  /**
   * At the log's beginning, or at the oldest snapshot that a trimmed log continues.
   * @throws UserError when there is no such snapshot
   */
  static async begin(replica: LogReplica, until: number): Promise<JournalReplay> {
    return new JournalReplay(replica, await replayStart(replica.log, replica.folder), until);
  }

  /**
   * Replays on; resolves with the next stretch of each table, valid until the next call. Null at
   * the end.
   */
  async next(): Promise<readonly JournalStretch[] | null> {
    const { engine, until } = this;
    while (engine.position < until && this.pending() < thingsAtOnce) {
      const before = engine.position;
      const isEnough = (): boolean => this.pending() >= thingsAtOnce;
      const applied = (command: Command): void => this.applied(command);
      // A large batch is read again for each of its parts.
      await this.replica.log.read(
        before + 1,
        (batch) => applyInParts(this.replay, batch, applied, until, isEnough),
        () => engine.position >= until || isEnough(),
      );
      if (engine.position === before) break;
    }
    return this.pending() === 0 ? null : this.take();
  }

  private applied({ kind }: Command): void {
    // The log's first record made the state.
    if (kind === kinds.genesis) this.collect();
  }

  private collect(): void {
    const { journal } = this.engine.state;
    journal.clear();
    journal.collecting = true;
  }

  private pending(): number {
    if (this.engine.isEmpty) return 0;
    const { state } = this.engine;
    return journaledTables.reduce((sum, { of }) => sum + of.count(state) - (of.firstKept?.(state) ?? 0), 0);
  }

  private take(): JournalStretch[] {
    const { state } = this.engine;
    const taken = this.rows.map((rows) => {
      const { after, upTo } = spanOf(rows.table.of, this.engine);
      const things = Float64Array.from({ length: upTo - after }, (_, at) => after + at);
      rows.fill(state, things, () => null);
      return { rows, after, upTo };
    });
    state.journal.clear();
    return taken;
  }
}

/** The numbers of the things that the journal has. Ids count from 1. */
function spanOf(things: Things, { state }: Engine): { readonly after: number; readonly upTo: number } {
  return { after: things.firstKept?.(state) ?? 0, upTo: things.count(state) };
}
