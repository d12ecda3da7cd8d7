/**
 * Positions as clients see them: `cell.position.epoch`, opaque to them. A position names a place in
 * a log; the epoch, a random mark that each start of a store leaves in its log, says of which
 * history. So a position that another copy of the log gave, or this one before its disk was rolled
 * back, is known for what it is, although its number counts alike.
 *
 * The epoch is the one in force at the position, so an answer keeps its bytes for ever. What lies
 * before the first mark, from before there were any, is `cell.position`, and that form is valid up
 * to there only.
 */
import type { State } from '../../engine/state.ts';

/**
 * A position that a client sent: one of this log's, one of another history or cell, or none at all.
 */
export type ReadPosition =
  | { readonly kind: 'here'; readonly position: number }
  | { readonly kind: 'elsewhere' }
  | { readonly kind: 'none' };

/** What is read of the engine's state. */
type Log = Pick<State, 'genesis' | 'epochs'>;

const elsewhere: ReadPosition = { kind: 'elsewhere' };
const none: ReadPosition = { kind: 'none' };
const form = /^(0|[1-9]\d{0,8})\.(0|[1-9]\d{0,14})(?:\.([0-9a-f]{12}))?$/;
const longest = '999999999.999999999999999.0123456789ab'.length;

export function writePosition({ genesis: { cell }, epochs }: Log, position: number): string {
  const epoch = epochs.at(position);
  return epoch === null ? `${cell}.${position}` : `${cell}.${position}.${epoch}`;
}

/** A position of this log may lie ahead of its end: a replica that gets there has it. */
export function readPosition({ genesis: { cell }, epochs }: Log, text: string): ReadPosition {
  const match = text.length <= longest ? form.exec(text) : null;
  if (match === null) return none;
  const position = Number(match[2]);
  return Number(match[1]) === cell && epochs.has(position, match[3] ?? null) ? { kind: 'here', position } : elsewhere;
}
