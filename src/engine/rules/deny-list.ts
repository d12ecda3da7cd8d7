/** Which cards are on the deny list. */
import type { State } from '../state.ts';
import { denialOf } from '../tables/deny-list.ts';

/** Cards that one record looks at again. */
const looksPerRecord = 4096;

/** Looks at a card again: when it comes on the list or leaves it, that is the next change. */
export function noteDenial(state: State, card: number): void {
  const { cards, denyList } = state;
  const listed = denialOf(cards, denyList, card) === null ? 0 : 1;
  if (listed === cards.listed.get(card)) return;
  cards.listed.set(card, listed);
  cards.denied.set(card, denyList.add(card));
}

/**
 * Takes over the minimum balance of the tariff in force. When it is another one, all cards are
 * looked at again, in the order of their rows, some thousands a record.
 */
export function sweepDenyList(state: State): void {
  const { cards, denyList } = state;
  const minimum = minimumNow(state);
  if (minimum !== denyList.minimum) {
    denyList.minimum = minimum;
    denyList.owedFrom = 0;
  }
  if (denyList.owedFrom === null) return;
  const end = Math.min(cards.count, denyList.owedFrom + looksPerRecord);
  for (let card = denyList.owedFrom; card < end; card += 1) noteDenial(state, card);
  denyList.owedFrom = end < cards.count ? end : null;
}

/** Log time at which a record has cards to look at again, ms; Infinity for none. */
export function denyListDueMs(state: State): number {
  const { denyList, tariffs, civil, civilMs, nowMs } = state;
  if (denyList.owedFrom !== null || minimumNow(state) !== denyList.minimum) return nowMs;
  return tariffs.nextFromMs(civilMs) - civil.offsetMs;
}

function minimumNow({ tariffs, civilMs }: State): number | null {
  return tariffs.current(civilMs)?.minimumBalance ?? null;
}
