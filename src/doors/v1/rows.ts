/** The rows of the things that a path names; 404 for those that do not exist. */
import { outcomes } from '../../engine/outcomes.ts';
import type { State } from '../../engine/state.ts';
import { HttpFailure } from '../../http/problems.ts';
import { parseId } from '../kit/ids.ts';

/**
 * The row of a command's sale, removed or not: the engine decides, and replays outlive the sale.
 * @throws HttpFailure 404
 */
export function saleOf({ genesis, sales }: State, id: string): number {
  const row = parseId('sale', genesis.cell, id);
  if (row < 0 || row >= sales.count) throw new HttpFailure(outcomes.UNKNOWN_SALE);
  return row;
}

/** The row of the sale to read. @throws HttpFailure 404 */
export function standingSaleOf(state: State, id: string): number {
  const row = saleOf(state, id);
  if (state.sales.removed.get(row) === 1) throw new HttpFailure(outcomes.UNKNOWN_SALE);
  return row;
}

/** @throws HttpFailure 404 */
export function holdOf({ genesis, holds }: State, id: string): number {
  const row = parseId('hold', genesis.cell, id);
  if (row < 0 || row >= holds.count) throw new HttpFailure(outcomes.UNKNOWN_HOLD);
  return row;
}

/** @throws HttpFailure 404 */
export function orderOf({ genesis, orders }: State, id: string): number {
  const row = parseId('order', genesis.cell, id);
  if (row < 0 || row >= orders.count) throw new HttpFailure(outcomes.UNKNOWN_ORDER);
  return row;
}

/** The row of a place in line. @throws HttpFailure 404 */
export function entryOf({ genesis, waitlist }: State, id: string): number {
  const row = parseId('waitlist', genesis.cell, id);
  if (row < 0 || row >= waitlist.count) throw new HttpFailure(outcomes.UNKNOWN_ENTRY);
  return row;
}
