/** What commands about seats are refused for: pure checks, but for the seats chosen, which are left in `state.chosen`. */
import type { Wish } from './best.ts';
import { chooseBest, eligibleIn, takeAcross } from './best.ts';
import type {
  Command,
  HallDefinition,
  SaleDefinition,
  SeatAddition,
  SeatChange,
  SeatRemoval,
  SeatsAddition,
} from './command.ts';
import { asks, maxLines, maxSeats } from './command.ts';
import type { HallRow } from './hall.ts';
import { maxPlace } from './hall.ts';
import type { OutcomeRow } from './outcomes.ts';
import { outcomes } from './outcomes.ts';
import { changedSeat, placeFor, renames, seatsOf } from './placement.ts';
import { labelOf, seatStates } from './seats.ts';
import type { State } from './state.ts';

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

/** Of a new sale: whether its seats are what a hall can have. */
export function refusalOfHall(made: SaleDefinition): OutcomeRow | null {
  if (made.kind !== 'seated') return null;
  if (made.hall === undefined) return outcomes.SEATS_REQUIRED;
  return hasPlainNames(made.hall) ? refusalOfRows(made.hall) : refusalOfLabels(made.hall);
}

/** Whether no two rows can share a label: each row stands once, and no name has the sign that labels are joined by. */
function hasPlainNames({ sections }: HallDefinition): boolean {
  const names = new Set<string>();
  let rows = 0;
  for (const section of sections) {
    for (const row of section.rows) {
      names.add(`${section.name}-${row.name}`);
      rows += 1;
      if (row.name.includes('-')) return false;
    }
    if (section.name.includes('-')) return false;
  }
  return names.size === rows;
}

/** Row by row: a hall of a hundred thousand seats in ranges is checked without a text for each. */
function refusalOfRows({ sections }: HallDefinition): OutcomeRow | null {
  for (const section of sections) {
    for (const { seats } of section.rows) {
      const count = 'from' in seats ? seats.to - seats.from + 1 : seats.length;
      if (count > maxPlace) return outcomes.SEAT_EXISTS;
      if ('from' in seats) continue;
      const numbers = new Set(seats.map((seat) => (typeof seat === 'string' ? seat : seat.number)));
      if (numbers.size < count) return outcomes.SEAT_EXISTS;
    }
  }
  return null;
}

function refusalOfLabels({ sections }: HallDefinition): OutcomeRow | null {
  const labels = new Set<string>();
  const last = new Map<string, number>();
  for (const section of sections) {
    for (const row of section.rows) {
      const rowName = JSON.stringify([section.name, row.name]);
      let place = last.get(rowName) ?? 0;
      for (const seat of seatsOf(row.seats)) {
        place += 1;
        const label = labelOf(section.name, row.name, typeof seat === 'string' ? seat : seat.number);
        if (labels.has(label) || place > maxPlace) return outcomes.SEAT_EXISTS;
        labels.add(label);
      }
      last.set(rowName, place);
    }
  }
  return null;
}

export function refusalOfAddition(state: State, body: SeatsAddition): OutcomeRow | null {
  const { sales } = state;
  const { sale } = body;
  if (sale >= sales.count || sales.removed.get(sale) === 1) return outcomes.UNKNOWN_SALE;
  if (body.seats.length === 0 || body.seats.length > 1000) return outcomes.INVALID_QUANTITY;
  if (sales.seated.get(sale) === 0) return outcomes.NO_SEATS;
  const labels = new Set<string>();
  const places = new Set<string>();
  /** Last place of each row, with the seats before this one. */
  const last = new Map<string, number>();
  for (const seat of body.seats) {
    const rowName = JSON.stringify([seat.section, seat.row]);
    const row = state.seats.findRow(sale, seat.section, seat.row);
    const before = last.get(rowName) ?? row?.lastPlace() ?? 0;
    const place = placeFor(seat, before);
    const label = labelOf(seat.section, seat.row, seat.number);
    if (!isFree(state, sale, seat, place, -1)) return outcomes.SEAT_EXISTS;
    if (labels.has(label) || places.has(`${place} ${rowName}`)) return outcomes.SEAT_EXISTS;
    labels.add(label);
    places.add(`${place} ${rowName}`);
    last.set(rowName, Math.max(before, place));
  }
  return null;
}

export function refusalOfSeatChange(state: State, change: SeatChange): OutcomeRow | null {
  const refusal = refusalOfSeat(state, change);
  const isKnown = refusal === null || refusal === outcomes.SEAT_TAKEN;
  if (!isKnown || !renames(state, change)) return refusal;
  const target = changedSeat(state, change);
  const row = state.seats.findRow(change.sale, target.section, target.row);
  const place = placeFor(target, lastPlaceWithout(row, change.seat));
  return isFree(state, change.sale, target, place, change.seat) ? refusal : outcomes.SEAT_EXISTS;
}

/** Of a command that names one seat to change or take away. */
export function refusalOfSeat(state: State, { sale, seat }: SeatRemoval): OutcomeRow | null {
  const { sales, seats } = state;
  if (sale >= sales.count || sales.removed.get(sale) === 1) return outcomes.UNKNOWN_SALE;
  if (!stands(state, sale, seat)) return outcomes.UNKNOWN_SEAT;
  const seatState = seats.state.get(seat);
  return seatState === seatStates.held || seatState === seatStates.sold ? outcomes.SEAT_TAKEN : null;
}

function stands(state: State, sale: number, seat: number): boolean {
  const { seats } = state;
  return seat < seats.count && seats.sale.get(seat) === sale && seats.state.get(seat) !== seatStates.removed;
}

/** Whether label and place are nobody's but the seat's that is changed. */
function isFree(state: State, sale: number, seat: SeatAddition, place: number, changed: number): boolean {
  if (place < 1 || place > maxPlace) return false;
  const { seats } = state;
  const named = seats.find(sale, labelOf(seat.section, seat.row, seat.number));
  if (named >= 0 && named !== changed) return false;
  const there = seats.findRow(sale, seat.section, seat.row)?.seatAt(place) ?? -1;
  return there < 0 || there === changed;
}

/** The last place of a row as if one seat were not there. */
function lastPlaceWithout(row: HallRow | null, seat: number): number {
  if (row === null) return 0;
  let place = row.lastPlace();
  if (place === 0 || row.seatAt(place) !== seat) return place;
  do place -= 1;
  while (place > 0 && row.seatAt(place) < 0);
  return place;
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
