/** Up to so many places are a square: one look tells. */
const maxSquare = 1 << 16;

/**
 * Whole numbers by a pair of numbers below 65,536: a square where the numbers are small, as zones
 * are, else a fixed table with open addressing. Built once, and read without an object for each
 * look-up.
 */
export class PairTable {
  private readonly mask: number;
  private readonly keys: Uint32Array;
  /** What is there, plus one; 0 for an empty place. */
  private readonly values: Float64Array;
  /** Side of the square; 0 for none. */
  private readonly side: number;

  constructor(entries: readonly (readonly [from: number, to: number, value: number])[]) {
    const highest = entries.reduce((most, [from, to]) => Math.max(most, from, to), 0);
    this.side = (highest + 1) ** 2 <= maxSquare ? highest + 1 : 0;
    let places = this.side === 0 ? 8 : this.side ** 2;
    // At most half full, so that a look-up that finds nothing ends soon too.
    while (this.side === 0 && places < 2 * entries.length) places *= 2;
    this.mask = places - 1;
    this.keys = new Uint32Array(this.side > 0 ? 0 : places);
    this.values = new Float64Array(places);
    for (const [from, to, value] of entries) {
      const place = this.side > 0 ? from * this.side + to : this.find(from, to);
      if (this.side === 0) this.keys[place] = keyOf(from, to);
      this.values[place] = value + 1;
    }
  }

  /** The value of a pair; -1 for none. */
  get(from: number, to: number): number {
    const { side } = this;
    if (side > 0) return from < side && to < side ? this.values[from * side + to]! - 1 : -1;
    return this.values[this.find(from, to)]! - 1;
  }

  /** The place of the pair, or the empty one where it would stand. */
  private find(from: number, to: number): number {
    const key = keyOf(from, to);
    let place = (Math.imul(key, 0x9e3779b1) >>> 15) & this.mask;
    while (this.values[place] !== 0 && this.keys[place] !== key) place = (place + 1) & this.mask;
    return place;
  }
}

function keyOf(from: number, to: number): number {
  return ((from << 16) | to) >>> 0;
}
