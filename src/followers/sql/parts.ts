/** Applying a batch of the log in parts, so that what it makes is taken away in between. */
import type { Batch } from '../../log/log.ts';
import type { OnApplied, Replay } from '../../replica/replay.ts';

/**
 * Only batches with more bytes of records are taken apart: one may have millions of taps, whose
 * rows would take gigabytes.
 */
const partBytes = 2 << 20;

/**
 * Applies a batch up to position `until`, or until there is enough of what it makes; a batch of
 * usual size is one part. Returns whether it is through.
 */
export function applyInParts(
  replay: Replay,
  batch: Batch,
  applied: OnApplied,
  until: number,
  isEnough: () => boolean,
): boolean {
  const { engine } = replay;
  const last = Math.min(until, batch.first + batch.count - 1);
  const atOnce = Math.ceil(batch.count / Math.ceil(batch.records.length / partBytes));
  do {
    replay.apply(batch, applied, Math.min(until, Math.max(engine.position, batch.first - 1) + atOnce));
  } while (engine.position < last && !isEnough());
  return engine.position >= last;
}
