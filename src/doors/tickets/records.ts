/** Events and purchases as records: what stands beside the rush. An event is made, lists are read, and an event is bought from by name. */
import { Command, doors, kinds, scopes } from '../../engine/command.ts';
import { linesOf } from '../../engine/commands/lines.ts';
import { fingerprintText } from '../../engine/fingerprint.ts';
import type { Outcome } from '../../engine/outcome.ts';
import type { State } from '../../engine/state.ts';
import type { Call } from '../../http/call.ts';
import { checkKey, readKey } from '../kit/idempotency.ts';
import { jsonHeaders, replayedHeaders } from '../kit/json.ts';
import type { Node } from '../../node/node.ts';
import { formatId } from '../kit/ids.ts';
import { keepsOldForm } from '../kit/old-form.ts';
import { composed } from '../kit/texts.ts';
import { missing, refused } from './errors.ts';
import { eventDefinition, eventView, findEvent, listedEvent, madeEvent, olderEvent } from './events.ts';
import { allEvents, findPurchase, newestLines, purchaseTotals, purchaseView } from './purchases.ts';
import { asObject } from './quantity.ts';
import { mostListed, readEvent, readPage, readPurchase } from './requests.ts';
import type { Statistics } from './statistics.ts';

interface Bought {
  readonly order: number;
  readonly replayed: boolean;
}

export class Records {
  private readonly node: Node;
  private readonly statistics: Statistics;
  /** Filled and submitted without a pause in between, so one is enough. */
  private readonly command = new Command();

  constructor(node: Node, statistics: Statistics) {
    this.node = node;
    this.statistics = statistics;
  }

  private get state(): State {
    return this.node.engine.state;
  }

  listEvents(call: Call): Response {
    const { limit, page } = readPage(call.url.searchParams);
    const events = allEvents(this.state);
    const end = Math.max(0, events.length - (page - 1) * limit);
    const newest = events.slice(Math.max(0, end - limit), end).reverse();
    return data(newest.map((row) => listedEvent(this.state, row)));
  }

  async createEvent(call: Call): Promise<Response> {
    const key = readKey(call.header('idempotency-key'));
    const { name, totalSeats } = readEvent(asObject(await call.readJson()));
    const command = this.command.reset(kinds.createSale);
    command.body = eventDefinition(composed(name), totalSeats);
    if (key !== null) {
      command.setKey(scopes.operator, doors.tickets, key);
      fingerprintText(command, JSON.stringify([name, totalSeats]));
    }
    return this.node.submit(command, this.renderCreated, call);
  }

  /** Rendered as it was made: nothing sold yet, whatever has happened since a first answer. */
  private readonly renderCreated = (outcome: Outcome, call: Call): Response => {
    if (!outcome.ok) return refused(outcome.row, call);
    const made = madeEvent(this.state, outcome.thing);
    if (keepsOldForm(this.state, this.state.sales.position.get(outcome.thing))) {
      return data(olderEvent(made), {}, 201, outcome.replayed);
    }
    return data(made, { message: 'Event created successfully' }, 201, outcome.replayed);
  };

  /** One event; who bought, and with which key, is for an operator to see. */
  async oneEvent(call: Call): Promise<Response> {
    const row = this.eventOf(call.param('id'));
    const event = eventView(this.state, row);
    if (!call.isOperator) return data(event);
    const lines = await newestLines(this.state, [row], mostListed, 1);
    return data({ ...event, purchases: await this.views(lines) });
  }

  availability(call: Call): Response {
    const id = call.param('id');
    const { name, totalSeats, seatsSold, seatsRemaining } = eventView(this.state, this.eventOf(id));
    const isAvailable = seatsRemaining > 0;
    return data({
      eventId: id,
      name,
      totalSeats,
      seatsSold,
      availableSeats: seatsRemaining,
      seatsRemaining,
      isAvailable,
    });
  }

  async purchase(call: Call): Promise<Response> {
    const { idempotencyKey, eventId, quantity } = readPurchase(asObject(await call.readJson()));
    const key = checkKey(idempotencyKey);
    const event = this.eventOf(eventId);
    const command = this.command.reset(kinds.order);
    command.setKey(scopes.door, doors.tickets, key);
    linesOf(command).add(event, quantity);
    fingerprintText(command, `${eventId} ${quantity}`);
    const purchase = await this.node.submit(command, this.renderBought, call);
    if (purchase instanceof Response) return purchase;
    return this.bought(purchase, event);
  }

  private readonly renderBought = (outcome: Outcome, call: Call): Response | Bought => {
    if (!outcome.ok) return refused(outcome.row, call);
    if (!outcome.replayed) this.statistics.successPurchases += 1;
    return { order: outcome.thing, replayed: outcome.replayed };
  };

  private async bought({ order, replayed }: Bought, event: number): Promise<Response> {
    const { state } = this;
    const isNewPurchase = !replayed;
    const status = isNewPurchase ? 201 : 200;
    const view = { ...(await purchaseView(this.node, state.orders.firstLine.get(order))), isNewPurchase };
    if (keepsOldForm(state, state.orders.position.get(order))) return data(view, {}, status, replayed);
    const message = isNewPurchase ? 'Purchase successful' : 'Purchase already exists with this idempotency key';
    const named = { id: formatId('sale', state.genesis.cell, event), name: state.sales.made[event]?.name };
    return data({ ...view, event: named }, { message, isNewPurchase }, status, replayed);
  }

  listPurchases(call: Call): Promise<Response> {
    return this.page(call, allEvents(this.state));
  }

  listPurchasesOf(call: Call): Promise<Response> {
    return this.page(call, [this.eventOf(call.param('eventId'))]);
  }

  private async page(call: Call, events: readonly number[]): Promise<Response> {
    const { limit, page } = readPage(call.url.searchParams);
    return data(await this.views(await newestLines(this.state, events, limit, page)));
  }

  async onePurchase(call: Call): Promise<Response> {
    const line = findPurchase(this.state, call.param('id'));
    if (line < 0) throw missing('Purchase not found');
    return data(await purchaseView(this.node, line));
  }

  totals(): Response {
    return data(purchaseTotals(this.state));
  }

  freshKey(): Response {
    return data({ idempotencyKey: crypto.randomUUID() });
  }

  private views(lines: readonly number[]): Promise<Record<string, unknown>[]> {
    return Promise.all(lines.map((line) => purchaseView(this.node, line)));
  }

  /** Row of an event. @throws HttpFailure 404 */
  private eventOf(id: string): number {
    const row = findEvent(this.state, id);
    if (row < 0) throw missing('Event not found');
    return row;
  }
}

function data(value: unknown, more: object = {}, status = 200, replayed = false): Response {
  const body = JSON.stringify({ success: true, data: value, ...more });
  return new Response(body, { status, headers: replayed ? replayedHeaders : jsonHeaders });
}
