/** What changed last, and when: all that streams keep. The states themselves are the engine's. */

/**
 * Rows with the position of their last change, newest first: a list linked through arrays. A
 * change, and finding the rows that changed after a position, cost the same however many rows there
 * are.
 */
export class RecentChanges {
  /** Row + 1; 0 at the end of the list. */
  private newest = 0;
  private readonly older: number[] = [];
  private readonly newer: number[] = [];
  private readonly positions: number[] = [];

  /** Notes a row's change; positions never go back. */
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

  /** Position of a row's last change; 0 for none. */
  positionOf(row: number): number {
    return this.positions[row + 1] ?? 0;
  }

  /** The rows that changed after a position, newest first. */
  *after(position: number): Generator<number> {
    for (let item = this.newest; item !== 0 && this.positions[item]! > position; item = this.older[item]!) {
      yield item - 1;
    }
  }

  private unlink(item: number): void {
    const older = this.older[item];
    if (older === undefined) {
      // Arrays without holes stay arrays and do not become dictionaries.
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
 * Rows that readers watch, each with the position of its last change since. Changes of other rows
 * are dropped.
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

  /** Returns whether a reader watches the row. */
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
