/**
 * The state as plain objects: for `inspect`, and for tests that compare it by hash with the
 * reference engine.
 */
import type { Attributes, Price } from './commands/sales.ts';
import type { Engine } from './engine.ts';
import { KeyedHash } from './base/keyed-hash.ts';
import { nameOf } from './base/names.ts';
import type { CardTotals } from './tables/cards.ts';
import { cardId, cardName, cardStates } from './tables/cards.ts';
import { customerId, customerNames, customerProfile } from './tables/customers.ts';
import type { SeatState } from './tables/seats.ts';
import { listedSeats, seatStates } from './tables/seats.ts';
import type { State } from './state.ts';
import { holdStates } from './tables/holds.ts';
import { saleStates } from './tables/sales.ts';
import type { GatesDump } from './dump-gates.ts';
import { dumpGates } from './dump-gates.ts';
import { waitStates } from './tables/waitlist.ts';

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
  readonly opened: boolean;
  readonly createdAtMs: number;
  readonly position: number;
  readonly door: number;
  readonly doorNumber: number;
  readonly kind: 'counted' | 'seated';
  readonly removed: boolean;
  readonly linePerSeat: boolean;
  readonly attributes: Attributes;
  /** Retired rows included, in order. */
  readonly seats: readonly SeatDump[];
  /** In order of appearance. */
  readonly hallRows: readonly { readonly section: string; readonly name: string; readonly rank: number }[];
  /** Sales with a customer limit: units by customer id, zeros left out. */
  readonly units: Readonly<Record<string, number>>;
  /**
   * Sales whose holds are limited: held units by customer id and by hash of address, zeros left
   * out.
   */
  readonly heldByCustomer: Readonly<Record<string, number>>;
  readonly heldByAddress: Readonly<Record<string, number>>;
}

export interface SeatDump {
  /** Row in the table of all seats. */
  readonly seat: number;
  readonly section: string;
  readonly row: string;
  readonly number: string;
  readonly place: number;
  readonly rank: number;
  readonly accessible: boolean;
  readonly state: SeatState;
  /** Hold when held, order line when sold. */
  readonly holder: number | null;
  readonly changedAt: number;
  readonly createdAtMs: number;
  readonly doorNumber: number;
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
  /** The waitlist entry that the hold was offered to. */
  readonly entry: number | null;
  readonly seats: readonly number[];
  readonly doorNumber: number;
  readonly placedBy: number;
  readonly ofCustomer: boolean;
  readonly address: number;
}

export interface LineDump {
  readonly sale: number;
  readonly quantity: number;
  readonly amount: number | null;
  readonly remaining: number;
  /** Position of the cancellation; 0 while the line stands. */
  readonly cancelledAt: number;
  readonly seats: readonly number[];
}

export interface OrderDump {
  readonly customer: string | null;
  readonly createdAtMs: number;
  readonly position: number;
  readonly hold: number | null;
  /** The waitlist entry for the rest of a partial order. */
  readonly entry: number | null;
  readonly doorNumber: number;
  readonly lines: readonly LineDump[];
}

export interface CustomerDump {
  readonly id: string;
  readonly registered: boolean;
  readonly removed: boolean;
  readonly name: string | null;
  readonly email: string | null;
  readonly createdAtMs: number;
  readonly door: number;
  readonly doorNumber: number;
  /** All its names, oldest first, each with the position from which it holds. */
  readonly names: readonly (readonly [position: number, name: string | null])[];
}

export interface WaitlistDump {
  readonly sale: number;
  readonly customer: string | null;
  readonly quantity: number;
  readonly state: string;
  /** How many entries wait before it; waiting entries only. */
  readonly ahead: number | null;
  readonly createdAtMs: number;
  readonly position: number;
  readonly hold: number | null;
  readonly books: boolean;
  readonly order: number | null;
}

export interface CardDump {
  readonly id: string;
  readonly name: string | null;
  readonly category: string;
  readonly balance: number;
  readonly status: string;
  readonly createdAtMs: number;
}

/** A version of the tariff that is kept. */
export interface TariffDump {
  readonly number: number;
  readonly effectiveFromMs: number;
  readonly currency: string;
  readonly stations: readonly (readonly [id: string, number: number])[];
  readonly categories: readonly string[];
}

