/**
 * The engine's tables as rows of the manifest: one function a table, which fills its columns for given rows. Column by column the order is that of
 * `schema.ts`; a test compares each with what the engine says. Nothing is allocated here but the texts of new customers and sales.
 */
import type { Attributes } from '../../engine/commands/sales.ts';
import { doors } from '../../engine/command.ts';
import { customerProfile } from '../../engine/tables/customers.ts';
import { OrderSums } from '../../engine/order-sums.ts';
import type { State } from '../../engine/state.ts';
import { holdStates } from '../../engine/tables/holds.ts';
import { saleStates } from '../../engine/tables/sales.ts';
import { waitStates } from '../../engine/tables/waitlist.ts';
import { columnsOf, finiteOrNull, named, namesOf, positiveOrNull, sqlText, sqlTextOrNull } from './cells.ts';
import type { FillableRows } from './row-batch.ts';

const doorNames = namesOf(doors);
const saleStateNames = namesOf(saleStates);
const holdStateNames = namesOf(holdStates);
const waitStateNames = namesOf(waitStates);

export function fillSales(state: State, rows: Uint32Array, into: FillableRows): void {
  const { sales } = state;
  const columns = columnsOf(into, 24);
  for (let at = 0; at < rows.length; at += 1) {
    const sale = rows[at]!;
    const cells = [
      sale + 1,
      sqlText(sales.name[sale] ?? ''),
      sales.seated.get(sale) === 1 ? 'seated' : 'counted',
      sales.linePerSeat.get(sale),
      named(saleStateNames, sales.state.get(sale)),
      sales.removed.get(sale),
      sales.capacity.get(sale),
      sales.sold.get(sale),
      sales.held.get(sale),
      finiteOrNull(sales.amount.get(sale)),
      sales.currency[sale] ?? null,
      finiteOrNull(sales.opensAtMs.get(sale)),
      finiteOrNull(sales.closesAtMs.get(sale)),
      sales.holdMs.get(sale),
      sales.maxHoldMs.get(sale),
      positiveOrNull(sales.maxPerOrder.get(sale)),
      positiveOrNull(sales.maxPerCustomer.get(sale)),
      sales.remembers.get(sale) === 1 ? 'remember' : 'forget',
      named(doorNames, sales.door.get(sale)),
      sales.doorNumber.get(sale),
      sqlTextOrNull(sales.image[sale]),
      attributesText(sales.attributes[sale] ?? {}),
      sales.createdAtMs.get(sale),
      sales.position.get(sale),
    ];
    for (let column = 0; column < cells.length; column += 1) columns[column]![at] = cells[column]!;
  }
  into.end(rows.length);
}

const noAttributes = '{}';

/** A JSON object of texts that every database can take out of it again. */
function attributesText(attributes: Attributes): string {
  const names = Object.keys(attributes);
  if (names.length === 0) return noAttributes;
  return JSON.stringify(Object.fromEntries(names.map((name) => [sqlText(name), sqlText(attributes[name]!)])));
}

export function fillCustomers(state: State, rows: Uint32Array, into: FillableRows): void {
  const { customers } = state;
  const [id, publicId, status, name, email, door, doorNumber, createdAtMs] = columnsOf(into, 8);
  for (let at = 0; at < rows.length; at += 1) {
    const row = rows[at]!;
    const registered = customers.profile.get(row) > 0;
    const profile = registered ? customerProfile(state, row) : null;
    id![at] = row + 1;
    publicId![at] = sqlText(customers.arena.text(customers.id.get(row)));
    status![at] = customers.removed.get(row) === 1 ? 'removed' : registered ? 'registered' : 'known';
    name![at] = sqlTextOrNull(profile?.name);
    email![at] = sqlTextOrNull(profile?.email);
    door![at] = named(doorNames, customers.door.get(row));
    doorNumber![at] = positiveOrNull(customers.doorNumber.get(row));
    createdAtMs![at] = customers.createdAtMs.get(row);
  }
  into.end(rows.length);
}

