/**
 * The state of the reference engine as plain objects, and functions that derive everything else. No
 * counter is kept.
 */
import type { Command } from '../../src/engine/command.ts';
import { cancellationOf } from '../../src/engine/commands/cancellation.ts';
import { termsOf, extensionOf } from '../../src/engine/commands/holds.ts';
import type { OutcomeCode } from '../../src/engine/outcomes.ts';
import type { Settings } from '../../src/engine/commands/running.ts';
import type { Attributes, Price, SaleDefinition } from '../../src/engine/commands/sales.ts';
import { asks, linesOf } from '../../src/engine/commands/lines.ts';
import type { Adjustment } from '../../src/engine/commands/adjustments.ts';
import { adjustmentOf } from '../../src/engine/commands/adjustments.ts';
import { currencyOf, moneyOf } from '../../src/engine/commands/cards.ts';
import { tapsOf } from '../../src/engine/commands/taps.ts';
import type { Transit } from './reference-cards.ts';
import type { Tap } from './reference-taps.ts';

/** What one line of a command asks for. */
export interface Wish {
  readonly sale: number;
  readonly quantity: number;
  readonly ask: 'count' | 'named' | 'best';
  /** Named: seat numbers. */
  readonly seats: readonly number[];
  /** Best: section number, or null for any. */
  readonly section: number | null;
  readonly accessible: boolean;
  readonly split: boolean;
}

/** A command as plain values. */
export interface Request {
  readonly kind: number;
  readonly notAfterMs: number;
  readonly scope: number;
  readonly scopeId: number;
  readonly key: string | null;
  readonly fingerprint: string;
  readonly customer: string | null;
  readonly lines: readonly Wish[];
  readonly partial: boolean;
  readonly target: number;
  readonly holdMs: number;
  readonly untilMs: number;
  /** Max units that may be held, null for no limit; and by which address. */
  readonly maxOfCustomer: number | null;
  readonly maxOfAddress: number | null;
  readonly address: number;
  readonly cancel: readonly number[];
  /** Money in or out of a card; currency null for that of the store. */
  readonly amount: number;
  readonly currency: string | null;
  readonly journey: number;
  readonly adjustment: Readonly<Pick<Adjustment, 'day' | 'amount' | 'replaces' | 'run' | 'upTo'>>;
  readonly taps: readonly Tap[];
  readonly body: object | null;
}

export interface Answer {
  number: number;
  replayed: boolean;
  thing: number;
  remaining: number;
  kind: number;
  position: number;
}

/**
 * The effect of a command: its code, thing and remaining, and the kind if it differs from the
 * command's.
 */
export type Effect = readonly [OutcomeCode, number, number, number?];

export interface Key {
  /** Scope, caller and key as text: equal exactly when they are the same key. */
  readonly id: string;
  readonly fingerprint: string;
  readonly answer: Readonly<Answer>;
  seconds: number;
}

export interface Sale {
  readonly made: SaleDefinition;
  readonly createdAtMs: number;
  readonly position: number;
  readonly doorNumber: number;
  name: string;
  image: string | null;
  state: 'open' | 'paused' | 'closed';
  removed: boolean;
  /** Of a counted sale; that of a seated one follows its seats. */
  capacity: number;
  price: Price | null;
  /** Of the last price it had, if any. */
  currency: string | null;
  opensAtMs: number | null;
  opened: boolean;
  closesAtMs: number | null;
  attributes: Attributes;
}

/** Numbered over all sales, as rows of a hall and seats are too. */
export interface Section {
  readonly sale: number;
  readonly name: string;
}

export interface HallRow {
  readonly section: number;
  readonly name: string;
  readonly rank: number;
}

export interface Seat {
  readonly row: number;
  readonly number: string;
  readonly place: number;
  readonly rank: number;
  readonly accessible: boolean;
  readonly createdAtMs: number;
  readonly doorNumber: number;
  removed: boolean;
  blocked: boolean;
  changedAt: number;
}

