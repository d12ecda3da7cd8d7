/** Halls for the tests of seats: making sales of them, and what the store says of each seat. */
import assert from 'node:assert/strict';
import { Command, doors, kinds } from '../../../src/engine/command.ts';
import type { Kind } from '../../../src/engine/command.ts';
import type { HallDefinition } from '../../../src/engine/commands/sales.ts';
import { seatedSale } from '../../../src/doors/kit/sale-definition.ts';
import { formatId } from '../../../src/doors/kit/ids.ts';
import type { Random } from '../../engine/random.ts';
import type { TestStore } from '../../http/support/store.ts';
import { asOperator } from './support.ts';

/** Section A with rows of this many seats, numbered from 1. */
export function rowsOf(...lengths: readonly number[]): HallDefinition {
  const rows = lengths.map((to, i) => ({ name: String(i + 1), seats: { from: 1, to } }));
  return { sections: [{ name: 'A', rows }] };
}

export async function makeSeated(
  store: TestStore,
  hall: HallDefinition,
  more: Record<string, unknown> = {},
): Promise<string> {
  const made = await store.post('/v1/sales', { name: 'A hall', kind: 'seated', hall, ...more }, null, asOperator);
  assert.equal(made.status, 201, made.text);
  return made.string('id');
}

/** What v1 has no call for, as a dialect sends it. Returns the row of the thing. */
export async function command(store: TestStore, kind: Kind, body: object, customer?: string): Promise<number> {
  const sent = new Command().reset(kind);
  sent.body = body;
  if (customer !== undefined) sent.setCustomer(customer);
  return await store.node.submit(
    sent,
    (outcome) => {
      assert.ok(outcome.ok, outcome.row.code);
      return outcome.thing;
    },
    undefined,
  );
}

/** A sale whose seats are lines of their own, as a dialect makes it. */
export async function makeLinePerSeat(store: TestStore, hall: HallDefinition): Promise<string> {
  const price = { amount: 500, currency: 'EUR' };
  const definition = seatedSale('Lines', hall, doors.seats, { linePerSeat: true, maxPerOrder: null, price });
  return formatId('sale', 0, await command(store, kinds.createSale, definition));
}

export async function removeSale(store: TestStore, id: string): Promise<void> {
  await command(store, kinds.removeSale, { sale: Number(id.slice('sale_0_'.length)) - 1 });
}

export interface SeatItem {
  readonly id: string;
  readonly section: string;
  readonly row: string;
  readonly number: string;
  readonly rank: number;
  readonly accessible: boolean;
  readonly state: string;
}

export interface SeatsAnswer {
  readonly items: readonly SeatItem[];
  readonly position: string;
}

export async function seatsOf(store: TestStore, sale: string, query = ''): Promise<SeatsAnswer> {
  const answer = await store.get(`/v1/sales/${sale}/seats${query}`);
  assert.equal(answer.status, 200, answer.text);
  return answer.json as SeatsAnswer;
}

/** The state of each seat by its name. */
export async function statesOf(store: TestStore, sale: string): Promise<Record<string, string>> {
  const { items } = await seatsOf(store, sale);
  return Object.fromEntries(items.map(({ id, state }) => [id, state]));
}

/** The names of the seats in one state. */
export async function inState(store: TestStore, sale: string, wanted: string): Promise<string[]> {
  const { items } = await seatsOf(store, sale);
  return items.filter(({ state }) => state === wanted).map(({ id }) => id);
}

const names = ['A', 'B', 'Left "balcony"', 'Ünter\\', '7', '名前', 'x'];

/**
 * A hall of up to four sections, with names and numbers of every kind, and no two seats of one
 * name.
 */
export function randomHall(random: Random): HallDefinition {
  const sections = names.slice(0, 1 + random.below(4)).map((name) => ({
    name,
    rows: Array.from({ length: 1 + random.below(4) }, (_, row) => ({
      name: random.pick(['', 'row ']) + String(row),
      ...(random.below(2) === 0 ? {} : { rank: random.below(9) }),
      seats: randomSeats(random),
    })),
  }));
  return { sections };
}

function randomSeats(random: Random): HallDefinition['sections'][number]['rows'][number]['seats'] {
  const from = random.below(5);
  const count = random.below(9);
  if (random.below(2) === 0) return { from, to: from + count };
  return Array.from({ length: count }, (_, i) => {
    const number = random.pick([String(from + i), `${i}b`, `0${i}`, `"${i}"`]);
    if (random.below(2) === 0) return number;
    return {
      number,
      ...(random.below(2) === 0 ? {} : { accessible: random.below(2) === 0 }),
      ...(random.below(2) === 0 ? {} : { rank: random.below(20) }),
    };
  });
}
