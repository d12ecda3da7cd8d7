/** Sales with every default resolved: what a door makes when the request says no more. */
import type { HallDefinition, RowDefinition, SaleDefinition } from '../../engine/commands/sales.ts';

/** Default duration of a hold when neither request nor sale has one, s. */
export const defaultHoldSeconds = 300;
/** Default limit of a hold's extension when the sale has none, s. */
export const defaultMaxHoldSeconds = 900;
/**
 * Default maximum of units in an order or hold: it bounds what a stranger may take without paying.
 */
export const defaultMaxPerOrder = 10;

/** `door`: the number of the namespace that it joins (`doors`), 0 for none. */
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
