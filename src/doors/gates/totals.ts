/**
 * /v1/taps/totals: how many taps there were, and where all money is. The balances are added up card
 * by card, apart from the sums that the engine keeps of each kind of movement: when both agree,
 * every balance is explained.
 */
import type { State } from '../../engine/state.ts';
import type { Route } from '../../http/door.ts';
import { atPosition } from '../kit/at-position.ts';
import { answerNow } from '../kit/native-answers.ts';
import type { Read } from '../kit/operation.ts';
import type { Operations } from '../kit/operations.ts';
import { writePosition } from '../kit/positions.ts';
import * as schemas from './schemas.ts';
import { moneyOf } from './views.ts';

export function totalsRoutes(operations: Operations): Route[] {
  return [
    operations.read(
      {
        method: 'GET',
        path: '/v1/taps/totals',
        needs: 'run',
        summary: 'Count all taps, and account for all money on cards',
        query: { at: schemas.card.properties.position },
        answers: { 200: { description: 'The totals of the store.', schema: schemas.totals } },
      },
      atPosition(operations.node, totals),
    ),
  ];
}

const totals: Read<null> = {
  read: () => null,
  answer: (_, state) => {
    const { cards, journal } = state;
    const { opened, toppedUp, fares, refunded, adjusted } = cards.totals;
    const balances = sumOfBalances(state);
    const body = {
      cards: cards.count,
      taps: journal.applied,
      open: journal.opened,
      denied: journal.denied,
      balances: moneyOf(state, balances),
      openings: moneyOf(state, opened),
      topUps: moneyOf(state, toppedUp),
      fares: moneyOf(state, fares),
      refunds: moneyOf(state, refunded),
      adjustments: moneyOf(state, adjusted),
      explained: balances === opened + toppedUp - fares + refunded + adjusted,
      position: writePosition(state, state.position),
    };
    return answerNow(state, JSON.stringify(body));
  },
};

/** A nanosecond or two a card. All at one position, so all in one turn. */
function sumOfBalances({ cards }: State): number {
  let sum = 0;
  for (let card = 0; card < cards.count; card += 1) sum += cards.balanceOf(card);
  return sum;
}
