/**
 * What commands do once nothing refuses them. Each function changes the tables and fills the outcome's `thing` and
 * `remaining`; that the command may have its effect was checked by `refusals.ts` and is asserted only where it is cheap.
 */
import type { Command, SaleChange, SaleDefinition, SaleRemoval, SeedDefinition } from './command.ts';
import { kinds, scopes } from './command.ts';
import { customerOf, registerSeeded } from './customer-effects.ts';
import type { Outcome } from './outcome.ts';
import { outcomes } from './outcomes.ts';
import type { State } from './state.ts';
import { changeKinds } from './changes.ts';
import { none } from './keys.ts';
import { buildHall, giveSeats, takeSeats } from './seat-effects.ts';
import { seatStates } from './seats.ts';
import { stockReturned, touch } from './stock.ts';
import { holdStates, saleStates } from './tables.ts';
import { waitStates } from './waitlist.ts';

export function createSale(state: State, definition: SaleDefinition): number {
  const sales = state.sales;
  const { hall, ...made } = definition;
  const sale = sales.count;
  sales.count += 1;
  touch(state, sale);
  sales.capacity.set(sale, made.capacity);
  sales.sold.set(sale, 0);
  sales.held.set(sale, 0);
  sales.opensAtMs.set(sale, made.opensAtMs ?? -Infinity);
  sales.closesAtMs.set(sale, made.closesAtMs ?? Infinity);
  sales.state.set(sale, saleStates.open);
  sales.seated.set(sale, made.kind === 'seated' ? 1 : 0);
  sales.linePerSeat.set(sale, made.linePerSeat === true ? 1 : 0);
  sales.removed.set(sale, 0);
  sales.remembers.set(sale, made.refusals === 'remember' ? 1 : 0);
  sales.maxPerOrder.set(sale, made.maxPerOrder ?? 0);
  sales.maxPerCustomer.set(sale, made.maxPerCustomer ?? 0);
  sales.holdMs.set(sale, made.holdMs);
  sales.maxHoldMs.set(sale, made.maxHoldMs);
  sales.amount.set(sale, made.price?.amount ?? NaN);
  sales.opened.set(sale, (made.opensAtMs ?? -Infinity) <= state.civilMs ? 1 : 0);
  sales.createdAtMs.set(sale, state.civilMs);
  sales.position.set(sale, state.position);
  sales.lastLine.set(sale, none);
  sales.lineCount.set(sale, 0);
  sales.door.set(sale, made.door);
  const ofDoor = (sales.ofDoor[made.door] ??= []);
  ofDoor.push(sale);
  sales.doorNumber.set(sale, ofDoor.length);
  sales.attributes.push(made.attributes ?? {});
  if (made.kind === 'seated') buildHall(state, sale, hall ?? { sections: [] });
  sales.made.push({ ...made, capacity: sales.capacity.get(sale) });
  sales.name.push(made.name);
  sales.image.push(made.image ?? null);
  sales.currency.push(made.price?.currency ?? null);
  state.windows.add(made.opensAtMs ?? Infinity);
  state.windows.add(made.closesAtMs ?? Infinity);
  return sale;
}

export function updateSale(state: State, change: SaleChange): number {
  const { sales, windows } = state;
  const { sale } = change;
  if (change.name !== undefined) sales.name[sale] = change.name;
  if (change.image !== undefined) sales.image[sale] = change.image;
  if (change.attributes !== undefined) sales.attributes[sale] = change.attributes;
  if (change.price !== undefined) {
    sales.amount.set(sale, change.price?.amount ?? NaN);
    // The currency stays with the sale once it had one: orders of the past are in it.
    if (change.price !== null) sales.currency[sale] = change.price.currency;
  }
  if (change.opensAtMs !== undefined) {
    sales.opensAtMs.set(sale, change.opensAtMs ?? -Infinity);
    sales.opened.set(sale, (change.opensAtMs ?? -Infinity) <= state.civilMs ? 1 : 0);
    windows.add(change.opensAtMs ?? Infinity);
  }
  if (change.closesAtMs !== undefined) {
    sales.closesAtMs.set(sale, change.closesAtMs ?? Infinity);
    windows.add(change.closesAtMs ?? Infinity);
  }
  if (change.status !== undefined) sales.state.set(sale, saleStates[change.status]);
  if (change.capacity !== undefined) sales.capacity.set(sale, change.capacity);
  // More room, or a sale that goes on: either may let somebody in line have stock.
  stockReturned(state, sale);
  return sale;
}

export function removeSale(state: State, { sale }: SaleRemoval): number {
  state.sales.removed.set(sale, 1);
  touch(state, sale);
  return sale;
}

export function seed(state: State, body: SeedDefinition): void {
  state.seeded = true;
  for (const sale of body.sales) createSale(state, sale);
  for (const customer of body.customers) registerSeeded(state, customer);
}

