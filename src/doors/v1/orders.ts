/** Orders of the native API: buy now, several lines at once, read, cancel. */
import type { Static } from 'typebox';
import { kinds, scopes } from '../../engine/command.ts';
import { cancellationOf } from '../../engine/commands/cancellation.ts';
import { linesOf } from '../../engine/commands/lines.ts';
import { fingerprintQuantity } from '../../engine/fingerprint.ts';
import type { Outcome } from '../../engine/outcome.ts';
import type { State } from '../../engine/state.ts';
import type { Answer } from '../../http/answer.ts';
import type { Route } from '../../http/door.ts';
import { withToken } from '../kit/answers.ts';
import { formatId, parseId } from '../kit/ids.ts';
import { jsonOf } from '../kit/input.ts';
import type { Caller, Operation, Read } from '../kit/operation.ts';
import { orNoSuchRow } from '../kit/operation.ts';
import type { Operations } from '../kit/operations.ts';
import type { Owners } from '../kit/owners.ts';
import { checkOf } from '../kit/validation.ts';
import { answerAt, answerNow, madeAt } from '../kit/native-answers.ts';
import { atPosition } from '../kit/at-position.ts';
import { nameCustomer } from './customer-ids.ts';
import { cancelledOrderText, madeOrderText, orderText } from './order-views.ts';
import { fingerprintAsked } from '../kit/requests.ts';
import { orderOf, saleOf } from './rows.ts';
import * as schemas from './schemas.ts';
import { addAsked, asksForSeats, checkOfSeats } from './seat-request.ts';

const checkOrder = checkOf(schemas.orderRequests.quantity);
const checkSeatsOrder = checkOfSeats(schemas.orderRequests);
const checkBasket = checkOf(schemas.countedBasketRequest);
const checkSeatsBasket = checkOf(schemas.basketFrame);
const checkLine = checkOf(schemas.lineRequests.quantity);
const checkSeatsLine = checkOfSeats(schemas.lineRequests);
const checkCancel = checkOf(schemas.cancelRequest);

export function orderRoutes(operations: Operations, owners: Owners): Route[] {
  const made = { 201: { description: 'The order was made.', schema: schemas.madeOrder } };
  return [
    operations.operation(
      {
        method: 'POST',
        path: '/v1/sales/:id/orders',
        needs: 'buy',
        summary: 'Buy from one sale',
        body: schemas.orderRequest,
        key: 'required',
        answers: made,
      },
      buy(owners),
    ),
    operations.operation(
      {
        method: 'POST',
        path: '/v1/orders',
        needs: 'buy',
        summary: 'Buy from several sales, all or nothing',
        body: schemas.basketRequest,
        key: 'required',
        answers: made,
      },
      buyBasket(owners),
    ),
    operations.read(
      {
        method: 'GET',
        path: '/v1/orders/:id',
        needs: 'buy',
        summary: 'Get an order',
        token: true,
        query: { at: schemas.sale.properties.position },
        answers: { 200: { description: 'The order.', schema: schemas.order } },
      },
      atPosition(operations.node, oneOrder(owners)),
    ),
    operations.operation(
      {
        method: 'POST',
        path: '/v1/orders/:id/cancel',
        needs: 'buy',
        summary: 'Cancel an order or some of its lines and return their stock',
        body: schemas.cancelRequest,
        key: 'required',
        token: true,
        answers: { 200: { description: 'The order after the cancellation.', schema: schemas.order } },
      },
      cancel(owners),
    ),
  ];
}

interface OrderAsk {
  readonly sale: string;
  readonly body: Static<typeof schemas.orderRequest>;
  readonly caller: Caller;
}

