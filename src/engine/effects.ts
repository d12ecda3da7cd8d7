/**
 * What commands do once nothing refuses them. Each function changes the tables and fills the outcome's `thing` and
 * `remaining`; that the command may have its effect was checked by `refusals.ts` and is asserted only where it is cheap.
 */
import type { Command, CustomerDefinition, SaleChange, SaleDefinition, SeedDefinition } from './command.ts';
import type { Outcome } from './outcome.ts';
import type { State } from './state.ts';
import { changeKinds } from './changes.ts';
import { none } from './keys.ts';
import { holdStates, saleStates } from './tables.ts';
import { waitStates } from './waitlist.ts';

const encoder = new TextEncoder();

export function createSale(state: State, made: SaleDefinition): number {
  const sales = state.sales;
  const sale = sales.count;
  sales.count += 1;
  touch(state, sale);
  sales.capacity.set(sale, made.capacity);
  sales.sold.set(sale, 0);
  sales.held.set(sale, 0);
  sales.opensAtMs.set(sale, made.opensAtMs ?? -Infinity);
  sales.closesAtMs.set(sale, made.closesAtMs ?? Infinity);
  sales.state.set(sale, saleStates.open);
  sales.remembers.set(sale, made.refusals === 'remember' ? 1 : 0);
  sales.maxPerOrder.set(sale, made.maxPerOrder ?? 0);
  sales.maxPerCustomer.set(sale, made.maxPerCustomer ?? 0);
  sales.holdMs.set(sale, made.holdMs);
  sales.maxHoldMs.set(sale, made.maxHoldMs);
  sales.amount.set(sale, made.price?.amount ?? NaN);
  sales.createdAtMs.set(sale, state.nowMs);
  sales.position.set(sale, state.position);
  sales.lastLine.set(sale, none);
  sales.lineCount.set(sale, 0);
  sales.door.set(sale, made.door);
  const ofDoor = (sales.ofDoor[made.door] ??= []);
  ofDoor.push(sale);
  sales.doorNumber.set(sale, ofDoor.length);
  sales.made.push(made);
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
  if (change.price !== undefined) {
    sales.amount.set(sale, change.price?.amount ?? NaN);
    // The currency stays with the sale once it had one: orders of the past are in it.
    if (change.price !== null) sales.currency[sale] = change.price.currency;
  }
  if (change.opensAtMs !== undefined) {
    sales.opensAtMs.set(sale, change.opensAtMs ?? -Infinity);
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

export function createCustomer(state: State, command: Command): number {
  const made = command.body as CustomerDefinition;
  if (command.customerLength > 0) {
    return register(state, command.text, command.customerStart, command.customerLength, made);
  }
  // A caller may have used such an id already; the next free number is taken.
  for (;;) {
    state.customers.numbered += 1;
    const id = encoder.encode(`customer_${state.genesis.cell}_${state.customers.numbered}`);
    if (state.findCustomer(id, 0, id.length) < 0) return register(state, id, 0, id.length, made);
  }
}

export function seed(state: State, body: SeedDefinition): void {
  state.seeded = true;
  for (const sale of body.sales) createSale(state, sale);
  for (const customer of body.customers) {
    if (customer.id === null) throw new Error('a seeded customer has an id');
    const id = encoder.encode(customer.id);
    register(state, id, 0, id.length, customer);
  }
}

export function order(state: State, command: Command, outcome: Outcome): void {
  const { sales, orders } = state;
  const customer = customerOf(state, command);
  const row = orders.count;
  startOrder(state, customer, command.lineCount, 0, command.lineSale[0]!);
  for (let i = 0; i < command.lineCount; i += 1) {
    const sale = command.lineSale[i]!;
    const quantity = command.lineQuantity[i]!;
    if (quantity > sales.available(sale)) throw new Error(`sale ${sale} would be oversold`);
    sales.sold.set(sale, sales.sold.get(sale) + quantity);
    touch(state, sale);
    addLine(state, row, sale, quantity, sales.amount.get(sale));
    if (customer > 0 && sales.maxPerCustomer.get(sale) > 0) state.limits.change(sale, customer - 1, quantity);
  }
  outcome.thing = row;
  outcome.remaining = sales.available(command.lineSale[0]!);
}

export function hold(state: State, command: Command, outcome: Outcome): void {
  const sale = command.lineSale[0]!;
  const customer = customerOf(state, command);
  outcome.thing = placeHold(state, sale, command.lineQuantity[0]!, customer, command.holdMs, 0);
  outcome.remaining = state.sales.available(sale);
}

/** Sets stock aside; returns the hold's row. `customer` and `entry` (of the waitlist, for an offer) are rows + 1, or 0. */
export function placeHold(
  state: State,
  sale: number,
  quantity: number,
  customer: number,
  holdMs: number,
  entry: number,
): number {
  const { sales, holds, nowMs } = state;
  if (quantity > sales.available(sale)) throw new Error(`sale ${sale} would be oversold`);
  const row = holds.count;
  holds.count += 1;
  holds.sale.set(row, sale);
  holds.quantity.set(row, quantity);
  holds.customer.set(row, customer);
  holds.state.set(row, holdStates.active);
  holds.amount.set(row, sales.amount.get(sale));
  holds.createdAtMs.set(row, nowMs);
  holds.holdMs.set(row, holdMs);
  holds.deadlineMs.set(row, nowMs + holdMs);
  holds.position.set(row, state.position);
  holds.order.set(row, 0);
  holds.firstKey.set(row, none);
  holds.entry.set(row, entry);
  holds.doorNumber.set(row, holds.namespaces.add(sales.door.get(sale), row));
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
  sales.held.set(sale, sales.held.get(sale) - quantity);
  sales.sold.set(sale, sales.sold.get(sale) + quantity);
  // The customer's units do not change: confirming moves them from held to sold.
  const made = orders.count;
  startOrder(state, holds.customer.get(row), 1, row + 1, sale);
  addLine(state, made, sale, quantity, holds.amount.get(row));
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
  const createdAtMs = holds.createdAtMs.get(row);
  const capMs = createdAtMs + Math.max(sales.maxHoldMs.get(holds.sale.get(row)), holds.holdMs.get(row));
  const deadlineMs = Math.max(holds.deadlineMs.get(row), Math.min(command.untilMs, capMs));
  holds.deadlineMs.set(row, deadlineMs);
  state.changes.add(changeKinds.hold, row, state.position);
  outcome.thing = row;
  outcome.remaining = deadlineMs - createdAtMs;
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
  const sale = holds.sale.get(row);
  const quantity = holds.quantity.get(row);
  const customer = holds.customer.get(row);
  sales.held.set(sale, sales.held.get(sale) - quantity);
  if (customer > 0 && sales.maxPerCustomer.get(sale) > 0) state.limits.change(sale, customer - 1, -quantity);
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

/** What a sale has changed, for whoever watches it. */
function touch(state: State, sale: number): void {
  state.changes.add(changeKinds.sale, sale, state.position);
}

/** A sale may have more to give: whoever is in line for it comes first. */
export function stockReturned(state: State, sale: number): void {
  touch(state, sale);
  if (state.waitlist.waitingOf(sale) > 0 && !state.owedOffers.includes(sale)) state.owedOffers.push(sale);
}

/** Joins a sale's line, or stays where one is; returns whether the entry is new. */
export function joinWaitlist(state: State, command: Command, outcome: Outcome): boolean {
  const { waitlist } = state;
  const sale = command.lineSale[0]!;
  const customer = customerOf(state, command) - 1;
  const known = waitlist.find(sale, customer);
  const stays = known >= 0 && waitlist.state.get(known) <= waitStates.offered;
  const entry = stays ? known : waitlist.add(sale, customer, command.lineQuantity[0]!, state.position, state.nowMs);
  if (!stays) state.changes.add(changeKinds.waitlist, entry, state.position);
  outcome.thing = entry;
  outcome.remaining = waitlist.ahead(entry);
  return !stays;
}

/** Leaves the line; an offer is let go. */
export function leaveWaitlist(state: State, command: Command, outcome: Outcome): void {
  const { waitlist } = state;
  const entry = command.target;
  outcome.thing = entry;
  if (waitlist.state.get(entry) === waitStates.offered) {
    const hold = waitlist.hold.get(entry) - 1;
    endHold(state, hold, holdStates.released);
    state.keys.holdEnded(state.holds.firstKey.get(hold), Math.ceil(state.nowMs / 1000));
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
  const sale = lines.sale.get(line);
  const quantity = lines.quantity.get(line);
  const customer = orders.customer.get(row);
  sales.sold.set(sale, sales.sold.get(sale) - quantity);
  if (customer > 0 && sales.maxPerCustomer.get(sale) > 0) state.limits.change(sale, customer - 1, -quantity);
  stockReturned(state, sale);
}

/** `firstSale`: of the first line, whose door numbers the order. */
function startOrder(state: State, customer: number, lineCount: number, hold: number, firstSale: number): void {
  const { orders, lines } = state;
  const row = orders.count;
  orders.count += 1;
  orders.firstLine.set(row, lines.count);
  orders.lineCount.set(row, lineCount);
  orders.customer.set(row, customer);
  orders.createdAtMs.set(row, state.nowMs);
  orders.position.set(row, state.position);
  orders.hold.set(row, hold);
  orders.doorNumber.set(row, orders.namespaces.add(state.sales.door.get(firstSale), row));
  state.changes.add(changeKinds.order, row, state.position);
}

function addLine(state: State, row: number, sale: number, quantity: number, amount: number): void {
  const { sales, lines } = state;
  const line = lines.count;
  lines.count += 1;
  lines.order.set(line, row);
  lines.sale.set(line, sale);
  lines.quantity.set(line, quantity);
  lines.amount.set(line, amount);
  lines.remaining.set(line, sales.available(sale));
  lines.cancelledAt.set(line, 0);
  lines.previousOfSale.set(line, sales.lastLine.get(sale));
  sales.lastLine.set(sale, line);
  sales.lineCount.set(sale, sales.lineCount.get(sale) + 1);
}

/** Row + 1 of the customer that a command names, made on first sight; 0 when it names none. */
function customerOf(state: State, command: Command): number {
  const { text, customerStart, customerLength } = command;
  if (customerLength === 0) return 0;
  const known = state.findCustomer(text, customerStart, customerLength);
  return (known >= 0 ? known : addCustomer(state, text, customerStart, customerLength)) + 1;
}

/** The hash of the id must be in `state.hash`, as `findCustomer` leaves it. */
function addCustomer(state: State, text: Uint8Array, start: number, length: number): number {
  const { customers, hash } = state;
  const row = customers.count;
  customers.count += 1;
  customers.index.insert(row, hash.h0, hash.h1, hash.h2, hash.h3);
  customers.id.set(row, customers.arena.add(text, start, length));
  customers.profile.set(row, 0);
  customers.createdAtMs.set(row, state.nowMs);
  customers.door.set(row, 0);
  customers.doorNumber.set(row, 0);
  return row;
}

function register(state: State, text: Uint8Array, start: number, length: number, made: CustomerDefinition): number {
  const { customers } = state;
  const known = state.findCustomer(text, start, length);
  const row = known >= 0 ? known : addCustomer(state, text, start, length);
  const profile = encoder.encode(JSON.stringify({ name: made.name, email: made.email }));
  customers.profile.set(row, customers.arena.add(profile, 0, profile.length));
  // A customer known by id alone is made now: the answer to its creation carries this time.
  customers.createdAtMs.set(row, state.nowMs);
  // A number once given stays with its customer: a seed may register one again.
  if (customers.doorNumber.get(row) === 0) {
    const door = made.door ?? 0;
    customers.door.set(row, door);
    customers.doorNumber.set(row, customers.namespaces.add(door, row));
  }
  return row;
}
