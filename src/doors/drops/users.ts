/** Users: customers that this door registered. The name is the customer's id, and so unique whatever the race. */
import { doors } from '../../engine/command.ts';
import { customerId, customerProfileAt } from '../../engine/tables/customers.ts';
import type { State } from '../../engine/state.ts';
import { formatTime } from '../kit/ids.ts';

const encoder = new TextEncoder();

/** Row of the user with a small id, or -1. */
export function findUser(state: State, id: number): number {
  return state.customers.namespaces.row(doors.drops, id);
}

/** Row of the customer that has a name as its id, of whichever door, or -1. */
export function findCustomer(state: State, name: string): number {
  const id = encoder.encode(name);
  return state.findCustomer(id, 0, id.length);
}

export function username(state: State, row: number): string {
  const name = customerId(state, row + 1);
  if (name === null) throw new Error(`customer ${row} has no id`);
  return name;
}

export function userView(state: State, row: number): Record<string, unknown> {
  const createdAt = formatTime(state.customers.createdAtMs.get(row));
  return {
    id: state.customers.doorNumber.get(row),
    username: username(state, row),
    createdAt,
    updatedAt: createdAt,
  };
}

export function allUsers(state: State): Record<string, unknown>[] {
  const users: Record<string, unknown>[] = [];
  const count = state.customers.namespaces.count(doors.drops);
  for (let id = 1; id <= count; id += 1) users.push(userView(state, findUser(state, id)));
  return users;
}

/**
 * Who bought or holds, as the dialect shows it: by `customer`, row + 1, and the position of what they did. Whoever was no user of this
 * door by then has no small id, and the name that was registered elsewhere, or none; never an id of somebody else's making.
 */
export function buyer(
  state: State,
  customer: number,
  position: number,
): { userId: number | null; username: string | null } {
  const row = customer - 1;
  const profile = customer === 0 ? null : customerProfileAt(state, row, position);
  if (profile === null) return { userId: null, username: null };
  if (state.customers.door.get(row) !== doors.drops)
    return { userId: null, username: state.customers.removed.get(row) === 1 ? null : profile.name };
  return { userId: state.customers.doorNumber.get(row), username: username(state, row) };
}