export function order(state: State, command: Command, outcome: Outcome): void {
  const { sales, orders, chosen } = state;
  const customer = customerOf(state, command);
  const row = orders.count;
  startOrder(state, customer, 0, command.lineSale[0]!);
  let taken = 0;
  for (let i = 0; i < command.lineCount; i += 1) {
    const sale = command.lineSale[i]!;
    const quantity = command.partial ? chosen.count : command.lineQuantity[i]!;
    let list = 0;
    if (sales.seated.get(sale) === 1) {
      list = takeSeats(state, chosen.seats, taken, quantity);
      taken += quantity;
    }
    sell(state, row, sale, quantity, customer, list);
  }
  outcome.thing = row;
  outcome.remaining = sales.available(command.lineSale[0]!);
}

/** An order of what there is; its customer waits for the rest. */
export function partialOrder(state: State, command: Command, outcome: Outcome): void {
  const rest = command.lineQuantity[0]! - state.chosen.count;
  if (rest === 0) return order(state, command, outcome);
  if (state.chosen.count === 0) {
    outcome.kind = kinds.joinWaitlist;
    return joinWaitlist(state, command, outcome);
  }
  order(state, command, outcome);
  const customer = state.orders.customer.get(outcome.thing) - 1;
  const entry = standInLine(state, command.lineSale[0]!, customer, rest, true);
  state.orders.entry.set(outcome.thing, entry + 1);
}

/** Gives returned seats of a seated sale to an entry that books; returns the order's row. The seats were chosen. */
export function bookEntry(state: State, sale: number, entry: number): void {
  const { orders, waitlist, chosen, changes } = state;
  const customer = waitlist.customer.get(entry);
  const row = orders.count;
  startOrder(state, customer, 0, sale);
  sell(state, row, sale, chosen.count, customer, takeSeats(state, chosen.seats, 0, chosen.count));
  waitlist.move(entry, waitStates.served);
  waitlist.order.set(entry, row + 1);
  changes.add(changeKinds.waitlist, entry, state.position);
}

/** Moves units from available to sold, as lines of an order. `customer`: row + 1; `list`: of seats, 0 for none. */
function sell(state: State, order: number, sale: number, quantity: number, customer: number, list: number): void {
  const { sales } = state;
  if (quantity > sales.available(sale)) throw new Error(`sale ${sale} would be oversold`);
  sales.sold.set(sale, sales.sold.get(sale) + quantity);
  touch(state, sale);
  addLines(state, order, sale, quantity, sales.amount.get(sale), list);
  if (customer > 0 && sales.maxPerCustomer.get(sale) > 0) state.limits.change(sale, customer - 1, quantity);
}

export function hold(state: State, command: Command, outcome: Outcome): void {
  const sale = command.lineSale[0]!;
  const customer = customerOf(state, command);
  const quantity = command.lineQuantity[0]!;
  const list = state.sales.seated.get(sale) === 1 ? takeSeats(state, state.chosen.seats, 0, quantity) : 0;
  const row = placeHold(state, sale, quantity, customer, command.holdMs, 0, list);
  // The native door names the sale in its key, and needs one; a hold of any other is of the door whose sale it is.
  if (command.scope !== scopes.sale) state.holds.placedBy.set(row, state.sales.door.get(sale));
  if (command.mostOfCustomer > 0 && customer > 0) {
    state.holds.ofCustomer.set(row, 1);
    state.heldByCustomer.change(sale, customer - 1, quantity);
  }
  if (command.mostOfAddress > 0) {
    state.holds.address.set(row, command.address);
    state.heldByAddress.change(sale, command.address, quantity);
  }
  outcome.thing = row;
  outcome.remaining = state.sales.available(sale);
}

/** A hold that ends, whichever way, is held no more. */
function forgetHeld(state: State, row: number): void {
  const { holds, heldByCustomer, heldByAddress } = state;
  const sale = holds.sale.get(row);
  const quantity = holds.quantity.get(row);
  if (holds.ofCustomer.get(row) === 1) heldByCustomer.change(sale, holds.customer.get(row) - 1, -quantity);
  const address = holds.address.get(row);
  if (address > 0) heldByAddress.change(sale, address, -quantity);
}

/**
 * Sets stock aside; returns the hold's row. `customer` and `entry` (of the waitlist, for an offer) are rows + 1, or 0; `list` is the
 * list of its seats, 0 for none.
 */
