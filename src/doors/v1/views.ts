/**
 * Things as JSON. Everything can be shown as of a position, so a replayed key gets its first answer
 * byte for byte, whatever has happened since. Orders are written by hand: they are the hot answers.
 */
import { doors } from '../../engine/command.ts';
import { customerId, customerProfile, madeCustomerProfile } from '../../engine/tables/customers.ts';
import { listedSeats } from '../../engine/tables/seats.ts';
import { nameOf } from '../../engine/base/names.ts';
import type { State } from '../../engine/state.ts';
import { holdStates } from '../../engine/tables/holds.ts';
import { saleStates } from '../../engine/tables/sales.ts';
import { waitStates } from '../../engine/tables/waitlist.ts';
import { writePosition } from '../kit/positions.ts';
import { formatId, formatTime, formatTimeOrNull } from '../kit/ids.ts';

type SaleStatus = 'scheduled' | 'open' | 'paused' | 'closed' | 'sold_out';

function saleStatus(state: number, isOpened: boolean, isOver: boolean, soldOut: boolean): SaleStatus {
  if (state === saleStates.closed || isOver) return 'closed';
  if (state === saleStates.paused) return 'paused';
  if (!isOpened) return 'scheduled';
  return soldOut ? 'sold_out' : 'open';
}

function saleKind({ sales }: State, row: number): 'counted' | 'seated' {
  return sales.seated.get(row) === 1 ? 'seated' : 'counted';
}

/** A sale as it stands; `position`: of the record that it is shown for. */
export function saleView(state: State, row: number, position: number): Record<string, unknown> {
  const { sales, genesis } = state;
  const capacity = sales.capacity.get(row);
  const sold = sales.sold.get(row);
  const opensAtMs = sales.opensAtMs.get(row);
  const closesAtMs = sales.closesAtMs.get(row);
  return {
    id: formatId('sale', genesis.cell, row),
    name: sales.name[row],
    kind: saleKind(state, row),
    status: saleStatus(
      sales.state.get(row),
      sales.opened.get(row) === 1,
      state.civilMs >= closesAtMs,
      sold === capacity,
    ),
    capacity,
    sold,
    held: sales.held.get(row),
    available: sales.available(row),
    price: sales.price(row),
    opensAt: formatTimeOrNull(opensAtMs),
    closesAt: formatTimeOrNull(closesAtMs),
    ...saleTerms(state, row),
    image: sales.image[row] ?? null,
    position: writePosition(state, position),
  };
}

/** A sale as it was made. */
export function madeSaleView(state: State, row: number): Record<string, unknown> {
  const made = state.sales.made[row];
  if (made === undefined) throw new Error(`sale ${row} has no definition`);
  const { capacity } = made;
  const opensAtMs = made.opensAtMs ?? -Infinity;
  const closesAtMs = made.closesAtMs ?? Infinity;
  const createdAtMs = state.sales.createdAtMs.get(row);
  return {
    id: formatId('sale', state.genesis.cell, row),
    name: made.name,
    kind: saleKind(state, row),
    status: saleStatus(saleStates.open, createdAtMs >= opensAtMs, createdAtMs >= closesAtMs, capacity === 0),
    capacity,
    sold: 0,
    held: 0,
    available: capacity,
    price: made.price,
    opensAt: formatTimeOrNull(opensAtMs),
    closesAt: formatTimeOrNull(closesAtMs),
    ...saleTerms(state, row),
    image: made.image ?? null,
    position: writePosition(state, state.sales.position.get(row)),
  };
}

/** What never changes after the sale was made. */
function saleTerms(state: State, row: number): Record<string, unknown> {
  const { sales } = state;
  return {
    holdSeconds: sales.holdMs.get(row) / 1000,
    maxHoldSeconds: sales.maxHoldMs.get(row) / 1000,
    maxPerOrder: sales.maxPerOrder.get(row) || null,
    maxPerCustomer: sales.maxPerCustomer.get(row) || null,
    refusals: sales.remembers.get(row) === 1 ? 'remember' : 'forget',
    door: nameOf(doors, sales.door.get(row)),
    createdAt: formatTime(sales.createdAtMs.get(row)),
  };
}

/**
 * The seats of a hold or line as a member of its JSON, with the names they had; nothing for list 0,
 * which counted sales have.
 */
