/**
 * Reservations and purchases in the dialect's form: holds and orders of its drops, as they were
 * made.
 */
import { doors } from '../../engine/command.ts';
import type { State } from '../../engine/state.ts';
import { formatTime } from '../kit/ids.ts';
import { buyer } from './users.ts';

/** Row of the reservation with a small id, or -1. */
export function findReservation(state: State, id: number): number {
  return state.holds.namespaces.row(doors.drops, id);
}

/** Its deadline when it was placed, which a repeated answer shows even after a change. */
export function firstDeadline(state: State, hold: number): string {
  return formatTime(state.holds.createdAtMs.get(hold) + state.holds.holdMs.get(hold));
}

export function madeReservation(state: State, hold: number): Record<string, unknown> {
  const { holds, sales } = state;
  const { userId } = buyer(state, holds.customer.get(hold), holds.position.get(hold));
  const dropId = sales.doorNumber.get(holds.sale.get(hold));
  const expiresAt = firstDeadline(state, hold);
  const createdAt = formatTime(holds.createdAtMs.get(hold));
  return {
    id: holds.doorNumber.get(hold),
    status: 'ACTIVE',
    userId,
    dropId,
    expires_at: expiresAt,
    expiresAt,
    UserId: userId,
    DropId: dropId,
    createdAt,
    updatedAt: createdAt,
  };
}

export function madePurchase(state: State, order: number): Record<string, unknown> {
  const { orders, lines, sales, holds } = state;
  const { userId } = buyer(state, orders.customer.get(order), orders.position.get(order));
  const dropId = sales.doorNumber.get(lines.sale.get(orders.firstLine.get(order)));
  const hold = orders.hold.get(order);
  const createdAt = formatTime(orders.createdAtMs.get(order));
  return {
    id: orders.doorNumber.get(order),
    userId,
    dropId,
    reservationId: hold === 0 ? null : holds.doorNumber.get(hold - 1),
    UserId: userId,
    DropId: dropId,
    createdAt,
    updatedAt: createdAt,
  };
}
