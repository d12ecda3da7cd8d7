/** Which seats a line gets: those that it names, or the best; and giving them to somebody. */
import { changeKinds } from '../changes.ts';
import type { Command } from '../command.ts';
import { asks, maxLines, maxSeats } from '../command.ts';
import type { OutcomeRow } from '../outcomes.ts';
import { outcomes } from '../outcomes.ts';
import type { Wish } from './best.ts';
import { chooseBest, eligibleIn, takeAcross } from './best.ts';
import type { State } from '../state.ts';
import { seatStates } from '../tables/seats.ts';

/** Whether a line names seats or a section that are not the sale's. */
export function refusalOfNames(state: State, command: Command, line: number): OutcomeRow | null {
  const { seats } = state;
  const sale = command.lineSale[line]!;
  if (!command.asksSeats) return null;
  if (command.lineAsk[line] === asks.named) {
    const first = firstNamed(command, line);
    for (let i = first; i < first + command.lineQuantity[line]!; i += 1) {
      if (!stands(state, sale, command.seats[i]!)) return outcomes.UNKNOWN_SEAT;
    }
  }
  const section = command.lineSection[line]!;
  if (command.lineAsk[line] !== asks.best || section === 0) return null;
  return section <= seats.sectionSale.length && seats.sectionSale[section - 1] === sale
    ? null
    : outcomes.UNKNOWN_SECTION;
}

/** Whether a line asks for seats in a way that its sale cannot give. */
export function refusalOfAsk(state: State, command: Command, line: number): OutcomeRow | null {
  const sale = command.lineSale[line]!;
  const ask = command.asksSeats ? command.lineAsk[line]! : asks.count;
  if (state.sales.seated.get(sale) === 0) return ask === asks.count ? null : outcomes.NO_SEATS;
  if (ask === asks.count) return outcomes.SEATS_REQUIRED;
  if (ask === asks.named) return namesTwice(command) ? outcomes.SEAT_REPEATED : null;
  for (let other = 0; other < command.lineCount; other += 1) {
    if (other !== line && command.lineSale[other] === sale) return outcomes.BEST_ALONE;
  }
  return null;
}

/** Whether a request makes more lines, or asks for more seats, than one may. */
export function asksTooMuch(state: State, command: Command): boolean {
  const { sales } = state;
  let lines = 0;
  let seats = 0;
  for (let line = 0; line < command.lineCount; line += 1) {
    const sale = command.lineSale[line]!;
    const seated = sale < sales.count && sales.seated.get(sale) === 1;
    const quantity = command.lineQuantity[line]!;
    if (seated) seats += quantity;
    lines += seated && sales.linePerSeat.get(sale) === 1 ? quantity : 1;
  }
  return lines > maxLines || seats > maxSeats;
}

const wish: Wish = { quantity: 0, section: 0, accessible: false, split: false };

/** Chooses a line's seats and leaves them behind those of the lines before; the refusal when they cannot be had. */
export function chooseSeats(state: State, command: Command, line: number): OutcomeRow | null {
  const { seats, chosen } = state;
  const quantity = command.lineQuantity[line]!;
  if (command.lineAsk[line] === asks.named) {
    const first = firstNamed(command, line);
    for (let i = first; i < first + quantity; i += 1) {
      if (seats.state.get(command.seats[i]!) !== seatStates.available) return outcomes.SEAT_TAKEN;
    }
    for (let i = first; i < first + quantity; i += 1) chosen.add(command.seats[i]!);
    return null;
  }
  return chooseBest(seats.hall(command.lineSale[line]!), wishOf(command, line), chosen);
}

/** Of a partial order: chooses what there is, at most what is asked. */
export function choosePart(state: State, command: Command): OutcomeRow | null {
  const sale = command.lineSale[0]!;
  const hall = state.seats.hall(sale);
  const asked = wishOf(command, 0);
  const left = state.owedOffers.includes(sale) ? 0 : eligibleIn(hall, asked);
  if (left >= asked.quantity) return chooseBest(hall, asked, state.chosen);
  if (asked.quantity > state.sales.capacity.get(sale)) return outcomes.SOLD_OUT;
  takeAcross(hall, asked, left, state.chosen);
  return null;
}

function firstNamed(command: Command, line: number): number {
  let first = 0;
  for (let before = 0; before < line; before += 1) {
    if (command.lineAsk[before] === asks.named) first += command.lineQuantity[before]!;
  }
  return first;
}

function namesTwice(command: Command): boolean {
  if (command.seatCount > 32) return new Set(command.seats.subarray(0, command.seatCount)).size < command.seatCount;
  for (let i = 1; i < command.seatCount; i += 1) {
    for (let before = 0; before < i; before += 1) if (command.seats[before] === command.seats[i]) return true;
  }
  return false;
}

function wishOf(command: Command, line: number): Wish {
  wish.quantity = command.lineQuantity[line]!;
  wish.section = command.lineSection[line]!;
  wish.accessible = command.lineAccessible[line] === 1;
  wish.split = command.lineSplit[line] === 1;
  return wish;
}

const offerWish: Wish = { quantity: 0, section: 0, accessible: false, split: true };

/** Chooses seats for an offer: there are as many. */
export function chooseForOffer(state: State, sale: number, quantity: number): void {
  offerWish.quantity = quantity;
  state.chosen.count = 0;
  if (chooseBest(state.seats.hall(sale), offerWish, state.chosen) !== null) {
    throw new Error(`sale ${sale} has fewer seats than it counts`);
  }
}

/** Takes available seats for a hold or a line (row + 1); returns their list. */
export function takeSeats(state: State, chosen: Uint32Array, start: number, count: number): number {
  const { seats } = state;
  for (let i = start; i < start + count; i += 1) {
    if (seats.state.get(chosen[i]!) !== seatStates.available)
      throw new Error(`seat ${chosen[i]!} would be given twice`);
  }
  return seats.list(chosen, start, count);
}

/** Gives the seats of a list to a hold or line (row + 1), or back to the hall (holder 0). */
export function giveSeats(state: State, list: number, count: number, to: number, holder: number): void {
  for (let i = 0; i < count; i += 1) moveSeat(state, state.seats.listedSeat(list, i), to, holder);
}

export function moveSeat(state: State, seat: number, to: number, holder: number): void {
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
