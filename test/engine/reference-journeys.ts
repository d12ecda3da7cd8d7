/** Journeys of the reference engine: begun, ended, charged, capped, and the days that close. */
import type { OutcomeCode } from '../../src/engine/outcomes.ts';
import type { Card, DayNote, Rule, Travel } from './reference-cards.ts';
import { addEntry, balanceOf, leastMoney, mostMoney, noRule } from './reference-cards.ts';
import type { Model, Request } from './reference-model.ts';
import { civilMs } from './reference-model.ts';
import { Fares, rangeOf, versionAt } from './reference-tariff.ts';

const hourMs = 3_600_000;
/** Days for which the sums of a card are kept. */
const keptDays = 8;

/** Where and when a card passes a gate. */
export interface Place {
  readonly card: number;
  readonly gate: number;
  readonly station: number;
  readonly atMs: number;
}

/** An open journey. */
export interface Ride extends Omit<Place, 'card'> {
  readonly number: number;
  readonly chained: boolean;
}

/** A journey that ended. */
export interface JourneyRow {
  readonly number: number;
  readonly card: number;
  readonly category: number;
  readonly entry: Omit<Place, 'card'> | null;
  readonly exit: Omit<Place, 'card'> | null;
  readonly fare: number;
  readonly chain: number;
  readonly complete: boolean;
  readonly rule: Rule;
  readonly position: number;
}

/** What an exit costs, before anything is done. */
interface ExitFare {
  readonly kind: 'complete' | 'noFare' | 'overtime' | 'noEntry';
  readonly total: number;
  /** One maximum fare. */
  readonly most: number;
  readonly rule: Rule;
  readonly flag: 'NO_FARE' | 'OVERTIME' | 'NO_ENTRY' | null;
  /** What the chain comes to with this journey, before caps; null where none goes on from it. */
  readonly chainBase: number | null;
  /** Whether it is a difference on the card's chain. */
  readonly onChain: boolean;
}

/** The version of a journey that began then. */
function faresAt({ transit }: Model, atMs: number): Fares {
  const version = versionAt(transit.tariffs, atMs);
  if (version === null) throw new Error('a journey without a tariff');
  return new Fares(transit.tariffs, version);
}

/** The maximum fare that ending the open journey of a card would cost; 0 where none is open. */
export function owedFor(model: Model, { category, travel }: Card): number {
  return travel?.open == null ? 0 : faresAt(model, travel.open.atMs).maximumFare(category);
}

/** What is known of a card's travel, from now on. `day`: of its first tap. */
export function travelOf({ transit }: Model, number: number, day: number): Travel {
  const card = transit.cards[number]!;
  if (card.travel !== null) return card.travel;
  card.travel = { card: number, newestDay: day, last: null, open: null, chain: null, counted: [], notes: [] };
  transit.travels[transit.freePlaces.pop() ?? transit.travels.length] = card.travel;
  return card.travel;
}

export function noteOf({ notes, newestDay }: Travel, day: number): DayNote {
  const known = notes.find((note) => note.day === day);
  const nothing = { uncounted: 0, adjusted: 0, disordered: false, settled: false, run: null, movedAt: 0 };
  const note = known ?? { day, ...nothing, changedOn: newestDay };
  if (known === undefined) notes.push(note);
  note.changedOn = newestDay;
  return note;
}

/** Notes that a tap of that day came out of order. */
export function noteDisorder(model: Model, travel: Travel, day: number): void {
  const note = noteOf(travel, day);
  note.disordered = true;
  note.movedAt = model.position;
  note.settled = false;
}

/** Whether a day's sums are kept. */
function keeps({ newestDay }: Travel, day: number): boolean {
  return day <= newestDay && day > newestDay - keptDays;
}

/** Moves a card's newest day on. Who comes back after long has no last tap and no chain. */
export function advance(travel: Travel, day: number): void {
  if (day <= travel.newestDay) return;
  if (day - travel.newestDay > keptDays) {
    travel.last = null;
    travel.chain = null;
  }
  travel.newestDay = day;
  travel.counted = travel.counted.filter((counted) => keeps(travel, counted.day));
}

export function startRide({ transit }: Model, travel: Travel, place: Place, chained: boolean): number {
  const { gate, station, atMs } = place;
  transit.begunJourneys += 1;
  travel.open = { gate, station, atMs, number: transit.begunJourneys, chained };
  if (!chained) travel.chain = null;
  return transit.begunJourneys;
}

