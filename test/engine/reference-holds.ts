/**
 * Stock of the reference engine: it is set aside, sold or given back, and may then be owed to a
 * line.
 */
import type { Hold, Model } from './reference-model.ts';
import { availableOf, civilMs, touchSeats, waitingFor } from './reference-model.ts';

/** Stock for one holder: a number of units, or seats. */
export interface Share {
  readonly sale: number;
  readonly quantity: number;
  readonly seats: readonly number[];
}

/** Places a hold; gives its number. `entry`: of the waitlist, when it is an offer. */
export function setAside(
  model: Model,
  wanted: Share & { readonly customer: string | null },
  holdMs: number,
  entry: number | null,
  marks: Pick<Hold, 'placedBy' | 'ofCustomer' | 'address'> = { placedBy: 0, ofCustomer: false, address: 0 },
): number {
  const { sale, quantity, seats, customer } = wanted;
  const { position, nowMs: placedAtMs } = model;
  const createdAtMs = civilMs(model);
  const amount = model.sales[sale]!.price?.amount ?? null;
  const doorNumber = nextNumber(model, sale, model.holds);
  const life = { state: 'active' as const, createdAtMs, placedAtMs, holdMs, deadlineMs: placedAtMs + holdMs, position };
  touchSeats(model, seats);
  model.holds.push({
    sale,
    quantity,
    seats,
    customer,
    amount,
    ...life,
    entry,
    doorNumber,
    ...marks,
    order: null,
    keys: [],
  });
  return model.holds.length - 1;
}

/** Makes an order without lines; returns its number. `sale`: sale of its first line. */
export function startOrder(model: Model, customer: string | null, hold: number | null, sale: number): number {
  const { position } = model;
  const createdAtMs = civilMs(model);
  const doorNumber = nextNumber(
    model,
    sale,
    model.orders.map(({ lines }) => lines[0]!),
  );
  model.orders.push({ customer, createdAtMs, position, hold, doorNumber, lines: [], entry: null });
  return model.orders.length - 1;
}

/**
 * Adds lines to the newest order: one, or one for each seat. Each keeps the units left in its sale
 * after all of them.
 */
export function addLines(model: Model, share: Share, amount: number | null): void {
  const { sale } = share;
  const { linePerSeat = false } = model.sales[sale]!.made;
  touchSeats(model, share.seats);
  const parts = linePerSeat ? share.seats.map((seat) => ({ quantity: 1, seats: [seat] })) : [share];
  const remaining = availableOf(model, sale) - share.quantity;
  for (const { quantity, seats } of parts) {
    model.orders.at(-1)!.lines.push({ sale, quantity, seats, amount, remaining, cancelledAt: 0 });
  }
}

/** The next small number within the door of a sale, of things that each belong to a sale. */
function nextNumber(model: Model, sale: number, things: readonly { readonly sale: number }[]): number {
  const doorOf = (number: number): number => model.sales[number]!.made.door;
  if (doorOf(sale) === 0) return 0;
  return things.filter((thing) => doorOf(thing.sale) === doorOf(sale)).length + 1;
}

/** Ends a hold without an order. */
export function endHold(model: Model, hold: Hold, ended: 'released' | 'expired'): void {
  hold.state = ended;
  touchSeats(model, hold.seats);
  if (hold.entry !== null) model.waitlist[hold.entry]!.state = 'left';
  stockReturned(model, hold.sale);
  endKeys(model, hold);
}

export function endKeys(model: Model, hold: Hold): void {
  for (const key of hold.keys) key.seconds = Math.ceil((model.nowMs - model.idleMs) / 1000);
  model.ended.push(...hold.keys);
  hold.keys = [];
}

/** From here on the sale owes offers, if an entry waits for it. */
export function stockReturned(model: Model, sale: number): void {
  if (waitingFor(model, sale).length > 0 && !model.owed.includes(sale)) model.owed.push(sale);
}
