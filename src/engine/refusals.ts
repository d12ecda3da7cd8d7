/**
 * Whether a command can have its effect on a state: pure checks, no change. Used twice, by `apply` and by a node that
 * answers from memory what needs no log. Every check gives an outcome row; of several the lowest number wins.
 */
import type {
  Command,
  CustomerChange,
  CustomerDefinition,
  SaleChange,
  SaleDefinition,
  SaleRemoval,
  SeatChange,
  SeatRemoval,
  SeatsAddition,
  SeedDefinition,
} from './command.ts';
import { asks, kinds } from './command.ts';
import type { OutcomeRow } from './outcomes.ts';
import { outcomes } from './outcomes.ts';
import {
  asksTooMuch,
  choosePart,
  chooseSeats,
  refusalOfAddition,
  refusalOfAsk,
  refusalOfHall,
  refusalOfNames,
  refusalOfSeat,
  refusalOfSeatChange,
} from './seat-refusals.ts';
import type { State } from './state.ts';
import { holdStates, saleStates } from './tables.ts';
import { waitStates } from './waitlist.ts';

/** The refusal of a command now, or null when it can have its effect. Keys and lateness are not looked at here. */
export function refusalOf(state: State, command: Command): OutcomeRow | null {
  state.chosen.count = 0;
  switch (command.kind) {
    case kinds.order:
      return refusalOfOrder(state, command);
    case kinds.hold:
      // Without a line of its own it would be decided by what the reused command held before.
      if (command.lineCount !== 1) return outcomes.INVALID_QUANTITY;
      return lower(refusalOfLine(state, command, 0), refusalOfShape(command));
    case kinds.confirm:
    case kinds.extend:
    case kinds.release:
      return refusalOfHold(state, command);
    case kinds.cancel:
      return refusalOfCancel(state, command);
    case kinds.joinWaitlist:
      return refusalOfJoin(state, command);
    case kinds.leaveWaitlist:
      return refusalOfLeave(state, command);
    case kinds.updateSale:
      return refusalOfChange(state, command.body as SaleChange);
    case kinds.createCustomer:
      return refusalOfCustomer(state, command);
    case kinds.changeCustomer:
    case kinds.removeCustomer:
      return refusalOfCustomerChange(state, command.body as CustomerChange);
    case kinds.createSale:
      return refusalOfHall(command.body as SaleDefinition);
    case kinds.seed:
      return refusalOfSeed(state, command.body as SeedDefinition);
    case kinds.removeSale:
      return refusalOfRemoval(state, command.body as SaleRemoval);
    case kinds.addSeats:
      return refusalOfAddition(state, command.body as SeatsAddition);
    case kinds.changeSeat:
      return refusalOfSeatChange(state, command.body as SeatChange);
    case kinds.removeSeat:
      return refusalOfSeat(state, command.body as SeatRemoval);
    default:
      return null;
  }
}

function refusalOfOrder(state: State, command: Command): OutcomeRow | null {
  let refusal = command.lineCount === 0 ? outcomes.INVALID_QUANTITY : refusalOfShape(command);
  for (let line = 0; line < command.lineCount; line += 1) {
    refusal = lower(refusal, refusalOfLine(state, command, line));
  }
  return currenciesDiffer(state, command) ? lower(refusal, outcomes.CURRENCY_MISMATCH) : refusal;
}

/** Only an order of one best line can be partial. */
function refusalOfShape(command: Command): OutcomeRow | null {
  if (!command.partial) return null;
  const isBest = command.lineCount === 1 && command.asksSeats && command.lineAsk[0] === asks.best;
  return isBest && command.kind === kinds.order ? null : outcomes.INVALID_QUANTITY;
}

/** One line, with the demand of all lines on its sale: two lines never pass one by one. */
function refusalOfLine(state: State, command: Command, line: number): OutcomeRow | null {
  const sale = command.lineSale[line]!;
  const sales = state.sales;
  if (sale >= sales.count || sales.removed.get(sale) === 1) return outcomes.UNKNOWN_SALE;
  const seated = sales.seated.get(sale) === 1;
  const joins = command.kind === kinds.joinWaitlist;
  if (seated) {
    const names = refusalOfNames(state, command, line);
    if (names !== null) return names;
  }
  let demand = command.lineQuantity[line]!;
  if (demand < 1) return outcomes.INVALID_QUANTITY;
  if (command.lineCount > 1) {
    for (let other = 0; other < command.lineCount; other += 1) {
      if (other !== line && command.lineSale[other] === sale) demand += command.lineQuantity[other]!;
    }
  }
  const maxPerCustomer = sales.maxPerCustomer.get(sale);
  const named = maxPerCustomer > 0 || joins || command.partial;
  if (named && command.customerLength === 0) return outcomes.CUSTOMER_REQUIRED;
  if (!joins && (seated || command.asksSeats)) {
    const ask = refusalOfAsk(state, command, line);
    if (ask !== null) return ask;
  }
  const window = refusalOfWindow(state, sale);
  if (window !== null) return window;
  const maxPerOrder = sales.maxPerOrder.get(sale);
  if (maxPerOrder > 0 && demand > maxPerOrder) return outcomes.LIMIT_REACHED;
  if (seated && asksTooMuch(state, command)) return outcomes.LIMIT_REACHED;
  if (maxPerCustomer > 0 && demand + unitsOf(state, command, sale) > maxPerCustomer) return outcomes.LIMIT_REACHED;
  if (holdsTooMuch(state, command, sale, demand)) return outcomes.HOLDS_TOO_MUCH;
  // Of another shape it is refused already, and may have no hall to choose from.
  if (command.partial)
    return refusalOfShape(command) ?? choosePart(state, command) ?? refusalOfRest(state, command, sale);
  if (demand > sales.available(sale) || state.owedOffers.includes(sale)) return outcomes.SOLD_OUT;
  return seated && !joins ? chooseSeats(state, command, line) : null;
}

