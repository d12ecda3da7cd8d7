/**
 * Applies batches of the log to an engine and compares the outcomes with those of the log's writer.
 * The process that sells and the followers all use it.
 */
import { Command } from '../engine/command.ts';
import type { Engine } from '../engine/engine.ts';
import type { Outcome } from '../engine/outcome.ts';
import { RecordReader } from '../engine/record.ts';
import type { Batch } from '../log/log.ts';
import { OutcomeChecks } from './outcome-checks.ts';

/** Called right after a record was applied; command and outcome are valid during the call only. */
export type OnApplied = (command: Command, outcome: Outcome) => void;

export class Replay {
  readonly engine: Engine;
  private readonly reader = new RecordReader();
  private readonly command = new Command();
  private readonly checks = new OutcomeChecks();

  /** `engine`: empty, or restored from a snapshot of the log. */
  constructor(engine: Engine) {
    this.engine = engine;
    this.checks.remember(engine);
  }

  /**
   * Whether a batch proves that the log's writer had this replica's outcomes up to the engine's
   * position. Does not apply the batch.
   * @throws DivergedError when it had others
   */
  isConfirmedBy(batch: Batch): boolean {
    this.checks.compare(batch);
    return batch.checkPosition === this.engine.position;
  }

  /**
   * Applies the batch's records that the engine has not seen, up to position `until`.
   * @throws DivergedError, and what the engine throws where the log contradicts itself
   */
  apply(batch: Batch, onApplied: OnApplied | null = null, until: number = Infinity): void {
    const { engine, reader, command } = this;
    this.checks.compare(batch);
    reader.reset(batch.records);
    let position = batch.first;
    for (; reader.next(command); position += 1) {
      if (position <= engine.position || position > until) continue;
      const outcome = engine.apply(command, position, batch.timeMs);
      if (onApplied !== null) onApplied(command, outcome);
    }
    if (position !== batch.first + batch.count)
      throw new Error(`the batch at ${batch.first} has not ${batch.count} records`);
    this.checks.remember(engine);
  }
}

/**
 * The rolling outcome hash of an engine, or the one that a batch carries, 16 hexadecimal digits.
 */
export function outcomeHash({ hashLow, hashHigh }: Pick<Engine, 'hashLow' | 'hashHigh'>): string {
  return [hashHigh, hashLow].map((word) => word.toString(16).padStart(8, '0')).join('');
}
