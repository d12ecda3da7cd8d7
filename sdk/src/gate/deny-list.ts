/**
 * The deny list as the gate knows it: kept up to date on a timer, and in a file beside the queue,
 * so that a gate that starts without a network has the last one.
 */
import type { DenyListFeed, DenyListItem, DenyReason } from '../card-shapes.ts';
import type { Holdfast } from '../client.ts';
import { after } from '../retry.ts';
import type { NodeFiles } from './node-files.ts';
import { replaceFile } from './node-files.ts';

/** The list's file is written at most this often, ms. */
const keepMs = 60_000;

interface Denied {
  readonly number: number;
  readonly reason: DenyReason;
}

export class DenyList {
  private readonly byId = new Map<string, Denied>();
  private readonly byNumber = new Map<number, DenyReason>();
  /** Where to go on; undefined before the first news. */
  next: string | undefined = undefined;

  /** Cards on it. */
  get size(): number {
    return this.byId.size;
  }

  reasonOf(card: string | number): DenyReason | null {
    return (typeof card === 'number' ? this.byNumber.get(card) : this.byId.get(card)?.reason) ?? null;
  }

  take({ items, whole, next }: DenyListFeed): void {
    if (whole) {
      this.byId.clear();
      this.byNumber.clear();
    }
    for (const { card, number, reason } of items) {
      const id = card.toLowerCase();
      if (reason === null) {
        this.byId.delete(id);
        this.byNumber.delete(number);
      } else {
        this.byId.set(id, { number, reason });
        this.byNumber.set(number, reason);
      }
    }
    this.next = next;
  }

  /** All of it, as a feed. */
  whole(): DenyListFeed {
    const items: DenyListItem[] = Array.from(this.byId, ([card, { number, reason }]) => ({
      card,
      number,
      change: 0,
      reason,
    }));
    return { items, whole: true, next: this.next ?? '', more: false, position: '' };
  }
}

export interface DenyListOptions {
  readonly store: Holdfast;
  /** How often it is read again, ms. */
  readonly everyMs: number;
  /** Where it is kept; null for nowhere. */
  readonly file: { readonly files: NodeFiles; readonly path: string; readonly folder: string } | null;
  readonly onError: (error: unknown) => void;
}

/** Reads the list again and again. */
export class DenyListReader {
  readonly list = new DenyList();
  /** When it was last read in full up to its end, ms since the epoch; null if never. */
  readAtMs: number | null = null;
  private readonly options: DenyListOptions;
  private readonly end = new AbortController();
  private isReading = false;
  private stopTimer = (): void => {};
  private keptMs = -Infinity;
  private isKept = true;

  constructor(options: DenyListOptions) {
    this.options = options;
    this.restore();
  }

  /** Reads it now, and from then on by the timer. */
  async refresh(): Promise<void> {
    if (this.isReading || this.end.signal.aborted) return;
    this.isReading = true;
    this.stopTimer();
    try {
      const { store } = this.options;
      for (let isMore = true; isMore;) {
        const options = { signal: this.end.signal, retry: { attempts: 1 } };
        const feed = await store.denyList(this.list.next, options);
        isMore = feed.more && feed.next !== this.list.next;
        if (feed.items.length > 0 || feed.whole) this.isKept = false;
        this.list.take(feed);
      }
      this.readAtMs = Date.now();
      if (performance.now() - this.keptMs >= keepMs) this.keep();
    } catch (error) {
      if (!this.end.signal.aborted) this.options.onError(error);
    } finally {
      this.isReading = false;
      if (!this.end.signal.aborted) this.stopTimer = after(this.options.everyMs, () => void this.refresh());
    }
  }

  close(): void {
    this.end.abort();
    this.stopTimer();
    this.keep();
  }

  private restore(): void {
    const { file } = this.options;
    if (file === null) return;
    try {
      // The border: what this class wrote. Another thing has no items, and the loop below throws.
      const feed = JSON.parse(new TextDecoder().decode(file.files.readFileSync(file.path))) as DenyListFeed;
      this.list.take(feed);
      if (this.list.next === '') this.list.next = undefined;
    } catch {
      // None yet, or not readable: the store has it.
      this.list.next = undefined;
    }
  }

  private keep(): void {
    const { file } = this.options;
    if (file === null || this.isKept) return;
    try {
      replaceFile(file.files, file.path, JSON.stringify(this.list.whole()), file.folder);
      this.isKept = true;
      this.keptMs = performance.now();
    } catch (error) {
      this.options.onError(error);
    }
  }
}
