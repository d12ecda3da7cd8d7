/** What is sold to the load: the tickets dialect's event, and a counted sale of the native API. */
import { callObject, numberOf, textOf } from './client.ts';

export interface Counts {
  readonly sold: number;
  readonly held: number;
  readonly remaining: number;
}

/** More than any benchmark sells, and within what a sale may have. */
export const plenty = 100_000_000;

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
  const asked = { name: 'Benchmark', kind: 'counted', capacity, holdSeconds: 600 };
  return textOf(await callObject('POST', `${url}/v1/sales`, asked), 'id');
}

export async function saleCounts(url: string, sale: string): Promise<Counts> {
  const found = await callObject('GET', `${url}/v1/sales/${sale}`);
  return { sold: numberOf(found, 'sold'), held: numberOf(found, 'held'), remaining: numberOf(found, 'available') };
}

/** Makes a drop of the drops dialect, and gives its id as a sale of the native API. */
export async function createDrop(url: string, dropsUrl: string): Promise<string> {
  await callObject('POST', `${dropsUrl}/api/drops`, { name: 'Benchmark', price: 1, totalStock: plenty });
  const { items } = await callObject('GET', `${url}/v1/sales`);
  for (const sale of Array.isArray(items) ? (items as Record<string, unknown>[]) : []) {
    if (sale['door'] === 'drops') return textOf(sale, 'id');
  }
  throw new Error('the drop is not among the sales');
}