export interface Hold {
  readonly sale: number;
  readonly quantity: number;
  readonly seats: readonly number[];
  readonly customer: string | null;
  readonly amount: number | null;
  readonly createdAtMs: number;
  readonly placedAtMs: number;
  readonly holdMs: number;
  readonly position: number;
  /** Number of the waitlist entry that it was offered to. */
  readonly entry: number | null;
  readonly doorNumber: number;
  readonly placedBy: number;
  /**
   * Whether it counts for its customer's limit, and the address whose limit it counts for, 0 for
   * none.
   */
  readonly ofCustomer: boolean;
  readonly address: number;
  state: 'active' | 'confirmed' | 'released' | 'expired';
  deadlineMs: number;
  order: number | null;
  /** Newest first. */
  keys: Key[];
}

export interface Line {
  readonly sale: number;
  readonly quantity: number;
  readonly amount: number | null;
  readonly remaining: number;
  readonly seats: readonly number[];
  cancelledAt: number;
}

export interface Order {
  readonly customer: string | null;
  readonly createdAtMs: number;
  readonly position: number;
  readonly hold: number | null;
  readonly doorNumber: number;
  readonly lines: Line[];
  /** Number of the waitlist entry for the rest. */
  entry: number | null;
}

export interface Customer {
  readonly id: string;
  registered: boolean;
  name: string | null;
  email: string | null;
  createdAtMs: number;
  door: number;
  doorNumber: number;
  uniqueEmail: boolean;
  removed: boolean;
  /** So far, oldest first, with the position of each. */
  readonly names: [number, string | null][];
}

export interface Entry {
  readonly sale: number;
  readonly customer: string;
  readonly quantity: number;
  readonly createdAtMs: number;
  readonly position: number;
  state: 'waiting' | 'offered' | 'left' | 'served';
  /** Gets an order at once, not a hold. */
  readonly books: boolean;
  /** Number of the hold that it was offered. */
  hold: number | null;
  /** Number of the order that it got. */
  order: number | null;
}

export interface Model {
  position: number;
  nowMs: number;
  /** Log time in which the store did not run. */
  idleMs: number;
  readonly epochs: [number, string][];
  /** Position and civil time of each record that cancelled something. */
  readonly cancellations: [number, number][];
  /** Positions of the changes of civil time, and its distance from log time from there. */
  readonly offsets: [number, number][];
  version: number;
  cell: number;
  settings: Settings;
  seeded: boolean;
  /** Customers that got their id from the engine. */
  numbered: number;
  readonly sales: Sale[];
  readonly sections: Section[];
  readonly hallRows: HallRow[];
  readonly seats: Seat[];
  readonly holds: Hold[];
  readonly orders: Order[];
  readonly customers: Customer[];
  /** Every waitlist entry ever, in the order of joining. */
  readonly waitlist: Entry[];
  /** Numbers of the sales whose stock is still to be offered, in the order in which it returned. */
  owed: number[];
  readonly alive: Map<string, Key>;
  readonly lasting: Key[];
  readonly ended: Key[];
  /** How often each way of finding the best seats was used. */
  readonly waysUsed: Map<string, number>;
  /** Cards, tariffs, gates and journeys. */
  readonly transit: Transit;
}

export function civilMs(model: Model): number {
  return model.nowMs + (model.offsets.at(-1)?.[1] ?? 0);
}

export function readCommand(command: Command): Request {
  const text = (start: number, length: number): string | null =>
    length === 0
      ? null
      : new TextDecoder('utf-8', { ignoreBOM: true }).decode(command.text.subarray(start, start + length));
  return {
    kind: command.kind,
    notAfterMs: command.notAfterMs,
    scope: command.scope,
    scopeId: command.scopeId,
    key: text(command.keyStart, command.keyLength),
    fingerprint: `${command.fingerprintHigh}:${command.fingerprintLow}`,
    customer: text(command.customerStart, command.customerLength),
    lines: readLines(command),
    partial: linesOf(command).partial,
    target: command.target,
    holdMs: termsOf(command).holdMs,
    untilMs: extensionOf(command).untilMs,
    maxOfCustomer: termsOf(command).maxOfCustomer === 0 ? null : termsOf(command).maxOfCustomer,
    maxOfAddress: termsOf(command).maxOfAddress === 0 ? null : termsOf(command).maxOfAddress,
    address: termsOf(command).address,
    cancel: [...cancellationOf(command).lines.subarray(0, cancellationOf(command).count)],
    ...readCards(command),
    body: command.body,
  };
}

