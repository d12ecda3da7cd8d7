/**
 * The bytes of an answer that is still incomplete. The buffer grows by doubling, since a large
 * answer comes in hundreds of pieces.
 */
export class Received {
  private buffer = new Uint8Array(0);
  private length = 0;

  /** The kept bytes and the new ones in one piece; valid until the next call. */
  with(bytes: Uint8Array): Uint8Array {
    if (this.length === 0) return bytes;
    this.append(bytes);
    return this.buffer.subarray(0, this.length);
  }

  /** Keeps the new bytes, if `with` has not done so. */
  keep(bytes: Uint8Array): void {
    if (this.length === 0) this.append(bytes);
  }

  clear(): void {
    this.length = 0;
  }

  private append(bytes: Uint8Array): void {
    const length = this.length + bytes.length;
    if (length > this.buffer.length) {
      const larger = new Uint8Array(Math.max(length, 2 * this.buffer.length));
      larger.set(this.buffer.subarray(0, this.length));
      this.buffer = larger;
    }
    this.buffer.set(bytes, this.length);
    this.length = length;
  }
}
