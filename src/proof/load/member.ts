/**
 * Finds one member's value in JSON bytes without parsing them: a number or a text, the first one at
 * any depth.
 */

const encoder = new TextEncoder();
const quote = 0x22;

export class MemberFinder {
  /** The value found last: its range, without quotes. */
  start = 0;
  end = 0;
  isText = false;
  private readonly pattern: Uint8Array;
  private lastOffset = 0;

  constructor(name: string) {
    this.pattern = encoder.encode(`"${name}":`);
  }

  /** Looks at `bytes` from `from` to `to`; false when the member is not there. */
  find(bytes: Uint8Array, from: number, to: number): boolean {
    // Answers to one kind of request begin alike, so it is nearly always where it was last time.
    if (!this.isAt(bytes, from + this.lastOffset, to)) {
      let at = from;
      while (at < to && !this.isAt(bytes, at, to)) at += 1;
      if (at >= to) return false;
      this.lastOffset = at - from;
    }
    let at = from + this.lastOffset + this.pattern.length;
    this.isText = bytes[at] === quote;
    if (this.isText) at += 1;
    this.start = at;
    while (at < to && (this.isText ? bytes[at] !== quote : bytes[at] !== 0x2c && bytes[at] !== 0x7d)) at += 1;
    this.end = at;
    return true;
  }

  private isAt(bytes: Uint8Array, at: number, to: number): boolean {
    const { pattern } = this;
    if (at + pattern.length >= to) return false;
    for (let i = 0; i < pattern.length; i += 1) if (bytes[at + i] !== pattern[i]) return false;
    return true;
  }

  /** The found value as a number: itself, or a 53-bit hash of a text. */
  value(bytes: Uint8Array): number {
    if (!this.isText) return decimal(bytes, this.start, this.end);
    let low = 0x811c9dc5;
    let high = 0x9e3779b9;
    for (let i = this.start; i < this.end; i += 1) {
      low = Math.imul(low ^ bytes[i]!, 0x01000193);
      high = Math.imul(high ^ bytes[i]!, 0x85ebca6b) ^ (low >>> 15);
    }
    return (high >>> 0) * 2 ** 21 + (low >>> 11);
  }
}

function decimal(bytes: Uint8Array, start: number, end: number): number {
  let value = 0;
  for (let i = start; i < end; i += 1) {
    const digit = bytes[i]! - 48;
    if (digit < 0 || digit > 9) return Number.NaN;
    value = value * 10 + digit;
  }
  return value;
}
