/** The state as plain objects: for `inspect`, and for tests that compare it with the reference engine's by hash. */
import type { Price } from './command.ts';
import type { Engine } from './engine.ts';
import { KeyedHash } from './keyed-hash.ts';
import type { State } from './state.ts';
import { holdStates, saleStates } from './tables.ts';
import { waitStates } from './waitlist.ts';

export interface SaleDump {
  readonly name: string;
  readonly image: string | null;
  readonly state: string;
  readonly capacity: number;
  readonly sold: number;
  readonly held: number;
  readonly price: Price | null;
  readonly opensAtMs: number | null;
  readonly closesAtMs: number | null;
  readonly createdAtMs: number;
  readonly position: number;
  readonly door: number;
  readonly doorNumber: number;
  /** Sales with a customer limit: who has how many units, by id, none left out but zeros. */
  readonly units: Readonly<Record<string, number>>;
}

export interface HoldDump {
  readonly sale: number;
  readonly quantity: number;
  readonly customer: string | null;
  readonly state: string;
  readonly amount: number | null;
  readonly createdAtMs: number;
  readonly deadlineMs: number;
  readonly position: number;
  readonly order: number | null;
  /** Waitlist entry that it was offered to. */
  readonly entry: number | null;
  readonly doorNumber: number;
}

export interface LineDump {
  readonly sale: number;
  readonly quantity: number;
  readonly amount: number | null;
  readonly remaining: number;
  /** Position of the cancellation; 0 while the line stands. */
  readonly cancelledAt: number;
}

export interface OrderDump {
  readonly customer: string | null;
  readonly createdAtMs: number;
  readonly position: number;
  readonly hold: number | null;
  readonly doorNumber: number;
  readonly lines: readonly LineDump[];
}

export interface CustomerDump {
  readonly id: string;
  readonly registered: boolean;
  readonly name: string | null;
  readonly email: string | null;
  readonly createdAtMs: number;
  readonly door: number;
  readonly doorNumber: number;
}

export interface WaitlistDump {
  readonly sale: number;
  readonly customer: string | null;
  readonly quantity: number;
  readonly state: string;
  /** How many wait before it; for entries that wait. */
  readonly ahead: number | null;
  readonly createdAtMs: number;
  readonly position: number;
  readonly hold: number | null;
}

export interface StateDump {
  readonly position: number;
  readonly nowMs: number;
  readonly version: number;
  readonly keys: number;
  readonly sales: readonly SaleDump[];
  readonly holds: readonly HoldDump[];
  readonly orders: readonly OrderDump[];
  readonly customers: readonly CustomerDump[];
  readonly waitlist: readonly WaitlistDump[];
  /** Sales whose stock is still to be offered, in the order they became owed. */
  readonly owedOffers: readonly number[];
}

export function dump(engine: Engine): StateDump {
  const { state } = engine;
  const rows = <Row>(count: number, make: (row: number) => Row): Row[] =>
    Array.from({ length: count }, (_, row) => make(row));
  return {
    position: engine.position,
    nowMs: engine.nowMs,
    version: state.version,
    keys: state.keys.count,
    sales: rows(state.sales.count, (sale) => dumpSale(state, sale)),
    holds: rows(state.holds.count, (hold) => dumpHold(state, hold)),
    orders: rows(state.orders.count, (order) => dumpOrder(state, order)),
    customers: rows(state.customers.count, (customer) => dumpCustomer(state, customer)),
    waitlist: rows(state.waitlist.count, (entry) => dumpEntry(state, entry)),
    owedOffers: [...state.owedOffers],
  };
}

/** 128 bits of hash over a dump, in hexadecimal: equal states, equal hash. */
export function stateHash(dumped: StateDump): string {
  const hash = new KeyedHash([0, 0, 0, 0]);
  const bytes = new TextEncoder().encode(JSON.stringify(dumped));
  hash.plain(bytes, 0, bytes.length);
  return [hash.h0, hash.h1, hash.h2, hash.h3].map((word) => (word >>> 0).toString(16).padStart(8, '0')).join('');
}