export function placeHold(
  state: State,
  sale: number,
  quantity: number,
  customer: number,
  holdMs: number,
  entry: number,
  list: number,
): number {
  const { sales, holds, nowMs } = state;
  if (quantity > sales.available(sale)) throw new Error(`sale ${sale} would be oversold`);
  const row = holds.count;
  holds.count += 1;
  holds.sale.set(row, sale);
  holds.quantity.set(row, quantity);
  holds.customer.add(row, customer);
  holds.state.add(row, holdStates.active);
  holds.amount.set(row, sales.amount.get(sale));
  holds.createdAtMs.set(row, state.civilMs);
  holds.holdMs.set(row, holdMs);
  holds.deadlineMs.set(row, nowMs + holdMs);
  holds.position.set(row, state.position);
  holds.order.add(row, 0);
  holds.firstKey.set(row, none);
  holds.entry.add(row, entry);
  holds.placedBy.add(row, 0);
  holds.ofCustomer.add(row, 0);
  holds.address.add(row, 0);
  holds.seats.add(row, list);
  if (list > 0) giveSeats(state, list, quantity, seatStates.held, row + 1);
  holds.doorNumber.add(row, holds.namespaces.add(sales.door.get(sale), row));
  sales.held.set(sale, sales.held.get(sale) + quantity);
  if (customer > 0 && sales.maxPerCustomer.get(sale) > 0) state.limits.change(sale, customer - 1, quantity);
  state.deadlines.push(nowMs + holdMs, row);
  state.changes.add(changeKinds.hold, row, state.position);
  touch(state, sale);
  return row;
}

export function confirm(state: State, command: Command, outcome: Outcome): void {
  const { sales, holds, orders } = state;
  const row = command.target;
  const sale = holds.sale.get(row);
  const quantity = holds.quantity.get(row);
  holds.state.set(row, holdStates.confirmed);
  forgetHeld(state, row);
  sales.held.set(sale, sales.held.get(sale) - quantity);
  sales.sold.set(sale, sales.sold.get(sale) + quantity);
  // The customer's units do not change: confirming moves them from held to sold.
  const made = orders.count;
  startOrder(state, holds.customer.get(row), row + 1, sale);
  addLines(state, made, sale, quantity, holds.amount.get(row), holds.seats.get(row));
  holds.order.set(row, made + 1);
  endEntry(state, row, waitStates.served);
  state.changes.add(changeKinds.hold, row, state.position);
  touch(state, sale);
  outcome.thing = made;
  outcome.remaining = sales.available(sale);
}

/** Never shortens, never passes the sale's cap. */
export function extend(state: State, command: Command, outcome: Outcome): void {
  const { sales, holds } = state;
  const row = command.target;
  const placedAtMs = state.placedAtMs(row);
  const capMs = placedAtMs + Math.max(sales.maxHoldMs.get(holds.sale.get(row)), holds.holdMs.get(row));
  // Asked for as a date; deadlines are log time.
  const untilMs = command.untilMs - state.civil.offsetMs;
  const deadlineMs = Math.max(holds.deadlineMs.get(row), Math.min(untilMs, capMs));
  holds.deadlineMs.set(row, deadlineMs);
  state.changes.add(changeKinds.hold, row, state.position);
  outcome.thing = row;
  outcome.remaining = deadlineMs - placedAtMs;
}

export function release(state: State, command: Command, outcome: Outcome): void {
  const row = command.target;
  endHold(state, row, holdStates.released);
  outcome.thing = row;
  outcome.remaining = state.sales.available(state.holds.sale.get(row));
}

/** Ends an active hold without an order: its stock and the customer's units go back. */
export function endHold(state: State, row: number, ended: number): void {
  const { sales, holds } = state;
  if (holds.state.get(row) !== holdStates.active) throw new Error(`hold ${row} would end twice`);
  holds.state.set(row, ended);
  forgetHeld(state, row);
  const sale = holds.sale.get(row);
  const quantity = holds.quantity.get(row);
  const customer = holds.customer.get(row);
  sales.held.set(sale, sales.held.get(sale) - quantity);
  if (customer > 0 && sales.maxPerCustomer.get(sale) > 0) state.limits.change(sale, customer - 1, -quantity);
  const list = holds.seats.get(row);
  if (list > 0) giveSeats(state, list, quantity, seatStates.available, 0);
  endEntry(state, row, waitStates.left);
  state.changes.add(changeKinds.hold, row, state.position);
  stockReturned(state, sale);
}

/** Moves the waitlist entry that a hold was offered to. */
function endEntry(state: State, hold: number, ended: number): void {
  const entry = state.holds.entry.get(hold);
  if (entry === 0) return;
  state.waitlist.move(entry - 1, ended);
  state.changes.add(changeKinds.waitlist, entry - 1, state.position);
}

/** Joins a sale's line. Who is in line already stays there: without effect. */
export function joinWaitlist(state: State, command: Command, outcome: Outcome): void {
  const { waitlist } = state;
  const before = waitlist.count;
  const customer = customerOf(state, command) - 1;
  const entry = standInLine(state, command.lineSale[0]!, customer, command.lineQuantity[0]!, command.partial);
  if (waitlist.count === before) outcome.row = outcomes.NO_EFFECT;
  outcome.thing = entry;
  outcome.remaining = waitlist.ahead(entry);
}

