/** The refusals of the reference engine: the rules of the engine's DESIGN.md, one by one. */
import type { CustomerChange, CustomerDefinition, CustomerRemoval } from '../../src/engine/commands/customers.ts';
import type { SeedDefinition } from '../../src/engine/commands/running.ts';
import type { KeyDefinition, KeyRemoval } from '../../src/engine/commands/access-keys.ts';
import type { CardDefinition, CardsIssue } from '../../src/engine/commands/cards.ts';
import type { GateDefinition, TapsSkip } from '../../src/engine/commands/gates.ts';
import type { TariffDefinition } from '../../src/engine/commands/tariff.ts';
import type { SaleChange, SaleDefinition, SaleRemoval } from '../../src/engine/commands/sales.ts';
import type { SeatChange, SeatRemoval, SeatsAddition } from '../../src/engine/commands/seats.ts';
import { kinds } from '../../src/engine/command.ts';
import { maxLines, maxSeats } from '../../src/engine/commands/lines.ts';
import type { OutcomeCode } from '../../src/engine/outcomes.ts';
import { outcomes } from '../../src/engine/outcomes.ts';
import { allEligible, bestSeats } from './reference-best.ts';
import type { Model, Request, Sale, Wish } from './reference-model.ts';
import {
  availableOf,
  capacityOf,
  hasSeat,
  heldBy,
  heldOf,
  saleOf,
  soldOf,
  stateOf,
  unitsOf,
  waitingFor,
  civilMs,
} from './reference-model.ts';
import { refusalOfCard, refusalOfIssue, refusalOfMoney } from './reference-cards.ts';
import { refusalOfGate, refusalOfSkip } from './reference-gates.ts';
import { refusalOfAdjustment } from './reference-journeys.ts';
import { refusalOfTariff } from './reference-tariff.ts';
import { ofAddition, ofHall, ofSeat, ofSeatChange } from './reference-seats.ts';

/** The refusal with the lowest number, or null. */
export function refusal(model: Model, request: Request): OutcomeCode | null {
  const found = refusals(model, request);
  found.sort((one, other) => outcomes[one].number - outcomes[other].number);
  return found[0] ?? null;
}

function refusals(model: Model, request: Request): OutcomeCode[] {
  switch (request.kind) {
    case kinds.order:
      return ofOrder(model, request);
    case kinds.hold:
      return ofPlaceHold(model, request);
    case kinds.confirm:
    case kinds.extend:
    case kinds.release:
      return some(ofHold(model, request));
    case kinds.cancel:
      return ofCancel(model, request);
    case kinds.joinWaitlist:
      return some(ofJoin(model, request));
    case kinds.leaveWaitlist:
      return some(ofLeave(model, request));
    case kinds.updateSale:
      return some(ofChange(model, request.body as SaleChange));
    case kinds.seed:
      return model.seeded ? [] : (request.body as SeedDefinition).sales.flatMap((sale) => some(ofSaleCreation(sale)));
    case kinds.createSale:
      return some(ofSaleCreation(request.body as SaleDefinition));
    case kinds.removeSale:
      return some(ofRemoval(model, request.body as SaleRemoval));
    case kinds.createCustomer:
      return ofCreation(model, request.customer, request.body as CustomerDefinition);
    case kinds.changeCustomer:
      return some(ofCustomerChange(model, request.body as CustomerChange));
    case kinds.removeCustomer:
      return some(ofCustomer(model, request.body as CustomerRemoval));
    case kinds.addSeats:
      return some(ofAddition(model, request.body as SeatsAddition));
    case kinds.changeSeat:
      return ofSeatChange(model, request.body as SeatChange);
    case kinds.removeSeat:
      return some(ofSeat(model, request.body as SeatRemoval));
    default:
      return some(ofTransit(model, request));
  }
}

