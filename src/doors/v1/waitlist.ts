/** Waitlists of the native API: join, look, leave. Offers come as holds. */
import { kinds, scopes } from '../../engine/command.ts';
import { linesOf } from '../../engine/commands/lines.ts';
import { fingerprintQuantity } from '../../engine/fingerprint.ts';
import type { Outcome } from '../../engine/outcome.ts';
import { outcomes } from '../../engine/outcomes.ts';
import { none } from '../../engine/tables/keys.ts';
import type { Answer } from '../../http/answer.ts';
import type { Call } from '../../http/call.ts';
import { HttpFailure, problems } from '../../http/problems.ts';
import type { Route } from '../../http/door.ts';
import { withToken } from '../kit/answers.ts';
import { checkOf } from '../kit/validation.ts';
import { Type } from 'typebox';
import { chargeFreeCall } from '../kit/free-calls.ts';
import { formatId, formatTime, parseId } from '../kit/ids.ts';
import type { Context } from './context.ts';
import { invalidParameter } from './context.ts';
import { saleOf, standingSaleOf } from './sales.ts';
import * as schemas from './schemas.ts';
import { buyerView, maxPurchases } from './stream-feed.ts';
import type { EntryView } from './views.ts';
import { entryView } from './views.ts';

const checkJoin = checkOf(schemas.waitlistRequest);
const encoder = new TextEncoder();
const inLineAlready =
  'This customer is in line already. Show the token of that place: Holdfast-Token: TOKEN; or repeat the first call with its key.';

export function waitlistRoutes(context: Context): Route[] {
  const bound = new Waitlist(context);
  return [
    {
      method: 'POST',
      path: '/v1/sales/:id/waitlist',
      needs: 'buy',
      free: true,
      summary: 'Get in line for a sale that is sold out',
      body: schemas.waitlistRequest,
      key: 'optional',
      answers: {
        200: { description: 'In line already', schema: schemas.waitlistEntry },
        201: { description: 'In line', schema: schemas.waitlistEntry },
      },
      handle: (call) => bound.join(call),
    },
    {
      method: 'DELETE',
      path: '/v1/sales/:id/waitlist',
      needs: 'buy',
      summary: 'Leave the line; an offer is let go',
      token: true,
      query: { customer: Type.String({ description: 'Who leaves.' }) },
      answers: { 204: { description: 'Left' } },
      handle: (call) => bound.leave(call),
    },
    {
      method: 'GET',
      path: '/v1/waitlist/:id',
      needs: 'buy',
      summary: 'A place in line, with its offer',
      token: true,
      query: { at: schemas.sale.properties.position },
      answers: { 200: { description: 'The place', schema: schemas.waitlistEntry } },
      handle: (call) => bound.read(call),
    },
    {
      method: 'GET',
      path: '/v1/sales/:id/buyers',
      needs: 'buy',
      shared: true,
      summary: 'The last three buyers, by display name',
      answers: { 200: { description: 'Newest first', schema: schemas.buyers } },
      handle: (call) => bound.buyers(call),
    },
  ];
}

class Waitlist {
  private readonly context: Context;

  constructor(context: Context) {
    this.context = context;
  }

  async join(call: Call): Promise<Answer> {
    const { context } = this;
    const body = checkJoin(await call.readJson());
    const sale = saleOf(context, call);
    const command = context.command.reset(kinds.joinWaitlist);
    linesOf(command).add(sale, body.quantity);
    context.setCustomer(body.customer, '/customer');
    if (context.optionalKey(call, scopes.sale, sale)) fingerprintQuantity(command, body.quantity, 0);
    chargeFreeCall(call, context.node, command);
    return context.node.submit(command, this.renderJoined, call);
  }

  async read(call: Call): Promise<Answer> {
    const { context } = this;
    const id = call.param('id');
    context.requireToken(call, 'waitlist', id);
    await context.reachAsked(call);
    const entry = parseId('waitlist', context.cell, id);
    if (entry < 0 || entry >= context.state.waitlist.count) throw new HttpFailure(outcomes.UNKNOWN_ENTRY);
    return context.read(JSON.stringify(this.view(entry, call)));
  }

  async leave(call: Call): Promise<Answer> {
    const { context } = this;
    // A body has no meaning here, but one that is too large is refused like any other.
    await call.readBytes();
    const sale = saleOf(context, call);
    const customer = call.url.searchParams.get('customer');
    if (customer === null || customer === '') throw invalidParameter('customer', 'is missing');
    const id = encoder.encode(customer);
    const row = context.state.findCustomer(id, 0, id.length);
    const entry = row < 0 ? -1 : context.state.waitlist.find(sale, row);
    // Who presents no token learns nothing of who waits.
    if (!context.owners.isOwner(call, 'waitlist', entry)) throw new HttpFailure(problems.TOKEN_REQUIRED);
    if (entry < 0) throw new HttpFailure(outcomes.UNKNOWN_ENTRY);
    const command = context.command.reset(kinds.leaveWaitlist);
    command.target = entry;
    return context.node.submit(command, this.renderLeft, call);
  }

  buyers(call: Call): Answer {
    const { context } = this;
    const { state } = context;
    const items = [];
    let line = state.sales.lastLine.get(standingSaleOf(context, call));
    for (; line !== none && items.length < maxPurchases; line = state.lines.previousOfSale.get(line)) {
      items.push(buyerView(state, line));
    }
    return context.read(JSON.stringify({ items }));
  }

  private view(entry: number, call: Call): EntryView {
    return entryView(this.context.state, entry, (noun, row) => this.context.owners.tokenFor(call, noun, row));
  }

  /** As it was when joined: in line, at that place, with no offer yet. */
  private readonly renderJoined = (outcome: Outcome, call: Call): Answer => {
    const { context } = this;
    if (!outcome.ok) return context.refused(outcome, call);
    const entry = outcome.thing;
    if (outcome.row === outcomes.NO_EFFECT) {
      // To name a customer is not to be that customer: the place and its offer are told to who has its token.
      if (!context.owners.isOwner(call, 'waitlist', entry))
        throw new HttpFailure(problems.TOKEN_REQUIRED, inLineAlready);
      return context.answer(outcome, 200, JSON.stringify(entryView(context.state, entry, null)));
    }
    const { waitlist } = context.state;
    const id = formatId('waitlist', context.cell, entry);
    const made = {
      ...entryView(context.state, entry, null),
      position: outcome.remaining + 1,
      status: 'waiting',
      hold: null,
      createdAt: formatTime(waitlist.createdAtMs.get(entry)),
    };
    const body = withToken(JSON.stringify(made), context.owners.signsFor(call, 'waitlist', entry));
    return context.answer(outcome, 201, body, { Location: `/v1/waitlist/${id}` });
  };

  private readonly renderLeft = (outcome: Outcome, call: Call): Answer => {
    const { context } = this;
    if (!outcome.ok) return context.refused(outcome, call);
    return context.answer(outcome, 204, '');
  };
}