/** Whether a sale takes orders and holds now. */
export function refusalOfWindow(state: State, sale: number): OutcomeRow | null {
  const sales = state.sales;
  const saleState = sales.state.get(sale);
  if (saleState === saleStates.closed || state.civilMs >= sales.closesAtMs.get(sale)) return outcomes.CLOSED;
  if (saleState === saleStates.paused) return outcomes.PAUSED;
  return sales.opened.get(sale) === 0 ? outcomes.NOT_OPEN : null;
}

function refusalOfHold(state: State, command: Command): OutcomeRow | null {
  const holds = state.holds;
  const hold = command.target;
  if (hold >= holds.count) return outcomes.UNKNOWN_HOLD;
  if (command.customerLength > 0) {
    const customer = state.findCustomer(command.text, command.customerStart, command.customerLength);
    if (customer + 1 !== holds.customer.get(hold) || customer < 0) return outcomes.NOT_YOURS;
  }
  switch (holds.state.get(hold)) {
    case holdStates.confirmed:
      return outcomes.HOLD_CONFIRMED;
    case holdStates.released:
      return outcomes.HOLD_RELEASED;
    case holdStates.expired:
      return outcomes.HOLD_EXPIRED;
    default:
      // Past its deadline a hold is gone, swept or not.
      return state.nowMs >= holds.deadlineMs.get(hold) ? outcomes.HOLD_EXPIRED : null;
  }
}

/** What a line is refused for, but for being sold out: that is what the waitlist is for. */
function refusalOfJoin(state: State, command: Command): OutcomeRow | null {
  // Without a line of its own it would be decided by what the reused command held before.
  if (command.lineCount !== 1 || command.asksSeats || command.partial) return outcomes.INVALID_QUANTITY;
  const refusal = refusalOfLine(state, command, 0);
  if (refusal !== null && refusal !== outcomes.SOLD_OUT) return refusal;
  const sale = command.lineSale[0]!;
  if (command.lineQuantity[0]! > state.sales.capacity.get(sale)) return outcomes.SOLD_OUT;
  if (refusal === null && state.waitlist.waitingOf(sale) === 0) return outcomes.STILL_AVAILABLE;
  return isLineFull(state, command, sale) ? outcomes.WAITLIST_FULL : null;
}

/** A partial order that does not get all joins the line for the rest. */
function refusalOfRest(state: State, command: Command, sale: number): OutcomeRow | null {
  const joins = state.chosen.count < command.lineQuantity[0]!;
  return joins && isLineFull(state, command, sale) ? outcomes.WAITLIST_FULL : null;
}

/** Whether nobody more may join a line; who is in it stays there. */
function isLineFull(state: State, command: Command, sale: number): boolean {
  const { waitlist } = state;
  if (waitlist.waitingOf(sale) < state.mostWaiting(sale)) return false;
  const customer = state.findCustomer(command.text, command.customerStart, command.customerLength);
  const entry = customer < 0 ? -1 : waitlist.find(sale, customer);
  return entry < 0 || waitlist.state.get(entry) > waitStates.offered;
}

/** A partial order that comes to a join alone has a key as a join has; right after `refusalOf` refused nothing. */
export function refusalOfJoinsKey(state: State, command: Command): OutcomeRow | null {
  if (!command.partial || command.keyLength === 0 || state.version < 2) return null;
  return state.chosen.count === 0 && state.keysAreFull(true) ? outcomes.KEYS_FULL : null;
}

/** Whether a hold would give its customer, or its client's address, more of a sale than the command lets them hold. */
function holdsTooMuch(state: State, command: Command, sale: number, demand: number): boolean {
  if (command.kind !== kinds.hold) return false;
  const { mostOfCustomer, mostOfAddress, address } = command;
  if (mostOfAddress > 0 && demand + state.heldByAddress.unitsOf(sale, address) > mostOfAddress) return true;
  if (mostOfCustomer === 0 || command.customerLength === 0) return false;
  const customer = state.findCustomer(command.text, command.customerStart, command.customerLength);
  return demand + (customer < 0 ? 0 : state.heldByCustomer.unitsOf(sale, customer)) > mostOfCustomer;
}