/** Of commands about cards, tariffs and gates. */
function ofTransit(model: Model, request: Request): OutcomeCode | null {
  const { transit } = model;
  switch (request.kind) {
    case kinds.createCard:
      return refusalOfCard(model, request.body as CardDefinition);
    case kinds.issueCards:
      return refusalOfIssue(model, request.body as CardsIssue);
    case kinds.topUp:
    case kinds.refund:
      return refusalOfMoney(model, request);
    case kinds.blockCard:
    case kinds.unblockCard:
      return transit.cards[request.target] === undefined ? 'UNKNOWN_CARD' : null;
    case kinds.adjust:
      return refusalOfAdjustment(model, request);
    case kinds.setTariff: {
      const definition = request.body as TariffDefinition;
      return refusalOfTariff(transit.tariffs, transit.currency, civilMs(model), definition);
    }
    case kinds.addGate:
      return refusalOfGate(transit, request.body as GateDefinition);
    case kinds.addKey: {
      const { gates } = request.body as KeyDefinition;
      return gates.every((id) => transit.gates.some((gate) => gate.id === id)) ? null : 'UNKNOWN_GATE';
    }
    case kinds.removeKey:
      return transit.gateKeys[(request.body as KeyRemoval).key]?.removed === false ? null : 'UNKNOWN_KEY';
    case kinds.skipTaps:
      return refusalOfSkip(transit, request.body as TapsSkip);
    default:
      return null;
  }
}

function some(code: OutcomeCode | null): OutcomeCode[] {
  return code === null ? [] : [code];
}

function ofOrder(model: Model, request: Request): OutcomeCode[] {
  if (request.lines.length === 0) return ['INVALID_QUANTITY'];
  const found = request.lines.flatMap((_, line) => some(ofLine(model, request, line)));
  const currencies = new Set(request.lines.map(({ sale }) => model.sales[sale]?.currency ?? null));
  currencies.delete(null);
  if (currencies.size > 1) found.push('CURRENCY_MISMATCH');
  const oneBest = request.lines.length === 1 && request.lines[0]!.ask === 'best';
  if (request.partial && !oneBest) found.push('INVALID_QUANTITY');
  return found;
}

function ofPlaceHold(model: Model, request: Request): OutcomeCode[] {
  if (request.lines.length !== 1) return ['INVALID_QUANTITY'];
  const found = some(ofLine(model, request, 0));
  if (request.partial) found.push('INVALID_QUANTITY');
  return found;
}

function ofLine(model: Model, request: Request, line: number): OutcomeCode | null {
  const wish = request.lines[line]!;
  const { sale: number, quantity } = wish;
  const sale = saleOf(model, number);
  if (sale === undefined) return 'UNKNOWN_SALE';
  const unknown = ofNames(model, sale, wish);
  if (unknown !== null) return unknown;
  if (quantity === 0) return 'INVALID_QUANTITY';
  const { maxPerCustomer, maxPerOrder } = sale.made;
  const named = maxPerCustomer !== null || request.kind === kinds.joinWaitlist || request.partial;
  if (named && request.customer === null) return 'CUSTOMER_REQUIRED';
  const misasked = ofAsking(sale, request, wish);
  if (misasked !== null) return misasked;
  const closed = ofWindow(sale, civilMs(model));
  if (closed !== null) return closed;
  let demand = 0;
  for (const other of request.lines) if (other.sale === number) demand += other.quantity;
  if (maxPerOrder !== null && demand > maxPerOrder) return 'LIMIT_REACHED';
  if (maxPerCustomer !== null && demand + unitsOf(model, number, request.customer ?? '') > maxPerCustomer) {
    return 'LIMIT_REACHED';
  }
  if (linesMade(model, request) > maxLines || seatsMade(model, request) > maxSeats) return 'LIMIT_REACHED';
  if (holdsTooMuch(model, request, wish, demand)) return 'HOLDS_TOO_MUCH';
  if (request.partial) return ofPart(model, request, wish);
  if (demand > availableOf(model, number)) return 'SOLD_OUT';
  if (model.owed.includes(number)) return 'SOLD_OUT';
  return ofSeatsAsked(model, wish);
}

/** Seats and sections that a line names are the sale's. */
function ofNames(model: Model, { made }: Sale, { sale, seats, section }: Wish): OutcomeCode | null {
  if (made.kind === 'counted') return null;
  if (seats.some((seat) => !hasSeat(model, sale, seat))) return 'UNKNOWN_SEAT';
  return section !== null && model.sections[section]?.sale !== sale ? 'UNKNOWN_SECTION' : null;
}

