/** The tickets dialect: one sale at a time to a crowd, each request with a key. See DESIGN.md for what differs from the original. */
import { Command, doors, kinds, scopes } from '../../engine/command.ts';
import { fingerprintQuantity, fingerprintText } from '../../engine/fingerprint.ts';
import type { Outcome } from '../../engine/outcome.ts';
import type { Call } from '../../http/call.ts';
import { checkKey, readKey, requireKey } from '../../http/idempotency.ts';
import { jsonHeaders, jsonResponse, replayedHeaders } from '../../http/json.ts';
import type { Door, Route } from '../../http/route.ts';
import type { Node } from '../../node/node.ts';
import { formatId } from '../ids.ts';
import { composed } from '../texts.ts';
import { failed, missing, refused } from './errors.ts';
import { eventCounts, eventDefinition, eventView, findEvent, newestEvent } from './events.ts';
import { allEvents, findPurchase, newestLines, purchaseBody, purchaseTotals, purchaseView } from './purchases.ts';
import { asObject, quantityOf, readLimit, readName, readQuantity, readSeats, readText } from './quantity.ts';
import * as schemas from './schemas.ts';
import { Statistics } from './statistics.ts';

const bought = { status: 200, headers: jsonHeaders };
const replayed = { status: 200, headers: replayedHeaders };
const purchasePath = '/api/v1/purchase';

export function ticketsDoor(node: Node): Door {
  const tickets = new Tickets(node);
  return {
    name: 'tickets',
    routes: tickets.routes(),
    prefixes: ['/api/v1'],
    anyCase: true,
    failed,
    answered: (call, status, ms) => tickets.statistics.count(isPurchase(call.route), status, ms),
  };
}

function isPurchase(route: Route | null): boolean {
  return route?.method === 'POST' && route.path.startsWith(purchasePath);
}

class Tickets {
  readonly statistics = new Statistics();
  private readonly node: Node;
  /** Filled and submitted without a pause in between, so one is enough. */
  private readonly command = new Command();

  constructor(node: Node) {
    this.node = node;
  }

