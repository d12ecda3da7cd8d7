/** Sales: creation, changes and removal. */
import type { Command } from '../command.ts';
import { linesOf } from '../commands/lines.ts';
import type { SaleChange, SaleDefinition, SaleRemoval } from '../commands/sales.ts';
import type { OutcomeRow } from '../outcomes.ts';
import { outcomes } from '../outcomes.ts';
import { buildHall } from './seats.ts';
import { beginStock, stockReturned, touch } from './stock.ts';
import type { State } from '../state.ts';
import { none } from '../tables/keys.ts';
import { saleStates } from '../tables/sales.ts';

/**
 * Whether refusals of a command are pinned to its key: true when any sale that it names was made
 * so.
 */
export function remembers({ sales }: State, command: Command): boolean {
  const lines = linesOf(command);
  for (let line = 0; line < lines.count; line += 1) {
    const sale = lines.sale[line]!;
    // A removed sale counts as unknown.
    if (sale >= sales.count || sales.removed.get(sale) === 1) continue;
    if (sales.remembers.get(sale) === 1) return true;
  }
  return false;
}

/** Whether a sale takes orders and holds now. */
export function refusalOfWindow(state: State, sale: number): OutcomeRow | null {
  const sales = state.sales;
  const saleState = sales.state.get(sale);
  if (saleState === saleStates.closed || state.civilMs >= sales.closesAtMs.get(sale)) return outcomes.CLOSED;
  if (saleState === saleStates.paused) return outcomes.PAUSED;
  return sales.opened.get(sale) === 0 ? outcomes.NOT_OPEN : null;
}

export function refusalOfChange(state: State, change: SaleChange): OutcomeRow | null {
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

export function refusalOfRemoval(state: State, { sale }: SaleRemoval): OutcomeRow | null {
  const { sales } = state;
  if (sale >= sales.count || sales.removed.get(sale) === 1) return outcomes.UNKNOWN_SALE;
  return sales.sold.get(sale) + sales.held.get(sale) > 0 ? outcomes.SALE_NOT_EMPTY : null;
}

export function createSale(state: State, definition: SaleDefinition): number {
  const sales = state.sales;
  const { hall, ...made } = definition;
  const sale = sales.count;
  sales.count += 1;
  touch(state, sale);
  beginStock(state, sale, made.capacity);
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
  sales.doorNumber.set(sale, sales.namespaces.add(made.door, sale));
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
    // A sale keeps its currency when its price is removed: past orders are in it.
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
  // More capacity, or a reopened sale: either can serve an entry in line.
  stockReturned(state, sale);
  return sale;
}

export function removeSale(state: State, { sale }: SaleRemoval): number {
  state.sales.removed.set(sale, 1);
  touch(state, sale);
  return sale;
}
