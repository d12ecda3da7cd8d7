/** Orders of the native API: buy now, several lines at once, read, cancel. */
import type { Static } from 'typebox';
import { kinds, scopes } from '../../engine/command.ts';
import { cancellationOf } from '../../engine/commands/cancellation.ts';
import { linesOf } from '../../engine/commands/lines.ts';
import { fingerprintQuantity } from '../../engine/fingerprint.ts';
import type { Outcome } from '../../engine/outcome.ts';
import { outcomes } from '../../engine/outcomes.ts';
import type { Answer } from '../../http/answer.ts';
import { parseJson } from '../../http/body.ts';
import type { Call } from '../../http/call.ts';
import { HttpFailure } from '../../http/problems.ts';
import type { Route } from '../../http/door.ts';
import { withToken } from '../kit/answers.ts';
import { noSuchRow } from '../kit/operation.ts';
import { checkOf } from '../kit/validation.ts';
import { formatId, parseId } from '../kit/ids.ts';
import type { Context } from './context.ts';
import { addSeatsAsked, asksForSeats, checkOfSeats } from './seat-request.ts';
import { saleOf } from './sales.ts';
import * as schemas from './schemas.ts';
import { cancelledOrderText, madeOrderText, orderText } from './order-views.ts';

const checkOrder = checkOf(schemas.orderRequests.quantity);
const checkSeatsOrder = checkOfSeats(schemas.orderRequests);
const checkBasket = checkOf(schemas.countedBasketRequest);
const checkSeatsBasket = checkOf(schemas.basketFrame);
const checkLine = checkOf(schemas.lineRequests.quantity);
const checkSeatsLine = checkOfSeats(schemas.lineRequests);
const checkCancel = checkOf(schemas.cancelRequest);

export function orderRoutes(context: Context): Route[] {
  const bound = new Orders(context);
  const made = { 201: { description: 'Bought', schema: schemas.madeOrder } };
  return [
    {
      method: 'POST',
      path: '/v1/sales/:id/orders',
      needs: 'buy',
      summary: 'Buy now',
      body: schemas.orderRequest,
      key: 'required',
      answers: made,
      handle: (call) => bound.buy(call),
    },
    {
      method: 'POST',
      path: '/v1/orders',
      needs: 'buy',
      summary: 'Buy several things, all or nothing',
      body: schemas.basketRequest,
      key: 'required',
      answers: made,
      handle: (call) => bound.buyBasket(call),
    },
    {
      method: 'GET',
      path: '/v1/orders/:id',
      needs: 'buy',
      summary: 'One order',
      token: true,
      query: { at: schemas.sale.properties.position },
      answers: { 200: { description: 'The order', schema: schemas.order } },
      handle: (call) => bound.read(call),
    },
    {
      method: 'POST',
      path: '/v1/orders/:id/cancel',
      needs: 'buy',
      summary: 'Cancel an order or some of its lines; the stock returns',
      body: schemas.cancelRequest,
      key: 'required',
      token: true,
      answers: { 200: { description: 'The order after it', schema: schemas.order } },
      handle: (call) => bound.cancel(call),
    },
  ];
}

/** Lines that ask for seats are looked at one by one. @throws HttpFailure 400 */
function readBasket(json: unknown): Static<typeof schemas.basketRequest> {
  const { lines } = (json ?? {}) as { lines?: unknown };
  if (!Array.isArray(lines) || !lines.some(asksForSeats)) return checkBasket(json);
  const frame = checkSeatsBasket(json);
  const read = frame.lines.map((line, i) =>
    asksForSeats(line) ? checkSeatsLine(line, `/lines/${i}`) : checkLine(line, `/lines/${i}`),
  );
  return { ...frame, lines: read };
}

class Orders {
  private readonly context: Context;

  constructor(context: Context) {
    this.context = context;
  }

  buy(call: Call): undefined {
    const key = this.context.requiredKey(call);
    return call.withBody((bytes) => this.buyFrom(call, key, bytes));
  }

  private buyFrom(call: Call, key: string, bytes: Uint8Array): undefined {
    const json = parseJson(bytes);
    if (asksForSeats(json)) this.buySeats(call, key, json);
    else this.buyUnits(call, key, json);
  }