  routes(): Route[] {
    const errors = {
      400: { description: 'Malformed', schema: schemas.errorAnswer },
      422: { description: 'The key was used for another request', schema: schemas.errorAnswer },
      503: { description: 'Not known to be taken; the same key tells', schema: schemas.errorAnswer },
    };
    const nothing = { description: 'Nothing there', schema: schemas.notFoundAnswer };
    return [
      {
        method: 'GET',
        path: '/api/v1/event',
        access: 'public',
        summary: 'Seats of the newest ticket event',
        answers: { 200: { description: 'Counts', schema: schemas.countsAnswer }, 404: nothing },
        handle: () => this.currentEvent(),
      },
      {
        method: 'POST',
        path: purchasePath,
        access: 'public',
        summary: 'Buy seats of the newest ticket event',
        body: schemas.purchaseRequest,
        key: 'required',
        answers: {
          200: { description: 'Bought', schema: schemas.purchaseAnswer },
          404: nothing,
          409: { description: 'Fewer seats left than asked for', schema: schemas.soldOutAnswer },
          ...errors,
        },
        handle: (call) => this.purchase(call),
      },
      {
        method: 'GET',
        path: '/api/v1/stats',
        access: 'public',
        summary: 'Counters and latency of this process',
        answers: { 200: { description: 'Statistics', schema: schemas.statsAnswer } },
        handle: () => this.stats(),
      },
      {
        method: 'GET',
        path: '/api/v1/events',
        access: 'public',
        summary: 'Ticket events, newest first',
        answers: { 200: { description: 'Events', schema: schemas.eventsAnswer } },
        handle: (call) => this.listEvents(call),
      },
      {
        method: 'POST',
        path: '/api/v1/events',
        access: 'operator',
        summary: 'Create a ticket event; it becomes the one on sale',
        body: schemas.eventRequest,
        key: 'optional',
        answers: { 201: { description: 'Created', schema: schemas.eventAnswer }, ...errors },
        handle: (call) => this.createEvent(call),
      },
      {
        method: 'GET',
        path: '/api/v1/events/:id',
        access: 'public',
        summary: 'One ticket event',
        answers: { 200: { description: 'Event', schema: schemas.eventAnswer }, 404: nothing },
        handle: (call) => this.oneEvent(call, (row) => eventView(this.state, row)),
      },
      {
        method: 'GET',
        path: '/api/v1/events/:id/availability',
        access: 'public',
        summary: 'Seats of one ticket event',
        answers: { 200: { description: 'Counts', schema: schemas.dataAnswer }, 404: nothing },
        handle: (call) =>
          this.oneEvent(call, (row) => {
            const counts = eventCounts(this.state, row);
            return { eventId: call.param('id'), ...counts, isAvailable: counts.seatsRemaining > 0 };
          }),
      },
      {
        method: 'POST',
        path: '/api/v1/purchases',
        access: 'public',
        summary: 'Buy seats of a named event, with the key in the body',
        body: schemas.purchaseByEventRequest,
        answers: {
          200: { description: 'Bought before with this key', schema: schemas.purchaseDataAnswer },
          201: { description: 'Bought', schema: schemas.purchaseDataAnswer },
          404: nothing,
          409: { description: 'Fewer seats left than asked for', schema: schemas.soldOutAnswer },
          ...errors,
        },
        handle: (call) => this.purchaseByEvent(call),
      },
      {
        method: 'GET',
        path: '/api/v1/purchases',
        access: 'operator',
        summary: 'The newest purchases',
        answers: { 200: { description: 'Purchases', schema: schemas.purchasesAnswer } },
        handle: (call) => this.listPurchases(call, allEvents(this.state)),
      },
      {
        method: 'GET',
        path: '/api/v1/purchases/stats',
        access: 'public',
        summary: 'Totals over all ticket events',
        answers: { 200: { description: 'Totals', schema: schemas.dataAnswer } },
        handle: () => data(purchaseTotals(this.state)),
      },
      {
        method: 'GET',
        path: '/api/v1/purchases/idempotency-key',
        access: 'public',
        summary: 'A fresh key',
        answers: { 200: { description: 'A UUID', schema: schemas.dataAnswer } },
        handle: () => data({ idempotencyKey: crypto.randomUUID() }),
      },
      {
        method: 'GET',
        path: '/api/v1/purchases/:id',
        access: 'operator',
        summary: 'One purchase',
        answers: { 200: { description: 'Purchase', schema: schemas.purchaseDataAnswer }, 404: nothing },
        handle: (call) => this.onePurchase(call),
      },
      {
        method: 'GET',
        path: '/api/v1/purchases/event/:eventId',
        access: 'operator',
        summary: 'The newest purchases of one event',
        answers: { 200: { description: 'Purchases', schema: schemas.purchasesAnswer }, 404: nothing },
        handle: (call) => {
          const event = findEvent(this.state, call.param('eventId'));
          if (event < 0) throw missing('Event not found');
          return this.listPurchases(call, [event]);
        },
      },
    ];
  }

  private get state(): Node['engine']['state'] {
    return this.node.engine.state;
  }

  private currentEvent(): Response {
    const event = newestEvent(this.state);
    if (event < 0) throw missing('No event found');
    return jsonResponse(eventCounts(this.state, event));
  }

  private purchase(call: Call): Promise<Response> {
    // The key is checked before the body is read, as the original does.
    const key = requireKey(call.header('idempotency-key'));
    return call.withBody((bytes) => {
      const quantity = quantityOf(bytes);
      const event = newestEvent(this.state);
      if (event < 0) throw missing('No event found');
      const command = this.command.reset(kinds.order);
      command.setKey(scopes.door, doors.tickets, key);
      command.addLine(event, quantity);
      fingerprintQuantity(command, quantity, 0);
      this.node.submitTo(command, this.renderPurchase, call);
      return undefined;
    });
  }

