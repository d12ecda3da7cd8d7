/**
 * The seats that a visitor has chosen and not held yet, and what becomes of them: held, or taken by
 * others who were quicker.
 *
 *     chosen ──hold──► held (a deal)
 *        └──one is taken, by the stream or an answer──► lost, with the nearest free ones
 */
import type { Best } from '../../../sdk/src/index.ts';
import type { Hall } from '../hall/hall.ts';
import { announce } from '../shared/announce.ts';
import { Signal } from '../shared/signal.ts';
import type { LiveHall } from '../store/live-hall.ts';
import { whoIsThere } from '../visitor/ask-name.ts';
import { deals } from '../visitor/deals.ts';
import { wishSentences } from '../visitor/trouble.ts';
import type { Lost } from './choosing.ts';
import { offerFor, pressOn, sayLost, takenOf } from './choosing.ts';

export interface Choice {
  /** Ids, in the order in which they were chosen. */
  readonly seats: readonly string[];
  readonly lost: Lost | null;
  /** Why the last press did not do the expected thing. */
  readonly note: string | null;
}

/** The store's codes for seats that another visitor or an operator took first. */
const gone: readonly string[] = ['SEAT_TAKEN', 'UNKNOWN_SEAT'];
/** The store's codes for a wish that cannot be met. */
const tooFew = Object.keys(wishSentences);

const nothing: Choice = { seats: [], lost: null, note: null };

export class Chooser {
  readonly choice = new Signal<Choice>(nothing);
  /** The maximum of seats in one hold. */
  limit = 10;
  private readonly sale: string;
  private readonly live: LiveHall;

  constructor(live: LiveHall) {
    this.live = live;
    this.sale = live.sale;
  }

  /** Begins to watch the chosen seats. Returns a function that ends this. */
  open(): () => void {
    const stops = [this.live.onChange(() => this.check()), this.live.hall.subscribe(() => this.check())];
    return () => {
      for (const stop of stops) stop();
    };
  }

  /** Chooses a seat, or undoes the choice. */
  toggle(seat: number): void {
    const hall = this.live.hall.get();
    if (hall === null) return;
    const { seats } = this.choice.get();
    const { deal } = deals.of(this.sale).get();
    const press = pressOn(hall, seat, { seats, deal, limit: this.limit });
    if (press === null) return;
    if (press.seats === null) return this.note(press.said);
    this.choose(press.seats);
    announce(press.said);
  }

  clear(): void {
    this.choose([]);
    announce('Nothing is chosen.');
  }

  /** Says why nothing can be chosen now. */
  refuse(why: string): void {
    this.note(why);
  }

  /** Holds the chosen seats. */
  async hold(): Promise<void> {
    const { seats } = this.choice.get();
    const who = await whoIsThere();
    if (who === null || seats.length === 0) return;
    const code = await deals.reserve(this.sale, who, { seats }, gone);
    if (code === null) {
      if (deals.of(this.sale).get().deal.kind === 'held') this.choice.set(nothing);
      return;
    }
    // The answer often comes before the stream's news.
    if (gone.includes(code)) await this.live.read();
    this.check();
    if (code === 'SEAT_TAKEN' && this.choice.get().lost === null) {
      this.note('Somebody had one of these for a moment and let it go again. Press Reserve once more.');
    }
  }

  /** Holds the best seats. Returns the store's code if that fails; null when they are held. */
  async holdBest(best: Best): Promise<string | null> {
    const who = await whoIsThere();
    if (who === null) return null;
    const code = await deals.reserve(this.sale, who, { best }, tooFew);
    if (code === null) this.choice.set(nothing);
    return code;
  }

  /** Accepts the offer for the lost seats. */
  async take(): Promise<void> {
    const { lost } = this.choice.get();
    if (lost?.offer == null) return;
    this.choose(lost.offer);
    await this.hold();
  }

  /** Dismisses the offer, and keeps the seats that are still free. */
  dismiss(): void {
    this.choose(this.choice.get().seats);
  }

  /** Chooses seats of an earlier hold again, as far as they are free. */
  again(seats: readonly string[]): void {
    const hall = this.live.hall.get();
    if (hall !== null) this.choose(seats.filter((id) => hall.isFree(hall.find(id))));
  }

  /** Finds out which of the chosen seats, and of the offered ones, are gone. */
  private check(): void {
    const hall = this.live.hall.get();
    const { seats, lost } = this.choice.get();
    const { kind } = deals.of(this.sale).get().deal;
    // Seats that this browser is about to hold are not free either. If an answer was lost, pressing
    // again tells.
    if (hall === null || kind === 'reserving' || kind === 'held' || deals.isOpen(this.sale, { seats })) return;
    const taken = takenOf(hall, seats);
    if (taken.length > 0) return this.lose(hall, seats, taken);
    if (lost?.offer != null && takenOf(hall, lost.offer).length > 0) {
      this.choice.set({ ...this.choice.get(), lost: { ...lost, offer: offerFor(hall, lost.offer) } });
    }
    return undefined;
  }

  private lose(hall: Hall, wanted: readonly string[], taken: readonly string[]): void {
    const lost = { seats: taken, offer: offerFor(hall, wanted) };
    this.choice.set({ seats: wanted.filter((id) => !taken.includes(id)), lost, note: null });
    announce(sayLost(hall, lost));
  }

  private choose(seats: readonly string[]): void {
    this.choice.set({ seats, lost: null, note: null });
    deals.dismiss(this.sale);
  }

  private note(note: string): void {
    this.choice.set({ ...this.choice.get(), note });
    announce(note);
  }
}
