/**
 * Whole numbers by a pair of numbers below 65,536: a fixed table with open addressing, built once
 * and read without an object for each look-up.
 */
export class PairTable {
  private readonly mask: number;
  private readonly keys: Uint32Array;
  /** What is there, plus one; 0 for an empty place. */
  private readonly values: Float64Array;

  constructor(entries: readonly (readonly [from: number, to: number, value: number])[]) {
    let places = 8;
    // At most half full, so that a look-up that finds nothing ends soon too.
    while (places < 2 * entries.length) places *= 2;
    this.mask = places - 1;
    this.keys = new Uint32Array(places);
    this.values = new Float64Array(places);
    for (const [from, to, value] of entries) {
      const place = this.find(from, to);
      this.keys[place] = keyOf(from, to);
      this.values[place] = value + 1;
    }
  }

  /** The value of a pair; -1 for none. */
  get(from: number, to: number): number {
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