/** What a command says of cards; nothing in those that are about none. */
function readCards(command: Command): Pick<Request, 'amount' | 'currency' | 'journey' | 'adjustment' | 'taps'> {
  const { amount, currency, journey } = moneyOf(command);
  const { day, amount: difference, replaces, run, upTo } = adjustmentOf(command);
  const { count, view, start } = tapsOf(command);
  return {
    amount,
    currency: currency === 0 ? null : currencyOf(currency),
    journey,
    adjustment: { day, amount: difference, replaces, run, upTo },
    taps: Array.from({ length: count }, (_, tap) => readTap(view, start + 28 * tap)),
  };
}

function readTap(view: DataView, at: number): Tap {
  const bits = view.getUint8(at + 18);
  return {
    gate: view.getUint32(at, true),
    epoch: view.getUint32(at + 4, true),
    sequence: view.getUint32(at + 8, true),
    card: view.getUint32(at + 12, true),
    station: view.getUint16(at + 16, true),
    direction: (bits & 1) === 0 ? 'in' : 'out',
    decided: (['none', 'opened', 'denied'] as const)[bits >> 1]!,
    bits,
    atMs: view.getFloat64(at + 20, true),
  };
}

function readLines(command: Command): Wish[] {
  let named = 0;
  return Array.from({ length: linesOf(command).count }, (_, line): Wish => {
    const quantity = linesOf(command).quantity[line] ?? NaN;
    const asked = linesOf(command).asksSeats ? linesOf(command).ask[line] : asks.count;
    const ask = asked === asks.named ? 'named' : asked === asks.best ? 'best' : 'count';
    const seats = ask === 'named' ? [...linesOf(command).seats.subarray(named, named + quantity)] : [];
    named += seats.length;
    const section = linesOf(command).section[line] ?? 0;
    return {
      sale: linesOf(command).sale[line] ?? NaN,
      quantity,
      ask,
      seats,
      section: ask === 'best' && section > 0 ? section - 1 : null,
      accessible: ask === 'best' && linesOf(command).accessible[line] === 1,
      split: ask === 'best' && linesOf(command).split[line] === 1,
    };
  });
}

/** The sale with this number, unless there is none or it was removed. */
export function saleOf(model: Model, number: number): Sale | undefined {
  const sale = model.sales[number];
  return sale === undefined || sale.removed ? undefined : sale;
}

/** Capacity of a sale; of a seated one its seats that are neither blocked nor removed. */
export function capacityOf(model: Model, number: number): number {
  const sale = model.sales[number];
  if (sale === undefined) return 0;
  if (sale.made.kind === 'counted') return sale.capacity;
  return standingSeats(model, number).filter((seat) => !model.seats[seat]!.blocked).length;
}

/** Numbers of a sale's seats, retired ones included. */
export function seatsOf(model: Model, sale: number): number[] {
  return [...model.seats.keys()].filter((seat) => saleOfSeat(model, seat) === sale);
}

export function saleOfSeat(model: Model, seat: number): number | undefined {
  const row = model.hallRows[model.seats[seat]?.row ?? -1];
  return model.sections[row?.section ?? -1]?.sale;
}

export function standingSeats(model: Model, sale: number): number[] {
  return seatsOf(model, sale).filter((seat) => !model.seats[seat]!.removed);
}

/** Whether a seat stands in a sale. */
export function hasSeat(model: Model, sale: number, seat: number): boolean {
  return saleOfSeat(model, seat) === sale && !model.seats[seat]!.removed;
}

