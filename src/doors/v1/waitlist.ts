/** Waitlists of the native API: join, look, leave. Offers come as holds. */
import type { Static } from 'typebox';
import { Type } from 'typebox';
import { kinds, scopes } from '../../engine/command.ts';
import { linesOf } from '../../engine/commands/lines.ts';
import { fingerprintQuantity } from '../../engine/fingerprint.ts';
import { outcomes } from '../../engine/outcomes.ts';
import { none } from '../../engine/tables/keys.ts';
import type { Route } from '../../http/door.ts';
import { HttpFailure, problems } from '../../http/problems.ts';
import { withToken } from '../kit/answers.ts';
import { formatId, formatTime } from '../kit/ids.ts';
import { jsonOf } from '../kit/input.ts';
import type { Caller, Operation, Read } from '../kit/operation.ts';
import type { Operations } from '../kit/operations.ts';
import type { Owners } from '../kit/owners.ts';
import { checkOf } from '../kit/validation.ts';
import { answerAt, answerNow, madeAt } from '../kit/native-answers.ts';
import { atPosition } from '../kit/at-position.ts';
import { invalidParameter } from '../kit/requests.ts';
import { nameCustomer } from './customer-ids.ts';
import { entryOf, saleOf, standingSaleOf } from './rows.ts';
import * as schemas from './schemas.ts';
import { buyerView, maxPurchases } from './stream-feed.ts';
import { entryView } from './views.ts';

const checkJoin = checkOf(schemas.waitlistRequest);
const encoder = new TextEncoder();
const inLineAlready =
  'This customer is in line already. Show the token of that place: Holdfast-Token: TOKEN; or repeat the first call with its key.';

export function waitlistRoutes(operations: Operations, owners: Owners): Route[] {
  return [
    operations.operation(
      {
        method: 'POST',
        path: '/v1/sales/:id/waitlist',
        needs: 'buy',
        free: true,
        summary: 'Join the waitlist of a sale that is sold out',
        body: schemas.waitlistRequest,
        key: 'optional',
        answers: {
          200: { description: 'The customer was in line already.', schema: schemas.waitlistEntry },
          201: { description: 'The customer joined the line.', schema: schemas.waitlistEntry },
        },
      },
      join(owners),
    ),
    operations.operation(
      {
        method: 'DELETE',
        path: '/v1/sales/:id/waitlist',
        needs: 'buy',
        summary: 'Leave the waitlist and decline any offer',
        token: true,
        query: { customer: Type.String({ description: 'Id of the customer who leaves.' }) },
        answers: { 204: { description: 'The customer left the line.' } },
      },
      leave(owners),
    ),
    operations.read(
      {
        method: 'GET',
        path: '/v1/waitlist/:id',
        needs: 'buy',
        summary: 'Get a place in line, with its offer',
        token: true,
        query: { at: schemas.sale.properties.position },
        answers: { 200: { description: 'The place in line.', schema: schemas.waitlistEntry } },
      },
      atPosition(operations.node, onePlace(owners)),
    ),
    operations.read(
      {
        method: 'GET',
        path: '/v1/sales/:id/buyers',
        needs: 'buy',
        shared: true,
        summary: 'List the last three buyers by display name',
        answers: { 200: { description: 'The buyers, newest first.', schema: schemas.buyers } },
      },
      lastBuyers,
    ),
  ];
}

interface JoinAsk {
  readonly sale: string;
  readonly body: Static<typeof schemas.waitlistRequest>;
  readonly caller: Caller;
}

function join(owners: Owners): Operation<JoinAsk> {
  return {
    read: (call, bytes) => {
      const body = checkJoin(jsonOf(call, bytes));
      return { sale: call.param('id'), body, caller: call };
    },
    fill: ({ sale, body: { customer, quantity } }, state, command) => {
      linesOf(command.reset(kinds.joinWaitlist)).add(saleOf(state, sale), quantity);
      const flaw = nameCustomer(state, command, customer, '/customer');
      // Thrown, since a request without effect must not count as a free call.
      if (flaw !== undefined) throw flaw;
      return undefined;
    },
    keep: (key, { body }, command) => {
      command.setKey(scopes.sale, linesOf(command).sale[0]!, key);
      fingerprintQuantity(command, body.quantity, 0);
    },
    /** As it was when joined: in line, at that place, without an offer yet. */
    answer: ({ row, thing, position, remaining }, { caller }, state) => {
      const view = entryView(state, thing, null);
      if (row === outcomes.NO_EFFECT) {
        // Anyone can name a customer: the place is shown only to a caller with its token.
        if (!owners.isOwner(caller, 'waitlist', thing)) throw new HttpFailure(problems.TOKEN_REQUIRED, inLineAlready);
        return answerAt(state, position, JSON.stringify(view));
      }
      const createdAt = formatTime(state.waitlist.createdAtMs.get(thing));
      const made = { ...view, position: remaining + 1, status: 'waiting', hold: null, createdAt };
      const body = withToken(JSON.stringify(made), owners.signsFor(caller, 'waitlist', thing));
      return madeAt(state, position, `/v1/waitlist/${formatId('waitlist', state.genesis.cell, thing)}`, body);
    },
  };
}

interface LeaveAsk {
  readonly sale: string;
  readonly customer: string | null;
  readonly caller: Caller;
}

function leave(owners: Owners): Operation<LeaveAsk> {
  return {
    read: (call) => ({
      sale: call.param('id'),
      customer: call.url.searchParams.get('customer'),
      caller: call,
    }),
    fill: ({ sale, customer, caller }, state, command) => {
      const row = saleOf(state, sale);
      if (customer === null || customer === '') throw invalidParameter('customer', 'is missing');
      const id = encoder.encode(customer);
      const who = state.findCustomer(id, 0, id.length);
      const entry = who < 0 ? -1 : state.waitlist.find(row, who);
      // A caller without a token learns nothing about who waits.
      if (!owners.isOwner(caller, 'waitlist', entry)) throw new HttpFailure(problems.TOKEN_REQUIRED);
      if (entry < 0) throw new HttpFailure(outcomes.UNKNOWN_ENTRY);
      command.reset(kinds.leaveWaitlist).target = entry;
      return undefined;
    },
    answer: ({ position }, _, state) => answerAt(state, position, '', 204),
  };
}

interface PlaceAsk {
  readonly id: string;
  readonly caller: Caller;
}

function onePlace(owners: Owners): Read<PlaceAsk> {
  return {
    admit: owners.admits('waitlist'),
    read: (call) => ({ id: call.param('id'), caller: call }),
    answer: ({ id, caller }, state) => {
      const view = entryView(state, entryOf(state, id), (noun, row) => owners.tokenFor(caller, noun, row));
      return answerNow(state, JSON.stringify(view));
    },
  };
}

const lastBuyers: Read<string> = {
  read: (call) => call.param('id'),
  answer: (id, state) => {
    const items = [];
    let line = state.sales.lastLine.get(standingSaleOf(state, id));
    for (; line !== none && items.length < maxPurchases; line = state.lines.previousOfSale.get(line)) {
      items.push(buyerView(state, line));
    }
    return answerNow(state, JSON.stringify({ items }));
  },
};