export interface StateDump extends GatesDump {
  readonly position: number;
  readonly nowMs: number;
  readonly version: number;
  readonly keys: number;
  /** Those among them of free calls. */
  readonly freeKeys: number;
  readonly idleMs: number;
  /** Position and mark of each start. */
  readonly epochs: readonly (readonly [number, string])[];
  /** Position and civil time, ms, of each record that cancelled something. */
  readonly cancellations: readonly (readonly [number, number])[];
  /** Position and offset, ms, of each change of civil time. */
  readonly offsets: readonly (readonly [number, number])[];
  readonly sales: readonly SaleDump[];
  readonly holds: readonly HoldDump[];
  readonly orders: readonly OrderDump[];
  readonly customers: readonly CustomerDump[];
  readonly waitlist: readonly WaitlistDump[];
  /** Sales whose returned stock is still to be offered, in the order in which it returned. */
  readonly owedOffers: readonly number[];
  readonly cards: readonly CardDump[];
  readonly cardTotals: Readonly<CardTotals>;
  readonly cardCurrency: string | null;
  /** Cards on the deny list and off it again: number of the change, card, whether it is on. */
  readonly denied: readonly (readonly [number, string, boolean])[];
  /** How many of each the journal has had. */
  readonly journal: JournalDump;
  /** By the time from which they are effective. */
  readonly tariffs: readonly TariffDump[];
  readonly accessKeys: readonly AccessKeyDump[];
}

export interface AccessKeyDump {
  readonly hash: string;
  readonly gates: readonly string[];
  readonly label: string | null;
  readonly createdAtMs: number;
  readonly position: number;
  readonly removed: boolean;
}

export interface JournalDump {
  readonly taps: number;
  readonly entries: number;
  readonly endedJourneys: number;
  readonly begunJourneys: number;
  readonly appliedTaps: number;
  readonly openedTaps: number;
  readonly deniedTaps: number;
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
    freeKeys: state.keys.freeCount,
    idleMs: state.idleMs,
    epochs: state.epochs.entries(),
    cancellations: Array.from({ length: state.cancellations.count }, (_, row) => [
      state.cancellations.position.get(row),
      state.cancellations.timeMs.get(row),
    ]),
    offsets: state.civil.entries(),
    sales: rows(state.sales.count, (sale) => dumpSale(state, sale)),
    holds: rows(state.holds.count, (hold) => dumpHold(state, hold)),
    orders: rows(state.orders.count, (order) => dumpOrder(state, order)),
    customers: rows(state.customers.count, (customer) => dumpCustomer(state, customer)),
    waitlist: rows(state.waitlist.count, (entry) => dumpEntry(state, entry)),
    owedOffers: [...state.owedOffers],
    cards: rows(state.cards.count, (card) => dumpCard(state, card)),
    cardTotals: { ...state.cards.totals },
    cardCurrency: state.tariffs.currency,
    denied: dumpDenied(state),
    journal: state.journal.head(),
    tariffs: dumpTariffs(state),
    accessKeys: state.accessKeys.rows.map((made, key) => ({ ...made, removed: state.accessKeys.isRemoved(key) })),
    ...dumpGates(state),
  };
}

/** 128-bit hash of a dump, in hexadecimal: equal states have equal hashes. */
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
    opened: sales.opened.get(sale) === 1,
    createdAtMs: sales.createdAtMs.get(sale),
    position: sales.position.get(sale),
    door: sales.door.get(sale),
    doorNumber: sales.doorNumber.get(sale),
    kind: sales.seated.get(sale) === 1 ? 'seated' : 'counted',
    removed: sales.removed.get(sale) === 1,
    linePerSeat: sales.linePerSeat.get(sale) === 1,
    attributes: sales.attributes[sale] ?? {},
    seats: dumpSeats(state, sale),
    hallRows: dumpRows(state, sale),
    units: dumpUnits(state, sale),
    heldByCustomer: dumpHeld(state, sale),
    heldByAddress: dumpHeldByAddress(state, sale),
  };
}

function dumpSeats(state: State, sale: number): SeatDump[] {
  const { seats } = state;
  const dumped: SeatDump[] = [];
  for (let seat = 0; seat < seats.count; seat += 1) {
    if (seats.sale.get(seat) !== sale) continue;
    dumped.push({
      seat,
      section: seats.section(seat),
      row: seats.rowOf(seat),
      number: seats.number(seat),
      place: seats.place.get(seat),
      rank: seats.rank.get(seat),
      accessible: seats.accessible.get(seat) === 1,
      state: nameOf(seatStates, seats.state.get(seat)),
      holder: rowOrNull(seats.holder.get(seat)),
      changedAt: seats.changedAt.get(seat),
      createdAtMs: seats.createdAtMs.get(seat),
      doorNumber: seats.doorNumber.get(seat),
    });
  }
  return dumped;
}

