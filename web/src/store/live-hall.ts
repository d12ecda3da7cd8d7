/**
 * The hall of one sale, live: read once, then kept right by the stream.
 *
 *     reading ──read──► there ──news──► there
 *        ▲                └──layout changed, or too much news──► reading, and the old hall stays in sight
 *        └──not answered: again when the connection is back, or after a while
 *
 * It is watched from before it is read, so that nothing falls in between: what the stream tells
 * meanwhile is taken in afterwards.
 */
import type { SeatsNews } from '../../../sdk/src/index.ts';
import { comparePositions, HoldfastError, SeatMap } from '../../../sdk/src/index.ts';
import { Hall } from '../hall/hall.ts';
import { Signal } from '../shared/signal.ts';
import { api } from './backend.ts';
import { live } from './live.ts';

/** Until it is asked for again, ms. */
const againMs = 2000;

export class LiveHall {
  readonly sale: string;
  /**
   * Null until it has been read. Another one when its seats change, and not when their states do.
   */
  readonly hall = new Signal<Hall | null>(null);
  /** Counts changes of states, for what is drawn from them. */
  readonly changes = new Signal(0);
  /** True while it cannot be read. */
  readonly isCut = new Signal(false);
  private map: SeatMap | null = null;
  private reading: Promise<void> | null = null;
  /** What was read last, or is being read, is not new enough. */
  private isOld = false;
  /** News that came while it was read. */
  private readonly early: SeatsNews[] = [];
  private readonly listeners = new Set<(seats: readonly number[]) => void>();
  private stops: (() => void)[] = [];
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(sale: string) {
    this.sale = sale;
  }

  /** Begins to watch. Returns how to end it. */
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

  /** Tells which seats have changed, as often as they do. Returns how to stop that. */
  readonly onChange = (listener: (seats: readonly number[]) => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  /** Reads the hall as it is now, or later; resolves when that is done, or could not be. */
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
        // Once more, should the stream have begun anew.
        if (this.stops.length > 0) live.followSeats(this.sale);
      } catch (error) {
        if (this.map !== null && error instanceof HoldfastError && error.code === 'POSITION_UNKNOWN') {
          // The map is of another history than the store has now: what it was true at is no bound
          // any more.
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
