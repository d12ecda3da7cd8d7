/** Cards and gates as JSON. */
import type { State } from '../../engine/state.ts';
import { cardId, cardName, cardStates } from '../../engine/tables/cards.ts';
import { formatTime } from '../kit/ids.ts';
import { writePosition } from '../kit/positions.ts';

interface MoneyView {
  readonly amount: number;
  readonly currency: string | null;
}

/** An amount in the store's one currency. */
export function moneyOf({ tariffs }: State, amount: number): MoneyView {
  return { amount, currency: tariffs.currency };
}

/** A card as it stands. */
export function cardView(state: State, card: number): Record<string, unknown> {
  const { cards } = state;
  const status = cards.status.get(card) === cardStates.blocked ? 'blocked' : 'active';
  return cardAs(state, card, status, moneyOf(state, cards.balanceOf(card)), state.position);
}

/** A card as it was made; its opening balance is known from the request alone. */
export function madeCardView(
  state: State,
  card: number,
  balance: MoneyView,
  position: number,
): Record<string, unknown> {
  return cardAs(state, card, 'active', balance, position);
}

function cardAs(
  state: State,
  card: number,
  status: 'active' | 'blocked',
  balance: MoneyView,
  position: number,
): Record<string, unknown> {
  const { cards, tariffs } = state;
  return {
    id: cardId(state, card),
    name: cardName(state, card),
    category: tariffs.categories[cards.category.get(card)],
    number: card + 1,
    status,
    balance,
    createdAt: formatTime(cards.createdAtMs.get(card)),
    position: writePosition(state, position),
  };
}
