/**
 * What changed last, and when: all that streams remember. The states themselves are the engine's.
 */

/**
 * Rows with the position of their last change, newest first: a list linked through arrays, so that
 * a change costs the same however many rows there are, and so does finding what changed behind a
 * position.
 */
export class RecentChanges {
  /** Row + 1; 0 where the list ends. */
  private newest = 0;
  private readonly older: number[] = [];
  private readonly newer: number[] = [];
  private readonly positions: number[] = [];

  /** A row changed; positions never go back. */
  note(row: number, position: number): void {
    const item = row + 1;
    if (this.newest !== item) {
      this.unlink(item);
      this.older[item] = this.newest;
      this.newer[item] = 0;
      if (this.newest !== 0) this.newer[this.newest] = item;
      this.newest = item;
    }
    this.positions[item] = position;
  }

  /** Position of a row's last change; 0 when it has none. */
  positionOf(row: number): number {
    return this.positions[row + 1] ?? 0;
  }

  /** The rows that changed behind a position, newest first. */
  *after(position: number): Generator<number> {
    for (let item = this.newest; item !== 0 && this.positions[item]! > position; item = this.older[item]!) {
      yield item - 1;
    }
  }

  private unlink(item: number): void {
    const older = this.older[item];
    if (older === undefined) {
      // Arrays without holes stay arrays, and not dictionaries.
      while (this.older.length <= item) {
        this.older.push(0);
        this.newer.push(0);
        this.positions.push(0);
      }
      return;
    }
    const newer = this.newer[item]!;
    if (newer === 0) return;
    this.older[newer] = older;
    if (older !== 0) this.newer[older] = newer;
  }
}

/**
 * Rows that some readers watch, each with the position of its last change since; changes of any
 * other row are let go.
 */
export class WatchedRows {
  private readonly rows = new Map<number, { watchers: number; position: number }>();

  get size(): number {
    return this.rows.size;
  }

  watch(row: number): void {
    const known = this.rows.get(row);
    if (known === undefined) this.rows.set(row, { watchers: 1, position: 0 });
    else known.watchers += 1;
  }

  unwatch(row: number): void {
    const known = this.rows.get(row);
    if (known === undefined) return;
    known.watchers -= 1;
    if (known.watchers === 0) this.rows.delete(row);
  }

  /** Returns whether anybody watches the row. */
  note(row: number, position: number): boolean {
    const known = this.rows.get(row);
    if (known === undefined) return false;
    known.position = position;
    return true;
  }

  changedAfter(row: number, position: number): boolean {
    return (this.rows.get(row)?.position ?? 0) > position;
  }
}
