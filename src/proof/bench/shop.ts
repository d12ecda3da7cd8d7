/** What is sold to the load: the tickets dialect's event, and a counted sale of the native API. */
import type { Counts } from '../audit/claim.ts';
import type { Address } from '../load/http-client.ts';
import { CallError, callObject } from '../load/http-client.ts';
import { numberOf, objectOf, objectsOf, textOf } from '../load/json.ts';
import { freshKey } from '../load/keys.ts';

/** More than any benchmark sells, and within the capacity limit of a sale. */
export const plenty = 100_000_000;

/**
 * A day, the longest hold time of a sale: no hold that a benchmark leaves behind ends during its
 * count.
 */
const holdSeconds = 86_400;

/** Makes an event. The newest event is the one that is sold. */
export async function createEvent(at: Address, totalSeats: number): Promise<void> {
  await callObject(at, 'POST', '/api/v1/events', { name: 'Benchmark', totalSeats });
}

export async function eventCounts(at: Address): Promise<Counts> {
  const event = await callObject(at, 'GET', '/api/v1/event');
  return { sold: numberOf(event, 'seatsSold'), held: 0, remaining: numberOf(event, 'seatsRemaining') };
}

/** Makes a sale and returns its id. */
export async function createSale(at: Address, capacity: number): Promise<string> {
  const asked = { name: 'Benchmark', kind: 'counted', capacity, holdSeconds };
  return textOf(await callObject(at, 'POST', '/v1/sales', asked), 'id');
}

export async function saleCounts(at: Address, sale: string): Promise<Counts> {
  const found = await callObject(at, 'GET', `/v1/sales/${sale}`);
  return { sold: numberOf(found, 'sold'), held: numberOf(found, 'held'), remaining: numberOf(found, 'available') };
}

/** One thing on sale, by the drops dialect's id and the native API's. */
export interface Drop {
  readonly id: number;
  readonly sale: string;
}

/** Makes a drop of the drops dialect, which then is the newest. */
export async function createDrop(at: Address, dropsAt: Address): Promise<Drop> {
  const asked = { name: 'Benchmark', price: 1, totalStock: plenty, holdSeconds };
  const made = await callObject(dropsAt, 'POST', '/api/drops', asked);
  const sales = objectsOf(await callObject(at, 'GET', '/v1/sales'), 'items');
  const sale = sales.find(({ door }) => door === 'drops');
  if (sale !== undefined) return { id: numberOf(objectOf(made, 'drop'), 'id'), sale: textOf(sale, 'id') };
  throw new CallError('the drop is not among the sales');
}

/**
 * The units left as the drops dialect names them; sold and held from the native API, since the
 * dialect shows neither.
 */
export async function dropCounts(at: Address, dropsAt: Address, drop: Drop): Promise<Counts> {
  const shown = await callObject(dropsAt, 'GET', `/api/drops/${drop.id}`);
  return { ...(await saleCounts(at, drop.sale)), remaining: numberOf(shown, 'availableStock') };
}

/** Makes a user of the drops dialect with a unique name, and returns the id. */
export async function createUser(dropsAt: Address): Promise<number> {
  const made = await callObject(dropsAt, 'POST', '/api/users', { username: `benchmark ${freshKey()}` });
  return numberOf(objectOf(made, 'user'), 'id');
}