interface Charge {
  readonly journey: number;
  readonly atMs: number;
  readonly day: number;
  readonly counts: boolean;
  readonly rule: Rule;
}

interface Paid {
  readonly charged: number;
  /** Whether that is less than the fare: the balance cannot be lower. */
  readonly cut: boolean;
}

/** Takes a fare from a card, as far as the balance can go down. */
function charge(model: Model, travel: Travel, amount: number, terms: Charge): Paid {
  const charged = Math.min(amount, balanceOf(model.transit.cards[travel.card]!) - leastMoney);
  if (charged > 0) addEntry(model, travel.card, 'fare', -charged, terms);
  if (charged > 0 && !terms.counts) noteOf(travel, terms.day).uncounted += charged;
  return { charged, cut: charged < amount };
}

type Ended = Omit<JourneyRow, 'card' | 'category' | 'position'>;

function addJourney({ transit, position }: Model, card: number, ended: Ended): void {
  transit.journeys.push({ ...ended, card, category: transit.cards[card]!.category, position });
}

/** Ends the open journey of a card without an exit. `atMs`: when what ends it happened. */
export function endUnfinished(model: Model, travel: Travel, atMs: number): Paid & { rule: Rule } {
  const { category } = model.transit.cards[travel.card]!;
  const open = travel.open!;
  const fares = faresAt(model, open.atMs);
  const rule = ruleOf(fares, 'maximum', category, [open.station, 0]);
  return { ...endWithoutExit(model, travel, { total: fares.maximumFare(category), rule, atMs }), rule };
}

function endWithoutExit(
  model: Model,
  travel: Travel,
  { total, rule, atMs }: { total: number; rule: Rule; atMs: number },
): Paid {
  const open = travel.open!;
  const day = faresAt(model, open.atMs).dayOf(open.atMs);
  const paid = charge(model, travel, total, { journey: open.number, atMs, day, counts: false, rule });
  const ends = { entry: placeOf(open), exit: null, chain: chainOf(travel, open) };
  addJourney(model, travel.card, { number: open.number, ...ends, fare: paid.charged, complete: false, rule });
  travel.open = null;
  travel.chain = null;
  return paid;
}

function chainOf({ chain }: Travel, { number, chained }: Ride): number {
  return chained ? chain!.number : number;
}

function placeOf({ gate, station, atMs }: Omit<Place, 'card'>): Omit<Place, 'card'> {
  return { gate, station, atMs };
}

/** What an exit costs. */
export function fareOfExit(model: Model, { card: number, station, atMs }: Place): ExitFare {
  const card = model.transit.cards[number]!;
  const { category, travel } = card;
  const open = travel?.open ?? null;
  const noChain = { chainBase: null, onChain: false };
  if (travel === null || open === null) {
    const fares = faresAt(model, atMs);
    const most = fares.maximumFare(category);
    const rule = ruleOf(fares, 'maximum', category, [0, station]);
    return { kind: 'noEntry', total: most, most, rule, flag: 'NO_ENTRY', ...noChain };
  }
  const fares = faresAt(model, open.atMs);
  const most = fares.maximumFare(category);
  const ends = [open.station, station] as const;
  const tookMs = atMs - open.atMs;
  const same = station === open.station ? fares.sameStation : null;
  const limitMs = same === null ? fares.journeyLimitMs(...ends) : same.untilMinutes * 60_000;
  if (tookMs > limitMs) {
    const rule = ruleOf(fares, 'overtime', category, ends);
    return { kind: 'overtime', total: 2 * most, most, rule, flag: 'OVERTIME', ...noChain };
  }
  if (same !== null) {
    const isGrace = tookMs <= same.graceSeconds * 1000;
    const fee = fares.share(isGrace ? same.graceFee : same.fee, category);
    const rule = ruleOf(fares, isGrace ? 'grace' : 'sameStation', category, ends);
    return { kind: 'complete', flag: null, most, ...capped(model, travel, station, { fee, rule }), ...noChain };
  }
  const { chain } = travel;
  const onChain = open.chained && chain !== null;
  const first = onChain ? { station: chain.from, atMs: chain.fromAtMs } : open;
  const before = onChain ? chain.base : 0;
  const firstFares = faresAt(model, first.atMs);
  const peak = firstFares.peakAt(first.atMs);
  const whole = firstFares.fare(first.station, station, peak, category);
  if (whole === null) {
    const rule = ruleOf(fares, 'maximum', category, ends);
    return { kind: 'noFare', total: most, most, rule, flag: 'NO_FARE', ...noChain };
  }
  const base = firstFares.byStations ? 'stations' : 'zones';
  const rule = { ...ruleOf(firstFares, base, category, [first.station, station]), peak, chained: onChain };
  const terms = { fee: Math.max(0, whole - before), rule };
  const chainBase = Math.max(whole, before);
  return { kind: 'complete', flag: null, most, ...capped(model, travel, station, terms), chainBase, onChain };
}

