/**
 * GET /v1/stream: readers, grouped by what they watch, so that a chunk is made once for all who want the same.
 *
 * Chunks go out at most every 100 ms, less often with very many readers: telling ten thousand must not slow the sale.
 */
import type { Call } from '../../http/call.ts';
import { EventStream, encodeEvents } from '../../http/event-stream.ts';
import type { Route } from '../../http/route.ts';
import { parseId, parsePosition } from '../ids.ts';
import type { Context } from './context.ts';
import { invalidParameter } from './context.ts';
import * as schemas from './schemas.ts';
import type { Pending } from './stream-feed.ts';
import { emptyPending, StreamFeed } from './stream-feed.ts';
import { Type } from 'typebox';

const leastIntervalMs = 100;
/** Telling one reader takes some 10 microseconds: with this, at most a twentieth of the time goes into it. */
const intervalMsPerReader = 0.02;
const heartbeatMs = 10_000;
/** Readers told before the event loop gets a turn. */
const readersPerTurn = 500;
const mostWatched = 20;

interface Reader {
  readonly stream: EventStream;
  readonly sales: ReadonlySet<number> | null;
  readonly holds: ReadonlySet<number>;
  readonly entries: ReadonlySet<number>;
}

interface Group {
  readonly sales: ReadonlySet<number> | null;
  readonly readers: Set<Reader>;
}

export function streamRoutes(context: Context): Route[] {
  const hub = new StreamHub(context);
  const ids = Type.String({ description: 'Ids with commas between.' });
  return [
    {
      method: 'GET',
      path: '/v1/stream',
      access: 'public',
      summary: 'The store as it moves, as Server-Sent Events',
      query: { sales: ids, holds: ids, waitlist: ids, since: schemas.sale.properties.position },
      answers: {
        200: { description: 'Events time, sale, purchase, hold, waitlist, ready, reset', type: 'text/event-stream' },
      },
      handle: (call) => hub.open(call),
    },
  ];
}

class StreamHub {
  private readonly context: Context;
  private readonly feed: StreamFeed;
  private readonly groups = new Map<string, Group>();
  /** Readers that watch holds or waitlist places of their own. */
  private readonly personal = new Set<Reader>();
  private pending: Pending = emptyPending();
  private readers = 0;
  private flushTimer: ReturnType<typeof setTimeout> | null = null;
  private heartbeat: ReturnType<typeof setInterval> | null = null;
  private lastFlushMs = 0;

  constructor(context: Context) {
    this.context = context;
    this.feed = new StreamFeed(context.node);
    context.node.watch((changes) => {
      this.feed.collect(changes, this.pending);
      if (this.readers > 0) this.schedule();
      else this.pending = emptyPending();
    });
  }

  open(call: Call): Response {
    const { searchParams } = call.url;
    const sales = searchParams.has('sales') ? this.rows('sale', searchParams.get('sales'), Infinity) : null;
    const holds = this.rows('hold', searchParams.get('holds'), mostWatched);
    const entries = this.rows('waitlist', searchParams.get('waitlist'), mostWatched);
    // The header is the later one: it is what a reader sends that comes back.
    const since = this.readSince(call.header('last-event-id') ?? searchParams.get('since'));
    // What is pending is told to those who were there; the new one starts from the present.
    this.flushNow();
    const events = [this.feed.timeEvent()];
    const missed = since === null ? null : this.feed.missed(since, sales);
    if (since !== null && missed === null)
      events.push({ event: 'reset', data: '{"reason":"the position is too old"}' });
    events.push(...(missed ?? this.feed.present(sales)));
    for (const hold of holds) events.push(this.feed.holdEvent(hold));
    for (const entry of entries) events.push(this.feed.entryEvent(entry));
    const retry = new TextEncoder().encode('retry: 1000\n\n');
    const first = Buffer.concat([retry, encodeEvents(events)]);
    const stream = new EventStream(first, () => this.left(reader));
    const reader: Reader = { stream, sales, holds, entries };
    this.joined(reader);
    call.server.timeout(call.request, 0);
    return stream.response;
  }

