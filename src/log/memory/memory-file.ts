/**
 * The content of one file in memory, with what a power cut may take from it.
 *
 * Invariant: undoing `#unsynced` from the last to the first gives the content as of the last sync.
 */

/** What a power cut takes of what was not synced. 'nothing' is the death of the process alone. */
export type Loss = 'everything' | 'nothing' | 'some';

interface UnsyncedWrite {
  readonly offset: number;
  readonly before: Uint8Array;
  readonly after: Uint8Array;
  readonly sizeBefore: number;
}

/** More unsynced writes than this, and the oldest count as written back by the kernel: it may do so at any time. */
const MOST_UNSYNCED = 64;

export class MemoryFile {
  #bytes = new Uint8Array(0);
  #size = 0;
  #unsynced: UnsyncedWrite[] = [];

  get size(): number {
    return this.#size;
  }

  /** The content as it reads now, not a copy. */
  get content(): Uint8Array {
    return this.#bytes.subarray(0, this.#size);
  }

  read(into: Uint8Array, offset: number): number {
    const from = this.#bytes.subarray(Math.min(offset, this.#size), Math.min(offset + into.length, this.#size));
    into.set(from);
    return from.length;
  }

  write(bytes: Uint8Array, offset: number): void {
    const end = offset + bytes.length;
    const before = this.#bytes.slice(offset, Math.min(end, this.#size));
    this.#unsynced.push({ offset, before, after: bytes.slice(), sizeBefore: this.#size });
    if (this.#unsynced.length > MOST_UNSYNCED) this.#unsynced.shift();
    this.#put(bytes, offset);
  }

  sync(): void {
    this.#unsynced = [];
  }

  /** Makes room once for a file whose size is known. */
  reserve(bytes: number): void {
    if (bytes <= this.#bytes.length) return;
    const grown = new Uint8Array(bytes);
    grown.set(this.content);
    this.#bytes = grown;
  }

  truncate(size: number): void {
    this.#bytes.fill(0, size);
    this.#size = Math.min(size, this.#size);
  }

  /** What is left of the unsynced writes when the power is cut. */
  crash(loss: Loss, random: () => number): void {
    const writes = this.#unsynced;
    this.#unsynced = [];
    if (loss === 'nothing') return;
    for (const { offset, before, sizeBefore } of writes.toReversed()) {
      this.#bytes.set(before, offset);
      this.truncate(sizeBefore);
    }
    if (loss === 'everything') return;
    for (const { offset, after } of writes) {
      const fate = random();
      if (fate < 0.3) this.#put(after, offset);
      else if (fate < 0.7) {
        // Torn: some stretch of it reached the disk.
        const from = Math.floor(random() * after.length);
        const to = random() < 0.5 ? after.length : from + Math.floor(random() * (after.length - from));
        const front = random() < 0.5;
        this.#put(front ? after.subarray(0, to) : after.subarray(from, to), front ? offset : offset + from);
      }
    }
  }

  copy(): MemoryFile {
    const copy = new MemoryFile();
    copy.#bytes = this.#bytes.slice();
    copy.#size = this.#size;
    copy.#unsynced = [...this.#unsynced];
    return copy;
  }

  #put(bytes: Uint8Array, offset: number): void {
    const end = offset + bytes.length;
    if (end > this.#bytes.length) this.reserve(Math.max(end, this.#bytes.length * 2));
    this.#bytes.set(bytes, offset);
    this.#size = Math.max(this.#size, end);
  }
}
