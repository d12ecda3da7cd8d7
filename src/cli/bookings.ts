/** Adjustments that were computed from the log, booked one by one. */
import { Command, kinds } from '../engine/command.ts';
import { adjustmentOf } from '../engine/commands/adjustments.ts';
import { outcomes } from '../engine/outcomes.ts';
import { writePosition } from '../doors/kit/positions.ts';
import type { State } from '../engine/state.ts';
import { cardId } from '../engine/tables/cards.ts';
import type { Node } from '../node/node.ts';
import { dateOf } from '../rating/rate.ts';
import type { Settlement } from '../rating/settlement.ts';
import { reasonOf } from '../reason.ts';
import { UserError } from '../store/user-error.ts';
import type { StoreAddress } from './import/client.ts';

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
const answerWithinMs = 30_000;
/** What the engine says of an adjustment that it does not book. */
const refusals: ReadonlySet<string> = new Set([
  outcomes.ADJUSTED_ALREADY.code,
  outcomes.SUM_MOVED.code,
  outcomes.BALANCE_LIMIT.code,
]);

export function bookOn(node: Node): Book {
  const command = new Command();
  return async ({ card, day, amount, replaces, run }, upTo) => {
    command.reset(kinds.adjust).target = card;
    Object.assign(adjustmentOf(command), { day, amount, replaces, run, upTo });
    // Encoded before it returns: the command is used again.
    return await node.submit(command, ({ ok, row }) => (ok ? 'booked' : bookedBy(row.code)), undefined);
  };
}

/** Books at a store over HTTP. `state`: of a replica of its log, which knows the cards' ids. */
export function bookAt({ url, operatorKey }: StoreAddress, state: State): Book {
  const headers: Record<string, string> = { 'Content-Type': 'application/json' };
  if (operatorKey !== null) headers['Authorization'] = `Bearer ${operatorKey}`;
  const currency = state.tariffs.currency ?? '';
  return async ({ card, day, amount, replaces, run }, upTo) => {
    const path = `/v1/cards/${encodeURIComponent(cardId(state, card))}/adjustments`;
    const position = writePosition(state, upTo);
    const asked = { day: dateOf(day), amount: { amount, currency }, replaces, run, upTo: position };
    const answer = await sent(`${url}${path}`, { method: 'POST', headers, body: JSON.stringify(asked) });
    if (answer.status === 201) return 'booked';
    const { code, detail } = problemIn(await answer.text());
    if (!refusals.has(code)) {
      throw new UserError(
        `the store at ${url} answered ${path} with ${answer.status}: ${detail}; what was booked stays, run it again`,
      );
    }
    return bookedBy(code);
  };
}

/** @throws UserError when no store answers */
async function sent(url: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(url, { ...init, redirect: 'manual', signal: AbortSignal.timeout(answerWithinMs) });
  } catch (error) {
    throw new UserError(
      `no store answers at ${new URL(url).origin} (${reasonOf(error)}): what was booked stays, run it again`,
    );
  }
}

function problemIn(text: string): { readonly code: string; readonly detail: string } {
  try {
    const { code = '', detail = '' } = JSON.parse(text) as { code?: string; detail?: string };
    return { code, detail };
  } catch {
    return { code: '', detail: text.slice(0, 200) };
  }
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
