/**
 * The check between replicas: each batch names an earlier position and the rolling outcome hash
 * that its writer had there. The hashes at the ends of the last batches are remembered. A batch
 * that disagrees stops the node.
 */
import type { Engine } from '../engine/engine.ts';
import type { Batch } from '../log/log.ts';

/** A writer's check is at most a few batches old; with several writers a few more. */
const remembered = 256;

/**
 * Two replicas of one log have different outcomes, or the log does not fit the program that replays
 * it.
 */
export class DivergedError extends Error {
  override readonly name = 'DivergedError';
}

export class OutcomeChecks {
  private readonly positions = new Float64Array(remembered).fill(-1);
  private readonly lows = new Uint32Array(remembered);
  private readonly highs = new Uint32Array(remembered);
  private next = 0;

  /** The engine has applied a whole batch. */
  remember(engine: Engine): void {
    this.positions[this.next] = engine.position;
    this.lows[this.next] = engine.hashLow;
    this.highs[this.next] = engine.hashHigh;
    this.next = (this.next + 1) % remembered;
  }

  /** @throws DivergedError when the batch's writer had other outcomes than this replica. */
  compare(batch: Batch): void {
    // The position is nearly always the last one remembered.
    for (let i = 1; i <= remembered; i += 1) {
      const at = (this.next - i + remembered) % remembered;
      const position = this.positions[at]!;
      if (position < batch.checkPosition) return;
      if (position > batch.checkPosition) continue;
      if (this.lows[at] === batch.checkLow && this.highs[at] === batch.checkHigh) return;
      throw new DivergedError(
        `replicas disagree on the outcomes up to position ${batch.checkPosition}: the log was written by a program or with ` +
          'rules that decided otherwise. Nothing is served. Start the program version that wrote it, or restore a copy.',
      );
    }
  }
}
