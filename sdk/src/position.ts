/**
 * Positions in the store's log. They are opaque to callers; in here they are `CELL.NUMBER` or
 * `CELL.NUMBER.EPOCH`. Positions of one cell and epoch have an order. An epoch marks a start of the
 * store: with another epoch the log may be another one, as after a restore, and reuse the numbers.
 */

/**
 * Below 0 if `one` is before `other`, 0 if they are equal, above 0 if it is after. Null if they
 * have no known order: other cells, other starts of the store, or malformed positions.
 */
export function comparePositions(one: string, other: string): number | null {
  if (one === other) return 0;
  const [oneLog, oneNumber] = parts(one);
  const [otherLog, otherNumber] = parts(other);
  if (oneLog === null || oneLog !== otherLog) return null;
  return oneNumber - otherNumber;
}

/** The later of two positions; without an order, the newer statement, which is `next`. */
export function laterPosition(present: string | null, next: string): string {
  if (present === null) return next;
  return (comparePositions(next, present) ?? 1) >= 0 ? next : present;
}

/** The part of a position that must be equal for an order, and its number. */
function parts(position: string): readonly [log: string | null, number: number] {
  const match = /^(\d{1,9})\.(\d{1,15})(?:\.([0-9a-f]{12}))?$/.exec(position);
  return match === null ? [null, 0] : [`${match[1]}.${match[3] ?? ''}`, Number(match[2])];
}
