/** Holds of the native API: place, read, extend, confirm, release. */
import type { Static } from 'typebox';
import type { Command } from '../../engine/command.ts';
import { kinds, scopes } from '../../engine/command.ts';
import { extensionOf, termsOf } from '../../engine/commands/holds.ts';
import { linesOf } from '../../engine/commands/lines.ts';
import { fingerprintQuantity, fingerprintText } from '../../engine/fingerprint.ts';
import type { State } from '../../engine/state.ts';
import type { Route } from '../../http/door.ts';
import { withToken } from '../kit/answers.ts';
import { formatId } from '../kit/ids.ts';
import { jsonOf } from '../kit/input.ts';
import type { Caller, Operation, Read } from '../kit/operation.ts';
import type { Operations } from '../kit/operations.ts';
import type { Owners } from '../kit/owners.ts';
import type { Shares } from '../kit/shares.ts';
import { checkOf } from '../kit/validation.ts';
import { answerAt, answerNow, madeAt } from '../kit/native-answers.ts';
import { atPosition } from '../kit/at-position.ts';
import { nameCustomer } from './customer-ids.ts';
import { madeOrder } from './orders.ts';
import { fingerprintAsked, readTime } from '../kit/requests.ts';
import { holdOf, saleOf } from './rows.ts';
import * as schemas from './schemas.ts';
import { addAsked, asksForSeats, checkOfSeats } from './seat-request.ts';
import { holdStatus, holdText } from './views.ts';

const checkHold = checkOf(schemas.holdRequests.quantity);
const checkSeatsHold = checkOfSeats(schemas.holdRequests);
const checkExtend = checkOf(schemas.extendRequest);

export function holdRoutes(operations: Operations, owners: Owners, shares: Shares | null): Route[] {
  return [
    operations.operation(
      {
        method: 'POST',
        path: '/v1/sales/:id/holds',
        needs: 'buy',
        summary: 'Hold stock until a deadline',
        body: schemas.holdRequest,
        key: 'required',
        answers: { 201: { description: 'The hold was placed.', schema: schemas.hold } },
      },
      place(owners, shares),
    ),
    operations.read(
      {
        method: 'GET',
        path: '/v1/holds/:id',
        needs: 'buy',
        summary: 'Get a hold',
        token: true,
        query: { at: schemas.sale.properties.position },
        answers: { 200: { description: 'The hold.', schema: schemas.hold } },
      },
      atPosition(operations.node, oneHold(owners)),
    ),
    operations.operation(
      {
        method: 'POST',
        path: '/v1/holds/:id/extend',
        needs: 'buy',
        summary: 'Extend a hold, up to the maximum of its sale',
        body: schemas.extendRequest,
        key: 'optional',
        token: true,
        answers: { 200: { description: 'The hold with its new deadline.', schema: schemas.hold } },
      },
      extend(owners),
    ),
    operations.operation(
      {
        method: 'POST',
        path: '/v1/holds/:id/confirm',
        needs: 'buy',
        summary: 'Buy what a hold has set aside',
        key: 'required',
        token: true,
        answers: { 201: { description: 'The order was made from the hold.', schema: schemas.madeOrder } },
      },
      confirm(owners),
    ),
    operations.operation(
      {
        method: 'DELETE',
        path: '/v1/holds/:id',
        needs: 'buy',
        summary: 'Release a hold and return its stock',
        key: 'optional',
        token: true,
        answers: { 200: { description: 'The released hold.', schema: schemas.hold } },
      },
      release(owners),
    ),
  ];
}

interface HoldAsk {
  readonly sale: string;
  readonly body: Static<typeof schemas.holdRequest>;
  readonly caller: Caller;
}

