/** What is sold to the load: the tickets dialect's event, and a counted sale of the native API. */
import { CallError, callObject, numberOf, objectOf, textOf } from '../load/client.ts';
import { freshKey } from '../load/keys.ts';

export interface Counts {
  readonly sold: number;
  readonly held: number;
  readonly remaining: number;
}

/** More than any benchmark sells, and within what a sale may have. */
export const plenty = 100_000_000;

/** A day, the most that a sale may have: no hold that a benchmark leaves behind ends while it counts. */
const holdSeconds = 86_400;

/** Makes an event, which then is the newest and so the one that is sold. */
export async function createEvent(url: string, totalSeats: number): Promise<void> {
  await callObject('POST', `${url}/api/v1/events`, { name: 'Benchmark', totalSeats });
}

export async function eventCounts(url: string): Promise<Counts> {
  const event = await callObject('GET', `${url}/api/v1/event`);
  return { sold: numberOf(event, 'seatsSold'), held: 0, remaining: numberOf(event, 'seatsRemaining') };
}

/** Makes a sale and gives its id. */
export async function createSale(url: string, capacity: number): Promise<string> {
  const asked = { name: 'Benchmark', kind: 'counted', capacity, holdSeconds };
  return textOf(await callObject('POST', `${url}/v1/sales`, asked), 'id');
}

export async function saleCounts(url: string, sale: string): Promise<Counts> {
  const found = await callObject('GET', `${url}/v1/sales/${sale}`);
  return { sold: numberOf(found, 'sold'), held: numberOf(found, 'held'), remaining: numberOf(found, 'available') };
}

/** One thing on sale, by the drops dialect's id and the native API's. */
export interface Drop {
  readonly id: number;
  readonly sale: string;
}

/** Makes a drop of the drops dialect, which then is the newest. */
export async function createDrop(url: string, dropsUrl: string): Promise<Drop> {
  const asked = { name: 'Benchmark', price: 1, totalStock: plenty, holdSeconds };
  const { drop } = await callObject('POST', `${dropsUrl}/api/drops`, asked);
  const { items } = await callObject('GET', `${url}/v1/sales`);
  for (const sale of Array.isArray(items) ? (items as Record<string, unknown>[]) : []) {
    if (sale['door'] === 'drops') return { id: numberOf(objectOf(drop), 'id'), sale: textOf(sale, 'id') };
  }
  throw new CallError('the drop is not among the sales');
}

/** What is left by the drops dialect's own word, what is sold and held by the native API's: the dialect shows neither. */
export async function dropCounts(url: string, dropsUrl: string, drop: Drop): Promise<Counts> {
  const shown = await callObject('GET', `${dropsUrl}/api/drops/${drop.id}`);
  return { ...(await saleCounts(url, drop.sale)), remaining: numberOf(shown, 'availableStock') };
}

/** Makes a user of the drops dialect with a name of its own, and gives the id. */
export async function createUser(dropsUrl: string): Promise<number> {
  const { user } = await callObject('POST', `${dropsUrl}/api/users`, { username: `benchmark ${freshKey()}` });
  return numberOf(objectOf(user), 'id');
}