  private readonly renderPurchase = (outcome: Outcome, call: Call): Response => {
    if (!outcome.ok) return refused(outcome.row, call);
    if (!outcome.replayed) this.statistics.successPurchases += 1;
    const body = purchaseBody(outcome.remaining);
    return new Response(body, outcome.replayed ? replayed : bought);
  };

  private async purchaseByEvent(call: Call): Promise<Response> {
    const body = asObject(await call.readJson());
    const key = checkKey(readText(body['idempotencyKey'], 'idempotencyKey', 255));
    const eventId = readText(body['eventId'], 'eventId', 64);
    const quantity = readQuantity(body['quantity']);
    const event = findEvent(this.state, eventId);
    if (event < 0) throw missing('Event not found');
    const command = this.command.reset(kinds.order);
    command.setKey(scopes.door, doors.tickets, key);
    command.addLine(event, quantity);
    fingerprintText(command, `${eventId} ${quantity}`);
    const purchase = await this.node.submit(command, this.renderBought, call);
    if (purchase instanceof Response) return purchase;
    const view = await purchaseView(this.node, this.state.orders.firstLine.get(purchase.order));
    return data({ ...view, isNewPurchase: !purchase.replayed }, purchase.replayed ? 200 : 201, purchase.replayed);
  }

  private readonly renderBought = (outcome: Outcome, call: Call): Response | { order: number; replayed: boolean } => {
    if (!outcome.ok) return refused(outcome.row, call);
    if (!outcome.replayed) this.statistics.successPurchases += 1;
    return { order: outcome.thing, replayed: outcome.replayed };
  };

  private async createEvent(call: Call): Promise<Response> {
    const key = readKey(call.header('idempotency-key'));
    const body = asObject(await call.readJson());
    const name = readName(body['name']);
    const totalSeats = readSeats(body['totalSeats']);
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
    const made = this.state.sales.made[outcome.thing]!;
    const view = eventView(this.state, outcome.thing);
    return data(
      { ...view, name: made.name, totalSeats: made.capacity, seatsSold: 0, seatsRemaining: made.capacity },
      201,
      outcome.replayed,
    );
  };

  private listEvents(call: Call): Response {
    const limit = readLimit(call.url.searchParams.get('limit'));
    const newest = allEvents(this.state).slice(-limit).reverse();
    return data(newest.map((row) => eventView(this.state, row)));
  }

  private oneEvent(call: Call, view: (row: number) => unknown): Response {
    const row = findEvent(this.state, call.param('id'));
    if (row < 0) throw missing('Event not found');
    return data(view(row));
  }

  private async listPurchases(call: Call, events: readonly number[]): Promise<Response> {
    const lines = newestLines(this.state, events, readLimit(call.url.searchParams.get('limit')));
    return data(await Promise.all(lines.map((line) => purchaseView(this.node, line))));
  }

  private async onePurchase(call: Call): Promise<Response> {
    const line = findPurchase(this.state, call.param('id'));
    if (line < 0) throw missing('Purchase not found');
    return data(await purchaseView(this.node, line));
  }

  private stats(): Response {
    const { statistics, state } = this;
    const event = newestEvent(state);
    const { totalSeats, seatsSold } = event < 0 ? { totalSeats: 0, seatsSold: 0 } : eventCounts(state, event);
    return jsonResponse({
      totalRequests: statistics.totalRequests,
      successPurchases: statistics.successPurchases,
      failedPurchases: statistics.failedPurchases,
      p95Latency: statistics.p95Latency(),
      cacheStats: {
        seatCache:
          event < 0
            ? null
            : {
                eventId: formatId('sale', state.genesis.cell, event),
                totalSeats,
                seatsSold,
                lastUpdated: this.node.engine.nowMs,
              },
        idempotencyCacheSize: state.keys.count,
      },
    });
  }
}

function data(value: unknown, status = 200, replayed = false): Response {
  const body = JSON.stringify({ success: true, data: value });
  return new Response(body, { status, headers: replayed ? replayedHeaders : jsonHeaders });
}
