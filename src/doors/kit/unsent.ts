/**
 * Bounds the bytes that were sent to readers and not taken, over the whole process. A reader that
 * takes nothing costs memory until it is cut, and only time tells it from a slow one. Past the
 * bound, the readers that wait longest are cut first.
 */

/** For all readers together, bytes. */
const maxBytes = 64 * 1024 * 1024;

export interface SlowReader {
  /** Ends the connection; the reader is removed before this returns. */
  cut(): void;
}

/** Bytes that several readers wait for: counted once, as long as any of them waits. */
export interface Kept {
  readonly keptBytes: number;
}

interface Share {
  readers: number;
}

export class UnsentBytes {
  private readonly most: number;
  /** By waiting time, longest first. */
  private readonly readers = new Map<SlowReader, { readonly own: number; readonly kept: Kept | null }>();
  private readonly shares = new Map<Kept, Share>();
  private bytes = 0;

  constructor(most: number = maxBytes) {
    this.most = most;
  }

  get total(): number {
    return this.bytes;
  }

  /**
   * A reader waits for this many bytes of its own, and for shared ones. Past the bound, cuts other
   * readers or this one.
   */
  enter(reader: SlowReader, own: number, kept: Kept | null = null): void {
    this.leave(reader);
    this.readers.set(reader, { own, kept });
    this.bytes += own;
    if (kept !== null) this.share(kept);
    for (const [slowest] of this.readers) {
      if (this.bytes <= this.most) return;
      slowest.cut();
      this.leave(slowest);
    }
  }

  leave(reader: SlowReader): void {
    const entered = this.readers.get(reader);
    if (entered === undefined) return;
    this.readers.delete(reader);
    this.bytes -= entered.own;
    if (entered.kept !== null) this.unshare(entered.kept);
  }

  private share(kept: Kept): void {
    const share = this.shares.get(kept);
    if (share !== undefined) {
      share.readers += 1;
      return;
    }
    this.shares.set(kept, { readers: 1 });
    this.bytes += kept.keptBytes;
  }

  private unshare(kept: Kept): void {
    const share = this.shares.get(kept);
    if (share === undefined) return;
    share.readers -= 1;
    if (share.readers > 0) return;
    this.shares.delete(kept);
    this.bytes -= kept.keptBytes;
  }
}

/** For the whole process: memory is shared by all its listeners. */
export const unsentBytes = new UnsentBytes();
