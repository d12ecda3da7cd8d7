/** What the reference engine knows, as plain objects, and what can be read off them. Nothing is counted along the way. */
import type { ColdBody, Command, Price, SaleDefinition, Settings } from '../../src/engine/command.ts';
import type { CustomerDump, HoldDump, LineDump, OrderDump, SaleDump, StateDump } from '../../src/engine/dump.ts';

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
  readonly lines: Line[];
}

export interface Customer {
  readonly id: string;
  registered: boolean;
  name: string | null;
  email: string | null;
  createdAtMs: number;
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
    })),
    orders: model.orders.map((order): OrderDump => ({
      customer: order.customer,
      createdAtMs: order.createdAtMs,
      position: order.position,
      hold: order.hold,
      lines: order.lines.map((line): LineDump => ({ ...line })),
    })),
    customers: model.customers.map((customer): CustomerDump => ({ ...customer })),
  };
}
