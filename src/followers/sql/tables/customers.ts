import { changeKinds } from '../../../engine/changes.ts';
import { doors } from '../../../engine/command.ts';
import type { State } from '../../../engine/state.ts';
import { customerProfile } from '../../../engine/tables/customers.ts';
import { named, namesOf, sqlText, sqlTextOrNull } from '../cells.ts';
import type { Table } from '../table.ts';
import { changes, id, integer, kept, nullable, text } from '../table.ts';

const doorNames = namesOf(doors);
const noProfile = { name: null, email: null };

/** Of the row being filled. */
let profile: ReturnType<typeof customerProfile> = noProfile;

export const customers: Table = {
  name: 'customers',
  of: { count: (state) => state.customers.count, changes: [changeKinds.customer] },
  begin: (state, customer) => {
    profile = isRegistered(state, customer) ? customerProfile(state, customer) : noProfile;
  },
  columns: [
    id,
    /** The caller's id of the customer; unique. */
    text('public_id', ({ customers }, row) => sqlText(customers.arena.text(customers.id.get(row)))),
    text('status', statusOf, changes),
    text('name', () => sqlTextOrNull(profile.name), { ...nullable, ...changes }),
    text('email', () => sqlTextOrNull(profile.email), { ...nullable, ...changes }),
    text('door', ({ customers }, row) => named(doorNames, customers.door.get(row)), changes),
    /** Null without a number in its dialect. */
    integer(
      'door_number',
      kept(({ customers }) => customers.doorNumber, 'unlessZero'),
      {
        ...nullable,
        ...changes,
      },
    ),
    integer(
      'created_at_ms',
      kept(({ customers }) => customers.createdAtMs),
      changes,
    ),
  ],
};

/**
 * known: only named on an order, hold or join; registered: created; removed: its orders and holds
 * stay.
 */
function statusOf(state: State, customer: number): string {
  if (state.customers.removed.get(customer) === 1) return 'removed';
  return isRegistered(state, customer) ? 'registered' : 'known';
}

function isRegistered({ customers }: State, customer: number): boolean {
  return customers.profile.get(customer) > 0;
}
