/** The client: its settings, checked here, and its calls, grouped by subject. */
import type { Fetch } from './attempt.ts';
import type { DenyListFeed } from './card-shapes.ts';
import { Cards } from './cards.ts';
import { ServerClock } from './clock.ts';
import { Customers } from './customers.ts';
import { Gates } from './gates.ts';
import { Holds } from './holds.ts';
import type { TokenStore } from './keys.ts';
import { RecentTokens } from './keys.ts';
import { Orders } from './orders.ts';
import { pageOrigin } from './page.ts';
import type { RetryOptions } from './retry.ts';
import { Sales } from './sales.ts';
import { Seats } from './seats.ts';
import { StreamReader } from './stream.ts';
import type { StreamOptions } from './stream-options.ts';
import { Taps } from './taps.ts';
import { Tariffs } from './tariffs.ts';
import type { Answered, Asked, CallOptions, CommandOptions } from './transport.ts';
import { positive, Transport } from './transport.ts';
import { Waitlist } from './waitlist.ts';

export interface HoldfastOptions {
  /**
   * Address of the store, such as `http://127.0.0.1:3000`. In a page the default is the page's own
   * origin.
   */
  readonly url?: string | undefined;
  /**
   * For calls that only an operator may make. Never put it in a page: every reader of the page has
   * it.
   */
  readonly operatorKey?: string | undefined;
  /** How long a call may take with all its attempts, ms (30,000). */
  readonly deadlineMs?: number | undefined;
  /** How long one attempt may take before it counts as lost, ms (10,000). */
  readonly attemptMs?: number | undefined;
  readonly retry?: RetryOptions | undefined;
  /** Where tokens are kept; in memory by default. */
  readonly tokens?: TokenStore | undefined;
  readonly fetch?: Fetch | undefined;
  /** Source of the jitter, from 0 to below 1; Math.random by default. */
  readonly random?: (() => number) | undefined;
}

export class Holdfast {
  readonly sales: Sales;
  readonly seats: Seats;
  readonly orders: Orders;
  readonly holds: Holds;
  readonly waitlist: Waitlist;
  readonly customers: Customers;
  readonly cards: Cards;
  readonly gates: Gates;
  readonly tariff: Tariffs;
  readonly taps: Taps;
  private readonly transport: Transport;
  private readonly clock = new ServerClock();

  /**
   * @throws TypeError without a URL, or for an operator key that no header can carry; RangeError
   * for times that are not above 0
   */
  constructor(options: HoldfastOptions = {}) {
    const { retry = {} } = options;
    this.transport = new Transport({
      url: baseOf(options.url ?? pageOrigin()),
      fetch: options.fetch ?? ((url, init) => fetch(url, init)),
      operatorKey: options.operatorKey ?? null,
      tokens: options.tokens ?? new RecentTokens(),
      deadlineMs: positive(options.deadlineMs ?? 30_000, 'deadlineMs'),
      attemptMs: positive(options.attemptMs ?? 10_000, 'attemptMs'),
      retry: {
        attempts: positive(retry.attempts ?? Infinity, 'retry.attempts'),
        baseMs: positive(retry.baseMs ?? 100, 'retry.baseMs'),
        capMs: positive(retry.capMs ?? 5000, 'retry.capMs'),
        refusals: retry.refusals ?? false,
      },
      random: options.random ?? Math.random,
    });
    this.transport.baseHeaders();
    this.sales = new Sales(this.transport);
    this.seats = new Seats(this.transport);
    this.orders = new Orders(this.transport);
    this.holds = new Holds(this.transport);
    this.waitlist = new Waitlist(this.transport);
    this.customers = new Customers(this.transport);
    this.cards = new Cards(this.transport);
    this.gates = new Gates(this.transport);
    this.tariff = new Tariffs(this.transport);
    this.taps = new Taps(this.transport);
  }

  /**
   * The latest position that any answer named; null before the first. As `at` of a read, it makes
   * you read your own writes.
   */
  get position(): string | null {
    return this.transport.position;
  }

  /**
   * Any other call of the store, such as one of a dialect, with the same retries, key and deadline.
   * The answer is not checked. If a dialect refuses in a shape of its own, the error's `body` has
   * it.
   * @throws HoldfastError
   */
  request<Body extends object>(asked: Asked, options?: CommandOptions): Promise<Answered<Body>> {
    return this.transport.call<Body>(asked, options);
  }

  /**
   * What changed in the list of cards that gates refuse by themselves while they are offline. From
   * `next` of an earlier answer on; without one, or with one that is too old, the whole list. Ask
   * again while it says `more`.
   * @throws HoldfastError UNAUTHORIZED
   */
  denyList(since?: string, options?: CallOptions): Promise<Answered<DenyListFeed>> {
    return this.transport.call({ method: 'GET', path: '/v1/denylist', query: { since } }, options);
  }

  /** The store as it moves. Nothing is sent before the reader is iterated or listened to. */
  stream(options: StreamOptions = {}): StreamReader {
    return new StreamReader(this.transport, this.clock, options);
  }

  /**
   * The server's time, ms since the epoch, once a stream has told it, also when the local date is
   * changed later; before that the local time.
   */
  now(): number {
    return this.clock.now();
  }

  /** Server time minus local time, ms; null before a stream told the server's time. */
  get clockOffsetMs(): number | null {
    return this.clock.offsetMs;
  }
}

function baseOf(url: string | null): string {
  if (url === null || url === 'null') throw new TypeError('outside of a page of the store the client needs a url');
  const { origin, pathname, protocol } = new URL(url);
  if (protocol !== 'http:' && protocol !== 'https:') throw new TypeError(`${url} is no http or https address`);
  return `${origin}${pathname.replace(/\/+$/, '')}`;
}