function refusalOfLeave(state: State, command: Command): OutcomeRow | null {
  const { waitlist } = state;
  const entry = command.target;
  if (entry >= waitlist.count) return outcomes.UNKNOWN_ENTRY;
  return waitlist.state.get(entry) > waitStates.offered ? outcomes.ENTRY_ENDED : null;
}

function refusalOfCancel(state: State, command: Command): OutcomeRow | null {
  const { orders, lines } = state;
  const order = command.target;
  if (order >= orders.count) return outcomes.UNKNOWN_ORDER;
  const first = orders.firstLine.get(order);
  const lineCount = orders.lineCount.get(order);
  let refusal: OutcomeRow | null = null;
  for (let i = 0; i < command.cancelCount; i += 1) {
    const line = command.cancelLine[i]!;
    if (line >= lineCount) refusal = lower(refusal, outcomes.UNKNOWN_LINE);
    else if (lines.cancelledAt.get(first + line) > 0) refusal = lower(refusal, outcomes.LINE_CANCELLED);
  }
  let standing = 0;
  for (let line = 0; line < lineCount; line += 1) if (lines.cancelledAt.get(first + line) === 0) standing += 1;
  if (standing === 0) refusal = lower(refusal, outcomes.ORDER_CANCELLED);
  return refusal;
}

function refusalOfChange(state: State, change: SaleChange): OutcomeRow | null {
  const sales = state.sales;
  const sale = change.sale;
  if (sale >= sales.count || sales.removed.get(sale) === 1) return outcomes.UNKNOWN_SALE;
  const currency = sales.currency[sale];
  if (change.price != null && currency !== null && change.price.currency !== currency)
    return outcomes.CURRENCY_MISMATCH;
  const opensAtMs = change.opensAtMs === undefined ? sales.opensAtMs.get(sale) : (change.opensAtMs ?? -Infinity);
  const closesAtMs = change.closesAtMs === undefined ? sales.closesAtMs.get(sale) : (change.closesAtMs ?? Infinity);
  if (closesAtMs <= opensAtMs) return outcomes.INVALID_WINDOW;
  if (change.capacity !== undefined && sales.seated.get(sale) === 1) return outcomes.CAPACITY_FOLLOWS;
  const taken = sales.sold.get(sale) + sales.held.get(sale);
  if (change.capacity !== undefined && change.capacity < taken) return outcomes.CAPACITY_TOO_LOW;
  return null;
}

function refusalOfCustomer(state: State, command: Command): OutcomeRow | null {
  const { uniqueEmail = false, onlyNew = false, email, door = 0 } = command.body as CustomerDefinition;
  if (command.customerLength > 0) {
    const customer = state.findCustomer(command.text, command.customerStart, command.customerLength);
    if (customer >= 0 && (onlyNew || state.customers.profile.get(customer) > 0)) return outcomes.CUSTOMER_EXISTS;
  }
  return uniqueEmail && email !== null && state.emails.find(door, email) >= 0 ? outcomes.EMAIL_TAKEN : null;
}

function refusalOfCustomerChange(state: State, change: CustomerChange): OutcomeRow | null {
  const { customers, emails } = state;
  const row = change.customer;
  if (row >= customers.count || customers.profile.get(row) === 0 || customers.removed.get(row) === 1) {
    return outcomes.UNKNOWN_CUSTOMER;
  }
  if (change.email == null || customers.uniqueEmail.get(row) === 0) return null;
  const holder = emails.find(customers.door.get(row), change.email);
  return holder >= 0 && holder !== row ? outcomes.EMAIL_TAKEN : null;
}

/** A second seed has no effect, whatever it has in it. */
function refusalOfSeed(state: State, { sales }: SeedDefinition): OutcomeRow | null {
  let refusal: OutcomeRow | null = null;
  if (!state.seeded) for (const sale of sales) refusal = lower(refusal, refusalOfHall(sale));
  return refusal;
}

function refusalOfRemoval(state: State, { sale }: SaleRemoval): OutcomeRow | null {
  const { sales } = state;
  if (sale >= sales.count || sales.removed.get(sale) === 1) return outcomes.UNKNOWN_SALE;
  return sales.sold.get(sale) + sales.held.get(sale) > 0 ? outcomes.SALE_NOT_EMPTY : null;
}

function unitsOf(state: State, command: Command, sale: number): number {
  const customer = state.findCustomer(command.text, command.customerStart, command.customerLength);
  return customer < 0 ? 0 : state.limits.unitsOf(sale, customer);
}

/** A line without a currency, or of an unknown sale, goes with any other. */
function currenciesDiffer(state: State, command: Command): boolean {
  let first: string | null = null;
  for (let line = 0; line < command.lineCount; line += 1) {
    const currency = state.sales.currency[command.lineSale[line]!] ?? null;
    if (first !== null && currency !== null && currency !== first) return true;
    first ??= currency;
  }
  return false;
}

function lower(one: OutcomeRow | null, other: OutcomeRow | null): OutcomeRow | null {
  if (one === null) return other;
  if (other === null) return one;
  return other.number < one.number ? other : one;
}
