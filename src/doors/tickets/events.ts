/** Events of the tickets dialect: sales of its namespace, by their ids in the native API. */
import type { SaleDefinition } from '../../engine/commands/sales.ts';
import { doors } from '../../engine/command.ts';
import { none } from '../../engine/tables/keys.ts';
import type { State } from '../../engine/state.ts';
import { formatId, formatTime, parseId } from '../kit/ids.ts';
import { countedSale } from '../kit/sale-definition.ts';

/** Row of the newest event, or -1 while there is none. */
export function newestEvent(state: State): number {
  return state.sales.namespaces.newest(doors.tickets);
}

/** Row of the event with an id, or -1. */
export function findEvent(state: State, id: string): number {
  const row = parseId('sale', state.genesis.cell, id);
  return row >= 0 && row < state.sales.count && state.sales.door.get(row) === doors.tickets ? row : -1;
}

export function eventCounts(
  state: State,
  row: number,
): { totalSeats: number; seatsSold: number; seatsRemaining: number } {
  const { sales } = state;
  return { totalSeats: sales.capacity.get(row), seatsSold: sales.sold.get(row), seatsRemaining: sales.available(row) };
}

interface EventView {
  readonly id: string;
  readonly name: string;
  readonly totalSeats: number;
  readonly seatsSold: number;
  readonly seatsRemaining: number;
  readonly createdAt: string;
  /** Time of the last purchase, or of the creation: the engine keeps no time for other changes. */
  readonly updatedAt: string;
}

export function eventView(state: State, row: number): EventView {
  const { sales, lines, orders } = state;
  const last = sales.lastLine.get(row);
  const createdAtMs = sales.createdAtMs.get(row);
  return {
    id: formatId('sale', state.genesis.cell, row),
    name: sales.name[row] ?? '',
    ...eventCounts(state, row),
    createdAt: formatTime(createdAtMs),
    updatedAt: formatTime(last === none ? createdAtMs : orders.createdAtMs.get(lines.order.get(last))),
  };
}

/** An event in a list, with its number of purchases. */
export function listedEvent(state: State, row: number): object {
  return { ...eventView(state, row), _count: { purchases: state.sales.lineCount.get(row) } };
}

/** An event as it was made, before any sale. */
export function madeEvent(state: State, row: number): EventView {
  const made = state.sales.made[row];
  if (made === undefined) throw new Error(`sale ${row} has no definition`);
  const { name, capacity } = made;
  const view = eventView(state, row);
  return { ...view, name, totalSeats: capacity, seatsSold: 0, seatsRemaining: capacity, updatedAt: view.createdAt };
}

/** The form of an event from before `updatedAt` was added. */
export function olderEvent({ updatedAt: _, ...event }: EventView): object {
  return event;
}

/** An event as the dialect makes it: open at once, no price, no limits but the ten of a request. */
export function eventDefinition(name: string, totalSeats: number): SaleDefinition {
  return countedSale(name, totalSeats, doors.tickets);
}
