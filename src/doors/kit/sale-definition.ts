/** Sales with every default resolved: what a door makes when its client says no more. */
import type { HallDefinition, RowDefinition, SaleDefinition } from '../../engine/commands/sales.ts';

/** How long a hold lasts when neither request nor sale names a time, s. */
export const defaultHoldSeconds = 300;
/** The longest a hold can be extended to when the sale names no cap, s. */
export const defaultMaxHoldSeconds = 900;
/**
 * The most units that an order or a hold takes when the sale names no limit: what a stranger may
 * take for nothing is bounded.
 */
export const defaultMaxPerOrder = 10;

/** `door`: the number of the namespace it joins (`doors`), 0 for none. */
export function countedSale(
  name: string,
  capacity: number,
  door: number,
  rest: Partial<SaleDefinition> = {},
): SaleDefinition {
  return {
    name,
    kind: 'counted',
    capacity,
    price: null,
    opensAtMs: null,
    closesAtMs: null,
    holdMs: defaultHoldSeconds * 1000,
    maxHoldMs: defaultMaxHoldSeconds * 1000,
    maxPerOrder: defaultMaxPerOrder,
    maxPerCustomer: null,
    refusals: 'forget',
    door,
    ...rest,
  };
}

/** A sale of the seats of a hall. `door` and `rest` as above. */
export function seatedSale(
  name: string,
  hall: HallDefinition,
  door: number,
  rest: Partial<SaleDefinition> = {},
): SaleDefinition {
  return { ...countedSale(name, seatsOfHall(hall), door, rest), kind: 'seated', hall };
}

export function seatsOfHall({ sections }: HallDefinition): number {
  let count = 0;
  for (const { rows } of sections) for (const { seats } of rows) count += seatsOfRow(seats);
  return count;
}

export function seatsOfRow(seats: RowDefinition['seats']): number {
  return 'from' in seats ? seats.to - seats.from + 1 : seats.length;
}