  private joined(reader: Reader): void {
    const key = groupKey(reader.sales);
    const group = this.groups.get(key) ?? { sales: reader.sales, readers: new Set() };
    group.readers.add(reader);
    this.groups.set(key, group);
    if (reader.holds.size + reader.entries.size > 0) this.personal.add(reader);
    this.readers += 1;
    this.heartbeat ??= setInterval(() => this.beat(), heartbeatMs);
  }

  private left(reader: Reader): void {
    const key = groupKey(reader.sales);
    const group = this.groups.get(key);
    if (group?.readers.delete(reader) !== true) return;
    if (group.readers.size === 0) this.groups.delete(key);
    this.personal.delete(reader);
    this.readers -= 1;
    if (this.readers > 0) return;
    if (this.heartbeat !== null) clearInterval(this.heartbeat);
    this.heartbeat = null;
    this.pending = emptyPending();
  }

  private schedule(): void {
    if (this.flushTimer !== null) return;
    const intervalMs = Math.max(leastIntervalMs, this.readers * intervalMsPerReader);
    const waitMs = Math.max(0, this.lastFlushMs + intervalMs - performance.now());
    this.flushTimer = setTimeout(() => this.flushNow(), waitMs);
  }

  private flushNow(): void {
    if (this.flushTimer !== null) clearTimeout(this.flushTimer);
    this.flushTimer = null;
    const { pending } = this;
    const something = pending.sales.size + pending.purchases.size + pending.holds.size + pending.entries.size > 0;
    if (!something || this.readers === 0) return;
    this.lastFlushMs = performance.now();
    this.pending = emptyPending();
    for (const { sales, readers } of this.groups.values()) {
      const events = this.feed.events(pending, sales);
      if (events.length > 0) tell([...readers], encodeEvents(events));
    }
    for (const reader of this.personal) this.tellOwn(reader, pending);
  }

  private tellOwn(reader: Reader, pending: Pending): void {
    const events = [];
    for (const hold of reader.holds) if (pending.holds.has(hold)) events.push(this.feed.holdEvent(hold));
    const { waitlist } = this.context.state;
    for (const entry of reader.entries) {
      // A place moves when anybody before it does.
      if (pending.entries.size > 0 && pending.sales.has(waitlist.sale.get(entry)))
        events.push(this.feed.entryEvent(entry));
    }
    if (events.length > 0) reader.stream.send(encodeEvents(events));
  }

  private beat(): void {
    const chunk = encodeEvents([this.feed.timeEvent()]);
    for (const { readers } of this.groups.values()) tell([...readers], chunk);
  }

  private readSince(text: string | null): number | null {
    if (text === null || text === '') return null;
    const position = parsePosition(this.context.cell, text);
    if (position < 0) throw invalidParameter('since', 'is no position of this store');
    return position;
  }

  private rows(noun: 'sale' | 'hold' | 'waitlist', text: string | null, most: number): ReadonlySet<number> {
    const rows = new Set<number>();
    const { sales, holds, waitlist } = this.context.state;
    const name = noun === 'waitlist' ? noun : `${noun}s`;
    const count = { sale: sales.count, hold: holds.count, waitlist: waitlist.count }[noun];
    for (const id of (text ?? '').split(',')) {
      if (id === '') continue;
      const row = parseId(noun, this.context.cell, id);
      if (row < 0 || row >= count) throw invalidParameter(name, `names ${id.slice(0, 80)}, which is not there`);
      rows.add(row);
    }
    if (rows.size > most) throw invalidParameter(name, `names more than ${most}`);
    return rows;
  }
}

function groupKey(sales: ReadonlySet<number> | null): string {
  return sales === null ? '*' : [...sales].sort((one, other) => one - other).join(',');
}

/** Sends one chunk to many, some hundred at a turn. */
function tell(readers: readonly Reader[], chunk: Uint8Array, from = 0): void {
  const to = Math.min(readers.length, from + readersPerTurn);
  for (let at = from; at < to; at += 1) readers[at]!.stream.send(chunk);
  if (to < readers.length) setImmediate(() => tell(readers, chunk, to));
}
