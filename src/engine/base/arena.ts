/**
 * Text of customers, kept as bytes in large segments. A reference is one number, and ten million
 * names are a few hundred objects for the garbage collector. Append only: text is never changed or
 * freed.
 */
const segmentBits = 20;
const segmentBytes = 1 << segmentBits;
/** Keeps the byte order mark: two ids that differ only by it are different ids. */
const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

export class Arena {
  readonly segments: Uint8Array[] = [];
  /** First free byte. Starts at 1: 0 means "no text". */
  used = 1;

  /**
   * Copies a text of at most 65,535 bytes in; returns its reference. Layout: a 16-bit length, then
   * the bytes.
   */
  add(bytes: Uint8Array, start: number, length: number): number {
    if (length > 0xffff) throw new Error('a text in the arena has at most 65,535 bytes');
    const offset = this.used & (segmentBytes - 1);
    // A text never crosses into the next segment: the rest of a segment is left empty instead.
    if (offset + length + 2 > segmentBytes) this.used += segmentBytes - offset;
    const reference = this.used;
    const segment = this.segmentOf(reference);
    const at = reference & (segmentBytes - 1);
    segment[at] = length & 255;
    segment[at + 1] = length >>> 8;
    copy(bytes, start, length, segment, at + 2);
    this.used += length + 2;
    return reference;
  }

  text(reference: number): string {
    return decoder.decode(this.bytes(reference));
  }

  /** The bytes of a text. They are the arena's own: nobody writes to them. */
  bytes(reference: number): Uint8Array {
    if (reference <= 0 || reference >= this.used) throw new Error(`no text at ${reference}`);
    const segment = this.segmentOf(reference);
    const at = reference & (segmentBytes - 1);
    const length = segment[at]! | (segment[at + 1]! << 8);
    return segment.subarray(at + 2, at + 2 + length);
  }

  /** Fills the segments after a restore of `used`. */
  restore(pull: (bytes: number) => Uint8Array): void {
    for (let left = this.used; left > 0 && this.used > 1; left -= segmentBytes) {
      const segment = new Uint8Array(segmentBytes);
      segment.set(pull(Math.min(left, segmentBytes)));
      this.segments.push(segment);
    }
  }

  private segmentOf(reference: number): Uint8Array {
    // References pass 2^32 in a large store, so bit operations on a whole reference are wrong.
    const index = Math.floor(reference / segmentBytes);
    let segment = this.segments[index];
    if (segment === undefined) {
      segment = new Uint8Array(segmentBytes);
      this.segments.push(segment);
      if (this.segments.length !== index + 1) throw new Error('the arena left a gap');
    }
    return segment;
  }
}

/**
 * A short text is copied by hand: `set` with a subarray costs an object, and several times more.
 */
function copy(from: Uint8Array, start: number, length: number, into: Uint8Array, at: number): void {
  if (length > 64) into.set(from.subarray(start, start + length), at);
  else for (let i = 0; i < length; i += 1) into[at + i] = from[start + i]!;
}
