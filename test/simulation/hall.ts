/**
 * The hall of the simulated sale that has seats: all of them alike, so the auditor can judge a
 * request for the best.
 */
import type { HallDefinition } from '../../src/engine/commands/sales.ts';
import { Command, kinds } from '../../src/engine/command.ts';
import type { Node } from '../../src/node/node.ts';
import { outcomeOf } from '../crash/support/commands.ts';

const rowNames = ['1', '2', '3', '4', '5'];
const seatsOfRow = 9;

const hall: HallDefinition = {
  sections: ['A', 'B'].map((name) => ({
    name,
    rows: rowNames.map((row) => ({ name: row, seats: { from: 1, to: seatsOfRow } })),
  })),
};

/** Seats of each row, side by side, by the numbers that they have where no other sale has seats. */
export const hallRows: readonly (readonly number[])[] = Array.from({ length: 2 * rowNames.length }, (_, row) =>
  Array.from({ length: seatsOfRow }, (__, at) => row * seatsOfRow + at),
);

export const hallSize = hallRows.flat().length;

export async function makeSeatedSale(node: Node): Promise<void> {
  const command = new Command().reset(kinds.createSale);
  command.body = {
    name: 'Opera',
    kind: 'seated',
    capacity: hallSize,
    hall,
    price: null,
    opensAtMs: null,
    closesAtMs: null,
    holdMs: 300_000,
    maxHoldMs: 900_000,
    maxPerOrder: null,
    maxPerCustomer: null,
    refusals: 'forget',
    door: 0,
  };
  await outcomeOf(node, command);
}