function ruleOf(fares: Fares, base: Rule['base'], category: number, [from, to]: readonly [number, number]): Rule {
  if (fares.byStations) return { ...noRule, base, category, from, to };
  return { ...noRule, base, category, from: fares.zoneOf(from), to: fares.zoneOf(to) };
}

function isWithin(range: string, zones: readonly number[]): boolean {
  const [lowest = 0, highest = 0] = range.split('-').map(Number);
  return range === 'all' || zones.every((zone) => lowest <= zone && zone <= highest);
}

/** What a fare comes to within the caps of the open journey's version. */
function capped(
  model: Model,
  travel: Travel,
  station: number,
  { fee, rule }: { fee: number; rule: Rule },
): { total: number; rule: Rule } {
  const { category } = model.transit.cards[travel.card]!;
  const open = travel.open!;
  const fares = faresAt(model, open.atMs);
  const day = fares.dayOf(open.atMs);
  const zones = [fares.zoneOf(open.station), fares.zoneOf(station)];
  let left = fee;
  let binding = 0;
  for (const [at, cap] of fares.caps.entries()) {
    const range = rangeOf(cap);
    if (!isWithin(range, zones)) continue;
    const first = firstDay(cap.window, day);
    const within = travel.counted.filter(
      (counted) => first <= counted.day && counted.day <= day && counted.ranges.includes(range),
    );
    const sum = within.reduce((total, { amount }) => total + amount, 0);
    const room = Math.max(0, fares.share(cap.amount, category) - sum);
    if (room >= left) continue;
    left = room;
    binding = at + 1;
  }
  return { total: left, rule: binding === 0 ? rule : { ...rule, cap: binding, cappedBy: fee - left } };
}

/** The first day of a cap's window that ends with a day. */
function firstDay(window: 'day' | 'week' | number, day: number): number {
  if (window === 'day') return day;
  if (window !== 'week') return day - window + 1;
  const weekday = new Date(day * 24 * hourMs).getUTCDay();
  return day - (weekday === 0 ? 6 : weekday - 1);
}

/** Does what an exit comes to; the tap names the journey. */
export function leave(model: Model, travel: Travel, place: Place, fare: ExitFare): Paid & { journey: number } {
  const { atMs } = place;
  const { rule } = fare;
  if (fare.kind === 'noEntry') return leaveAlone(model, travel, place, fare);
  if (fare.kind === 'overtime') {
    const first = endWithoutExit(model, travel, { total: fare.most, rule, atMs });
    const second = leaveAlone(model, travel, place, fare);
    return { ...second, charged: first.charged + second.charged, cut: first.cut || second.cut };
  }
  const open = travel.open!;
  const fares = faresAt(model, open.atMs);
  const complete = fare.kind === 'complete';
  const day = fares.dayOf(open.atMs);
  const paid = charge(model, travel, fare.total, { journey: open.number, atMs, day, counts: complete, rule });
  const ends = { entry: placeOf(open), exit: placeOf(place), chain: chainOf(travel, open) };
  addJourney(model, travel.card, { number: open.number, ...ends, fare: paid.charged, complete, rule });
  if (complete && keeps(travel, day)) {
    const zones = [fares.zoneOf(open.station), fares.zoneOf(place.station)];
    const ranges = [...model.transit.tariffs.ranges].filter((range) => isWithin(range, zones));
    travel.counted.push({ day, amount: paid.charged, ranges });
  }
  const begun = { number: open.number, from: open.station, fromAtMs: open.atMs };
  const first = fare.onChain ? travel.chain! : begun;
  const goesOn = { ...first, base: fare.chainBase ?? 0, exit: place.station, exitAtMs: atMs };
  travel.chain = fare.chainBase === null ? null : goesOn;
  travel.open = null;
  return { ...paid, journey: open.number };
}

