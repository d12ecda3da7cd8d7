/**
 * The store's live state: one stream keeps every sale, its last buyers, and the visitor's own holds
 * and places in line.
 *
 *     connecting ──ready──► live ──silence or end──► lost ──ready──► live
 *                             └──browser offline──► offline ──back──► lost
 *
 * The page gets numbers at most ten times a second, and always the last one. A lost connection
 * resumes at its position.
 */
import type {
  Buyer,
  ConnectionState,
  HoldNews,
  Sale,
  SeatsNews,
  StreamEvent,
  StreamReader,
  WaitlistNews,
} from '../../../sdk/src/index.ts';
import { Signal } from '../shared/signal.ts';
import { api } from './backend.ts';
import { newestBuyers } from './buyers.ts';
import { clock } from './clock.ts';
import type { Connection } from './connection.ts';
import { connectionAfter } from './connection.ts';
import { newestFirst } from './sale-order.ts';

/** Minimum time between two redraws, ms. */
const redrawMs = 100;
/** Maximum of holds, and of places in line, that one stream follows. */
const maxFollowed = 20;
/** Maximum wait between two attempts to connect, ms. */
const maxWaitMs = 3000;
const nothing = { holds: [], waitlist: [] } as const;

export class LiveStore {
  readonly connection = new Signal<Connection>('connecting');
  /** Ids, newest first; null until they are known. */
  readonly ids = new Signal<readonly string[] | null>(null);
  /** Server time of the last news, ms. */
  lastHeardMs = 0;
  private readonly sales = new Map<string, Signal<Sale>>();
  private readonly buyersOf = new Map<string, Signal<readonly Buyer[] | null>>();
  private readonly pending = new Map<string, Sale>();
  /** Sales that were taken away since the last redraw. */
  private readonly gone = new Set<string>();
  private readonly holdListeners = new Set<(change: HoldNews) => void>();
  private readonly placeListeners = new Set<(change: WaitlistNews) => void>();
  private readonly resetListeners = new Set<() => void>();
  private timer: ReturnType<typeof setTimeout> | null = null;
  private lastRedrawMs = -Infinity;
  private reader: StreamReader | null = null;
  /** False until the stream's initial state is complete: half a shop is never shown. */
  private isReady = false;
  /** The sales received since a reset: all others are gone. */
  private told: Set<string> | null = null;
  private followed: { readonly holds: readonly string[]; readonly waitlist: readonly string[] } = nothing;
  private readonly seatsListeners = new Set<(news: SeatsNews) => void>();
  /** The sale whose seats are followed. */
  private hall: string | null = null;

  start(): void {
    addEventListener('offline', () => this.connection.set('offline'));
    addEventListener('online', () => {
      if (this.connection.get() === 'offline') this.connection.set('lost');
      // Reconnects at once, without the rest of a wait.
      this.reader?.follow({});
    });
    if (!navigator.onLine) this.connection.set('offline');
    void this.read();
  }

  sale(id: string): Signal<Sale> {
    const signal = this.sales.get(id);
    if (signal === undefined) throw new Error(`no sale ${id}`);
    return signal;
  }

  find(id: string): Sale | null {
    return this.sales.get(id)?.get() ?? null;
  }

  /** The last three buyers, newest first; null until they are known. */
  buyers(id: string): Signal<readonly Buyer[] | null> {
    let signal = this.buyersOf.get(id);
    if (signal === undefined) this.buyersOf.set(id, (signal = new Signal<readonly Buyer[] | null>(null)));
    return signal;
  }

  /** Merges buyers from a call with those that the stream brought meanwhile. */
  learnBuyers(id: string, told: readonly Buyer[]): void {
    this.buyers(id).set(newestBuyers(this.buyers(id).get() ?? [], told));
  }

  onHold(listener: (change: HoldNews) => void): void {
    this.holdListeners.add(listener);
  }

  onPlace(listener: (change: WaitlistNews) => void): void {
    this.placeListeners.add(listener);
  }

  onSeats(listener: (news: SeatsNews) => void): () => void {
    this.seatsListeners.add(listener);
    return () => this.seatsListeners.delete(listener);
  }

  /** Follows the seats of a sale instead of any other. Returns a function that stops this. */
  followSeats(sale: string): () => void {
    if (this.hall !== sale) this.reader?.follow({ seats: sale });
    this.hall = sale;
    return () => {
      if (this.hall !== sale) return;
      this.hall = null;
      this.reader?.follow({ seats: null });
    };
  }

