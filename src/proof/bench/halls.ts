/** Halls for the load, made and half sold in the same way each time, and counted seat by seat. */
import { NotProvenError } from '../audit/claim.ts';
import type { Address } from '../load/http-client.ts';
import { callObject } from '../load/http-client.ts';
import { textOf } from '../load/json.ts';

const rowSeats = 40;
const sectionRows = 50;
/**
 * A day, the longest hold time of a sale: no hold that a benchmark leaves behind ends during its
 * count.
 */
const holdSeconds = 86_400;
/** The maximum number of seats in one order. */
const orderSeats = 512;
const stateNames = ['available', 'held', 'sold', 'blocked'] as const;

export type StateName = (typeof stateNames)[number];

/** Makes a hall and returns its sale's id. The number of seats is a multiple of 40. */
export async function createHall(at: Address, seats: number): Promise<string> {
  const rows = Array.from({ length: seats / rowSeats }, (_, row) => row);
  const sections = Array.from(
    Map.groupBy(rows, (row) => Math.floor(row / sectionRows)),
    ([section, own]) => ({
      name: `S${section + 1}`,
      rows: own.map((row) => ({ name: String((row % sectionRows) + 1), seats: { from: 1, to: rowSeats } })),
    }),
  );
  const asked = { name: 'Benchmark', kind: 'seated', hall: { sections }, holdSeconds, maxPerOrder: null };
  return textOf(await callObject(at, 'POST', '/v1/sales', asked), 'id');
}

/**
 * Sells half of each row in scattered pairs, the same ones each time. Runs of two, four and more
 * free seats remain between sold ones.
 */
export async function sellHalf(at: Address, sale: string, seats: number): Promise<void> {
  const labels: string[] = [];
  const below = numbersBelow();
  for (let row = 0; row < seats / rowSeats; row += 1) {
    const pairs = Array.from({ length: rowSeats / 2 }, (_, pair) => pair);
    for (let left = pairs.length; left > rowSeats / 4; left -= 1) {
      const [pair = 0] = pairs.splice(below(left), 1);
      const start = `S${Math.floor(row / sectionRows) + 1}-${(row % sectionRows) + 1}-`;
      labels.push(`${start}${2 * pair + 1}`, `${start}${2 * pair + 2}`);
    }
  }
  for (let from = 0; from < labels.length; from += orderSeats) {
    await callObject(at, 'POST', `/v1/sales/${sale}/orders`, { seats: labels.slice(from, from + orderSeats) });
  }
}

/** The number of seats in each state, by the compact map. */
export async function seatCounts(at: Address, sale: string): Promise<Record<StateName, number>> {
  const map = await callObject(at, 'GET', `/v1/sales/${sale}/seats?form=compact`);
  const { capacity } = await callObject(at, 'GET', `/v1/sales/${sale}`);
  const bits = Buffer.from(textOf(map, 'states'), 'base64');
  const counts = { available: 0, held: 0, sold: 0, blocked: 0 };
  for (let seat = 0; seat < Number(capacity); seat += 1) {
    counts[stateNames[(bits[seat >> 2]! >> (2 * (seat & 3))) & 3]!] += 1;
  }
  return counts;
}

/**
 * Checks that two seats are adjacent, and that neither was `given` before. @throws NotProvenError
 */
export function checkPair(seats: unknown, given: Set<string>): void {
  const [one = '', other = '', ...more] = Array.isArray(seats) ? seats.map(String) : [];
  const split = (label: string): [string, number] => {
    const at = label.lastIndexOf('-') + 1;
    return [label.slice(0, at), Number(label.slice(at))];
  };
  const [row, number] = split(one);
  const [otherRow, otherNumber] = split(other);
  if (more.length > 0 || row !== otherRow || otherNumber !== number + 1) {
    throw new NotProvenError(`${JSON.stringify(seats)} are not two seats next to each other`);
  }
  if (given.has(one) || given.has(other)) throw new NotProvenError(`${one} or ${other} was given twice`);
  given.add(one).add(other);
}

/** Pseudo-random whole numbers below a limit, the same ones each time (xorshift). */
function numbersBelow(): (limit: number) => number {
  let state = 0x9e3779b9;
  return (limit) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % limit;
  };
}