/** An exit that has no entry. */
function leaveAlone(model: Model, travel: Travel, place: Place, fare: ExitFare): Paid & { journey: number } {
  const { transit } = model;
  const { atMs } = place;
  const { rule, most } = fare;
  transit.begunJourneys += 1;
  const journey = transit.begunJourneys;
  const day = faresAt(model, atMs).dayOf(atMs);
  const paid = charge(model, travel, most, { journey, atMs, day, counts: false, rule });
  const ends = { entry: null, exit: placeOf(place), chain: journey };
  addJourney(model, travel.card, { number: journey, ...ends, fare: paid.charged, complete: false, rule });
  travel.chain = null;
  return { ...paid, journey };
}

/** Begins days, and closes those that are over for 26 hours. */
export function turnDays(model: Model): void {
  const { transit } = model;
  const nowMs = civilMs(model);
  const version = versionAt(transit.tariffs, nowMs);
  if (version === null) return;
  const fares = new Fares(transit.tariffs, version);
  if (nowMs >= transit.nextDayMs) {
    const today = fares.dayOf(nowMs);
    if (today > (transit.dayStarts.at(-1)?.[0] ?? -Infinity)) transit.dayStarts.push([today, model.position]);
    transit.nextDayMs = fares.endOfDay(today);
  }
  const day = fares.dayOf(nowMs - 26 * hourMs) - 1;
  if (transit.closedDay !== null && day <= transit.closedDay) return;
  transit.closedDay = day;
  for (const [place, travel] of transit.travels.entries()) {
    if (travel === null) continue;
    const { open } = travel;
    if (open !== null && faresAt(model, open.atMs).dayOf(open.atMs) <= day) endUnfinished(model, travel, open.atMs);
    const oldest = day - keptDays;
    travel.notes = travel.notes.filter(
      (note) => note.day >= oldest || note.changedOn >= oldest || (note.disordered && !note.settled),
    );
    if (travel.newestDay >= oldest || travel.open !== null || travel.notes.length > 0) continue;
    transit.cards[travel.card]!.travel = null;
    transit.travels[place] = null;
    transit.freePlaces.push(place);
  }
}

/** The sum of a day's fares, less what adjustments gave back; null where it is not known. */
function sumOf({ transit }: Model, { travel }: Card, day: number): number | null {
  if (travel === null || !keeps(travel, day)) return null;
  if (transit.closedDay !== null && day < transit.closedDay - keptDays) return null;
  const counted = travel.counted.filter((ride) => ride.day === day).reduce((sum, { amount }) => sum + amount, 0);
  const note = travel.notes.find((one) => one.day === day);
  return counted + (note?.uncounted ?? 0) - (note?.adjusted ?? 0);
}

export function refusalOfAdjustment(model: Model, request: Request): OutcomeCode | null {
  const { day, amount, replaces, run, upTo } = request.adjustment;
  const card = model.transit.cards[request.target];
  if (card === undefined) return 'UNKNOWN_CARD';
  const after = balanceOf(card) + amount;
  if (after > mostMoney || after < leastMoney) return 'BALANCE_LIMIT';
  const note = card.travel?.notes.find((one) => one.day === day);
  const isBooked = run === 0 ? note?.settled : note?.run === run;
  if (isBooked === true) return 'ADJUSTED_ALREADY';
  if (note !== undefined && note.movedAt > upTo) return 'SUM_MOVED';
  const sum = sumOf(model, card, day);
  return sum !== null && sum !== replaces ? 'SUM_MOVED' : null;
}

export function adjust(model: Model, { target, adjustment }: Request): void {
  const { day, amount, run } = adjustment;
  const version = versionAt(model.transit.tariffs, civilMs(model));
  const today = version === null ? day : new Fares(model.transit.tariffs, version).dayOf(civilMs(model));
  // A card that rested paid nothing on the days up to today that are known of it from now on.
  const travel = travelOf(model, target, Math.max(day, today));
  const note = noteOf(travel, day);
  if (run === 0) note.settled = true;
  else note.run = run;
  note.movedAt = model.position;
  note.adjusted += amount;
  note.changedOn = Math.max(day, today);
  if (amount !== 0) addEntry(model, target, 'adjustment', amount, { day, run });
}
