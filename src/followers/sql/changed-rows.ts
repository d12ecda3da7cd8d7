/**
 * Which rows of one table must be written: new ones since the last batch, and older ones that
 * changed, each once.
 */
export class ChangedRows {
  /** Rows below this one were written before. */
  private written = 0;
  private older = new Uint32Array(256);
  private olderCount = 0;
  /** One bit for each row that is in `older`. */
  private marks = new Uint8Array(1024);
  /** Numbers of taps are wider than 32 bits. */
  private rows = new Float64Array(1024);

  get firstNew(): number {
    return this.written;
  }

  /** How many rows must be written in a table that now has `count`. */
  pending(count: number): number {
    return this.olderCount + count - this.written;
  }

  /** Rows below `count` are in the database. */
  begin(count: number): void {
    this.written = count;
  }

  add(row: number): void {
    if (row >= this.written) return;
    const byte = row >>> 3;
    if (byte >= this.marks.length) this.growMarks(byte);
    const bit = 1 << (row & 7);
    if ((this.marks[byte]! & bit) !== 0) return;
    this.marks[byte]! |= bit;
    if (this.olderCount === this.older.length) this.older = doubled(this.older);
    this.older[this.olderCount] = row;
    this.olderCount += 1;
  }

  /**
   * Rows to write, ascending, in a table that now has `count`. Valid until the next call. They
   * count as written from here on.
   */
  take(count: number): Float64Array {
    const older = this.older.subarray(0, this.olderCount).sort();
    for (const row of older) this.marks[row >>> 3] = 0;
    const length = older.length + count - this.written;
    if (length > this.rows.length) this.rows = new Float64Array(Math.max(length, 2 * this.rows.length));
    const rows = this.rows.subarray(0, length);
    rows.set(older);
    for (let at = older.length, row = this.written; row < count; at += 1, row += 1) rows[at] = row;
    this.olderCount = 0;
    this.written = count;
    return rows;
  }

  private growMarks(byte: number): void {
    const grown = new Uint8Array(Math.max(byte + 1, 2 * this.marks.length));
    grown.set(this.marks);
    this.marks = grown;
  }
}

function doubled(words: Uint32Array<ArrayBuffer>): Uint32Array<ArrayBuffer> {
  const grown = new Uint32Array(2 * words.length);
  grown.set(words);
  return grown;
}
