/** Holds of the native API: place, read, extend, confirm, release. */
import { kinds, scopes } from '../../engine/command.ts';
import { termsOf, extensionOf } from '../../engine/commands/holds.ts';
import { linesOf } from '../../engine/commands/lines.ts';
import { fingerprintQuantity, fingerprintText } from '../../engine/fingerprint.ts';
import type { Outcome } from '../../engine/outcome.ts';
import { outcomes } from '../../engine/outcomes.ts';
import type { Answer } from '../../http/answer.ts';
import { parseJson } from '../../http/body.ts';
import type { Call } from '../../http/call.ts';
import { HttpFailure } from '../../http/problems.ts';
import type { Route } from '../../http/door.ts';
import { withToken } from '../kit/answers.ts';
import { checkOf } from '../kit/validation.ts';
import { formatId, parseId } from '../kit/ids.ts';
import type { Shares } from '../kit/shares.ts';
import type { Context } from './context.ts';
import { readTime } from './context.ts';
import { addSeatsAsked, asksForSeats, checkOfSeats } from './seat-request.ts';
import { saleOf } from './sales.ts';
import * as schemas from './schemas.ts';
import { madeOrderText } from './order-views.ts';
import { holdStatus, holdText } from './views.ts';

const checkHold = checkOf(schemas.holdRequests.quantity);
const checkSeatsHold = checkOfSeats(schemas.holdRequests);
const checkExtend = checkOf(schemas.extendRequest);

export function holdRoutes(context: Context, shares: Shares | null): Route[] {
  const bound = new Holds(context, shares);
  return [
    {
      method: 'POST',
      path: '/v1/sales/:id/holds',
      needs: 'buy',
      summary: 'Set stock aside until a deadline',
      body: schemas.holdRequest,
      key: 'required',
      answers: { 201: { description: 'Held', schema: schemas.hold } },
      handle: (call) => bound.place(call),
    },
    {
      method: 'GET',
      path: '/v1/holds/:id',
      needs: 'buy',
      summary: 'One hold',
      token: true,
      query: { at: schemas.sale.properties.position },
      answers: { 200: { description: 'The hold', schema: schemas.hold } },
      handle: (call) => bound.read(call),
    },
    {
      method: 'POST',
      path: '/v1/holds/:id/extend',
      needs: 'buy',
      summary: 'Move the deadline; capped by the sale, never earlier than it was',
      body: schemas.extendRequest,
      key: 'optional',
      token: true,
      answers: { 200: { description: 'The hold with its deadline', schema: schemas.hold } },
      handle: (call) => bound.extend(call),
    },
    {
      method: 'POST',
      path: '/v1/holds/:id/confirm',
      needs: 'buy',
      summary: 'Turn the hold into an order',
      key: 'required',
      token: true,
      answers: { 201: { description: 'Bought', schema: schemas.madeOrder } },
      handle: (call) => bound.confirm(call),
    },
    {
      method: 'DELETE',
      path: '/v1/holds/:id',
      needs: 'buy',
      summary: 'Let the hold go; its stock returns',
      key: 'optional',
      token: true,
      answers: { 200: { description: 'The released hold', schema: schemas.hold } },
      handle: (call) => bound.release(call),
    },
  ];
}

class Holds {
  private readonly context: Context;
  private readonly shares: Shares | null;

  constructor(context: Context, shares: Shares | null) {
    this.context = context;
    this.shares = shares;
  }

  place(call: Call): undefined {
    const key = this.context.requiredKey(call);
    return call.withBody((bytes) => this.placeFrom(call, key, bytes));
  }

  private placeFrom(call: Call, key: string, bytes: Uint8Array): undefined {
    const json = parseJson(bytes);
    if (asksForSeats(json)) this.placeSeats(call, key, json);
    else this.placeUnits(call, key, json);
  }

  private placeUnits(call: Call, key: string, json: unknown): void {
    const { context } = this;
    const body = checkHold(json);
    const sale = saleOf(context, call);
    const command = context.command.reset(kinds.hold);
    command.setKey(scopes.sale, sale, key);
    if (body.customer !== undefined) context.setCustomer(body.customer, '/customer');
    linesOf(command).add(sale, body.quantity);
    termsOf(command).holdMs = this.holdMs(sale, body.seconds);
    fingerprintQuantity(command, body.quantity, body.seconds ?? 0);
    this.shares?.limit(command, call, sale);
    context.node.submitTo(command, this.renderPlaced, call);
  }

  private placeSeats(call: Call, key: string, json: unknown): void {
    const { context } = this;
    const body = checkSeatsHold(json);
    const sale = saleOf(context, call);
    const command = context.command.reset(kinds.hold);
    command.setKey(scopes.sale, sale, key);
    if (body.customer !== undefined) context.setCustomer(body.customer, '/customer');
    addSeatsAsked(context.state, command, sale, body, '/seats');
    termsOf(command).holdMs = this.holdMs(sale, body.seconds);
    context.fingerprint(body);
    this.shares?.limit(command, call, sale);
    context.node.submitTo(command, this.renderPlaced, call);
  }

