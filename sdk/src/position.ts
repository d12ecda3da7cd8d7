/** Positions in the store's log. Opaque to callers; in here, `CELL.NUMBER`, and those of one cell have an order. */

/**
 * Below 0 when `one` is before `other`, 0 when they are the same, above 0 when it is behind; null when they have no
 * order: different cells, or no positions.
 */
export function comparePositions(one: string, other: string): number | null {
  if (one === other) return 0;
  const [oneCell, oneNumber] = parts(one);
  const [otherCell, otherNumber] = parts(other);
  if (oneCell === null || oneCell !== otherCell) return null;
  return oneNumber - otherNumber;
}

/** The later of two positions; where they have no order, the newer statement: `next`. */
export function laterPosition(present: string | null, next: string): string {
  if (present === null) return next;
  return (comparePositions(next, present) ?? 1) >= 0 ? next : present;
}

function parts(position: string): readonly [cell: string | null, number: number] {
  const match = /^(\d{1,9})\.(\d{1,15})$/.exec(position);
  return match === null ? [null, 0] : [match[1] ?? null, Number(match[2])];
}
