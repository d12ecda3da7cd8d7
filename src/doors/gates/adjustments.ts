/**
 * POST /v1/cards/{id}/adjustments: what a card paid too much or too little for a day, as a
 * re-rating or a settlement computed it from the log.
 */
import type { Static } from 'typebox';
import { adjustmentOf } from '../../engine/commands/adjustments.ts';
import { kinds, scopes } from '../../engine/command.ts';
import { outcomes } from '../../engine/outcomes.ts';
import { cardId } from '../../engine/tables/cards.ts';
import type { Route } from '../../http/door.ts';
import { HttpFailure } from '../../http/problems.ts';
import { askedPosition } from '../kit/at-position.ts';
import { jsonOf } from '../kit/input.ts';
import { answerAt } from '../kit/native-answers.ts';
import type { Operation } from '../kit/operation.ts';
import type { Operations } from '../kit/operations.ts';
import { writePosition } from '../kit/positions.ts';
import { fingerprintAsked } from '../kit/requests.ts';
import { checkOf, invalidField } from '../kit/validation.ts';
import { cardOf } from './rows.ts';
import * as schemas from './schemas.ts';

const check = checkOf(schemas.adjustmentRequest);

export function adjustmentRoutes(operations: Operations): Route[] {
  return [
    operations.operation(
      {
        method: 'POST',
        path: '/v1/cards/:id/adjustments',
        needs: 'run',
        summary: 'Book the difference that a re-rating computed for a day of a card',
        body: schemas.adjustmentRequest,
        key: 'optional',
        answers: { 201: { description: 'What was booked, and the balance after.', schema: schemas.adjustment } },
      },
      adjust,
    ),
  ];
}

interface AdjustmentAsk {
  readonly card: string;
  readonly asked: Static<typeof schemas.adjustmentRequest>;
  /** Days since 1970-01-01. */
  readonly day: number;
}

const adjust: Operation<AdjustmentAsk> = {
  read: (call, bytes) => {
    const asked = check(jsonOf(call, bytes));
    const day = dayOf(asked.day);
    if (day === null) throw invalidField('/day', `is "${asked.day}", which no month has`);
    return { card: call.param('id'), asked, day };
  },
  fill: ({ card, asked, day }, state, command) => {
    command.reset(kinds.adjust).target = cardOf(state, card);
    const { currency } = state.tariffs;
    if (currency !== null && asked.amount.currency !== currency) return new HttpFailure(outcomes.CURRENCY_MISMATCH);
    const upTo = asked.upTo === undefined ? Infinity : askedPosition(state, asked.upTo);
    const { amount, replaces, run } = asked;
    Object.assign(adjustmentOf(command), { day, amount: amount.amount, replaces, run, upTo });
    return undefined;
  },
  keep: (key, { asked }, command) => {
    command.setKey(scopes.card, command.target, key);
    fingerprintAsked(command, asked);
  },
  answer: ({ thing, remaining, position }, { asked }, state) => {
    const { amount, day, run } = asked;
    const body = {
      card: cardId(state, thing),
      day,
      run,
      amount,
      // A word of a signed number.
      balance: { amount: remaining | 0, currency: amount.currency },
      position: writePosition(state, position),
    };
    return answerAt(state, position, JSON.stringify(body), 201);
  },
};

/** The number of a day; null for a date that no calendar has. */
function dayOf(date: string): number | null {
  const ms = Date.parse(`${date}T00:00:00Z`);
  return Number.isNaN(ms) || new Date(ms).toISOString().slice(0, 10) !== date ? null : ms / 86_400_000;
}