function place(owners: Owners, shares: Shares | null): Operation<HoldAsk> {
  return {
    read: (call, bytes) => {
      const json = jsonOf(call, bytes);
      const body = asksForSeats(json) ? checkSeatsHold(json) : checkHold(json);
      return { sale: call.param('id'), body, caller: call };
    },
    fill: ({ sale, body, caller }, state, command) => {
      const row = saleOf(state, sale);
      addAsked(state, command.reset(kinds.hold), row, body, '/seats');
      termsOf(command).holdMs = holdMsOf(state, row, body.seconds);
      shares?.limit(command, caller, row);
      return body.customer === undefined ? undefined : nameCustomer(state, command, body.customer, '/customer');
    },
    keep: (key, { body }, command) => {
      command.setKey(scopes.sale, linesOf(command).sale[0]!, key);
      if ('quantity' in body) fingerprintQuantity(command, body.quantity, body.seconds ?? 0);
      else fingerprintAsked(command, body);
    },
    answer: ({ thing, position }, { caller }, state) => {
      const { holds, genesis } = state;
      const text = holdText(state, thing, 'active', holds.createdAtMs.get(thing) + holds.holdMs.get(thing));
      const location = `/v1/holds/${formatId('hold', genesis.cell, thing)}`;
      return madeAt(state, position, location, withToken(text, owners.signsFor(caller, 'hold', thing)));
    },
  };
}

/** How long a hold lasts: as asked, or the sale's default, and at most the sale's limit. */
function holdMsOf({ sales }: State, sale: number, seconds: number | undefined): number {
  const asked = seconds === undefined ? sales.holdMs.get(sale) : seconds * 1000;
  return Math.min(asked, sales.maxHoldMs.get(sale));
}

function oneHold(owners: Owners): Read<string> {
  return {
    admit: owners.admits('hold'),
    read: (call) => call.param('id'),
    answer: (id, state) => {
      const row = holdOf(state, id);
      const status = holdStatus(state, row, state.nowMs);
      return answerNow(state, holdText(state, row, status, state.civilDeadlineMs(row)));
    },
  };
}

interface ExtendAsk {
  readonly hold: string;
  readonly until: string;
}

function extend(owners: Owners): Operation<ExtendAsk> {
  return {
    admit: owners.admits('hold'),
    read: (call, bytes) => {
      const { until } = checkExtend(jsonOf(call, bytes));
      return { hold: call.param('id'), until };
    },
    fill: ({ hold, until }, state, command) => {
      command.reset(kinds.extend).target = holdOf(state, hold);
      extensionOf(command).untilMs = readTime(until, '/until');
      return undefined;
    },
    keep: (key, _, command) => {
      command.setKey(scopes.hold, command.target, key);
      fingerprintText(command, String(extensionOf(command).untilMs));
    },
    answer: ({ thing, remaining, position }, _, state) => {
      const expiresAtMs = state.civilDeadlineAfterMs(thing, remaining, position);
      return answerAt(state, position, holdText(state, thing, 'active', expiresAtMs));
    },
  };
}

interface ConfirmAsk {
  readonly hold: string;
  readonly caller: Caller;
}

function confirm(owners: Owners): Operation<ConfirmAsk> {
  return {
    admit: owners.admits('hold'),
    read: (call) => ({ hold: call.param('id'), caller: call }),
    fill: ({ hold }, state, command) => {
      command.reset(kinds.confirm).target = holdOf(state, hold);
      return undefined;
    },
    keep: keepOfHold,
    answer: (outcome, { caller }, state) => madeOrder(outcome, state, true, owners, caller),
  };
}

function release(owners: Owners): Operation<string> {
  return {
    admit: owners.admits('hold'),
    read: (call) => call.param('id'),
    fill: (hold, state, command) => {
      command.reset(kinds.release).target = holdOf(state, hold);
      return undefined;
    },
    keep: keepOfHold,
    answer: ({ thing, position }, _, state) => {
      const text = holdText(state, thing, 'released', state.civilDeadlineMs(thing, position));
      return answerAt(state, position, text);
    },
  };
}

/** The key of a call that names a hold and nothing else. */
function keepOfHold(key: string, _: unknown, command: Command): void {
  command.setKey(scopes.hold, command.target, key);
  fingerprintQuantity(command, 0, 0);
}