/** These seats changed their state now. */
export function touchSeats(model: Model, seats: readonly number[]): void {
  for (const seat of seats) model.seats[seat]!.changedAt = model.position;
}

/** Section, row and number of a seat. */
export function namesOf(model: Model, seat: number): { section: string; row: string; number: string } {
  const { row, number } = model.seats[seat]!;
  const { section, name } = model.hallRows[row]!;
  return { section: model.sections[section]!.name, row: name, number };
}

/**
 * A seat's state and its holder: an active hold, or a standing line, numbered over the lines of all
 * orders.
 */
export interface Standing {
  readonly state: 'available' | 'held' | 'sold' | 'blocked' | 'removed';
  readonly holder: number | null;
}

/** Of all seats, by number. */
export function standings(model: Model): Standing[] {
  const held = new Map<number, number>();
  const sold = new Map<number, number>();
  for (const [hold, { state, seats }] of model.holds.entries()) {
    if (state === 'active') for (const seat of seats) held.set(seat, hold);
  }
  for (const [line, { cancelledAt, seats }] of model.orders.flatMap((order) => order.lines).entries()) {
    if (cancelledAt === 0) for (const seat of seats) sold.set(seat, line);
  }
  return model.seats.map(({ removed, blocked }, seat) => {
    if (removed) return { state: 'removed', holder: null };
    if (blocked) return { state: 'blocked', holder: null };
    if (held.has(seat)) return { state: 'held', holder: held.get(seat)! };
    return sold.has(seat) ? { state: 'sold', holder: sold.get(seat)! } : { state: 'available', holder: null };
  });
}

export function stateOf(model: Model, seat: number): Standing['state'] {
  return standings(model)[seat]!.state;
}

export function soldOf(model: Model, sale: number): number {
  const lines = model.orders.flatMap((order) => order.lines);
  return sum(lines.filter((line) => line.sale === sale && line.cancelledAt === 0));
}

export function heldOf(model: Model, sale: number): number {
  return sum(model.holds.filter((hold) => hold.sale === sale && hold.state === 'active'));
}

export function availableOf(model: Model, sale: number): number {
  return capacityOf(model, sale) - soldOf(model, sale) - heldOf(model, sale);
}

/** Active holds plus uncancelled order lines. */
export function unitsOf(model: Model, sale: number, customer: string): number {
  const holds = model.holds.filter((hold) => hold.customer === customer && hold.state === 'active');
  const orders = model.orders.filter((order) => order.customer === customer);
  const lines = orders.flatMap((order) => order.lines).filter((line) => line.cancelledAt === 0);
  return sum([...holds, ...lines].filter((part) => part.sale === sale));
}

/** Units of active holds that `counts` selects. */
export function heldBy(model: Model, sale: number, counts: (hold: Hold) => boolean): number {
  return sum(model.holds.filter((hold) => hold.sale === sale && hold.state === 'active' && counts(hold)));
}

function sum(parts: readonly { readonly quantity: number }[]): number {
  return parts.reduce((total, part) => total + part.quantity, 0);
}

/** The waiting entries of a sale, first in line first. */
export function waitingFor(model: Model, sale: number): Entry[] {
  return model.waitlist.filter((entry) => entry.sale === sale && entry.state === 'waiting');
}

/** How many wait before an entry. */
export function aheadOf(model: Model, entry: Entry): number {
  const before = model.waitlist.slice(0, model.waitlist.indexOf(entry));
  return before.filter(({ sale, state }) => sale === entry.sale && state === 'waiting').length;
}

/** The customer with this id, known from now on. */
export function customerOf(model: Model, id: string): Customer {
  const known = model.customers.find((customer) => customer.id === id);
  if (known !== undefined) return known;
  const numbers = { createdAtMs: civilMs(model), door: 0, doorNumber: 0 };
  const made = {
    id,
    registered: false,
    name: null,
    email: null,
    ...numbers,
    uniqueEmail: false,
    removed: false,
    names: [],
  };
  model.customers.push(made);
  return made;
}
