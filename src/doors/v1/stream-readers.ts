/**
 * The readers of `/v1/stream`, and when each gets its news.
 *
 * Readers are kept in slices. A slice with news is sent at most once an interval, one slice a turn
 * of the event loop, the one that waited longest first. Sending takes at most its share of the
 * time: with thousands of readers the slices spread out, each reader gets news a little less often,
 * and a purchase waits for one slice at most. Each reader keeps the position up to which it was
 * sent everything, so there are no queues: a reader that is behind or new gets what changed since.
 */
import type { Answer } from '../../http/answer.ts';
import type { StreamEvent, StreamOwner } from '../kit/event-stream.ts';
import { encodeEvents, EventStream } from '../kit/event-stream.ts';
import type { Own, StreamFeed, Topics } from './stream-feed.ts';

/**
 * Readers in a slice. A slice is sent in one turn, some 10 microseconds a reader, and a batch of
 * commands waits for up to three turns.
 */
const sliceReaders = 25;
/**
 * Share of the time for sending. Ten thousand readers take some 80 ms, so they get news five times
 * a second.
 */
const share = 0.4;
/**
 * Unused time for sending is kept for this long, ms. One change reaches everyone at once, many
 * changes in turn.
 */
const creditMs = 100;

export interface StreamTimes {
  /** Minimum time between two chunks to one reader. */
  readonly intervalMs: number;
  /** A reader gets the time this often, which also keeps its connection from being idle. */
  readonly heartbeatMs: number;
}

export const streamTimes: StreamTimes = { intervalMs: 50, heartbeatMs: 10_000 };

interface Slice {
  readonly readers: Set<Reader>;
  lastSentMs: number;
  /** All its readers were sent everything up to here, except those that are behind. */
  lastSent: number;
  /** The time event is due, with or without news. */
  beats: boolean;
}

/** Readers of the same things share their choice, and so each chunk. */
interface Choice {
  readonly topics: Topics;
  readers: number;
}

class Reader implements StreamOwner {
  readonly stream: EventStream;
  readonly slice: Slice;
  readonly choice: Choice;
  readonly own: Own;
  /** Position up to which everything was sent. */
  lastSent: number;
  private readonly readers: StreamReaders;

  constructor(readers: StreamReaders, first: Uint8Array, slice: Slice, choice: Choice, own: Own, lastSent: number) {
    this.readers = readers;
    this.slice = slice;
    this.choice = choice;
    this.own = own;
    this.lastSent = lastSent;
    this.stream = new EventStream(first, this);
  }

  onReady(): void {
    this.readers.tellAgain(this);
  }

  onClose(): void {
    this.readers.remove(this);
  }
}

/** The chunk of one choice after one position, while a slice is sent. */
interface Chunk {
  readonly from: number;
  readonly bytes: Uint8Array | null;
}

export class StreamReaders {
  private readonly feed: StreamFeed;
  private readonly times: StreamTimes;
  /** The one sent longest ago comes first. */
  private readonly slices: Slice[] = [];
  private readonly choices = new Map<string, Choice>();
  private count = 0;
  private timer: ReturnType<typeof setTimeout> | null = null;
  /** The slice that the timer waits for. */
  private awaited: Slice | undefined;
  /** No slice is sent before this time, ms. */
  private restUntilMs = 0;
  private turn: ReturnType<typeof setImmediate> | null = null;
  private heartbeat: ReturnType<typeof setInterval> | null = null;
  private closed = false;

  constructor(feed: StreamFeed, times: StreamTimes) {
    this.feed = feed;
    this.times = times;
  }

  get size(): number {
    return this.count;
  }

  /** Whether a timer is set. */
  get isWaiting(): boolean {
    return this.timer !== null || this.turn !== null || this.heartbeat !== null;
  }

  /** Adds a reader; `first` brings it up to the feed's present position. */
  add(first: readonly StreamEvent[], topics: Topics, own: Own): Answer {
    const key = keyOf(topics);
    const choice = this.choices.get(key) ?? { topics, readers: 0 };
    this.choices.set(key, choice);
    const slice = this.sliceWithRoom();
    const start = Buffer.concat([Buffer.from('retry: 1000\n\n'), encodeEvents(first)]);
    const reader = new Reader(this, start, slice, choice, own, this.feed.position);
    choice.readers += 1;
    slice.readers.add(reader);
    this.count += 1;
    this.feed.watch(topics, own);
    if (this.closed) reader.stream.close();
    else this.heartbeat ??= setInterval(() => this.beat(), this.times.heartbeatMs);
    return reader.stream.answer;
  }

