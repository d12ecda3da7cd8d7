/**
 * A card's journeys and its statement, newest first, for which only the SQL views have the rows.
 * The open journey is read from the engine.
 */
import { Type } from 'typebox';
import type { State } from '../../engine/state.ts';
import { cardId } from '../../engine/tables/cards.ts';
import { openJourneyOf } from '../../engine/tables/travel.ts';
import type { Answer } from '../../http/answer.ts';
import type { Route } from '../../http/door.ts';
import { HttpFailure, problems } from '../../http/problems.ts';
import { askedPosition } from '../kit/at-position.ts';
import { formatTime } from '../kit/ids.ts';
import type { ListPage } from '../kit/listed.ts';
import { reached } from '../kit/listed.ts';
import { answerAt } from '../kit/native-answers.ts';
import { position } from '../kit/native-schemas.ts';
import type { Read } from '../kit/operation.ts';
import type { Operations } from '../kit/operations.ts';
import { cursorParameter, limitParameter, readCursor, readLimit, writeCursor } from '../kit/paging.ts';
import { writePosition } from '../kit/positions.ts';
import { formatJourney } from './ids.ts';
import { cardOf } from './rows.ts';
import { entry, journey } from './list-schemas.ts';
import { money } from './schemas.ts';
import { moneyOf } from './views.ts';

/** An end of a journey. */
interface ListedEnd {
  /** The gate's row + 1. */
  readonly gate: number;
  readonly station: string;
  readonly atMs: number;
}

/** A journey that ended. */
export interface ListedJourney {
  /** Pages go by it. */
  readonly id: number;
  readonly number: number;
  readonly category: string;
  readonly entry: ListedEnd | null;
  readonly exit: ListedEnd | null;
  readonly fare: number;
  readonly rule: string | null;
  readonly cappedBy: number;
  /** Number of the first journey of its chain: its own when it goes on with none. */
  readonly chain: number;
  readonly status: string;
}

/** A movement of money. */
export interface ListedEntry {
  readonly id: number;
  readonly kind: string;
  readonly amount: number;
  readonly balance: number;
  readonly journey: number | null;
  readonly rule: string | null;
  readonly atMs: number | null;
  readonly bookedAtMs: number;
}

/** Where they are read from, by the card's row + 1. Rejects when it cannot be read just now. */
export interface CardLists {
  journeysOfCard(
    card: number,
    page: ListPage,
  ): Promise<{ readonly journeys: readonly ListedJourney[]; readonly position: number }>;
  /** `balance`: of the card at that position. */
  entriesOfCard(
    card: number,
    page: ListPage,
  ): Promise<{ readonly entries: readonly ListedEntry[]; readonly balance: number; readonly position: number }>;
}

/** `lists`: null when the store keeps none. */
export function cardListRoutes(operations: Operations, lists: CardLists | null): Route[] {
  const query = { ...limitParameter, ...cursorParameter, at: position };
  const next = Type.Union([Type.String(), Type.Null()]);
  return [
    operations.read(
      {
        method: 'GET',
        path: '/v1/cards/:id/journeys',
        needs: 'see',
        summary: "List a card's journeys, newest first; those that ended may lag by some milliseconds",
        query,
        answers: {
          200: {
            description: 'A page of journeys, the open one first, and the log position at which the others are true.',
            schema: Type.Object({ items: Type.Array(journey), next, position }),
          },
        },
      },
      journeys(lists),
    ),
    operations.read(
      {
        method: 'GET',
        path: '/v1/cards/:id/statement',
        needs: 'see',
        summary: "What moved a card's balance, newest first; may lag by some milliseconds",
        query,
        answers: {
          200: {
            description:
              'A page of movements. `opening` and their amounts add up to `balance`: what the card held right before and after them.',
            schema: Type.Object({
              card: Type.String(),
              opening: money,
              entries: Type.Array(entry),
              balance: money,
              next,
              position,
            }),
          },
        },
      },
      statement(lists),
    ),
  ];
}

interface Ask {
  readonly card: string;
  readonly query: URLSearchParams;
}

function journeys(lists: CardLists | null): Read<Ask> {
  return {
    read: askOf,
    answer: async ({ card, query }, state) => {
      const from = required(lists);
      const row = cardOf(state, card);
      const open = query.has('cursor') ? null : openView(state, row);
      const { found, shown, next } = await pageOf(query, state, open === null ? 0 : 1, async (page) => {
        const { journeys: rows, position: at } = await from.journeysOfCard(row + 1, page);
        return { rows, position: at };
      });
      const items = shown.map((one) => journeyView(state, row, one));
      if (open !== null) items.unshift(open);
      return listAnswer(state, found.position, { items, next });
    },
  };
}