/** How stock may be asked for. */
function ofAsking({ made }: Sale, { kind, lines }: Request, wish: Wish): OutcomeCode | null {
  if (made.kind === 'counted') return wish.ask === 'count' ? null : 'NO_SEATS';
  if (kind === kinds.joinWaitlist) return null;
  if (wish.ask === 'count') return 'SEATS_REQUIRED';
  const ofSale = lines.filter(({ sale }) => sale === wish.sale);
  const all = ofSale.flatMap(({ seats }) => seats);
  if (wish.seats.some((seat) => all.filter((other) => other === seat).length > 1)) return 'SEAT_REPEATED';
  return wish.ask === 'best' && ofSale.length > 1 ? 'BEST_ALONE' : null;
}

/** How many lines an order would have, or the order that a hold would be confirmed to. */
function linesMade(model: Model, { lines }: Request): number {
  const made = lines.map(({ sale, quantity }) => (model.sales[sale]?.made.linePerSeat === true ? quantity : 1));
  return made.reduce((sum, count) => sum + count, 0);
}

/** How many seats a command would take in all. */
function seatsMade(model: Model, { lines }: Request): number {
  const ofSeats = lines.filter(({ sale }) => model.sales[sale]?.made.kind === 'seated');
  return ofSeats.reduce((sum, { quantity }) => sum + quantity, 0);
}

function ofSeatsAsked(model: Model, wish: Wish): OutcomeCode | null {
  if (wish.seats.some((seat) => stateOf(model, seat) !== 'available')) return 'SEAT_TAKEN';
  if (wish.ask !== 'best') return null;
  const found = bestSeats(model, wish);
  return typeof found === 'string' ? found : null;
}

/** An order that takes what there is. */
function ofPart(model: Model, request: Request, wish: Wish): OutcomeCode | null {
  if (wish.quantity > capacityOf(model, wish.sale)) return 'SOLD_OUT';
  const short = model.owed.includes(wish.sale) || allEligible(model, wish).length < wish.quantity;
  if (!short) return ofSeatsAsked(model, wish);
  return isLineFull(model, request, wish.sale) ? 'WAITLIST_FULL' : null;
}

/** From version 2 on: whether the line is full and this customer is not in it. */
function isLineFull(model: Model, { customer }: Request, sale: number): boolean {
  const { waitingPerUnit = 10 } = model.settings;
  const inLine = model.waitlist.some(
    (entry) => entry.sale === sale && entry.customer === customer && ['waiting', 'offered'].includes(entry.state),
  );
  const max = waitingPerUnit * Math.max(1, capacityOf(model, sale));
  return model.version >= 2 && !inLine && waitingFor(model, sale).length >= max;
}

/** Whether with this hold its customer, or its address, would hold too much of the sale. */
function holdsTooMuch(model: Model, request: Request, { sale }: Wish, demand: number): boolean {
  const { kind, maxOfAddress, maxOfCustomer, address, customer } = request;
  if (kind !== kinds.hold) return false;
  const ofAddress = heldBy(model, sale, (hold) => hold.address === address);
  const ofCustomer = heldBy(model, sale, (hold) => hold.ofCustomer && hold.customer === customer);
  if (maxOfAddress !== null && demand + ofAddress > maxOfAddress) return true;
  return maxOfCustomer !== null && customer !== null && demand + ofCustomer > maxOfCustomer;
}

/** A join is refused like an order of its line, except that a sold-out sale admits it. */
function ofJoin(model: Model, request: Request): OutcomeCode | null {
  if (request.lines.length !== 1 || request.lines[0]!.ask !== 'count' || request.partial) return 'INVALID_QUANTITY';
  const asOrder = ofLine(model, request, 0);
  if (asOrder !== null && asOrder !== 'SOLD_OUT') return asOrder;
  const { sale, quantity } = request.lines[0]!;
  if (quantity > capacityOf(model, sale)) return 'SOLD_OUT';
  if (asOrder === null && waitingFor(model, sale).length === 0) return 'STILL_AVAILABLE';
  return isLineFull(model, request, sale) ? 'WAITLIST_FULL' : null;
}

function ofLeave(model: Model, request: Request): OutcomeCode | null {
  const entry = model.waitlist[request.target];
  if (entry === undefined) return 'UNKNOWN_ENTRY';
  return entry.state === 'served' || entry.state === 'left' ? 'ENTRY_ENDED' : null;
}