  remove(reader: Reader): void {
    const { slice, choice } = reader;
    if (!slice.readers.delete(reader)) return;
    if (slice.readers.size === 0) this.slices.splice(this.slices.indexOf(slice), 1);
    choice.readers -= 1;
    if (choice.readers === 0) this.choices.delete(keyOf(choice.topics));
    this.count -= 1;
    this.feed.unwatch(choice.topics, reader.own);
    if (this.count === 0) this.stopTimers();
  }

  /** The feed has news. */
  changed(): void {
    if (this.count === 0 || this.turn !== null) return;
    if (this.timer !== null) {
      // It may wait for a slice that is due later than one that has news only now.
      if (this.next() === this.awaited) return;
      clearTimeout(this.timer);
      this.timer = null;
    }
    this.schedule();
  }

  /** A reader that was behind accepts chunks again. */
  tellAgain(reader: Reader): void {
    if (reader.lastSent >= this.feed.lastChange) return;
    reader.slice.lastSent = Math.min(reader.slice.lastSent, reader.lastSent);
    this.changed();
  }

  /** Ends every stream; readers resume elsewhere, or here after a restart. */
  close(): void {
    this.closed = true;
    // A slice is removed with its last reader.
    for (let last = this.slices.at(-1); last !== undefined; last = this.slices.at(-1)) {
      for (const reader of last.readers) reader.stream.close();
    }
    this.stopTimers();
  }

  private sliceWithRoom(): Slice {
    const found = this.slices.find(({ readers }) => readers.size < sliceReaders);
    if (found !== undefined) return found;
    const made = {
      readers: new Set<Reader>(),
      lastSentMs: performance.now(),
      lastSent: this.feed.lastChange,
      beats: false,
    };
    this.slices.push(made);
    return made;
  }

  private next(): Slice | undefined {
    const { lastChange } = this.feed;
    return this.slices.find(({ beats, lastSent }) => beats || lastSent < lastChange);
  }

  private schedule(): void {
    const slice = this.next();
    this.awaited = slice;
    if (slice === undefined) return;
    const waitMs = this.dueMs(slice) - performance.now();
    if (waitMs <= 0) this.turn = setImmediate(() => this.tellNext());
    else this.timer = setTimeout(() => this.tellNext(), waitMs);
  }

  private tellNext(): void {
    this.timer = null;
    this.turn = null;
    const slice = this.next();
    // A timer may fire a little early.
    if (slice !== undefined && this.dueMs(slice) <= performance.now() + 1) this.tell(slice);
    this.schedule();
  }

  private dueMs(slice: Slice): number {
    return Math.max(slice.lastSentMs + this.times.intervalMs, this.restUntilMs);
  }

  private tell(slice: Slice): void {
    const { feed } = this;
    this.slices.splice(this.slices.indexOf(slice), 1);
    this.slices.push(slice);
    const time = slice.beats ? encodeEvents([feed.timeEvent()]) : null;
    slice.lastSentMs = performance.now();
    slice.lastSent = feed.lastChange;
    slice.beats = false;
    const chunks = new Map<Choice, Chunk>();
    // A reader that leaves meanwhile is deleted from the set, which iteration allows.
    for (const reader of slice.readers) {
      const parts = time === null ? [] : [time];
      if (reader.lastSent < feed.lastChange) {
        const news = this.chunkFor(reader, chunks);
        if (news !== null) parts.push(news);
        const { own } = reader;
        if (own.holds.size + own.entries.size > 0) {
          const ownNews = feed.ownNews(reader.lastSent, own);
          if (ownNews.length > 0) parts.push(encodeEvents(ownNews));
        }
      }
      const [only] = parts;
      if (only === undefined || reader.stream.send(parts.length === 1 ? only : Buffer.concat(parts))) {
        reader.lastSent = feed.lastChange;
      }
    }
    const nowMs = performance.now();
    this.restUntilMs = Math.max(this.restUntilMs, slice.lastSentMs - creditMs) + (nowMs - slice.lastSentMs) / share;
  }

  private chunkFor(reader: Reader, chunks: Map<Choice, Chunk>): Uint8Array | null {
    const { choice, lastSent: from } = reader;
    const made = chunks.get(choice);
    if (made?.from === from) return made.bytes;
    const events = this.feed.news(from, choice.topics);
    const bytes = events.length === 0 ? null : encodeEvents(events);
    chunks.set(choice, { from, bytes });
    return bytes;
  }

  private beat(): void {
    for (const slice of this.slices) slice.beats = true;
    this.changed();
  }

  private stopTimers(): void {
    if (this.timer !== null) clearTimeout(this.timer);
    if (this.turn !== null) clearImmediate(this.turn);
    if (this.heartbeat !== null) clearInterval(this.heartbeat);
    this.timer = null;
    this.turn = null;
    this.heartbeat = null;
  }
}

function keyOf({ sales, hall }: Topics): string {
  const list = sales === null ? '*' : [...sales].sort((one, other) => one - other).join(',');
  return `${list} ${hall}`;
}
