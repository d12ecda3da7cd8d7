/** Chooses the seats of a line, those that it names or the best, and assigns them. */
import type { Ref } from '../base/ref.ts';
import { changeKinds } from '../changes.ts';
import type { Lines } from '../commands/lines.ts';
import { asks, maxLines, maxSeats } from '../commands/lines.ts';
import type { OutcomeRow } from '../outcomes.ts';
import { outcomes } from '../outcomes.ts';
import type { Wish } from './best.ts';
import { chooseBest, eligibleIn, isSureOfSeats, takeAcross } from './best.ts';
import type { State } from '../state.ts';
import { seatStates } from '../tables/seats.ts';

/** Whether a line names seats or a section that its sale does not have. */
export function refusalOfNames(state: State, lines: Lines, line: number): OutcomeRow | null {
  const { seats } = state;
  const sale = lines.sale[line]!;
  if (!lines.asksSeats) return null;
  if (lines.ask[line] === asks.named) {
    const first = firstNamed(lines, line);
    for (let i = first; i < first + lines.quantity[line]!; i += 1) {
      if (!stands(state, sale, lines.seats[i]!)) return outcomes.UNKNOWN_SEAT;
    }
  }
  const section = lines.section[line]!;
  if (lines.ask[line] !== asks.best || section === 0) return null;
  return section <= seats.sectionSale.length && seats.sectionSale[section - 1] === sale
    ? null
    : outcomes.UNKNOWN_SECTION;
}

/** Whether a line asks for seats in a way that its sale cannot give. */
export function refusalOfAsk(state: State, lines: Lines, line: number): OutcomeRow | null {
  const sale = lines.sale[line]!;
  const ask = lines.asksSeats ? lines.ask[line]! : asks.count;
  if (state.sales.seated.get(sale) === 0) return ask === asks.count ? null : outcomes.NO_SEATS;
  if (ask === asks.count) return outcomes.SEATS_REQUIRED;
  if (ask === asks.named) return namesTwice(lines) ? outcomes.SEAT_REPEATED : null;
  for (let other = 0; other < lines.count; other += 1) {
    if (other !== line && lines.sale[other] === sale) return outcomes.BEST_ALONE;
  }
  return null;
}

/** Whether a request exceeds the limit of lines or of seats. */
export function asksTooMuch(state: State, lines: Lines): boolean {
  const { sales } = state;
  let made = 0;
  let seats = 0;
  for (let line = 0; line < lines.count; line += 1) {
    const sale = lines.sale[line]!;
    const seated = sale < sales.count && sales.seated.get(sale) === 1;
    const quantity = lines.quantity[line]!;
    if (seated) seats += quantity;
    made += seated && sales.linePerSeat.get(sale) === 1 ? quantity : 1;
  }
  return made > maxLines || seats > maxSeats;
}

const asked: Wish = { quantity: 0, section: 0, accessible: false, split: false };

/**
 * Chooses a line's seats and appends them to those of the lines before; returns the refusal when
 * that fails.
 */
export function chooseSeats(state: State, lines: Lines, line: number): OutcomeRow | null {
  const { seats, chosen } = state;
  const quantity = lines.quantity[line]!;
  if (lines.ask[line] === asks.named) {
    const first = firstNamed(lines, line);
    for (let i = first; i < first + quantity; i += 1) {
      if (seats.state.get(lines.seats[i]!) !== seatStates.available) return outcomes.SEAT_TAKEN;
    }
    for (let i = first; i < first + quantity; i += 1) chosen.add(lines.seats[i]!);
    return null;
  }
  const hall = seats.hall(lines.sale[line]!);
  const wish = wishOf(lines, line);
  return !chosen.isWanted && isSureOfSeats(hall, wish) ? null : chooseBest(hall, wish, chosen);
}

/** Partial orders: chooses what is available, at most what is asked for. */
export function choosePart(state: State, lines: Lines): OutcomeRow | null {
  const sale = lines.sale[0]!;
  const hall = state.seats.hall(sale);
  const asked = wishOf(lines, 0);
  const left = state.owedOffers.includes(sale) ? 0 : eligibleIn(hall, asked);
  if (left >= asked.quantity) return chooseBest(hall, asked, state.chosen);
  if (asked.quantity > state.sales.capacity.get(sale)) return outcomes.SOLD_OUT;
  takeAcross(hall, asked, left, state.chosen);
  return null;
}

function firstNamed(lines: Lines, line: number): number {
  let first = 0;
  for (let before = 0; before < line; before += 1) {
    if (lines.ask[before] === asks.named) first += lines.quantity[before]!;
  }
  return first;
}

function namesTwice(lines: Lines): boolean {
  if (lines.seatCount > 32) return new Set(lines.seats.subarray(0, lines.seatCount)).size < lines.seatCount;
  for (let i = 1; i < lines.seatCount; i += 1) {
    for (let before = 0; before < i; before += 1) if (lines.seats[before] === lines.seats[i]) return true;
  }
  return false;
}

function wishOf(lines: Lines, line: number): Wish {
  asked.quantity = lines.quantity[line]!;
  asked.section = lines.section[line]!;
  asked.accessible = lines.accessible[line] === 1;
  asked.split = lines.split[line] === 1;
  return asked;
}

const offerWish: Wish = { quantity: 0, section: 0, accessible: false, split: true };

/** Chooses seats for an offer. The caller made sure that there are as many. */
export function chooseForOffer(state: State, sale: number, quantity: number): void {
  offerWish.quantity = quantity;
  state.chosen.begin(true);
  if (chooseBest(state.seats.hall(sale), offerWish, state.chosen) !== null) {
    throw new Error(`sale ${sale} has fewer seats than it counts`);
  }
}

/** Takes available seats for a hold or a line; returns their list. */
export function takeSeats(state: State, chosen: Uint32Array, start: number, count: number): number {
  const { seats } = state;
  for (let i = start; i < start + count; i += 1) {
    if (seats.state.get(chosen[i]!) !== seatStates.available)
      throw new Error(`seat ${chosen[i]!} would be given twice`);
  }
  return seats.list(chosen, start, count);
}

/** Moves the seats of a list to a hold or order line, or back to the hall (no holder). */
export function giveSeats(state: State, list: number, count: number, to: number, holder: Ref): void {
  for (let i = 0; i < count; i += 1) moveSeat(state, state.seats.listedSeat(list, i), to, holder);
}

export function moveSeat(state: State, seat: number, to: number, holder: Ref): void {
  state.seats.move(seat, to, holder);
  noteSeat(state, seat);
}

export function noteSeat(state: State, seat: number): void {
  state.seats.changedAt.set(seat, state.position);
  state.changes.add(changeKinds.seat, seat, state.position);
}

export function stands(state: State, sale: number, seat: number): boolean {
  const { seats } = state;
  return seat < seats.count && seats.sale.get(seat) === sale && seats.state.get(seat) !== seatStates.removed;
}
