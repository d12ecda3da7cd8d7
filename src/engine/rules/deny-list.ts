/** Which cards are on the deny list. */
import type { State } from '../state.ts';
import { denialOf } from '../tables/deny-list.ts';

/** Looks at a card again: when it comes on the list or leaves it, that is the next change. */
export function noteDenial(state: State, card: number): void {
  const { cards, denyList } = state;
  const listed = denialOf(cards, denyList, card) === null ? 0 : 1;
  if (listed === cards.listed.get(card)) return;
  cards.listed.set(card, listed);
  cards.denied.set(card, denyList.add(card));
}
