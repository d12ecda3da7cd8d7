/**
 * The seats that a visitor has chosen and not held yet, and what becomes of them: held, or taken by somebody who was quicker.
 *
 *     chosen ──hold──► held (a deal)
 *        └──one is taken, seen on the stream or told by the store──► lost, with the nearest that are free
 */
import type { Best } from '../../../sdk/src/index.ts';
import type { Hall } from '../hall/hall.ts';
import { layOut } from '../hall/layout.ts';
import { nearestTogether } from '../hall/nearest.ts';
import { capitalised, saySeats, stateWords } from '../hall/words.ts';
import { announce } from '../shared/announce.ts';
import { Signal } from '../shared/signal.ts';
import type { LiveHall } from '../store/live-hall.ts';
import { whoIsThere } from '../visitor/ask-name.ts';
import { deals } from '../visitor/deals.ts';
import { wishSentences } from '../visitor/trouble.ts';

/** The map's shape does not matter for what is near. */
const anyShape = 1.5;

export interface Lost {
  /** Those that went to somebody else. */
  readonly seats: readonly string[];
  /** Free ones to take instead, as many as were wanted, together; null when there are none. */
  readonly offer: readonly string[] | null;
}

export interface Choice {
  /** Ids, in the order in which they were chosen. */
  readonly seats: readonly string[];
  readonly lost: Lost | null;
  /** Why the last press did not do what one may have expected. */
  readonly note: string | null;
}

/** What the store says of seats that somebody else was quicker to take, or an operator. */
const gone: readonly string[] = ['SEAT_TAKEN', 'UNKNOWN_SEAT'];
/** What it says of a wish that cannot be met. */
const tooFew = Object.keys(wishSentences);

const nothing: Choice = { seats: [], lost: null, note: null };

export class Chooser {
  readonly choice = new Signal<Choice>(nothing);
  /** Most seats of one hold. */
  limit = 10;
  private readonly sale: string;
  private readonly live: LiveHall;

  constructor(live: LiveHall) {
    this.live = live;
    this.sale = live.sale;
  }

  /** Begins to look after what is chosen. Returns how to end it. */
  open(): () => void {
    const stops = [this.live.onChange(() => this.check()), this.live.hall.subscribe(() => this.check())];
    return () => {
      for (const stop of stops) stop();
    };
  }

  /** Chooses a seat, or takes that back. */
  toggle(seat: number): void {
    const hall = this.live.hall.get();
    if (hall === null) return;
    const id = hall.idOf(seat);
    const { seats } = this.choice.get();
    const { deal } = deals.of(this.sale).get();
    const name = capitalised(saySeats(hall, [seat]));
    if (deal.kind === 'held' && deal.hold.seats.includes(id)) return this.note(`${name} is held for you.`);
    if (deal.kind === 'held') return this.note('Buy what you hold, or let it go, before you choose others.');
    if (deal.kind === 'waiting') return this.note('You are in line for this. Leave the line before you choose a seat.');
    if (deal.kind === 'reserving' || deal.kind === 'joining') return undefined;
    if (seats.includes(id)) {
      this.choose(seats.filter((other) => other !== id));
      announce(`${name}: no longer chosen. ${this.summary()}`);
    } else if (!hall.isFree(seat)) this.note(`${name} is ${stateWords[hall.stateOf(seat)]}.`);
    else if (seats.length >= this.limit)
      this.note(`At most ${this.limit} at once: take one back before you add another.`);
    else {
      this.choose([...seats, id]);
      announce(`${name}: chosen. ${this.summary()}`);
    }
    return undefined;
  }

  clear(): void {
    this.choose([]);
    announce('Nothing is chosen.');
  }

  /** Says that nothing can be chosen now, and why. */
  refuse(why: string): void {
    this.note(why);
  }

  /** Holds what is chosen. */
  async hold(): Promise<void> {
    const { seats } = this.choice.get();
    const who = await whoIsThere();
    if (who === null || seats.length === 0) return;
    const code = await deals.reserve(this.sale, who, { seats }, gone);
    if (code === null) {
      if (deals.of(this.sale).get().deal.kind === 'held') this.choice.set(nothing);
      return;
    }
    // The answer is often quicker than the stream.
    if (gone.includes(code)) await this.live.read();
    this.check();
    if (code === 'SEAT_TAKEN' && this.choice.get().lost === null) {
      this.note('Somebody had one of these for a moment and let it go again. Press Reserve once more.');
    }
  }

  /** Holds the best there are. Returns why not, the store's code; null when they are held. */
  async holdBest(best: Best): Promise<string | null> {
    const who = await whoIsThere();
    if (who === null) return null;
    const code = await deals.reserve(this.sale, who, { best }, tooFew);
    if (code === null) this.choice.set(nothing);
    return code;
  }

  /** Takes what is offered for what was lost. */
  async take(): Promise<void> {
    const { lost } = this.choice.get();
    if (lost?.offer == null) return;
    this.choose(lost.offer);
    await this.hold();
  }

  /** Puts the offer away, and keeps what is still there. */
  dismiss(): void {
    this.choose(this.choice.get().seats);
  }

  /** Chooses seats that were had before, as far as they are free. */
  again(seats: readonly string[]): void {
    const hall = this.live.hall.get();
    if (hall !== null) this.choose(seats.filter((id) => hall.isFree(hall.find(id))));
  }

  /** Finds out what has gone: of the chosen ones, and of those offered instead. */
  private check(): void {
    const hall = this.live.hall.get();
    const { seats, lost } = this.choice.get();
    const { kind } = deals.of(this.sale).get().deal;
    // What this browser is being given is not free either; and what a lost answer may have given it, the same press tells.
    if (hall === null || kind === 'reserving' || kind === 'held' || deals.isOpen(this.sale, { seats })) return;
    const taken = seats.filter((id) => !hall.isFree(hall.find(id)));
    if (taken.length > 0) return this.lose(hall, seats, taken);
    if (lost?.offer?.some((id) => !hall.isFree(hall.find(id))) === true) {
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

  private summary(): string {
    const { length } = this.choice.get().seats;
    return length === 0 ? 'Nothing is chosen.' : `${length} of at most ${this.limit} chosen.`;
  }
}

function offerFor(hall: Hall, wanted: readonly string[]): readonly string[] | null {
  const seats = wanted.map((id) => hall.find(id)).filter((seat) => seat >= 0);
  return nearestTogether(hall, layOut(hall, anyShape), seats)?.map((seat) => hall.idOf(seat)) ?? null;
}

/** What was lost, and what may be had instead, for ears. */
function sayLost(hall: Hall, { seats, offer }: Lost): string {
  const went = `${capitalised(sayThem(hall, seats))} just went to somebody else.`;
  if (offer === null) return `${went} As many together are not free any more.`;
  return `${went} Nearest free: ${sayThem(hall, offer)}.`;
}

function sayThem(hall: Hall, ids: readonly string[]): string {
  const seats = ids.map((id) => hall.find(id)).filter((seat) => seat >= 0);
  return seats.length === 0 ? 'a seat' : saySeats(hall, seats);
}
