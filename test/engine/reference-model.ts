/** What the reference engine knows, as plain objects, and what can be read off them. Nothing is counted along the way. */
import type { ColdBody, Command, Price, SaleDefinition, Settings } from '../../src/engine/command.ts';
import type {
  CustomerDump,
  HoldDump,
  LineDump,
  OrderDump,
  SaleDump,
  StateDump,
  WaitlistDump,
} from '../../src/engine/dump.ts';

/** A command as plain values. */
export interface Request {
  readonly kind: number;
  readonly notAfterMs: number;
  readonly scope: number;
  readonly scopeId: number;
  readonly key: string | null;
  readonly fingerprint: string;
  readonly customer: string | null;
  readonly lines: readonly { readonly sale: number; readonly quantity: number }[];
  readonly target: number;
  readonly holdMs: number;
  readonly untilMs: number;
  readonly cancel: readonly number[];
  readonly body: ColdBody | null;
}

export interface Answer {
  number: number;
  replayed: boolean;
  thing: number;
  remaining: number;
  kind: number;
  position: number;
}

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
  capacity: number;
  price: Price | null;
  /** Of the last price it had, if any. */
  currency: string | null;
  opensAtMs: number | null;
  closesAtMs: number | null;
}

export interface Hold {
  readonly sale: number;
  readonly quantity: number;
  readonly customer: string | null;
  readonly amount: number | null;
  readonly createdAtMs: number;
  readonly holdMs: number;
  readonly position: number;
  /** Number of the waitlist entry that it was offered to. */
  readonly entry: number | null;
  readonly doorNumber: number;
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
  cancelledAt: number;
}

export interface Order {
  readonly customer: string | null;
  readonly createdAtMs: number;
  readonly position: number;
  readonly hold: number | null;
  readonly doorNumber: number;
  readonly lines: Line[];
}

export interface Customer {
  readonly id: string;
  registered: boolean;
  name: string | null;
  email: string | null;
  createdAtMs: number;
  door: number;
  doorNumber: number;
}

export interface Entry {
  readonly sale: number;
  readonly customer: string;
  readonly quantity: number;
  readonly createdAtMs: number;
  readonly position: number;
  state: 'waiting' | 'offered' | 'left' | 'served';
  /** Number of the hold that it was offered. */
  hold: number | null;
}

export interface Model {
  position: number;
  nowMs: number;
  version: number;
  cell: number;
  settings: Settings;
  seeded: boolean;
  /** Customers that got their id from the engine. */
  numbered: number;
  readonly sales: Sale[];
  readonly holds: Hold[];
  readonly orders: Order[];
  readonly customers: Customer[];
  /** Everybody who ever was in a line, in the order they joined. */
  readonly waitlist: Entry[];
  /** Numbers of the sales whose stock is still to be offered, in the order they became owed. */
  owed: number[];
  readonly alive: Map<string, Key>;
  readonly lasting: Key[];
  readonly ended: Key[];
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
    lines: Array.from({ length: command.lineCount }, (_, line) => ({
      sale: command.lineSale[line] ?? NaN,
      quantity: command.lineQuantity[line] ?? NaN,
    })),
    target: command.target,
    holdMs: command.holdMs,
    untilMs: command.untilMs,
    cancel: [...command.cancelLine.subarray(0, command.cancelCount)],
    body: command.body,
  };
}

export function soldOf(model: Model, sale: number): number {
  const lines = model.orders.flatMap((order) => order.lines);
  return sum(lines.filter((line) => line.sale === sale && line.cancelledAt === 0));
}

export function heldOf(model: Model, sale: number): number {
  return sum(model.holds.filter((hold) => hold.sale === sale && hold.state === 'active'));
}

export function availableOf(model: Model, sale: number): number {
  return (model.sales[sale]?.capacity ?? 0) - soldOf(model, sale) - heldOf(model, sale);
}

/** Active holds plus uncancelled order lines. */
export function unitsOf(model: Model, sale: number, customer: string): number {
  const holds = model.holds.filter((hold) => hold.customer === customer && hold.state === 'active');
  const orders = model.orders.filter((order) => order.customer === customer);
  const lines = orders.flatMap((order) => order.lines).filter((line) => line.cancelledAt === 0);
  return sum([...holds, ...lines].filter((part) => part.sale === sale));
}

function sum(parts: readonly { readonly quantity: number }[]): number {
  return parts.reduce((total, part) => total + part.quantity, 0);
}

/** Those who wait for a sale, first in line first. */
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
  const numbers = { createdAtMs: model.nowMs, door: 0, doorNumber: 0 };
  const made = { id, registered: false, name: null, email: null, ...numbers };
  model.customers.push(made);
  return made;
}

export function dumpModel(model: Model): StateDump {
  return {
    position: model.position,
    nowMs: model.nowMs,
    version: model.version,
    keys: model.alive.size,
    sales: model.sales.map((sale, number): SaleDump => {
      const units: Record<string, number> = {};
      for (const { id } of sale.made.maxPerCustomer === null ? [] : model.customers) {
        const count = unitsOf(model, number, id);
        if (count > 0) units[id] = count;
      }
      return {
        name: sale.name,
        image: sale.image,
        state: sale.state,
        capacity: sale.capacity,
        sold: soldOf(model, number),
        held: heldOf(model, number),
        price: sale.price === null ? null : { amount: sale.price.amount, currency: sale.price.currency },
        opensAtMs: sale.opensAtMs,
        closesAtMs: sale.closesAtMs,
        createdAtMs: sale.createdAtMs,
        position: sale.position,
        door: sale.made.door,
        doorNumber: sale.doorNumber,
        units,
      };
    }),
    holds: model.holds.map((hold): HoldDump => ({
      sale: hold.sale,
      quantity: hold.quantity,
      customer: hold.customer,
      state: hold.state,
      amount: hold.amount,
      createdAtMs: hold.createdAtMs,
      deadlineMs: hold.deadlineMs,
      position: hold.position,
      order: hold.order,
      entry: hold.entry,
      doorNumber: hold.doorNumber,
    })),
    orders: model.orders.map((order): OrderDump => ({
      customer: order.customer,
      createdAtMs: order.createdAtMs,
      position: order.position,
      hold: order.hold,
      doorNumber: order.doorNumber,
      lines: order.lines.map((line): LineDump => ({ ...line })),
    })),
    customers: model.customers.map((customer): CustomerDump => ({ ...customer })),
    waitlist: model.waitlist.map((entry): WaitlistDump => ({
      sale: entry.sale,
      customer: entry.customer,
      quantity: entry.quantity,
      state: entry.state,
      ahead: entry.state === 'waiting' ? aheadOf(model, entry) : null,
      createdAtMs: entry.createdAtMs,
      position: entry.position,
      hold: entry.hold,
    })),
    owedOffers: [...model.owed],
  };
}