  /** How long a hold lasts: as asked, or as the sale says, and no longer than it allows. */
  private holdMs(sale: number, seconds: number | undefined): number {
    const { sales } = this.context.state;
    const asked = seconds === undefined ? sales.holdMs.get(sale) : seconds * 1000;
    return Math.min(asked, sales.maxHoldMs.get(sale));
  }

  async read(call: Call): Promise<Answer> {
    const { context } = this;
    const id = call.param('id');
    context.requireToken(call, 'hold', id);
    await context.reachAsked(call);
    const row = this.holdOf(id);
    const { state } = context;
    const status = holdStatus(state, row, context.node.engine.nowMs);
    return context.read(holdText(state, row, status, state.civilDeadlineMs(row)));
  }

  async extend(call: Call): Promise<Answer> {
    const { context } = this;
    const id = call.param('id');
    context.requireToken(call, 'hold', id);
    const body = checkExtend(await call.readJson());
    const row = this.holdOf(id);
    const command = context.command.reset(kinds.extend);
    command.target = row;
    extensionOf(command).untilMs = readTime(body.until, '/until');
    if (context.optionalKey(call, scopes.hold, row)) fingerprintText(command, String(extensionOf(command).untilMs));
    return context.node.submit(command, this.renderExtended, call);
  }

  confirm(call: Call): undefined {
    const key = this.context.requiredKey(call);
    const id = call.param('id');
    this.context.requireToken(call, 'hold', id);
    // A body is not asked for, and one that is sent is read, so that the connection stays usable.
    return call.withBody(() => this.confirmNow(call, key, id));
  }

  private confirmNow(call: Call, key: string, id: string): undefined {
    const { context } = this;
    const row = this.holdOf(id);
    const command = context.command.reset(kinds.confirm);
    command.setKey(scopes.hold, row, key);
    command.target = row;
    fingerprintQuantity(command, 0, 0);
    context.node.submitTo(command, this.renderConfirmed, call);
  }

  async release(call: Call): Promise<Answer> {
    const { context } = this;
    const id = call.param('id');
    context.requireToken(call, 'hold', id);
    await call.readBytes();
    const row = this.holdOf(id);
    const command = context.command.reset(kinds.release);
    command.target = row;
    if (context.optionalKey(call, scopes.hold, row)) fingerprintQuantity(command, 0, 0);
    return context.node.submit(command, this.renderReleased, call);
  }

  private holdOf(id: string): number {
    const row = parseId('hold', this.context.cell, id);
    if (row < 0 || row >= this.context.state.holds.count) throw new HttpFailure(outcomes.UNKNOWN_HOLD);
    return row;
  }

  private readonly renderPlaced = (outcome: Outcome, call: Call): Answer => {
    const { context } = this;
    if (!outcome.ok) return context.refused(outcome, call);
    const { holds } = context.state;
    const row = outcome.thing;
    const id = formatId('hold', context.cell, row);
    const expiresAtMs = holds.createdAtMs.get(row) + holds.holdMs.get(row);
    const text = holdText(context.state, row, 'active', expiresAtMs);
    const body = withToken(text, context.owners.signsFor(call, 'hold', row));
    return context.answer(outcome, 201, body, { Location: `/v1/holds/${id}` });
  };

  private readonly renderExtended = (outcome: Outcome, call: Call): Answer => {
    const { context } = this;
    if (!outcome.ok) return context.refused(outcome, call);
    const row = outcome.thing;
    const expiresAtMs = context.state.civilDeadlineAfterMs(row, outcome.remaining, outcome.position);
    return context.answer(outcome, 200, holdText(context.state, row, 'active', expiresAtMs));
  };

  private readonly renderConfirmed = (outcome: Outcome, call: Call): Answer => {
    const { context } = this;
    if (!outcome.ok) return context.refused(outcome, call);
    const id = formatId('order', context.cell, outcome.thing);
    const text = madeOrderText(context.state, outcome.thing, outcome.position, true);
    const body = withToken(text, context.owners.signsFor(call, 'order', outcome.thing));
    return context.answer(outcome, 201, body, { Location: `/v1/orders/${id}` });
  };

  private readonly renderReleased = (outcome: Outcome, call: Call): Answer => {
    const { context } = this;
    if (!outcome.ok) return context.refused(outcome, call);
    const row = outcome.thing;
    const body = holdText(context.state, row, 'released', context.state.civilDeadlineMs(row, outcome.position));
    return context.answer(outcome, 200, body);
  };
}
