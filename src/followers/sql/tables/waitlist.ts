import { changeKinds } from '../../../engine/changes.ts';
import { waitStates } from '../../../engine/tables/waitlist.ts';
import { named, namesOf } from '../cells.ts';
import type { Table } from '../table.ts';
import { changes, id, integer, kept, link, nullable, text } from '../table.ts';

const stateNames = namesOf(waitStates);

export const waitlist: Table = {
  name: 'waitlist',
  of: { count: (state) => state.waitlist.count, changes: [changeKinds.waitlist] },
  columns: [
    id,
    link(
      'sale_id',
      'sales',
      kept(({ waitlist }) => waitlist.sale, 'id'),
    ),
    link(
      'customer_id',
      'customers',
      kept(({ waitlist }) => waitlist.customer),
    ),
    integer(
      'quantity',
      kept(({ waitlist }) => waitlist.quantity),
    ),
    text('status', ({ waitlist }, entry) => named(stateNames, waitlist.state.get(entry)), changes),
    /** Place in the sale's line, from 0. */
    integer(
      'place',
      kept(({ waitlist }) => waitlist.place),
    ),
    /** Returning stock is sold to it at once, not held. */
    integer(
      'books',
      kept(({ waitlist }) => waitlist.books),
    ),
    /** The hold of an offer. */
    link(
      'hold_id',
      'holds',
      kept(({ waitlist }) => waitlist.hold, 'unlessZero'),
      {
        ...nullable,
        ...changes,
      },
    ),
    /** The order of an entry that was sold to directly. */
    link(
      'order_id',
      'orders',
      kept(({ waitlist }) => waitlist.order, 'unlessZero'),
      {
        ...nullable,
        ...changes,
      },
    ),
    integer(
      'created_at_ms',
      kept(({ waitlist }) => waitlist.createdAtMs),
    ),
    integer(
      'position',
      kept(({ waitlist }) => waitlist.position),
    ),
  ],
};
