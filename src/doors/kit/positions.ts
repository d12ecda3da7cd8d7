/**
 * Positions as clients see them: `cell.position.epoch`, opaque to them. A position names a place in
 * a log. The epoch, a random mark that each start of a store leaves in its log, names the history.
 * So a position from another copy of the log, or from before a disk was rolled back, is recognized
 * even though its number looks the same.
 *
 * The epoch is the one at the position, so an answer never changes its bytes. Positions from before
 * the first epoch are `cell.position`; that form is valid up to there only.
 */
import type { State } from '../../engine/state.ts';

/** A client's position: of this log, of another history or cell, or malformed. */
export type ReadPosition =
  | { readonly kind: 'here'; readonly position: number }
  | { readonly kind: 'elsewhere' }
  | { readonly kind: 'none' };

/** The part of the engine's state that is read. */
type Log = Pick<State, 'genesis' | 'epochs'>;

const elsewhere: ReadPosition = { kind: 'elsewhere' };
const none: ReadPosition = { kind: 'none' };
const form = /^(0|[1-9]\d{0,8})\.(0|[1-9]\d{0,14})(?:\.([0-9a-f]{12}))?$/;
const longest = '999999999.999999999999999.0123456789ab'.length;

export function writePosition({ genesis: { cell }, epochs }: Log, position: number): string {
  const epoch = epochs.at(position);
  return epoch === null ? `${cell}.${position}` : `${cell}.${position}.${epoch}`;
}

/** A position of this log may be ahead of its end here: a replica will get there. */
export function readPosition({ genesis: { cell }, epochs }: Log, text: string): ReadPosition {
  const match = text.length <= longest ? form.exec(text) : null;
  if (match === null) return none;
  const position = Number(match[2]);
  return Number(match[1]) === cell && epochs.has(position, match[3] ?? null) ? { kind: 'here', position } : elsewhere;
}