  private buyUnits(call: Call, key: string, json: unknown): void {
    const { context } = this;
    const body = checkOrder(json);
    const sale = saleOf(context, call);
    const command = context.command.reset(kinds.order);
    command.setKey(scopes.sale, sale, key);
    if (body.customer !== undefined) context.setCustomer(body.customer, '/customer');
    linesOf(command).add(sale, body.quantity);
    fingerprintQuantity(command, body.quantity, 0);
    context.node.submitTo(command, this.renderSingle, call);
  }

  private buySeats(call: Call, key: string, json: unknown): void {
    const { context } = this;
    const body = checkSeatsOrder(json);
    const sale = saleOf(context, call);
    const command = context.command.reset(kinds.order);
    command.setKey(scopes.sale, sale, key);
    if (body.customer !== undefined) context.setCustomer(body.customer, '/customer');
    addSeatsAsked(context.state, command, sale, body, '/seats');
    context.fingerprint(body);
    context.node.submitTo(command, this.renderSingle, call);
  }

  async buyBasket(call: Call): Promise<Answer> {
    const { context } = this;
    const key = context.requiredKey(call);
    const body = readBasket(await call.readJson());
    const command = context.command.reset(kinds.order);
    command.setKey(scopes.caller, 0, key);
    if (body.customer !== undefined) context.setCustomer(body.customer, '/customer');
    for (const line of body.lines) {
      const sale = parseId('sale', context.cell, line.sale);
      // An id of no sale goes to the engine as one that no sale has: one place decides what wins.
      const row = sale < 0 ? noSuchRow : sale;
      if ('quantity' in line) linesOf(command).add(row, line.quantity);
      else addSeatsAsked(context.state, command, row, line, '/lines');
    }
    context.fingerprint(body);
    return context.node.submit(command, this.renderBasket, call);
  }

  async read(call: Call): Promise<Answer> {
    const { context } = this;
    const id = call.param('id');
    context.requireToken(call, 'order', id);
    await context.reachAsked(call);
    const row = this.orderOf(id);
    return context.read(orderText(context.state, row, Infinity));
  }

  async cancel(call: Call): Promise<Answer> {
    const { context } = this;
    const key = context.requiredKey(call);
    const id = call.param('id');
    context.requireToken(call, 'order', id);
    const bytes = await call.readBytes();
    const body = checkCancel(bytes.length === 0 ? {} : parseJson(bytes));
    const row = this.orderOf(id);
    const command = context.command.reset(kinds.cancel);
    command.setKey(scopes.order, row, key);
    command.target = row;
    for (const line of body.lines ?? []) {
      cancellationOf(command).lines[cancellationOf(command).count] = line;
      cancellationOf(command).count += 1;
    }
    context.fingerprint(body);
    return context.node.submit(command, this.renderCancelled, call);
  }

  private orderOf(id: string): number {
    const row = parseId('order', this.context.cell, id);
    if (row < 0 || row >= this.context.state.orders.count) throw new HttpFailure(outcomes.UNKNOWN_ORDER);
    return row;
  }

  private readonly renderSingle = (outcome: Outcome, call: Call): Answer => this.renderMade(outcome, call, true);
  private readonly renderBasket = (outcome: Outcome, call: Call): Answer => this.renderMade(outcome, call, false);

  private renderMade(outcome: Outcome, call: Call, single: boolean): Answer {
    const { context } = this;
    if (!outcome.ok) return context.refused(outcome, call);
    const id = formatId('order', context.cell, outcome.thing);
    const text = madeOrderText(context.state, outcome.thing, outcome.position, single);
    const body = withToken(text, context.owners.signsFor(call, 'order', outcome.thing));
    return context.answer(outcome, 201, body, { Location: `/v1/orders/${id}` });
  }

  private readonly renderCancelled = (outcome: Outcome, call: Call): Answer => {
    const { context } = this;
    if (!outcome.ok) return context.refused(outcome, call);
    const { thing, position } = outcome;
    return context.answer(outcome, 200, cancelledOrderText(context.state, thing, position));
  };
}