function dumpSale(state: State, sale: number): SaleDump {
  const { sales } = state;
  return {
    name: sales.name[sale] ?? '',
    image: sales.image[sale] ?? null,
    state: nameOf(saleStates, sales.state.get(sale)),
    capacity: sales.capacity.get(sale),
    sold: sales.sold.get(sale),
    held: sales.held.get(sale),
    price: sales.price(sale),
    opensAtMs: finite(sales.opensAtMs.get(sale)),
    closesAtMs: finite(sales.closesAtMs.get(sale)),
    createdAtMs: sales.createdAtMs.get(sale),
    position: sales.position.get(sale),
    door: sales.door.get(sale),
    doorNumber: sales.doorNumber.get(sale),
    units: dumpUnits(state, sale),
  };
}

function dumpUnits(state: State, sale: number): Record<string, number> {
  const units: Record<string, number> = {};
  if (state.sales.maxPerCustomer.get(sale) === 0) return units;
  for (let customer = 0; customer < state.customers.count; customer += 1) {
    const count = state.limits.unitsOf(sale, customer);
    if (count > 0) units[customerId(state, customer + 1) ?? ''] = count;
  }
  return units;
}

function dumpHold(state: State, hold: number): HoldDump {
  const { holds } = state;
  const order = holds.order.get(hold);
  return {
    sale: holds.sale.get(hold),
    quantity: holds.quantity.get(hold),
    customer: customerId(state, holds.customer.get(hold)),
    state: nameOf(holdStates, holds.state.get(hold)),
    amount: finite(holds.amount.get(hold)),
    createdAtMs: holds.createdAtMs.get(hold),
    deadlineMs: holds.deadlineMs.get(hold),
    position: holds.position.get(hold),
    order: order === 0 ? null : order - 1,
    entry: rowOrNull(holds.entry.get(hold)),
    doorNumber: holds.doorNumber.get(hold),
  };
}

function dumpOrder(state: State, order: number): OrderDump {
  const { orders, lines } = state;
  const first = orders.firstLine.get(order);
  const hold = orders.hold.get(order);
  return {
    customer: customerId(state, orders.customer.get(order)),
    createdAtMs: orders.createdAtMs.get(order),
    position: orders.position.get(order),
    hold: hold === 0 ? null : hold - 1,
    doorNumber: orders.doorNumber.get(order),
    lines: Array.from({ length: orders.lineCount.get(order) }, (_, line) => ({
      sale: lines.sale.get(first + line),
      quantity: lines.quantity.get(first + line),
      amount: finite(lines.amount.get(first + line)),
      remaining: lines.remaining.get(first + line),
      cancelledAt: lines.cancelledAt.get(first + line),
    })),
  };
}

function dumpCustomer(state: State, customer: number): CustomerDump {
  const { customers } = state;
  return {
    id: customers.arena.text(customers.id.get(customer)),
    registered: customers.profile.get(customer) > 0,
    ...customerProfile(state, customer),
    createdAtMs: customers.createdAtMs.get(customer),
    door: customers.door.get(customer),
    doorNumber: customers.doorNumber.get(customer),
  };
}

function dumpEntry(state: State, entry: number): WaitlistDump {
  const { waitlist } = state;
  const waits = waitlist.state.get(entry) === waitStates.waiting;
  return {
    sale: waitlist.sale.get(entry),
    customer: customerId(state, waitlist.customer.get(entry)),
    quantity: waitlist.quantity.get(entry),
    state: nameOf(waitStates, waitlist.state.get(entry)),
    ahead: waits ? waitlist.ahead(entry) : null,
    createdAtMs: waitlist.createdAtMs.get(entry),
    position: waitlist.position.get(entry),
    hold: rowOrNull(waitlist.hold.get(entry)),
  };
}

function rowOrNull(rowPlusOne: number): number | null {
  return rowPlusOne === 0 ? null : rowPlusOne - 1;
}

/** Id of a customer by row + 1, as the tables link it; null for 0. */
export function customerId(state: State, rowPlusOne: number): string | null {
  const { customers } = state;
  return rowPlusOne === 0 ? null : customers.arena.text(customers.id.get(rowPlusOne - 1));
}

export function customerProfile(state: State, customer: number): { name: string | null; email: string | null } {
  const { customers } = state;
  const reference = customers.profile.get(customer);
  if (reference === 0) return { name: null, email: null };
  // Written by `register` in effects.ts as exactly this shape.
  return JSON.parse(customers.arena.text(reference)) as { name: string | null; email: string | null };
}

export function nameOf(table: Readonly<Record<string, number>>, value: number): string {
  for (const [name, number] of Object.entries(table)) if (number === value) return name;
  throw new Error(`no name for ${value}`);
}

function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