  /**
   * Calls after a gap that the stream could not fill: results of calls should be asked for again.
   */
  onReset(listener: () => void): () => void {
    this.resetListeners.add(listener);
    return () => this.resetListeners.delete(listener);
  }

  /** Also follows these holds and places in line. */
  follow(holds: readonly string[], waitlist: readonly string[]): void {
    const same = (one: readonly string[], other: readonly string[]): boolean => one.join() === other.join();
    if (same(holds, this.followed.holds) && same(waitlist, this.followed.waitlist)) return;
    this.followed = { holds: holds.slice(0, maxFollowed), waitlist: waitlist.slice(0, maxFollowed) };
    this.reader?.follow(this.followed);
  }

  /**
   * Reads for as long as the page is open. The reader heals by itself; it ends only where the store
   * refuses it.
   */
  private async read(): Promise<void> {
    for (;;) {
      const onState = (state: ConnectionState): void => this.stateChanged(state);
      this.reader = api.stream({ ...this.followed, seats: this.hall, onState, retry: { capMs: maxWaitMs } });
      try {
        await this.reader.listen((event) => this.take(event));
      } catch {
        // A store that was started anew does not know the followed things: go on without them, from
        // the present state.
        this.followed = nothing;
        this.hall = null;
        this.isReady = false;
        this.told = new Set();
        for (const listener of this.resetListeners) listener();
      }
      if (this.connection.get() === 'live') this.connection.set('lost');
      await new Promise((resolve) => setTimeout(resolve, maxWaitMs));
    }
  }

  private stateChanged(state: ConnectionState): void {
    const before = this.connection.get();
    if (before === 'live' && state !== 'open') this.lastHeardMs = clock.now();
    this.connection.set(connectionAfter(before, state, { isReady: this.isReady, isOnline: navigator.onLine }));
  }

  private take(event: StreamEvent): void {
    switch (event.type) {
      case 'sale':
        this.pending.set(event.sale.id, event.sale);
        this.told?.add(event.sale.id);
        if (this.isReady) this.redrawSoon();
        break;
      case 'removed':
        this.pending.delete(event.sale);
        this.gone.add(event.sale);
        if (this.isReady) this.redrawSoon();
        break;
      case 'seats':
        for (const listener of this.seatsListeners) listener(event.news);
        break;
      case 'purchase':
        if (this.buyers(event.purchase.sale).get() !== null) this.learnBuyers(event.purchase.sale, [event.purchase]);
        break;
      case 'hold':
        for (const listener of this.holdListeners) listener(event.hold);
        break;
      case 'waitlist':
        for (const listener of this.placeListeners) listener(event.entry);
        break;
      case 'ready':
        this.isReady = true;
        this.redraw();
        if (this.ids.get() === null) this.ids.set([]);
        this.connection.set('live');
        break;
      case 'reset':
        this.isReady = false;
        this.told = new Set();
        for (const listener of this.resetListeners) listener();
        break;
    }
  }

  /** Drops the sales that were taken away, and those that a reset store no longer has. */
  private forgetGone(): boolean {
    const { told } = this;
    this.told = null;
    for (const id of this.sales.keys()) if (told !== null && !told.has(id)) this.gone.add(id);
    let changed = false;
    for (const id of this.gone) changed = this.sales.delete(id) || changed;
    this.gone.clear();
    return changed;
  }

  private redrawSoon(): void {
    if (this.timer !== null) return;
    const waitMs = Math.max(0, this.lastRedrawMs + redrawMs - performance.now());
    this.timer = setTimeout(() => this.redraw(), waitMs);
  }

  private redraw(): void {
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
    if (!this.isReady) return;
    this.lastRedrawMs = performance.now();
    let changed = this.forgetGone();
    for (const [id, sale] of this.pending) {
      const signal = this.sales.get(id);
      if (signal !== undefined) signal.set(sale);
      else {
        this.sales.set(id, new Signal(sale));
        changed = true;
      }
    }
    this.pending.clear();
    if (!changed) return;
    const sales = newestFirst([...this.sales.values()].map((signal) => signal.get()));
    this.ids.set(sales.map(({ id }) => id));
  }
}

export const live = new LiveStore();
