/**
 * Users: customers that this door registered. The name is the customer's id, and so unique in any
 * race.
 */
import { doors } from '../../engine/command.ts';
import { customerId, customerProfileAt } from '../../engine/tables/customers.ts';
import type { State } from '../../engine/state.ts';
import { formatTime } from '../kit/ids.ts';

const encoder = new TextEncoder();

/** Row of the user with a small id, or -1. */
export function findUser(state: State, id: number): number {
  return state.customers.namespaces.row(doors.drops, id);
}

/** Row of the customer whose id is this name, from any door, or -1. */
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
 * A buyer or holder in the dialect's form: by `customer`, row + 1, and the position of their
 * action. One who was not a user of this door by then has no small id, and the name registered
 * elsewhere, if any; never an id that another client made up.
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
