/**
 * Columns: typed arrays that grow by fixed segments. A growing table never copies itself, so growth
 * costs one small allocation and no pause, and ten million rows are a few thousand objects for the
 * garbage collector.
 *
 * One class per element type, on purpose: a generic one makes every access in the engine
 * polymorphic (measured 2-3 times slower on JavaScriptCore). Reading past what was written is a
 * programming error and yields garbage or throws.
 */
const rowBits = 13;
export const segmentRows = 1 << rowBits;
const rowMask = segmentRows - 1;

export class ByteColumn {
  readonly segments: Uint8Array[] = [];
  get(row: number): number {
    return this.segments[row >>> rowBits]![row & rowMask]!;
  }
  set(row: number, value: number): void {
    const segment = this.segments[row >>> rowBits] ?? grow(this.segments, row, () => new Uint8Array(segmentRows));
    segment[row & rowMask] = value;
  }
  /**
   * Sets a value of a new row. A new segment is all zeros, so a zero needs no write, except in the
   * first row of a segment, which allocates it.
   */
  add(row: number, value: number): void {
    if (value !== 0 || (row & rowMask) === 0) this.set(row, value);
  }
}

export class WordColumn {
  readonly segments: Uint32Array[] = [];
  get(row: number): number {
    return this.segments[row >>> rowBits]![row & rowMask]!;
  }
  set(row: number, value: number): void {
    const segment = this.segments[row >>> rowBits] ?? grow(this.segments, row, () => new Uint32Array(segmentRows));
    segment[row & rowMask] = value;
  }
  /**
   * Sets a value of a new row. A new segment is all zeros, so a zero needs no write, except in the
   * first row of a segment, which allocates it.
   */
  add(row: number, value: number): void {
    if (value !== 0 || (row & rowMask) === 0) this.set(row, value);
  }
}

/** Integers up to 2^53: times, positions, money. */
export class NumberColumn {
  readonly segments: Float64Array[] = [];
  get(row: number): number {
    return this.segments[row >>> rowBits]![row & rowMask]!;
  }
  set(row: number, value: number): void {
    const segment = this.segments[row >>> rowBits] ?? grow(this.segments, row, () => new Float64Array(segmentRows));
    segment[row & rowMask] = value;
  }
  /**
   * Sets a value of a new row. A new segment is all zeros, so a zero needs no write, except in the
   * first row of a segment, which allocates it.
   */
  add(row: number, value: number): void {
    if (value !== 0 || (row & rowMask) === 0) this.set(row, value);
  }
}

export type Column = ByteColumn | WordColumn | NumberColumn;

function grow<Segment>(segments: Segment[], row: number, make: () => Segment): Segment {
  const index = row >>> rowBits;
  if (index !== segments.length) throw new Error(`row ${row} leaves a gap: rows are written in order`);
  const segment = make();
  segments.push(segment);
  return segment;
}
