/**
 * /v1/denylist: cards that no gate lets in, as a numbered feed. A gate keeps what it has read and
 * asks for what came after it. The token that it sends for that names the last number and the
 * epoch of the log, so one of another history gets the whole list anew.
 */
import { Type } from 'typebox';
import type { State } from '../../engine/state.ts';
import { cardId } from '../../engine/tables/cards.ts';
import { denialOf } from '../../engine/tables/deny-list.ts';
import type { Route } from '../../http/door.ts';
import { answerNow } from '../kit/native-answers.ts';
import type { Read } from '../kit/operation.ts';
import type { Operations } from '../kit/operations.ts';
import { readPosition, writePosition } from '../kit/positions.ts';
import { invalidParameter } from '../kit/requests.ts';
import * as schemas from './schemas.ts';

/** Changes of one answer, and how many rows or changes it looks at. */
const maxItems = 4096;
const maxLooks = 65_536;

export function denyListRoutes(operations: Operations): Route[] {
  return [
    operations.read(
      {
        method: 'GET',
        path: '/v1/denylist',
        needs: 'tap',
        summary: 'Get the cards that no gate lets in: all, or what changed',
        query: { since: Type.String({ description: '`next` of an earlier answer; the whole list without it.' }) },
        answers: { 200: { description: 'Changes in the order of their numbers, or cards.', schema: schemas.denyList } },
      },
      denyList,
    ),
  ];
}

/** Where a reader stands. */
interface Place {
  /** It has all changes up to this number. */
  readonly number: number;
  /** While it reads the whole list, the next row of cards; null afterwards. */
  readonly row: number | null;
}

const denyList: Read<string | null> = {
  read: (call) => call.url.searchParams.get('since'),
  answer: (since, state) => {
    const place = since === null ? null : placeIn(state, since);
    const known = place !== null && place.number >= state.denyList.dropped && place.number <= state.denyList.last;
    const from = known ? place : { number: state.denyList.last, row: 0 };
    const { items, next } =
      from.row === null ? changesAfter(state, from.number) : cardsFrom(state, from.number, from.row);
    const more = next.row !== null || next.number < state.denyList.last;
    const body = {
      items,
      whole: !known,
      more,
      next: tokenOf(state, next),
      position: writePosition(state, state.position),
    };
    return answerNow(state, JSON.stringify(body));
  },
};

interface Item {
  readonly card: string;
  readonly number: number;
  readonly change: number;
  readonly reason: 'CARD_BLOCKED' | 'LOW_BALANCE' | null;
}

interface Part {
  readonly items: readonly Item[];
  readonly next: Place;
}

/** A card stands in its latest change alone; earlier ones are passed over. */
function changesAfter(state: State, number: number): Part {
  const { cards, denyList: list } = state;
  const items: Item[] = [];
  const until = Math.min(list.last, number + maxLooks);
  let at = number;
  while (at < until && items.length < maxItems) {
    at += 1;
    const card = list.card(at);
    if (cards.denied.get(card) === at) items.push(itemOf(state, card));
  }
  return { items, next: { number: at, row: null } };
}

/** The cards on the list, by rows. Changes after `number` follow once all rows were read. */
function cardsFrom(state: State, number: number, row: number): Part {
  const { cards } = state;
  const items: Item[] = [];
  const until = Math.min(cards.count, row + maxLooks);
  let at = row;
  for (; at < until && items.length < maxItems; at += 1) if (cards.listed.get(at) === 1) items.push(itemOf(state, at));
  return { items, next: { number, row: at < cards.count ? at : null } };
}

function itemOf(state: State, card: number): Item {
  const { cards, denyList: list } = state;
  const why = cards.listed.get(card) === 0 ? null : denialOf(cards, list, card);
  const reason = why === null ? null : why === 'blocked' ? 'CARD_BLOCKED' : 'LOW_BALANCE';
  return { card: cardId(state, card), number: card + 1, change: cards.denied.get(card), reason };
}

function tokenOf(state: State, { number, row }: Place): string {
  const at = row === null ? `${number}` : `${number}.${row}`;
  return Buffer.from(`${at}@${writePosition(state, state.position)}`).toString('base64url');
}

/** Null for a token of another history. @throws HttpFailure 400 */
function placeIn(state: State, token: string): Place | null {
  const form = /^(0|[1-9]\d{0,14})(?:\.(0|[1-9]\d{0,9}))?@(.{1,64})$/;
  const match = form.exec(Buffer.from(token, 'base64url').toString('latin1'));
  if (match === null) throw invalidParameter('since', 'was not given by this list: begin again without it');
  if (readPosition(state, match[3]!).kind !== 'here') return null;
  return { number: Number(match[1]), row: match[2] === undefined ? null : Number(match[2]) };
}
