/** Adjustments that were computed from the log, booked one by one. */
import { Command, kinds } from '../engine/command.ts';
import { adjustmentOf } from '../engine/commands/adjustments.ts';
import { outcomes } from '../engine/outcomes.ts';
import type { Node } from '../node/node.ts';
import type { Settlement } from '../rating/settlement.ts';

/**
 * - `booked`
 * - `already`: this run had booked that card and day.
 * - `moved`: something came in between; it has to be computed anew.
 * - `refused`: the card cannot take the amount.
 */
export type Booked = 'booked' | 'already' | 'moved' | 'refused';

/** Books one. `upTo`: position that it was computed from. */
export type Book = (settlement: Settlement, upTo: number) => Promise<Booked>;

export type Tally = Record<Booked, number> & {
  /** What was given back by those that were booked, and what was taken; minor units. */
  given: number;
  taken: number;
};

/** How many are on their way at a time. */
const atOnce = 64;

export function bookOn(node: Node): Book {
  const command = new Command();
  return async ({ card, day, amount, replaces, run }, upTo) => {
    command.reset(kinds.adjust).target = card;
    Object.assign(adjustmentOf(command), { day, amount, replaces, run, upTo });
    // Encoded before it returns: the command is used again.
    return await node.submit(command, ({ ok, row }) => (ok ? 'booked' : bookedBy(row.code)), undefined);
  };
}

/** What a refusal's code means. */
export function bookedBy(code: string): Booked {
  if (code === outcomes.ADJUSTED_ALREADY.code) return 'already';
  return code === outcomes.SUM_MOVED.code ? 'moved' : 'refused';
}

/** Books all. `stopped` ends it early. */
export async function bookAll(
  settlements: readonly Settlement[],
  upTo: number,
  book: Book,
  stopped: () => boolean = () => false,
): Promise<Tally> {
  const tally: Tally = { booked: 0, already: 0, moved: 0, refused: 0, given: 0, taken: 0 };
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < settlements.length && !stopped()) {
      const settlement = settlements[next]!;
      next += 1;
      const booked = await book(settlement, upTo);
      tally[booked] += 1;
      if (booked !== 'booked') continue;
      if (settlement.amount > 0) tally.given += settlement.amount;
      else tally.taken -= settlement.amount;
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  return tally;
}