export function seatsMember(state: State, list: number, quantity: number): string {
  return list === 0 ? '' : `"seats":[${labelsText(state, list, quantity)}],`;
}

export function labelsText(state: State, list: number, quantity: number): string {
  return listedSeats(state, list, quantity)
    .map((seat) => JSON.stringify(state.seats.label(seat)))
    .join(',');
}

export type HoldStatus = keyof typeof holdStates;

/**
 * A hold with a given status and deadline: the first ones for a replay, the present ones for a
 * read.
 */
export function holdText(state: State, row: number, status: HoldStatus, expiresAtMs: number): string {
  const { holds, genesis } = state;
  const customer = customerId(state, holds.customer.get(row));
  const order = holds.order.get(row);
  const orderId = status === 'confirmed' && order > 0 ? `"${formatId('order', genesis.cell, order - 1)}"` : 'null';
  return (
    `{"id":"${formatId('hold', genesis.cell, row)}","sale":"${formatId('sale', genesis.cell, holds.sale.get(row))}",` +
    `"quantity":${holds.quantity.get(row)},${seatsMember(state, holds.seats.get(row), holds.quantity.get(row))}"customer":${customer === null ? 'null' : JSON.stringify(customer)},` +
    `"status":"${status}","order":${orderId},"expiresAt":"${formatTime(expiresAtMs)}",` +
    `"createdAt":"${formatTime(holds.createdAtMs.get(row))}"}`
  );
}

/**
 * A hold's status at a log time: expired past its deadline, whether or not the engine has swept it
 * yet.
 */
export function holdStatus(state: State, row: number, nowMs: number): HoldStatus {
  const { holds } = state;
  switch (holds.state.get(row)) {
    case holdStates.confirmed:
      return 'confirmed';
    case holdStates.released:
      return 'released';
    case holdStates.expired:
      return 'expired';
    default:
      return nowMs >= holds.deadlineMs.get(row) ? 'expired' : 'active';
  }
}

interface EntryView {
  readonly id: string;
  readonly sale: string;
  readonly customer: string | null;
  readonly quantity: number;
  /** 1 is next; null when it does not wait. */
  readonly position: number | null;
  readonly status: string;
  readonly hold: { readonly id: string; readonly expiresAt: string; readonly token?: string } | null;
  readonly createdAt: string;
  readonly token?: string;
}

/**
 * A place in line. `tokenOf` gives a thing's token, or null to an operator; null leaves tokens out.
 */
export function entryView(
  state: State,
  entry: number,
  tokenOf: ((noun: 'hold' | 'waitlist', row: number) => string | null) | null,
): EntryView {
  const { waitlist, genesis } = state;
  const status = nameOf(waitStates, waitlist.state.get(entry));
  const id = formatId('waitlist', genesis.cell, entry);
  const token = tokenOf?.('waitlist', entry) ?? null;
  let hold: EntryView['hold'] = null;
  if (status === 'offered') {
    const row = waitlist.hold.get(entry) - 1;
    const holdId = formatId('hold', genesis.cell, row);
    const holdToken = tokenOf?.('hold', row) ?? null;
    const expiresAt = formatTime(state.civilDeadlineMs(row));
    hold = { id: holdId, expiresAt, ...(holdToken === null ? {} : { token: holdToken }) };
  }
  return {
    id,
    sale: formatId('sale', genesis.cell, waitlist.sale.get(entry)),
    customer: customerId(state, waitlist.customer.get(entry)),
    quantity: waitlist.quantity.get(entry),
    position: status === 'waiting' ? waitlist.ahead(entry) + 1 : null,
    status,
    hold,
    createdAt: formatTime(waitlist.createdAtMs.get(entry)),
    ...(token === null ? {} : { token }),
  };
}

export function customerView(state: State, row: number): Record<string, unknown> {
  return viewOfCustomer(state, row, customerProfile(state, row));
}

/** A customer as it was registered. */
export function madeCustomerView(state: State, row: number): Record<string, unknown> {
  return viewOfCustomer(state, row, madeCustomerProfile(state, row));
}

function viewOfCustomer(state: State, row: number, profile: object): Record<string, unknown> {
  return {
    id: customerId(state, row + 1),
    ...profile,
    createdAt: formatTime(state.customers.createdAtMs.get(row)),
  };
}
