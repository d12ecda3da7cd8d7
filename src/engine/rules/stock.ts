/**
 * Stock moves here and nowhere else: `sold` and `held` of a sale, and the units of its customers.
 * Each move asserts what must hold before and after it, in production too: a wrong rule must stop
 * the engine, not wrap a column.
 *
 *     available --sell--> sold --giveBackSold--> available
 *         +--setAside--> held --giveBackHeld--> available
 *                          +--moveToSold--> sold
 */
import type { Ref } from '../base/ref.ts';
import { noRef, rowOf } from '../base/ref.ts';
import { changeKinds } from '../changes.ts';
import type { State } from '../state.ts';

/** Begins a sale with nothing sold and nothing held. */
export function beginStock({ sales }: State, sale: number, capacity: number): void {
  sales.capacity.set(sale, capacity);
  sales.sold.set(sale, 0);
  sales.held.set(sale, 0);
}

export function sell(state: State, sale: number, quantity: number, customer: Ref): void {
  const { sales } = state;
  requireAvailable(state, sale, quantity);
  sales.sold.set(sale, sales.sold.get(sale) + quantity);
  changeUnits(state, sale, customer, quantity);
  requireSound(state, sale);
}

export function setAside(state: State, sale: number, quantity: number, customer: Ref): void {
  const { sales } = state;
  requireAvailable(state, sale, quantity);
  sales.held.set(sale, sales.held.get(sale) + quantity);
  changeUnits(state, sale, customer, quantity);
  requireSound(state, sale);
}

export function giveBackHeld(state: State, sale: number, quantity: number, customer: Ref): void {
  const { held } = state.sales;
  if (quantity > held.get(sale)) throw new Error(`sale ${sale} holds fewer than ${quantity}`);
  held.set(sale, held.get(sale) - quantity);
  changeUnits(state, sale, customer, -quantity);
  requireSound(state, sale);
}

export function giveBackSold(state: State, sale: number, quantity: number, customer: Ref): void {
  const { sold } = state.sales;
  if (quantity > sold.get(sale)) throw new Error(`sale ${sale} has sold fewer than ${quantity}`);
  sold.set(sale, sold.get(sale) - quantity);
  changeUnits(state, sale, customer, -quantity);
  requireSound(state, sale);
}

/** Turns held units into sold ones; the customer's units do not change. */
export function moveToSold(state: State, sale: number, quantity: number): void {
  const { sold, held } = state.sales;
  if (quantity > held.get(sale)) throw new Error(`sale ${sale} holds fewer than ${quantity}`);
  held.set(sale, held.get(sale) - quantity);
  sold.set(sale, sold.get(sale) + quantity);
  requireSound(state, sale);
}

function requireAvailable({ sales }: State, sale: number, quantity: number): void {
  if (quantity > sales.available(sale)) throw new Error(`sale ${sale} would be oversold`);
}

/** @throws when more than the capacity of a sale is taken */
function requireSound({ sales }: State, sale: number): void {
  if (sales.available(sale) < 0) throw new Error(`sale ${sale} has more sold and held than its capacity`);
}

/** Counts a customer's units, only in sales with a limit for each customer. */
function changeUnits(state: State, sale: number, customer: Ref, by: number): void {
  if (customer !== noRef && state.sales.maxPerCustomer.get(sale) > 0) state.limits.change(sale, rowOf(customer), by);
}

/** Notes that a sale changed, for its watchers. */
export function touch(state: State, sale: number): void {
  state.changes.add(changeKinds.sale, sale, state.position);
}

/** Notes that a sale may have stock to give: its waitlist comes first. */
export function stockReturned(state: State, sale: number): void {
  touch(state, sale);
  if (state.waitlist.waitingOf(sale) > 0 && !state.owedOffers.includes(sale)) state.owedOffers.push(sale);
}
