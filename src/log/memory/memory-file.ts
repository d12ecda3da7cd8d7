/**
 * The content of one file in memory, and what a power cut may take from it.
 *
 * It remembers the content on the disk itself in one of two ways:
 * - usually by undoing: the unsynced writes, undone from the last to the first, give it. So nothing
 *   is kept twice;
 * - after a failed sync by a copy. Such a sync leaves writes that read well and that the kernel
 *   takes for clean, so no later sync brings them to the disk. Only bytes that are written again
 *   get there.
 *
 * Invariant: `image` is null, or the content on the disk at the last sync.
 */

/**
 * What a power cut takes of the unsynced writes. 'nothing' is the death of the process alone: the
 * kernel lives on.
 */
export type Loss = 'everything' | 'nothing' | 'some';

interface UnsyncedWrite {
  readonly offset: number;
  readonly before: Uint8Array;
  readonly after: Uint8Array;
  readonly sizeBefore: number;
}

/**
 * Beyond this many unsynced writes, the oldest count as written back: a kernel may do that at any
 * time.
 */
const maxUnsynced = 64;

export class MemoryFile {
  private bytes = new Uint8Array(0);
  private length = 0;
  private unsynced: UnsyncedWrite[] = [];
  private image: MemoryFile | null = null;

  get size(): number {
    return this.length;
  }

  /** The content as it reads now, not a copy. */
  get content(): Uint8Array {
    return this.bytes.subarray(0, this.length);
  }

  read(into: Uint8Array, offset: number): number {
    const from = this.bytes.subarray(Math.min(offset, this.length), Math.min(offset + into.length, this.length));
    into.set(from);
    return from.length;
  }

  write(bytes: Uint8Array, offset: number): void {
    const before = this.bytes.slice(offset, Math.min(offset + bytes.length, this.length));
    this.unsynced.push({ offset, before, after: bytes.slice(), sizeBefore: this.length });
    const oldest = this.unsynced.length > maxUnsynced ? this.unsynced.shift() : undefined;
    if (oldest !== undefined) this.image?.put(oldest.after, oldest.offset);
    this.put(bytes, offset);
  }

  sync(): void {
    for (const { after, offset } of this.unsynced) this.image?.put(after, offset);
    this.unsynced = [];
  }

  /**
   * A sync that fails: writes since the last sync never get to the disk, but read as if they had.
   */
  failSync(): void {
    this.image ??= this.onDisk();
    this.unsynced = [];
  }

  /** Allocates once for a file whose size is known. */
  reserve(bytes: number): void {
    if (bytes <= this.bytes.length) return;
    const grown = new Uint8Array(bytes);
    grown.set(this.content);
    this.bytes = grown;
  }

  /** Keeps only what is left after a power cut. */
  crash(loss: Exclude<Loss, 'nothing'>, random: () => number): void {
    const writes = this.unsynced;
    const kept = this.image ?? this.onDisk();
    this.bytes = kept.bytes;
    this.length = kept.length;
    this.unsynced = [];
    this.image = null;
    if (loss === 'everything') return;
    for (const { offset, after } of writes) {
      const fate = random();
      if (fate < 0.3) this.put(after, offset);
      else if (fate < 0.7) {
        // Torn: some part of the write reached the disk.
        const from = random() < 0.5 ? 0 : Math.floor(random() * after.length);
        const to = random() < 0.5 ? after.length : from + Math.floor(random() * (after.length - from));
        this.put(after.subarray(from, to), offset + from);
      }
    }
  }

  copy(): MemoryFile {
    const copy = new MemoryFile();
    copy.bytes = this.bytes.slice();
    copy.length = this.length;
    copy.unsynced = [...this.unsynced];
    copy.image = this.image?.copy() ?? null;
    return copy;
  }

  /** Changes the content as if it had always been there. */
  put(bytes: Uint8Array, offset: number): void {
    const end = offset + bytes.length;
    if (end > this.bytes.length) this.reserve(Math.max(end, this.bytes.length * 2));
    this.bytes.set(bytes, offset);
    this.length = Math.max(this.length, end);
  }

  /** The content without the unsynced writes. */
  private onDisk(): MemoryFile {
    const file = new MemoryFile();
    file.bytes = this.bytes.slice();
    file.length = this.length;
    for (const { offset, before, sizeBefore } of this.unsynced.toReversed()) {
      file.bytes.set(before, offset);
      file.bytes.fill(0, sizeBefore);
      file.length = sizeBefore;
    }
    return file;
  }
}
