import { changeKinds } from '../../../engine/changes.ts';
import type { Attributes } from '../../../engine/commands/sales.ts';
import { doors } from '../../../engine/command.ts';
import { saleStates } from '../../../engine/tables/sales.ts';
import { named, namesOf, sqlText, sqlTextOrNull } from '../cells.ts';
import type { Table } from '../table.ts';
import { changes, id, integer, kept, nullable, text } from '../table.ts';

const doorNames = namesOf(doors);
const stateNames = namesOf(saleStates);

export const sales: Table = {
  name: 'sales',
  of: { count: (state) => state.sales.count, changes: [changeKinds.sale] },
  generated: ['available'],
  columns: [
    id,
    text('name', ({ sales }, sale) => sqlText(sales.name[sale] ?? ''), changes),
    text('kind', ({ sales }, sale) => (sales.seated.get(sale) === 1 ? 'seated' : 'counted')),
    /** Of a seated sale: each seat is a line of its own in an order. */
    integer(
      'line_per_seat',
      kept(({ sales }) => sales.linePerSeat),
    ),
    /** The status that was set. Whether its window is open depends on the time. */
    text('state', ({ sales }, sale) => named(stateNames, sales.state.get(sale)), changes),
    integer(
      'removed',
      kept(({ sales }) => sales.removed),
      changes,
    ),
    integer(
      'capacity',
      kept(({ sales }) => sales.capacity),
      changes,
    ),
    integer(
      'sold',
      kept(({ sales }) => sales.sold),
      changes,
    ),
    integer(
      'held',
      kept(({ sales }) => sales.held),
      changes,
    ),
    integer(
      'price_amount',
      kept(({ sales }) => sales.amount, 'unlessInfinite'),
      { ...nullable, ...changes },
    ),
    text('currency', ({ sales }, sale) => sales.currency[sale] ?? null, { ...nullable, ...changes }),
    integer(
      'opens_at_ms',
      kept(({ sales }) => sales.opensAtMs, 'unlessInfinite'),
      { ...nullable, ...changes },
    ),
    integer(
      'closes_at_ms',
      kept(({ sales }) => sales.closesAtMs, 'unlessInfinite'),
      { ...nullable, ...changes },
    ),
    integer(
      'hold_ms',
      kept(({ sales }) => sales.holdMs),
    ),
    integer(
      'max_hold_ms',
      kept(({ sales }) => sales.maxHoldMs),
    ),
    integer(
      'max_per_order',
      kept(({ sales }) => sales.maxPerOrder, 'unlessZero'),
      nullable,
    ),
    integer(
      'max_per_customer',
      kept(({ sales }) => sales.maxPerCustomer, 'unlessZero'),
      nullable,
    ),
    text('refusals', ({ sales }, sale) => (sales.remembers.get(sale) === 1 ? 'remember' : 'forget')),
    /** The dialect whose small numbers it uses. */
    text('door', ({ sales }, sale) => named(doorNames, sales.door.get(sale))),
    integer(
      'door_number',
      kept(({ sales }) => sales.doorNumber),
    ),
    text('image', ({ sales }, sale) => sqlTextOrNull(sales.image[sale]), { ...nullable, ...changes }),
    /** What a dialect keeps with its sale. */
    text('attributes', ({ sales }, sale) => attributesText(sales.attributes[sale] ?? {}), changes),
    integer(
      'created_at_ms',
      kept(({ sales }) => sales.createdAtMs),
    ),
    integer(
      'position',
      kept(({ sales }) => sales.position),
    ),
  ],
};

const noAttributes = '{}';

/** A JSON object of texts that every database can read back. */
function attributesText(attributes: Attributes): string {
  const names = Object.keys(attributes);
  if (names.length === 0) return noAttributes;
  return JSON.stringify(Object.fromEntries(names.map((name) => [sqlText(name), sqlText(attributes[name]!)])));
}
