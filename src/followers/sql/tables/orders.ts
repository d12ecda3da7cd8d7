import { changeKinds } from '../../../engine/changes.ts';
import { OrderSums } from '../../../engine/order-sums.ts';

import type { Table, Things } from '../table.ts';
import { changes, id, integer, kept, link, nullable, text } from '../table.ts';

export const orderThings: Things = {
  count: (state) => state.orders.count,
  changes: [changeKinds.order, changeKinds.cancelled],
};

/** Of the row being filled. */
const sums = new OrderSums();

export const orders: Table = {
  name: 'orders',
  of: orderThings,
  begin: (state, order) => sums.of(state, order, Infinity),
  generated: ['cancelled_amount'],
  columns: [
    id,
    link(
      'customer_id',
      'customers',
      kept(({ orders }) => orders.customer, 'unlessZero'),
      nullable,
    ),
    link(
      'hold_id',
      'holds',
      kept(({ orders }) => orders.hold, 'unlessZero'),
      nullable,
    ),
    /** The waitlist entry for the rest of a partial order. */
    integer(
      'waitlist_id',
      kept(({ orders }) => orders.entry, 'unlessZero'),
      {
        ...nullable,
        refers: { table: 'waitlist', later: true },
      },
    ),
    /** The idempotency key as sent; null without one. Written with the new row, never again. */
    text('key', (_, order, keyOf) => keyOf(order), nullable),
    /** In the dialect of its first line's sale. */
    integer(
      'door_number',
      kept(({ orders }) => orders.doorNumber, 'unlessZero'),
      nullable,
    ),
    integer(
      'created_at_ms',
      kept(({ orders }) => orders.createdAtMs),
    ),
    integer(
      'position',
      kept(({ orders }) => orders.position),
    ),
    text('status', () => sums.status, changes),
    /** Units, amount and currency bought; 0 and null where nothing has a price. */
    integer('quantity', () => sums.quantity),
    text('currency', () => sums.currency, nullable),
    integer('total_amount', () => sums.total),
    /** Of the lines that are not cancelled. */
    integer('active_quantity', () => sums.activeQuantity, changes),
    integer('active_amount', () => sums.activeTotal, changes),
    /** Of the latest cancellation; null without one, and where engine version 1 cancelled. */
    integer(
      'cancelled_at_ms',
      ({ cancellations }) => (sums.cancelledAt === 0 ? null : cancellations.timeAt(sums.cancelledAt)),
      { ...nullable, ...changes },
    ),
  ],
};
