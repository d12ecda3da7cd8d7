import { changeKinds } from '../../../engine/changes.ts';
import { cardId, cardName, cardStates } from '../../../engine/tables/cards.ts';
import { named, namesOf, sqlText, sqlTextOrNull } from '../cells.ts';
import type { Table } from '../table.ts';
import { changes, id, integer, kept, nullable, text } from '../table.ts';

const stateNames = namesOf(cardStates);

export const cards: Table = {
  name: 'cards',
  of: { count: (state) => state.cards.count, changes: [changeKinds.card] },
  columns: [
    id,
    /** The caller's id of the card; unique. */
    text('public_id', (state, card) => sqlText(cardId(state, card))),
    text('name', (state, card) => sqlTextOrNull(cardName(state, card)), nullable),
    text('category', ({ cards, tariffs }, card) => sqlText(named(tariffs.categories, cards.category.get(card)))),
    text('status', ({ cards }, card) => named(stateNames, cards.status.get(card)), changes),
    /** Minor units of the store's currency; may be below 0. */
    integer('balance', ({ cards }, card) => cards.balanceOf(card), changes),
    integer(
      'created_at_ms',
      kept(({ cards }) => cards.createdAtMs),
    ),
  ],
};
