import type { Table } from '../table.ts';
import { changes, id, integer, kept, link, nullable } from '../table.ts';
import { firstSeatOf, seatColumns } from './given-seats.ts';
import { orderThings } from './orders.ts';

/** Lines come with their orders, and are rewritten with them. */
export const orderLines: Table = {
  name: 'order_lines',
  of: orderThings,
  rows: {
    count: ({ orders }, order) => orders.lineCount.get(order),
    first: ({ orders }, order) => orders.firstLine.get(order),
  },
  columns: [
    id,
    link(
      'order_id',
      'orders',
      kept(({ lines }) => lines.order, 'id'),
    ),
    /** From 0. */
    integer('line', ({ lines, orders }, line) => line - orders.firstLine.get(lines.order.get(line))),
    link(
      'sale_id',
      'sales',
      kept(({ lines }) => lines.sale, 'id'),
    ),
    integer(
      'quantity',
      kept(({ lines }) => lines.quantity),
    ),
    integer(
      'price_amount',
      kept(({ lines }) => lines.amount, 'unlessInfinite'),
      nullable,
    ),
    /** Units available in the sale right after it. */
    integer(
      'remaining',
      kept(({ lines }) => lines.remaining),
    ),
    /** Position of its cancellation; null while it stands. */
    integer(
      'cancelled_position',
      kept(({ lines }) => lines.cancelledAt, 'unlessZero'),
      {
        ...nullable,
        ...changes,
      },
    ),
  ],
};

/** The seats sold on a line, kept after its cancellation. */
export const orderLineSeats: Table = {
  name: 'order_line_seats',
  of: { count: (state) => state.lines.count, changes: [] },
  rows: {
    count: ({ lines }, line) => (lines.seats.get(line) === 0 ? 0 : lines.quantity.get(line)),
    first: ({ lines }, line) => firstSeatOf(line, lines.quantity.get(line)),
  },
  columns: seatColumns('order_line_id', 'order_lines', ({ lines }, line) => lines.seats.get(line)),
};