function buy(owners: Owners): Operation<OrderAsk> {
  return {
    read: (call, bytes) => {
      const json = jsonOf(call, bytes);
      const body = asksForSeats(json) ? checkSeatsOrder(json) : checkOrder(json);
      return { sale: call.param('id'), body, caller: call };
    },
    fill: ({ sale, body }, state, command) => {
      addAsked(state, command.reset(kinds.order), saleOf(state, sale), body, '/seats');
      return body.customer === undefined ? undefined : nameCustomer(state, command, body.customer, '/customer');
    },
    keep: (key, { body }, command) => {
      command.setKey(scopes.sale, linesOf(command).sale[0]!, key);
      if ('quantity' in body) fingerprintQuantity(command, body.quantity, 0);
      else fingerprintAsked(command, body);
    },
    answer: (outcome, { caller }, state) => madeOrder(outcome, state, true, owners, caller),
  };
}

interface BasketAsk {
  readonly body: Static<typeof schemas.basketRequest>;
  readonly caller: Caller;
}

function buyBasket(owners: Owners): Operation<BasketAsk> {
  return {
    read: (call, bytes) => ({ body: readBasket(jsonOf(call, bytes)), caller: call }),
    fill: ({ body: { customer, lines } }, state, command) => {
      command.reset(kinds.order);
      const flaw = customer === undefined ? undefined : nameCustomer(state, command, customer, '/customer');
      if (flaw !== undefined) return flaw;
      for (const line of lines) {
        const sale = parseId('sale', state.genesis.cell, line.sale);
        // An unknown sale id goes to the engine as one that no sale has: one place decides which
        // refusal wins.
        addAsked(state, command, orNoSuchRow(sale), line, '/lines');
      }
      return undefined;
    },
    keep: (key, { body }, command) => {
      command.setKey(scopes.caller, 0, key);
      fingerprintAsked(command, body);
    },
    answer: (outcome, { caller }, state) => madeOrder(outcome, state, false, owners, caller),
  };
}

/** Checks lines that ask for seats one by one. @throws HttpFailure 400 */
function readBasket(json: unknown): Static<typeof schemas.basketRequest> {
  const { lines } = (json ?? {}) as { lines?: unknown };
  if (!Array.isArray(lines) || !lines.some(asksForSeats)) return checkBasket(json);
  const frame = checkSeatsBasket(json);
  const read = frame.lines.map((line, i) =>
    asksForSeats(line) ? checkSeatsLine(line, `/lines/${i}`) : checkLine(line, `/lines/${i}`),
  );
  return { ...frame, lines: read };
}

/** An order as it was made, with the token that opens it. `isSingle`: made on one sale. */
export function madeOrder(
  { thing, position }: Outcome,
  state: State,
  isSingle: boolean,
  owners: Owners,
  caller: Caller,
): Answer {
  const location = `/v1/orders/${formatId('order', state.genesis.cell, thing)}`;
  const text = madeOrderText(state, thing, position, isSingle);
  return madeAt(state, position, location, withToken(text, owners.signsFor(caller, 'order', thing)));
}

function oneOrder(owners: Owners): Read<string> {
  return {
    admit: owners.admits('order'),
    read: (call) => call.param('id'),
    answer: (id, state) => answerNow(state, orderText(state, orderOf(state, id), Infinity)),
  };
}

interface CancelAsk {
  readonly order: string;
  readonly body: Static<typeof schemas.cancelRequest>;
}

function cancel(owners: Owners): Operation<CancelAsk> {
  return {
    admit: owners.admits('order'),
    read: (call, bytes) => {
      const body = checkCancel(bytes.length === 0 ? {} : jsonOf(call, bytes));
      return { order: call.param('id'), body };
    },
    fill: ({ order, body }, state, command) => {
      command.reset(kinds.cancel).target = orderOf(state, order);
      for (const line of body.lines ?? []) cancellationOf(command).add(line);
      return undefined;
    },
    keep: (key, { body }, command) => {
      command.setKey(scopes.order, command.target, key);
      fingerprintAsked(command, body);
    },
    answer: ({ thing, position }, _, state) => answerAt(state, position, cancelledOrderText(state, thing, position)),
  };
}
