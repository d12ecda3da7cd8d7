/** /v1/cards: create, list, read; their money; block and unblock. */
import type { Static } from 'typebox';
import { isCurrency } from '../../../sdk/src/money.ts';
import type { CardDefinition } from '../../engine/commands/cards.ts';
import { currencyWord, moneyOf as moneyIn } from '../../engine/commands/cards.ts';
import type { Command, Kind } from '../../engine/command.ts';
import { kinds, scopes } from '../../engine/command.ts';
import type { Outcome } from '../../engine/outcome.ts';
import type { State } from '../../engine/state.ts';
import { cardId } from '../../engine/tables/cards.ts';
import type { Answer } from '../../http/answer.ts';
import type { Route } from '../../http/door.ts';
import type { HttpFailure } from '../../http/problems.ts';
import { atPosition } from '../kit/at-position.ts';
import { jsonOf } from '../kit/input.ts';
import { answerAt, answerNow, madeAt } from '../kit/native-answers.ts';
import type { Instead, Operation, Read, Words } from '../kit/operation.ts';
import type { Operations } from '../kit/operations.ts';
import { cursorParameter, limitParameter, readPage } from '../kit/paging.ts';
import { writePosition } from '../kit/positions.ts';
import { fingerprintAsked } from '../kit/requests.ts';
import { composedOrNull, isComposed } from '../kit/texts.ts';
import { checkOf, invalidField } from '../kit/validation.ts';
import { parseJourney } from './ids.ts';
import { cardOf } from './rows.ts';
import * as schemas from './schemas.ts';
import { cardView, madeCardView } from './views.ts';

const checkCard = checkOf(schemas.cardRequest);
const checkTopUp = checkOf(schemas.topUpRequest);
const checkRefund = checkOf(schemas.refundRequest);
const checkNothing = checkOf(schemas.nothing);

/** Bytes of UTF-8 of an id. */
const maxIdBytes = 255;

export function cardRoutes(operations: Operations): Route[] {
  const at = { at: schemas.card.properties.position };
  const { node } = operations;
  return [
    operations.operation(
      {
        method: 'POST',
        path: '/v1/cards',
        needs: 'run',
        summary: 'Create a card',
        body: schemas.cardRequest,
        key: 'optional',
        answers: { 201: { description: 'The card was created. `Location` has its URL.', schema: schemas.card } },
      },
      createCard,
    ),
    operations.read(
      {
        method: 'GET',
        path: '/v1/cards',
        needs: 'see',
        summary: 'List cards, newest first',
        query: { ...limitParameter, ...cursorParameter, ...at },
        answers: { 200: { description: 'A page of cards.', schema: schemas.cardList } },
      },
      atPosition(node, listCards),
    ),
    operations.read(
      {
        method: 'GET',
        path: '/v1/cards/:id',
        needs: 'see',
        summary: 'Get a card and its balance',
        query: at,
        answers: { 200: { description: 'The card.', schema: schemas.card } },
      },
      atPosition(node, oneCard),
    ),
    operations.operation(
      {
        method: 'POST',
        path: '/v1/cards/:id/topups',
        needs: 'run',
        summary: 'Top up a card',
        body: schemas.topUpRequest,
        key: 'required',
        answers: { 201: { description: 'What was added, and the balance right after.', schema: schemas.topUp } },
      },
      topUp,
    ),
    operations.operation(
      {
        method: 'POST',
        path: '/v1/cards/:id/refunds',
        needs: 'run',
        summary: 'Give money back onto a card, as for a journey',
        body: schemas.refundRequest,
        key: 'optional',
        answers: { 201: { description: 'What was given back, and the balance after.', schema: schemas.refund } },
      },
      refund,
    ),
    operations.operation(
      {
        method: 'POST',
        path: '/v1/cards/:id/block',
        needs: 'run',
        summary: 'Block a card: gates let it out, and not in',
        key: 'optional',
        answers: { 200: { description: 'The card is blocked.', schema: schemas.cardStatus } },
      },
      statusChange(kinds.blockCard, 'blocked'),
    ),
    operations.operation(
      {
        method: 'POST',
        path: '/v1/cards/:id/unblock',
        needs: 'run',
        summary: 'Unblock a card',
        key: 'optional',
        answers: { 200: { description: 'The card is active.', schema: schemas.cardStatus } },
      },
      statusChange(kinds.unblockCard, 'active'),
    ),
  ];
}

interface CardAsk {
  readonly asked: Static<typeof schemas.cardRequest>;
  readonly definition: CardDefinition;
}

const words: Words = { CURRENCY_MISMATCH: 'All cards and tariffs of a store share one currency, and this is another.' };

