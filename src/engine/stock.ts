/** What a change of stock sets off, whoever made it. */
import { changeKinds } from './changes.ts';
import type { State } from './state.ts';

/** What a sale has changed, for whoever watches it. */
export function touch(state: State, sale: number): void {
  state.changes.add(changeKinds.sale, sale, state.position);
}

/** A sale may have more to give: whoever is in line for it comes first. */
export function stockReturned(state: State, sale: number): void {
  touch(state, sale);
  if (state.waitlist.waitingOf(sale) > 0 && !state.owedOffers.includes(sale)) state.owedOffers.push(sale);
}
