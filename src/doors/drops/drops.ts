/** Drops: sales in this door's namespace, by their small numbers. */
import { minorDigits } from '../../../sdk/src/money.ts';
import type { Price, SaleDefinition } from '../../engine/commands/sales.ts';
import { doors } from '../../engine/command.ts';
import { none } from '../../engine/tables/keys.ts';
import type { State } from '../../engine/state.ts';
import { saleStates } from '../../engine/tables/sales.ts';
import { formatTime } from '../kit/ids.ts';
import { keepsOldForm } from '../kit/old-form.ts';
import { countedSale } from '../kit/sale-definition.ts';
import { buyer } from './users.ts';

/** How long a reservation lasts, s. */
const reservationSeconds = 60;
/** A reservation is of one unit, through any door. */
export const oneEach = { maxPerOrder: 1 } as const;
const shownPurchases = 3;
/** Lines scanned for the last purchases: cancelled ones are skipped. */
const maxLooks = 1000;
/** How long a sold-out drop stays in the list. */
const soldOutShownMs = 24 * 3600 * 1000;

/** Row of the drop with a small id, or -1. */
export function findDrop(state: State, id: number): number {
  return state.sales.namespaces.row(doors.drops, id);
}

export function dropDefinition(
  name: string,
  totalStock: number,
  price: Price,
  opensAtMs: number | null,
  holdSeconds: number = reservationSeconds,
): SaleDefinition {
  const holdMs = holdSeconds * 1000;
  return countedSale(name, totalStock, doors.drops, { ...oneEach, price, opensAtMs, holdMs, maxHoldMs: holdMs });
}

/** A price as the dialect shows it: a decimal number; null for a sale without one. */
function decimalPrice(price: Price | null): number | null {
  return price === null ? null : price.amount / 10 ** minorDigits(price.currency);
}

interface DropFields {
  readonly id: number;
  readonly name: string;
  readonly price: number | null;
  readonly availableStock: number;
  readonly totalStock: number;
  readonly startMs: number;
  readonly createdAtMs: number;
  readonly updatedAtMs: number;
}

/** Both spellings: the original's documents write one, its answers the other. */
function spelled(drop: DropFields): Record<string, unknown> {
  const start = formatTime(drop.startMs);
  return {
    id: drop.id,
    name: drop.name,
    price: drop.price,
    availableStock: drop.availableStock,
    totalStock: drop.totalStock,
    dropStartTime: start,
    available_stock: drop.availableStock,
    total_stock: drop.totalStock,
    drop_start_time: start,
    createdAt: formatTime(drop.createdAtMs),
    updatedAt: formatTime(drop.updatedAtMs),
  };
}

/** When it starts: a drop without a time of its own starts when it is made. */
export function startMs(state: State, row: number): number {
  const opensAtMs = state.sales.opensAtMs.get(row);
  return Number.isFinite(opensAtMs) ? opensAtMs : state.sales.createdAtMs.get(row);
}

/** Time of the last purchase, or of the creation: the engine keeps no time for other changes. */
function updatedMs(state: State, row: number): number {
  const { sales, lines, orders } = state;
  const last = sales.lastLine.get(row);
  return last === none ? sales.createdAtMs.get(row) : orders.createdAtMs.get(lines.order.get(last));
}

/** A drop as it is now, with its present stock. */
export function presentDrop(state: State, row: number): Record<string, unknown> {
  const { sales } = state;
  return spelled({
    id: sales.doorNumber.get(row),
    name: sales.name[row] ?? '',
    price: decimalPrice(sales.price(row)),
    availableStock: sales.available(row),
    totalStock: sales.capacity.get(row),
    startMs: startMs(state, row),
    createdAtMs: sales.createdAtMs.get(row),
    updatedAtMs: updatedMs(state, row),
  });
}

/**
 * A drop as it was made, with what was left at a position: the answer to keyed requests, and to
 * their retries. `position` and `updatedAtMs` are of that record. Answers from before logs had
 * epochs had no times of the drop, and are repeated without.
 */
export function madeDrop(
  state: State,
  row: number,
  availableStock: number,
  position: number,
  updatedAtMs: number = state.sales.createdAtMs.get(row),
): Record<string, unknown> {
  const made = state.sales.made[row];
  if (made === undefined) throw new Error(`sale ${row} has no definition`);
  const drop = spelled({
    id: state.sales.doorNumber.get(row),
    name: made.name,
    price: decimalPrice(made.price),
    availableStock,
    totalStock: made.capacity,
    startMs: made.opensAtMs ?? state.sales.createdAtMs.get(row),
    createdAtMs: state.sales.createdAtMs.get(row),
    updatedAtMs,
  });
  if (!keepsOldForm(state, position)) return drop;
  const { createdAt: _, updatedAt: __, ...older } = drop;
  return older;
}

export function dropView(state: State, row: number): Record<string, unknown> {
  return { ...presentDrop(state, row), recentPurchases: recentPurchases(state, row) };
}

function recentPurchases(state: State, row: number): { username: string | null; timestamp: string }[] {
  const { lines, orders } = state;
  const found: { username: string | null; timestamp: string }[] = [];
  let line = state.sales.lastLine.get(row);
  for (let looks = 0; line !== none && looks < maxLooks && found.length < shownPurchases; looks += 1) {
    if (lines.cancelledAt.get(line) === 0) {
      const order = lines.order.get(line);
      const { username } = buyer(state, orders.customer.get(order), orders.position.get(order));
      found.push({ username, timestamp: formatTime(orders.createdAtMs.get(order)) });
    }
    line = lines.previousOfSale.get(line);
  }
  return found;
}

/**
 * Whether the list shows a drop: started, not over, and not sold out for a day. `nowMs`: civil
 * time.
 */
function isShown(state: State, row: number, nowMs: number): boolean {
  const { sales, lines, orders } = state;
  if (sales.state.get(row) === saleStates.closed || nowMs >= sales.closesAtMs.get(row)) return false;
  if (sales.opened.get(row) === 0 && nowMs < sales.opensAtMs.get(row)) return false;
  const last = sales.lastLine.get(row);
  if (last === none || sales.sold.get(row) < sales.capacity.get(row)) return true;
  return nowMs < orders.createdAtMs.get(lines.order.get(last)) + soldOutShownMs;
}

/**
 * Drops in the list, newest start first; drops that start together are in the order of their
 * creation.
 */
export function shownDrops(state: State, nowMs: number): Record<string, unknown>[] {
  const rows = state.sales.namespaces.rowsOf(doors.drops).filter((row) => isShown(state, row, nowMs));
  rows.sort((one, other) => startMs(state, other) - startMs(state, one) || one - other);
  return rows.map((row) => dropView(state, row));
}
