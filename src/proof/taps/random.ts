/** Random numbers that repeat: the same seed gives the same ones on any machine. */
export class Random {
  private state: number;

  /** `seed`: any whole number. */
  constructor(seed: number) {
    this.state = seed >>> 0;
  }

  /** A whole number from 0, below the limit (at most 2^32). */
  below(limit: number): number {
    return Math.floor((this.word() / 2 ** 32) * limit);
  }

  /** True with this probability. */
  happens(probability: number): boolean {
    return this.word() < probability * 2 ** 32;
  }

  /** mulberry32: one word of state, and every word comes once in its period of 2^32. */
  private word(): number {
    this.state = (this.state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(this.state ^ (this.state >>> 15), this.state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return (mixed ^ (mixed >>> 14)) >>> 0;
  }
}