const createCard: Operation<CardAsk> = {
  words: () => words,
  read: (call, bytes) => {
    const asked = checkCard(bytes.length === 0 ? {} : jsonOf(call, bytes));
    const { id = crypto.randomUUID(), name, category = 'adult', balance } = asked;
    checkId(id, '/id');
    const definition = {
      id,
      name: composedOrNull(name),
      category,
      balance: balance?.amount ?? 0,
      currency: balance === undefined || balance.amount === 0 ? null : balance.currency,
    };
    return { asked, definition };
  },
  fill: ({ asked: { balance }, definition }, _, command) => {
    command.reset(kinds.createCard).body = definition;
    return balance === undefined ? undefined : currencyFlaw(balance.currency, '/balance/currency');
  },
  keep: (key, { asked }, command) => {
    command.setKey(scopes.operator, 0, key);
    fingerprintAsked(command, asked);
  },
  answer: ({ thing, position }, { asked: { balance } }, state) => {
    // As the request says it: by the time of a replay the store's currency may have been fixed.
    const opened = { amount: balance?.amount ?? 0, currency: balance?.currency ?? null };
    const view = madeCardView(state, thing, opened, position);
    const location = `/v1/cards/${encodeURIComponent(cardId(state, thing))}`;
    return madeAt(state, position, location, JSON.stringify(view));
  },
};

/** An id is kept as it is, so it must be fit for look-ups. @throws HttpFailure 400 */
export function checkId(id: string, path: string): void {
  if (Buffer.byteLength(id) > maxIdBytes) throw invalidField(path, `must have at most ${maxIdBytes} bytes of UTF-8`);
  if (!isComposed(id)) throw invalidField(path, 'is not in the Unicode form NFC: ids are kept as they are');
}

/** What is wrong with a currency; a request accepted under an older list keeps its answer. */
function currencyFlaw(currency: string, path: string): HttpFailure | undefined {
  return isCurrency(currency) ? undefined : invalidField(path, `is "${currency}", which ISO 4217 does not have`);
}

const listCards: Read<URLSearchParams> = {
  read: (call) => call.url.searchParams,
  answer: (query, state) => {
    const { items, next } = readPage(query, state, state.cards.count, () => true);
    return answerNow(state, JSON.stringify({ items: items.map((card) => cardView(state, card)), next }));
  },
};

const oneCard: Read<string> = {
  read: (call) => call.param('id'),
  answer: (id, state) => answerNow(state, JSON.stringify(cardView(state, cardOf(state, id)))),
};

interface MoneyAsk {
  readonly card: string;
  readonly asked: Static<typeof schemas.topUpRequest> | Static<typeof schemas.refundRequest>;
  /** Id of the journey that a refund is for. */
  readonly journey: string | null;
}

const topUp: Operation<MoneyAsk> = {
  words: () => words,
  read: (call, bytes) => ({ card: call.param('id'), asked: checkTopUp(jsonOf(call, bytes)), journey: null }),
  fill: (ask, state, command) => fillMoney(ask, state, command.reset(kinds.topUp)),
  keep: keepMoney,
  answer: (outcome, ask, state) => moved(outcome, ask, state),
};

const refund: Operation<MoneyAsk> = {
  words: () => words,
  read: (call, bytes) => {
    const asked = checkRefund(jsonOf(call, bytes));
    return { card: call.param('id'), asked, journey: asked.journey ?? null };
  },
  fill: (ask, state, command) => fillMoney(ask, state, command.reset(kinds.refund)),
  keep: keepMoney,
  answer: (outcome, ask, state) => moved(outcome, ask, state, { journey: ask.journey }),
};

function fillMoney(
  { card, asked: { amount }, journey }: MoneyAsk,
  state: State,
  command: Command,
): Instead | undefined {
  command.target = cardOf(state, card);
  const money = moneyIn(command);
  money.amount = amount.amount;
  money.currency = currencyWord(amount.currency);
  if (journey !== null) {
    const number = parseJourney(state.genesis.cell, journey);
    if (number < 1 || number > state.journal.begunJourneys) {
      return invalidField('/journey', 'is no journey of this store');
    }
    money.journey = number;
  }
  return currencyFlaw(amount.currency, '/amount/currency');
}

function keepMoney(key: string, { asked }: MoneyAsk, command: Command): void {
  command.setKey(scopes.card, command.target, key);
  fingerprintAsked(command, asked);
}

function moved(
  { thing, remaining, position }: Outcome,
  {
    asked: {
      amount: { amount, currency },
    },
  }: MoneyAsk,
  state: State,
  more: object = {},
): Answer {
  const body = {
    card: cardId(state, thing),
    amount: { amount, currency },
    // A word of a signed number.
    balance: { amount: remaining | 0, currency },
    ...more,
    position: writePosition(state, position),
  };
  return answerAt(state, position, JSON.stringify(body), 201);
}

interface StatusAsk {
  readonly card: string;
}

function statusChange(kind: Kind, status: 'active' | 'blocked'): Operation<StatusAsk> {
  return {
    read: (call, bytes) => {
      if (bytes.length > 0) checkNothing(jsonOf(call, bytes));
      return { card: call.param('id') };
    },
    fill: ({ card }, state, command) => {
      command.reset(kind).target = cardOf(state, card);
      return undefined;
    },
    keep: (key, _, command) => {
      command.setKey(scopes.card, command.target, key);
      fingerprintAsked(command, {});
    },
    answer: ({ thing, position }, _, state) => {
      const body = { id: cardId(state, thing), status, position: writePosition(state, position) };
      return answerAt(state, position, JSON.stringify(body));
    },
  };
}
