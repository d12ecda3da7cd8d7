/**
 * A live stream of the store's changes that outlives its connections.
 *
 *     connecting --first event--> open --breaks--> connecting --fails--> offline --first event--> open
 *          |                        |                                       |
 *          +---------close()--------+-------------------+------refused------+
 *                                                       v
 *                                                     closed
 *
 * After a break it resumes after the last event with an id, so it misses nothing and repeats
 * nothing. When the store no longer has the missed events, it delivers `reset` and then the present
 * state. Waits between connections back off with full jitter.
 */
import type { ServerClock } from './clock.ts';
import { HoldfastError, NetworkError } from './errors.ts';
import { pageOrigin } from './page.ts';
import { backoffMs, sleep } from './retry.ts';
import { SseParser } from './sse.ts';
import { readEvents } from './stream-connection.ts';
import type { StreamEvent } from './stream-events.ts';
import type { ConnectionState, Followed, StreamOptions } from './stream-options.ts';
import { StreamProgress } from './stream-progress.ts';
import type { Transport } from './transport.ts';
import { positive } from './transport.ts';

/** After a connection that lasted this long, the next break starts with short waits again, ms. */
const steadyMs = 5000;

export class StreamReader implements AsyncIterable<StreamEvent> {
  private readonly transport: Transport;
  private readonly clock: ServerClock;
  private readonly options: StreamOptions;
  private readonly progress: StreamProgress;
  private readonly silenceMs: number;
  private followed: Followed;
  private isStarted = false;
  private stateNow: ConnectionState = 'connecting';
  /** Ends the present connection or wait; null before the first. */
  private present: AbortController | null = null;
  private baseMs: number;
  private retryAfterMs = 0;
  /** Connections in a row that did not last. */
  private failures = 0;

  constructor(transport: Transport, clock: ServerClock, options: StreamOptions) {
    this.transport = transport;
    this.clock = clock;
    this.options = options;
    this.progress = new StreamProgress(clock, options.since ?? null);
    this.silenceMs = positive(options.silenceMs ?? 25_000, 'silenceMs');
    this.followed = { holds: options.holds, waitlist: options.waitlist, seats: options.seats };
    this.baseMs = positive(options.retry?.baseMs ?? 1000, 'retry.baseMs');
  }

  get state(): ConnectionState {
    return this.stateNow;
  }

  /**
   * Everything up to here was delivered; null before the present state is complete. Another reader
   * can go on from here with `since`.
   */
  get position(): string | null {
    return this.progress.position;
  }

  /** The server's time, ms since the epoch; the local time before a stream told it. */
  now(): number {
    return this.clock.now();
  }

  /** Server time minus local time, ms; null before a stream told the server's time. */
  get clockOffsetMs(): number | null {
    return this.clock.offsetMs;
  }

  /**
   * The events, until it is closed. Slow reading is safe: the store leaves states out. A reader has
   * one consumer.
   * @throws HoldfastError when the store refuses, such as INVALID_REQUEST for an unknown id
   */
  [Symbol.asyncIterator](): AsyncGenerator<StreamEvent, void> {
    if (this.isStarted) throw new Error('this stream has a consumer already: make another one');
    this.isStarted = true;
    return this.run();
  }

  /**
   * Calls `onEvent` with each event. Resolves when it is closed. @throws as iterating does, and
   * what `onEvent` throws
   */
  async listen(onEvent: (event: StreamEvent) => void): Promise<void> {
    for await (const event of this) onEvent(event);
  }

  /**
   * Follows these holds, places in line and seats from now on; what is left out stays as it is. It
   * reconnects without missing events. The events that follow keep a seat map up to date if
   * `seats.compact` reads it after this call.
   */
  follow({
    holds = this.followed.holds,
    waitlist = this.followed.waitlist,
    seats = this.followed.seats,
  }: Followed): void {
    this.followed = { holds, waitlist, seats };
    this.present?.abort();
  }

  /** Closes it for good; events that were not consumed are dropped. */
  close(): void {
    this.setState('closed');
    this.present?.abort();
  }