/** Puts a customer in line, or finds them there; returns the entry. `books`: what returns is sold to them, not held. */
function standInLine(state: State, sale: number, customer: number, quantity: number, books: boolean): number {
  const { waitlist } = state;
  const known = waitlist.find(sale, customer);
  if (known >= 0 && waitlist.state.get(known) <= waitStates.offered) return known;
  const entry = waitlist.add(sale, customer, quantity, books, state.position, state.civilMs);
  state.changes.add(changeKinds.waitlist, entry, state.position);
  return entry;
}

/** Leaves the line; an offer is let go. */
export function leaveWaitlist(state: State, command: Command, outcome: Outcome): void {
  const { waitlist } = state;
  const entry = command.target;
  outcome.thing = entry;
  if (waitlist.state.get(entry) === waitStates.offered) {
    const hold = waitlist.hold.get(entry) - 1;
    endHold(state, hold, holdStates.released);
    state.keys.holdEnded(state.holds.firstKey.get(hold), Math.ceil(state.keyTimeMs / 1000));
    return;
  }
  waitlist.move(entry, waitStates.left);
  state.changes.add(changeKinds.waitlist, entry, state.position);
}

export function cancel(state: State, command: Command, outcome: Outcome): void {
  const { orders, lines } = state;
  const row = command.target;
  const first = orders.firstLine.get(row);
  if (command.cancelCount === 0) {
    const lineCount = orders.lineCount.get(row);
    for (let line = 0; line < lineCount; line += 1) cancelLine(state, row, first + line);
  } else {
    for (let i = 0; i < command.cancelCount; i += 1) cancelLine(state, row, first + command.cancelLine[i]!);
  }
  state.changes.add(changeKinds.cancelled, row, state.position);
  outcome.thing = row;
  outcome.remaining = state.sales.available(lines.sale.get(first));
}

/** A line that is cancelled already is passed over: the same line may be named twice in one request. */
function cancelLine(state: State, row: number, line: number): void {
  const { sales, orders, lines } = state;
  if (lines.cancelledAt.get(line) > 0) return;
  lines.cancelledAt.set(line, state.position);
  // Gated, so that a state says the same whether it was replayed or restored from an older snapshot.
  if (state.version >= 2) state.cancellations.add(state.position, state.civilMs);
  const sale = lines.sale.get(line);
  const quantity = lines.quantity.get(line);
  const customer = orders.customer.get(row);
  sales.sold.set(sale, sales.sold.get(sale) - quantity);
  const list = lines.seats.get(line);
  if (list > 0) giveSeats(state, list, quantity, seatStates.available, 0);
  if (customer > 0 && sales.maxPerCustomer.get(sale) > 0) state.limits.change(sale, customer - 1, -quantity);
  stockReturned(state, sale);
}

/** Begins an order without lines. `firstSale`: of the first line, whose door numbers the order; `hold`: row + 1, or 0. */
function startOrder(state: State, customer: number, hold: number, firstSale: number): void {
  const { orders, lines } = state;
  const row = orders.count;
  orders.count += 1;
  orders.firstLine.set(row, lines.count);
  orders.customer.add(row, customer);
  orders.createdAtMs.set(row, state.civilMs);
  orders.position.set(row, state.position);
  orders.hold.add(row, hold);
  orders.entry.add(row, 0);
  orders.doorNumber.add(row, orders.namespaces.add(state.sales.door.get(firstSale), row));
  state.changes.add(changeKinds.order, row, state.position);
}

/** One line, or one a seat where the sale has it so. */
function addLines(state: State, order: number, sale: number, quantity: number, amount: number, list: number): void {
  if (list === 0 || state.sales.linePerSeat.get(sale) === 0) return addLine(state, order, sale, quantity, amount, list);
  for (let i = 0; i < quantity; i += 1) addLine(state, order, sale, 1, amount, list + i);
}

function addLine(state: State, row: number, sale: number, quantity: number, amount: number, list: number): void {
  const { sales, orders, lines } = state;
  const line = lines.count;
  lines.count += 1;
  orders.lineCount.set(row, line - orders.firstLine.get(row) + 1);
  lines.order.set(line, row);
  lines.sale.set(line, sale);
  lines.quantity.set(line, quantity);
  lines.amount.set(line, amount);
  lines.remaining.set(line, sales.available(sale));
  lines.cancelledAt.add(line, 0);
  lines.seats.add(line, list);
  lines.previousOfSale.set(line, sales.lastLine.get(sale));
  sales.lastLine.set(sale, line);
  sales.lineCount.set(sale, sales.lineCount.get(sale) + 1);
  if (list > 0) giveSeats(state, list, quantity, seatStates.sold, line + 1);
}
