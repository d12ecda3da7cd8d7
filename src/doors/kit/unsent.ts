/**
 * What readers were sent and have not taken, over the whole process, in bounds. Who reads nothing
 * costs memory until it is cut, and nobody can tell it from a slow reader but by time: past the
 * bound, those that wait longest are cut first.
 */

/** Of all readers together, bytes. */
const maxBytes = 64 * 1024 * 1024;

export interface SlowReader {
  /** Ends the connection; the reader has left by the time this returns. */
  cut(): void;
}

/** What several readers wait for: it is counted once, for as long as any of them does. */
export interface Kept {
  readonly keptBytes: number;
}

interface Share {
  readers: number;
}

export class UnsentBytes {
  private readonly most: number;
  /** By how long they wait, longest first. */
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
   * A reader waits for so many bytes of its own, and for what it shares with others. Cuts others,
   * or itself, past the bound.
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

/** Of this process: memory is the process's, whichever listener a reader came by. */
export const unsentBytes = new UnsentBytes();
