/**
 * The tickets event, from answers alone. Each success says what remained after it, and nothing
 * returns stock, so all successes form one chain from the capacity down. A gap is a sale that no
 * client knows of; a place taken twice is stock sold twice.
 */
import { numberOf, parseObject } from '../load/json.ts';
import type { Operation } from './operation.ts';
import { isOk, nameOf } from './operation.ts';
import type { Problems } from './problems.ts';

interface Link {
  readonly operation: Operation;
  readonly quantity: number;
  readonly remaining: number;
}

/** Returns how many seats are sold by the clients' record. */
export function auditTickets(
  event: string,
  capacity: number,
  operations: readonly Operation[],
  problems: Problems,
): number {
  const ours = operations.filter(({ lines }) => lines[0]?.sale === event);
  const purchases = ours.filter(({ kind }) => kind === 'purchase');
  const chain = purchases
    .filter(isOk)
    .map(linkOf)
    .sort((one, other) => other.remaining - one.remaining);
  auditChain(event, capacity, chain, problems);
  for (const operation of purchases)
    if (operation.answer?.status === 409) auditRefusal(operation, capacity, chain, problems);
  for (const operation of ours)
    if (operation.kind === 'read' && isOk(operation)) auditRead(operation, capacity, chain, problems);
  return chain.reduce((sum, { quantity }) => sum + quantity, 0);
}

function linkOf(operation: Operation): Link {
  const remaining = numberOf(parseObject(operation.answer?.body ?? ''), 'seatsRemaining');
  return { operation, quantity: operation.lines[0]?.quantity ?? 0, remaining };
}

function auditChain(event: string, capacity: number, chain: readonly Link[], problems: Problems): void {
  let left = capacity;
  let latestCallNs = 0;
  for (const { operation, quantity, remaining } of chain) {
    if (remaining < 0) problems.add('more was sold than there is', `${nameOf(operation)} left ${remaining}`);
    if (remaining + quantity > left) {
      problems.add(
        'stock was sold twice',
        `${nameOf(operation)} took from ${remaining + quantity} of ${event}, where ${left} were left`,
      );
    } else if (remaining + quantity < left) {
      const gap = left - remaining - quantity;
      problems.add(
        'stock went to nobody',
        `${gap} units of ${event} before ${nameOf(operation)}, which left ${remaining}`,
      );
    }
    if ((operation.returnNs ?? Infinity) < latestCallNs) {
      problems.add(
        'the order of sales contradicts time',
        `${nameOf(operation)} was answered before one sold earlier was asked for`,
      );
    }
    latestCallNs = Math.max(latestCallNs, operation.callNs);
    left = remaining;
  }
}

/**
 * A refusal is right when, at some moment before its answer, fewer units were left than it asked
 * for.
 */
function auditRefusal(operation: Operation, capacity: number, chain: readonly Link[], problems: Problems): void {
  const least = minLeftAt(operation.returnNs ?? Infinity, capacity, chain);
  const quantity = operation.lines[0]?.quantity ?? 0;
  if (least >= quantity)
    problems.add('a request that fits was refused', `${nameOf(operation)}, while ${least} were left`);
}

function auditRead(operation: Operation, capacity: number, chain: readonly Link[], problems: Problems): void {
  const body = parseObject(operation.answer?.body ?? '');
  const remaining = numberOf(body, 'seatsRemaining');
  const most = chain.reduce(
    (left, link) => ((link.operation.returnNs ?? Infinity) < operation.callNs ? Math.min(left, link.remaining) : left),
    capacity,
  );
  const least = minLeftAt(operation.returnNs ?? Infinity, capacity, chain);
  const sums = numberOf(body, 'seatsSold') + remaining === capacity && numberOf(body, 'totalSeats') === capacity;
  if (!sums || remaining > most || remaining < least) {
    problems.add(
      'a count that was never true was read',
      `${operation.answer?.body} where ${least} to ${most} were left`,
    );
  }
}

/** The least that can have been left at an instant: everything requested by then is sold. */
function minLeftAt(ns: number, capacity: number, chain: readonly Link[]): number {
  let least = capacity;
  for (const { operation, remaining } of chain) {
    if (operation.callNs > ns) break;
    least = remaining;
  }
  return least;
}
