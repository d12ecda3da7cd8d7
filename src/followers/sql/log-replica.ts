/** Replicas for comparing and rebuilding: an engine at a position, with what only the log knows. */
import { Arena } from '../../engine/base/arena.ts';
import { NumberColumn } from '../../engine/base/columns.ts';
import type { Command } from '../../engine/command.ts';
import { Engine } from '../../engine/engine.ts';
import type { Outcome } from '../../engine/outcome.ts';
import type { LogReader } from '../../log/log.ts';
import { LogTrimmedError } from '../../log/log.ts';
import { Replay } from '../../replica/replay.ts';
import { loadNewestSnapshot } from '../../store/snapshot-files.ts';
import { sqlText } from './cells.ts';
import { makesOrder } from './rows.ts';

export interface LogReplica {
  readonly folder: string;
  readonly log: LogReader;
  readonly onNotice: (message: string) => void;
}

export interface Replayed {
  readonly engine: Engine;
  readonly keyOf: (order: number) => string | null;
  /** The first order whose key the log still has. */
  readonly firstKeyed: number;
}

/**
 * An engine at a position, or at the log's end if that comes first, with the keys of its orders.
 */
export async function replayTo(replica: LogReplica, position: number): Promise<Replayed> {
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