/** Why a sale takes no orders and holds, or null when it does. */
export function ofWindow(sale: Sale, atMs: number): OutcomeCode | null {
  if (sale.state === 'closed') return 'CLOSED';
  if (sale.closesAtMs !== null && atMs >= sale.closesAtMs) return 'CLOSED';
  if (sale.state === 'paused') return 'PAUSED';
  return sale.opened ? null : 'NOT_OPEN';
}

function ofHold(model: Model, request: Request): OutcomeCode | null {
  const hold = model.holds[request.target];
  if (hold === undefined) return 'UNKNOWN_HOLD';
  if (request.customer !== null && request.customer !== hold.customer) return 'NOT_YOURS';
  if (hold.state === 'confirmed') return 'HOLD_CONFIRMED';
  if (hold.state === 'released') return 'HOLD_RELEASED';
  if (hold.state === 'expired') return 'HOLD_EXPIRED';
  if (model.nowMs >= hold.deadlineMs) return 'HOLD_EXPIRED';
  return null;
}

function ofCancel(model: Model, request: Request): OutcomeCode[] {
  const order = model.orders[request.target];
  if (order === undefined) return ['UNKNOWN_ORDER'];
  const found = request.cancel.flatMap((number): OutcomeCode[] => {
    const line = order.lines[number];
    if (line === undefined) return ['UNKNOWN_LINE'];
    return line.cancelledAt > 0 ? ['LINE_CANCELLED'] : [];
  });
  if (order.lines.every((line) => line.cancelledAt > 0)) found.push('ORDER_CANCELLED');
  return found;
}

function ofChange(model: Model, change: SaleChange): OutcomeCode | null {
  const sale = saleOf(model, change.sale);
  if (sale === undefined) return 'UNKNOWN_SALE';
  if (change.price != null && sale.currency !== null && change.price.currency !== sale.currency) {
    return 'CURRENCY_MISMATCH';
  }
  const opensAtMs = change.opensAtMs === undefined ? sale.opensAtMs : change.opensAtMs;
  const closesAtMs = change.closesAtMs === undefined ? sale.closesAtMs : change.closesAtMs;
  if (opensAtMs !== null && closesAtMs !== null && closesAtMs <= opensAtMs) return 'INVALID_WINDOW';
  if (change.capacity !== undefined && sale.made.kind === 'seated') return 'CAPACITY_FOLLOWS';
  const taken = soldOf(model, change.sale) + heldOf(model, change.sale);
  if (change.capacity !== undefined && change.capacity < taken) return 'CAPACITY_TOO_LOW';
  return null;
}

function ofSaleCreation({ kind, hall }: SaleDefinition): OutcomeCode | null {
  if (kind === 'counted') return null;
  return hall === undefined ? 'SEATS_REQUIRED' : ofHall(hall);
}

function ofRemoval(model: Model, { sale }: SaleRemoval): OutcomeCode | null {
  if (saleOf(model, sale) === undefined) return 'UNKNOWN_SALE';
  return soldOf(model, sale) + heldOf(model, sale) > 0 ? 'SALE_NOT_EMPTY' : null;
}

function ofCreation(model: Model, named: string | null, made: CustomerDefinition): OutcomeCode[] {
  const { door = 0, email, uniqueEmail = false, onlyNew = false } = made;
  const found = some(uniqueEmail ? ofEmail(model, email, door, -1) : null);
  const known = model.customers.filter(({ id }) => id === named);
  if (known.some(({ registered }) => registered || onlyNew)) found.push('CUSTOMER_EXISTS');
  return found;
}

function ofCustomer(model: Model, { customer }: CustomerRemoval): OutcomeCode | null {
  const known = model.customers[customer];
  return known === undefined || !known.registered || known.removed ? 'UNKNOWN_CUSTOMER' : null;
}

function ofCustomerChange(model: Model, change: CustomerChange): OutcomeCode | null {
  const unknown = ofCustomer(model, change);
  if (unknown !== null) return unknown;
  const { door, uniqueEmail } = model.customers[change.customer]!;
  return uniqueEmail ? ofEmail(model, change.email ?? null, door, change.customer) : null;
}

/** Whether another customer of the door, one with a unique e-mail, has this e-mail. */
export function ofEmail(model: Model, email: string | null, door: number, except: number): OutcomeCode | null {
  const taken = model.customers.some(
    (other, number) =>
      number !== except && other.uniqueEmail && !other.removed && other.door === door && other.email === email,
  );
  return email !== null && taken ? 'EMAIL_TAKEN' : null;
}
