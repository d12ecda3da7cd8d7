/**
 * The hall of one sale, live: read once, then kept right by the stream.
 *
 *     reading ──read──► there ──news──► there
 *        ▲                └──layout changed, or too much news──► reading; the old hall stays in sight
 *        └──not answered: again when the connection is back, or after a while
 *
 * It is followed before it is read, so no change is missed: news that come during the read are
 * applied afterwards.
 */
import type { SeatsNews } from '../../../sdk/src/index.ts';
import { comparePositions, HoldfastError, SeatMap } from '../../../sdk/src/index.ts';
import { Hall } from '../hall/hall.ts';
import { Signal } from '../shared/signal.ts';
import { api } from './backend.ts';
import { live } from './live.ts';

/** Wait before it is read again, ms. */
const againMs = 2000;

export class LiveHall {
  readonly sale: string;
  /**
   * Null until it has been read. A new hall when its seats change, but not when their states do.
   */
  readonly hall = new Signal<Hall | null>(null);
  /** Counts changes of states, for components that draw them. */
  readonly changes = new Signal(0);
  /** True while it cannot be read. */
  readonly isCut = new Signal(false);
  private map: SeatMap | null = null;
  private reading: Promise<void> | null = null;
  /** The last read, or the one in flight, is out of date. */
  private isOld = false;
  /** News that came during the read. */
  private readonly early: SeatsNews[] = [];
  private readonly listeners = new Set<(seats: readonly number[]) => void>();
  private stops: (() => void)[] = [];
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(sale: string) {
    this.sale = sale;
  }

  /** Begins to watch. Returns a function that ends this. */
  open(): () => void {
    this.stops = [
      live.onSeats((news) => this.take(news)),
      live.onReset(() => {
        this.map = null;
        this.early.length = 0;
        void this.read();
      }),
      live.connection.subscribe(() => {
        if (live.connection.get() === 'live' && this.isCut.get()) void this.read();
      }),
      live.followSeats(this.sale),
    ];
    void this.read();
    return () => {
      for (const stop of this.stops) stop();
      this.stops = [];
      clearTimeout(this.timer);
    };
  }

  /** Subscribes to changed seats. Returns a function that unsubscribes. */
  readonly onChange = (listener: (seats: readonly number[]) => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  /** Reads the hall's present state; resolves when that is done or has failed. */
  read(): Promise<void> {
    this.isOld = true;
    this.reading ??= this.readOn().finally(() => (this.reading = null));
    return this.reading;
  }

  private async readOn(): Promise<void> {
    clearTimeout(this.timer);
    while (this.isOld) {
      this.isOld = false;
      try {
        this.show(new SeatMap(await api.seats.compact(this.sale, { at: this.map?.position })));
        this.isCut.set(false);
        // Follows it again, in case the stream has begun anew.
        if (this.stops.length > 0) live.followSeats(this.sale);
      } catch (error) {
        if (this.map !== null && error instanceof HoldfastError && error.code === 'POSITION_UNKNOWN') {
          // The map is of another history than the store's: its position is no longer a bound.
          this.map = null;
          this.isOld = true;
          continue;
        }
        this.isCut.set(true);
        const isGone = error instanceof HoldfastError && error.status >= 400 && error.status < 500;
        if (this.stops.length > 0 && !isGone) this.timer = setTimeout(() => void this.read(), againMs);
      }
    }
  }

  private take(news: SeatsNews): void {
    if (news.sale !== this.sale) return;
    if (this.reading !== null || this.map === null) {
      this.early.push(news);
      return;
    }
    const changed = this.map.take(news);
    if (changed === null) void this.read();
    else this.changed(changed);
  }

  private show(map: SeatMap): void {
    this.map = map;
    if (this.hall.get()?.hasSeats(map.seats.values()) === true) this.changed([...map.seats.keys()]);
    else {
      this.hall.set(new Hall(map.seats.values()));
      this.changes.set(this.changes.get() + 1);
    }
    for (const news of this.early.splice(0)) {
      if ((comparePositions(news.position, map.position) ?? 1) <= 0) continue;
      const changed = map.take(news);
      if (changed === null) this.isOld = true;
      else this.changed(changed);
    }
  }

  private changed(ids: readonly string[]): void {
    const hall = this.hall.get();
    const { map } = this;
    if (hall === null || map === null) return;
    const seats = ids.flatMap((id) => {
      const seat = hall.find(id);
      return hall.setState(seat, map.seats.get(id)?.state ?? 'removed') ? [seat] : [];
    });
    if (seats.length === 0) return;
    this.changes.set(this.changes.get() + 1);
    for (const listener of this.listeners) listener(seats);
  }
}