export function fillHolds(state: State, rows: Uint32Array, into: FillableRows): void {
  const { holds } = state;
  const columns = columnsOf(into, 13);
  const [id, saleId, customerId, quantity, status, amount, createdAtMs, holdMs, expiresAtMs] = columns;
  const [, , , , , , , , , orderId, waitlistId, doorNumber, position] = columns;
  for (let at = 0; at < rows.length; at += 1) {
    const row = rows[at]!;
    id![at] = row + 1;
    saleId![at] = holds.sale.get(row) + 1;
    customerId![at] = positiveOrNull(holds.customer.get(row));
    quantity![at] = holds.quantity.get(row);
    status![at] = named(holdStateNames, holds.state.get(row));
    amount![at] = finiteOrNull(holds.amount.get(row));
    createdAtMs![at] = holds.createdAtMs.get(row);
    holdMs![at] = holds.holdMs.get(row);
    // By the offset of its beginning: a clock that is set later changes no row.
    expiresAtMs![at] = state.civilDeadlineMs(row, holds.position.get(row));
    orderId![at] = positiveOrNull(holds.order.get(row));
    waitlistId![at] = positiveOrNull(holds.entry.get(row));
    doorNumber![at] = positiveOrNull(holds.doorNumber.get(row));
    position![at] = holds.position.get(row);
  }
  into.end(rows.length);
}

const sums = new OrderSums();

/** `keyOf`: the idempotency key of an order by its row, as sent; null where there is none or it is not known. */
export function fillOrders(
  state: State,
  rows: Uint32Array,
  into: FillableRows,
  keyOf: (order: number) => string | null,
): void {
  const { orders, cancellations } = state;
  const columns = columnsOf(into, 15);
  const [id, customerId, holdId, waitlistId, key, doorNumber, createdAtMs, position, status, quantity] = columns;
  const [, , , , , , , , , , currency, totalAmount, activeQuantity, activeAmount, cancelledAtMs] = columns;
  for (let at = 0; at < rows.length; at += 1) {
    const row = rows[at]!;
    id![at] = row + 1;
    customerId![at] = positiveOrNull(orders.customer.get(row));
    holdId![at] = positiveOrNull(orders.hold.get(row));
    waitlistId![at] = positiveOrNull(orders.entry.get(row));
    key![at] = keyOf(row);
    doorNumber![at] = positiveOrNull(orders.doorNumber.get(row));
    createdAtMs![at] = orders.createdAtMs.get(row);
    position![at] = orders.position.get(row);
    sums.of(state, row, Infinity);
    status![at] = sums.status;
    quantity![at] = sums.quantity;
    currency![at] = sums.currency;
    totalAmount![at] = sums.total;
    activeQuantity![at] = sums.activeQuantity;
    activeAmount![at] = sums.activeTotal;
    cancelledAtMs![at] = sums.cancelledAt === 0 ? null : cancellations.timeAt(sums.cancelledAt);
  }
  into.end(rows.length);
}

/** All lines of the given orders. */
export function fillOrderLines(state: State, orderRows: Uint32Array, into: FillableRows): void {
  const { orders, lines } = state;
  const [id, orderId, line, saleId, quantity, amount, remaining, cancelledPosition] = columnsOf(into, 8);
  let at = 0;
  for (let i = 0; i < orderRows.length; i += 1) {
    const order = orderRows[i]!;
    const first = orders.firstLine.get(order);
    const end = first + orders.lineCount.get(order);
    for (let row = first; row < end; row += 1) {
      id![at] = row + 1;
      orderId![at] = order + 1;
      line![at] = row - first;
      saleId![at] = lines.sale.get(row) + 1;
      quantity![at] = lines.quantity.get(row);
      amount![at] = finiteOrNull(lines.amount.get(row));
      remaining![at] = lines.remaining.get(row);
      cancelledPosition![at] = positiveOrNull(lines.cancelledAt.get(row));
      at += 1;
    }
  }
  into.end(at);
}

export function fillWaitlist(state: State, rows: Uint32Array, into: FillableRows): void {
  const { waitlist } = state;
  const columns = columnsOf(into, 11);
  const [id, saleId, customerId, quantity, status, place, books, holdId, orderId, createdAtMs, position] = columns;
  for (let at = 0; at < rows.length; at += 1) {
    const row = rows[at]!;
    id![at] = row + 1;
    saleId![at] = waitlist.sale.get(row) + 1;
    customerId![at] = waitlist.customer.get(row);
    quantity![at] = waitlist.quantity.get(row);
    status![at] = named(waitStateNames, waitlist.state.get(row));
    place![at] = waitlist.place.get(row);
    books![at] = waitlist.books.get(row);
    holdId![at] = positiveOrNull(waitlist.hold.get(row));
    orderId![at] = positiveOrNull(waitlist.order.get(row));
    createdAtMs![at] = waitlist.createdAtMs.get(row);
    position![at] = waitlist.position.get(row);
  }
  into.end(rows.length);
}