  private async *run(): AsyncGenerator<StreamEvent, void> {
    const { signal } = this.options;
    const onAbort = (): void => this.close();
    if (signal?.aborted === true) this.close();
    signal?.addEventListener('abort', onAbort, { once: true });
    try {
      while (!this.isClosed()) {
        this.present = new AbortController();
        yield* this.connection(this.present.signal);
        await this.pause(this.present.signal);
      }
    } finally {
      signal?.removeEventListener('abort', onAbort);
      this.close();
    }
  }

  /**
   * One connection, from the last id to its end of any kind. @throws HoldfastError when a retry is
   * useless
   */
  private async *connection(signal: AbortSignal): AsyncGenerator<StreamEvent, void> {
    const parser = new SseParser(this.progress.resumeFrom ?? '');
    const { silenceMs } = this;
    const sinceMs = performance.now();
    this.retryAfterMs = 0;
    this.progress.reconnected();
    try {
      for await (const event of readEvents({ ...this.request(), signal, silenceMs, parser })) {
        if (this.isClosed()) return;
        this.setState('open');
        const news = this.progress.take(event);
        if (news !== null) yield news;
      }
    } catch (error) {
      if (signal.aborted) return;
      if (!(error instanceof HoldfastError)) throw error;
      if (refusesPosition(error)) {
        this.progress.resumeFrom = null;
        yield this.progress.forget('the store does not know the position');
      } else if (!isPassing(error)) throw error;
      this.retryAfterMs = error.retryAfterMs ?? 0;
    }
    if (signal.aborted) return;
    this.baseMs = this.options.retry?.baseMs ?? parser.retryMs ?? this.baseMs;
    if (performance.now() - sinceMs >= steadyMs) this.failures = 0;
    this.setState(this.stateNow === 'open' ? 'connecting' : 'offline');
  }

  private async pause(signal: AbortSignal): Promise<void> {
    const backoff = { baseMs: this.baseMs, capMs: this.options.retry?.capMs ?? 10_000 };
    const waitMs = this.retryAfterMs + backoffMs(this.failures, backoff, this.transport.settings.random);
    // close() and follow() cut it short, which is no failure.
    await sleep(waitMs, signal).then(
      () => (this.failures += 1),
      () => {},
    );
  }

  private request(): { fetch: Transport['settings']['fetch']; url: string; headers: Headers } {
    const headers = this.transport.baseHeaders();
    headers.set('Accept', 'text/event-stream');
    const position = this.progress.resumeFrom;
    const origin = pageOrigin();
    // In a page of another origin the header would need a preflight request before each connection.
    const isForeign = origin !== null && !`${this.transport.settings.url}/`.startsWith(`${origin}/`);
    if (position !== null && !isForeign) headers.set('Last-Event-ID', position);
    const { holds = [], waitlist = [], seats } = this.followed;
    const query = {
      sales: this.options.sales?.join(','),
      seats: seats ?? undefined,
      holds: this.withTokens(holds),
      waitlist: this.withTokens(waitlist),
      since: isForeign ? (position ?? undefined) : undefined,
    };
    return { fetch: this.transport.settings.fetch, url: this.transport.urlOf({ path: '/v1/stream', query }), headers };
  }

  /** Ids in the store's form, each with its token if the client has one. An operator needs none. */
  private withTokens(ids: readonly string[]): string | undefined {
    const { tokens, operatorKey } = this.transport.settings;
    const shown = ids.map((id) => {
      const token = operatorKey === null ? tokens.get(id) : null;
      return token == null ? id : `${id}:${token}`;
    });
    return shown.length === 0 ? undefined : shown.join(',');
  }

  private isClosed(): boolean {
    return this.stateNow === 'closed';
  }

  private setState(state: ConnectionState): void {
    if (state === this.stateNow || this.isClosed()) return;
    this.stateNow = state;
    try {
      this.options.onState?.(state);
    } catch (error) {
      // Reported like an error in an event listener, without effect on the stream.
      queueMicrotask(() => {
        throw error;
      });
    }
  }
}

/** 400 for the position alone: the store is another one, or has been started anew. */
function refusesPosition({ status, errors }: HoldfastError): boolean {
  return status === 400 && errors.some(({ path }) => path === 'since');
}

function isPassing(error: HoldfastError): boolean {
  return error instanceof NetworkError || error.status >= 500 || error.status === 429;
}
