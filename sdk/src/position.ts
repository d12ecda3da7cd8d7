/**
 * Positions in the store's log. Opaque to callers; in here, `CELL.NUMBER` or `CELL.NUMBER.EPOCH`.
 * Those of one cell and epoch have an order. An epoch is a mark of a start of the store: beyond it
 * the log may be another one, as after a restore, and count alike.
 */

/**
 * Below 0 when `one` is before `other`, 0 when they are the same, above 0 when it is behind; null
 * when they have no order that can be told from them: other cells, from before and after a start of
 * the store, or no positions.
 */
export function comparePositions(one: string, other: string): number | null {
  if (one === other) return 0;
  const [oneLog, oneNumber] = parts(one);
  const [otherLog, otherNumber] = parts(other);
  if (oneLog === null || oneLog !== otherLog) return null;
  return oneNumber - otherNumber;
}

/** The later of two positions; where they have no order, the newer statement: `next`. */
export function laterPosition(present: string | null, next: string): string {
  if (present === null) return next;
  return (comparePositions(next, present) ?? 1) >= 0 ? next : present;
}

/** What of a position must be the same in those it has an order with; and its place among them. */
function parts(position: string): readonly [log: string | null, number: number] {
  const match = /^(\d{1,9})\.(\d{1,15})(?:\.([0-9a-f]{12}))?$/.exec(position);
  return match === null ? [null, 0] : [`${match[1]}.${match[3] ?? ''}`, Number(match[2])];
}
