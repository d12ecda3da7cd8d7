/** What the reference engine refuses: the rules of the engine's DESIGN.md, one after the other. */
import type { SaleChange } from '../../src/engine/command.ts';
import { kinds } from '../../src/engine/command.ts';
import type { OutcomeCode } from '../../src/engine/outcomes.ts';
import { outcomes } from '../../src/engine/outcomes.ts';
import type { Model, Request, Sale } from './reference-model.ts';
import { availableOf, heldOf, soldOf, unitsOf, waitingFor } from './reference-model.ts';

/** The refusal with the lowest number, or null. */
export function refusal(model: Model, request: Request): OutcomeCode | null {
  const found = refusals(model, request);
  found.sort((one, other) => outcomes[one].number - outcomes[other].number);
  return found[0] ?? null;
}

function refusals(model: Model, request: Request): OutcomeCode[] {
  switch (request.kind) {
    case kinds.order:
      return ofOrder(model, request);
    case kinds.hold:
      return request.lines.length === 1 ? some(ofLine(model, request, 0)) : ['INVALID_QUANTITY'];
    case kinds.confirm:
    case kinds.extend:
    case kinds.release:
      return some(ofHold(model, request));
    case kinds.cancel:
      return ofCancel(model, request);
    case kinds.joinWaitlist:
      return some(ofJoin(model, request));
    case kinds.leaveWaitlist:
      return some(ofLeave(model, request));
    case kinds.updateSale:
      return some(ofChange(model, request.body as SaleChange));
    case kinds.createCustomer:
      return model.customers.some(({ id, registered }) => id === request.customer && registered)
        ? ['CUSTOMER_EXISTS']
        : [];
    default:
      return [];
  }
}

function some(code: OutcomeCode | null): OutcomeCode[] {
  return code === null ? [] : [code];
}

function ofOrder(model: Model, request: Request): OutcomeCode[] {
  if (request.lines.length === 0) return ['INVALID_QUANTITY'];
  const found = request.lines.flatMap((_, line) => some(ofLine(model, request, line)));
  const currencies = new Set(request.lines.map(({ sale }) => model.sales[sale]?.currency ?? null));
  currencies.delete(null);
  if (currencies.size > 1) found.push('CURRENCY_MISMATCH');
  return found;
}

function ofLine(model: Model, request: Request, line: number): OutcomeCode | null {
  const { sale: number, quantity } = request.lines[line]!;
  const sale = model.sales[number];
  if (sale === undefined) return 'UNKNOWN_SALE';
  if (quantity === 0) return 'INVALID_QUANTITY';
  const { maxPerCustomer, maxPerOrder } = sale.made;
  const named = maxPerCustomer !== null || request.kind === kinds.joinWaitlist;
  if (named && request.customer === null) return 'CUSTOMER_REQUIRED';
  const closed = ofWindow(sale, model.nowMs);
  if (closed !== null) return closed;
  let demand = 0;
  for (const other of request.lines) if (other.sale === number) demand += other.quantity;
  if (maxPerOrder !== null && demand > maxPerOrder) return 'LIMIT_REACHED';
  if (maxPerCustomer !== null && demand + unitsOf(model, number, request.customer ?? '') > maxPerCustomer) {
    return 'LIMIT_REACHED';
  }
  if (demand > availableOf(model, number)) return 'SOLD_OUT';
  if (model.owed.includes(number)) return 'SOLD_OUT';
  return null;
}

/** A join is refused like an order of its line, but that being sold out is what lets one in. */
function ofJoin(model: Model, request: Request): OutcomeCode | null {
  if (request.lines.length !== 1) return 'INVALID_QUANTITY';
  const asOrder = ofLine(model, request, 0);
  if (asOrder !== null && asOrder !== 'SOLD_OUT') return asOrder;
  const { sale, quantity } = request.lines[0]!;
  if (quantity > model.sales[sale]!.capacity) return 'SOLD_OUT';
  if (asOrder === null && waitingFor(model, sale).length === 0) return 'STILL_AVAILABLE';
  return null;
}

function ofLeave(model: Model, request: Request): OutcomeCode | null {
  const entry = model.waitlist[request.target];
  if (entry === undefined) return 'UNKNOWN_ENTRY';
  return entry.state === 'served' || entry.state === 'left' ? 'ENTRY_ENDED' : null;
}

/** Why a sale takes no orders and holds, or null when it does. */
export function ofWindow(sale: Sale, nowMs: number): OutcomeCode | null {
  if (sale.state === 'closed') return 'CLOSED';
  if (sale.closesAtMs !== null && nowMs >= sale.closesAtMs) return 'CLOSED';
  if (sale.state === 'paused') return 'PAUSED';
  if (sale.opensAtMs !== null && nowMs < sale.opensAtMs) return 'NOT_OPEN';
  return null;
}

function ofHold(model: Model, request: Request): OutcomeCode | null {
  const hold = model.holds[request.target];
  if (hold === undefined) return 'UNKNOWN_HOLD';
  if (request.customer !== null && request.customer !== hold.customer) return 'NOT_YOURS';
  if (hold.state === 'confirmed') return 'HOLD_CONFIRMED';
  if (hold.state === 'released') return 'HOLD_RELEASED';
  if (hold.state === 'expired') return 'HOLD_EXPIRED';
  if (model.nowMs >= hold.deadlineMs) return 'HOLD_EXPIRED';
  return null;
}

function ofCancel(model: Model, request: Request): OutcomeCode[] {
  const order = model.orders[request.target];
  if (order === undefined) return ['UNKNOWN_ORDER'];
  const found = request.cancel.flatMap((number): OutcomeCode[] => {
    const line = order.lines[number];
    if (line === undefined) return ['UNKNOWN_LINE'];
    return line.cancelledAt > 0 ? ['LINE_CANCELLED'] : [];
  });
  if (order.lines.every((line) => line.cancelledAt > 0)) found.push('ORDER_CANCELLED');
  return found;
}

function ofChange(model: Model, change: SaleChange): OutcomeCode | null {
  const sale = model.sales[change.sale];
  if (sale === undefined) return 'UNKNOWN_SALE';
  if (change.price != null && sale.currency !== null && change.price.currency !== sale.currency) {
    return 'CURRENCY_MISMATCH';
  }
  const opensAtMs = change.opensAtMs === undefined ? sale.opensAtMs : change.opensAtMs;
  const closesAtMs = change.closesAtMs === undefined ? sale.closesAtMs : change.closesAtMs;
  if (opensAtMs !== null && closesAtMs !== null && closesAtMs <= opensAtMs) return 'INVALID_WINDOW';
  const taken = soldOf(model, change.sale) + heldOf(model, change.sale);
  if (change.capacity !== undefined && change.capacity < taken) return 'CAPACITY_TOO_LOW';
  return null;
}