function dumpRows(state: State, sale: number): SaleDump['hallRows'] {
  const { sales, seats } = state;
  if (sales.seated.get(sale) === 0) return [];
  return seats.hall(sale).rows.map(({ row, section, rank }) => ({
    section: seats.sectionName[section]!,
    name: seats.rowName[row]!,
    rank,
  }));
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

function dumpHeld(state: State, sale: number): Record<string, number> {
  const held: Record<string, number> = {};
  for (let customer = 0; customer < state.customers.count; customer += 1) {
    const count = state.heldByCustomer.unitsOf(sale, customer);
    if (count > 0) held[customerId(state, customer + 1) ?? ''] = count;
  }
  return held;
}

function dumpHeldByAddress({ holds, heldByAddress }: State, sale: number): Record<string, number> {
  const held: Record<string, number> = {};
  for (let hold = 0; hold < holds.count; hold += 1) {
    const address = holds.address.get(hold);
    const count = address > 0 ? heldByAddress.unitsOf(sale, address) : 0;
    if (count > 0) held[address] = count;
  }
  return held;
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
    seats: listedSeats(state, holds.seats.get(hold), holds.quantity.get(hold)),
    doorNumber: holds.doorNumber.get(hold),
    placedBy: holds.placedBy.get(hold),
    ofCustomer: holds.ofCustomer.get(hold) === 1,
    address: holds.address.get(hold),
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
    entry: rowOrNull(orders.entry.get(order)),
    doorNumber: orders.doorNumber.get(order),
    lines: Array.from({ length: orders.lineCount.get(order) }, (_, line) => ({
      sale: lines.sale.get(first + line),
      quantity: lines.quantity.get(first + line),
      amount: finite(lines.amount.get(first + line)),
      remaining: lines.remaining.get(first + line),
      cancelledAt: lines.cancelledAt.get(first + line),
      seats: listedSeats(state, lines.seats.get(first + line), lines.quantity.get(first + line)),
    })),
  };
}

function dumpCustomer(state: State, customer: number): CustomerDump {
  const { customers } = state;
  return {
    id: customers.arena.text(customers.id.get(customer)),
    registered: customers.profile.get(customer) > 0,
    removed: customers.removed.get(customer) === 1,
    ...customerProfile(state, customer),
    createdAtMs: customers.createdAtMs.get(customer),
    door: customers.door.get(customer),
    doorNumber: customers.doorNumber.get(customer),
    names: customerNames(state, customer),
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
    books: waitlist.books.get(entry) === 1,
    order: rowOrNull(waitlist.order.get(entry)),
  };
}

function dumpCard(state: State, card: number): CardDump {
  const { cards } = state;
  return {
    id: cardId(state, card),
    name: cardName(state, card),
    category: state.tariffs.categories[cards.category.get(card)] ?? '',
    balance: cards.balanceOf(card),
    status: nameOf(cardStates, cards.status.get(card)),
    createdAtMs: cards.createdAtMs.get(card),
  };
}

function dumpDenied(state: State): StateDump['denied'] {
  const { cards, denyList } = state;
  const denied: [number, string, boolean][] = [];
  for (let card = 0; card < cards.count; card += 1) {
    const number = cards.denied.get(card);
    const listed = cards.listed.get(card) === 1;
    if (listed || number > denyList.dropped) denied.push([number, cardId(state, card), listed]);
  }
  return denied.toSorted(([one], [other]) => one - other);
}

function dumpTariffs({ tariffs }: State): TariffDump[] {
  return tariffs.versions.map(({ number, effectiveFromMs, currency, definition }) => ({
    number,
    effectiveFromMs,
    currency,
    stations: definition.stations.map(({ id }) => [id, tariffs.stationNumber(id)]),
    categories: Object.keys(definition.categories),
  }));
}

function rowOrNull(rowPlusOne: number): number | null {
  return rowPlusOne === 0 ? null : rowPlusOne - 1;
}

function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