function statement(lists: CardLists | null): Read<Ask> {
  return {
    read: askOf,
    answer: async ({ card, query }, state) => {
      const from = required(lists);
      const row = cardOf(state, card);
      let standing = 0;
      const { found, shown, next } = await pageOf(query, state, 0, async (page) => {
        const { entries, balance, position: at } = await from.entriesOfCard(row + 1, page);
        standing = balance;
        return { rows: entries, position: at };
      });
      const newest = shown[0];
      const oldest = shown.at(-1);
      return listAnswer(state, found.position, {
        card: cardId(state, row),
        opening: moneyOf(state, oldest === undefined ? standing : oldest.balance - oldest.amount),
        entries: shown.map((one) => entryView(state, one)),
        balance: moneyOf(state, newest?.balance ?? standing),
        next,
      });
    },
  };
}

function askOf(call: { param(name: string): string; readonly url: URL }): Ask {
  return { card: call.param('id'), query: call.url.searchParams };
}

/** @throws HttpFailure */
function required(lists: CardLists | null): CardLists {
  if (lists === null) throw new HttpFailure(problems.NO_LISTS);
  return lists;
}

interface Found<Row> {
  readonly rows: readonly Row[];
  readonly position: number;
}

/**
 * Reads a page with `taken` places less than asked for.
 * @throws HttpFailure
 */
async function pageOf<Row extends { readonly id: number }>(
  query: URLSearchParams,
  state: State,
  taken: number,
  read: (page: ListPage) => Promise<Found<Row>>,
): Promise<{ found: Found<Row>; shown: readonly Row[]; next: string | null }> {
  const room = readLimit(query) - taken;
  // One more than shown, to know whether there is a next page.
  const page = { before: readCursor(query, state, 'b'), limit: room + 1 };
  const found = await reached(askedPosition(state, query.get('at')), () => read(page));
  const shown = found.rows.slice(0, room);
  const behind = found.rows[room];
  // What comes next has an id below that of the cursor.
  return { found, shown, next: behind === undefined ? null : writeCursor(state, 'b', behind.id + 1, found.position) };
}

function listAnswer(state: State, at: number, body: object): Answer {
  return answerAt(state, at, JSON.stringify({ ...body, position: writePosition(state, at) }));
}

function journeyView(state: State, card: number, one: ListedJourney): Record<string, unknown> {
  const { cell } = state.genesis;
  const { number, category, fare, rule, cappedBy, chain, status } = one;
  return {
    id: formatJourney(cell, number),
    card: cardId(state, card),
    category,
    entry: endView(state, one.entry),
    exit: endView(state, one.exit),
    fare: moneyOf(state, fare),
    rule,
    capped: cappedBy === 0 ? null : moneyOf(state, cappedBy),
    chain: chain === number ? null : formatJourney(cell, chain),
    status,
  };
}

/** The journey that a card is on, as of now. */
function openView(state: State, card: number): Record<string, unknown> | null {
  const open = openJourneyOf(state, card);
  if (open === null) return null;
  const { cards, tariffs } = state;
  return journeyView(state, card, {
    id: 0,
    number: open.number,
    category: tariffs.categories[cards.category.get(card)] ?? '',
    entry: { gate: open.gate + 1, station: tariffs.stationId(open.station) ?? '', atMs: open.atMs },
    exit: null,
    fare: 0,
    rule: null,
    cappedBy: 0,
    chain: open.chain,
    status: 'open',
  });
}

function endView({ gates }: State, end: ListedEnd | null): Record<string, unknown> | null {
  if (end === null) return null;
  return { gate: gates.idOf(end.gate - 1), station: end.station, at: formatTime(end.atMs) };
}

function entryView(state: State, one: ListedEntry): Record<string, unknown> {
  const { cell } = state.genesis;
  const { id, kind, amount, balance, rule, atMs, bookedAtMs } = one;
  return {
    id: `entry_${cell}_${id}`,
    kind,
    amount: moneyOf(state, amount),
    balance: moneyOf(state, balance),
    journey: one.journey === null ? null : formatJourney(cell, one.journey),
    rule,
    at: atMs === null ? null : formatTime(atMs),
    bookedAt: formatTime(bookedAtMs),
  };
}
