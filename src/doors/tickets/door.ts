/** The tickets dialect: one sale at a time to a crowd, each request with a key. See DESIGN.md for what differs from the original. */
import { Command, doors, kinds, scopes } from '../../engine/command.ts';
import { linesOf } from '../../engine/commands/lines.ts';
import { fingerprintQuantity } from '../../engine/fingerprint.ts';
import type { Outcome } from '../../engine/outcome.ts';
import type { Call } from '../../http/call.ts';
import { requireKey } from '../kit/idempotency.ts';
import { jsonHeaders, jsonResponse, replayedHeaders } from '../kit/json.ts';
import type { Door, Route } from '../../http/door.ts';
import type { RouteTerms } from '../../http/route.ts';
import type { Node } from '../../node/node.ts';
import { formatId } from '../kit/ids.ts';
import { failed, missing, refused } from './errors.ts';
import { eventCounts, newestEvent } from './events.ts';
import { purchaseBody } from './purchases.ts';
import { quantityOf } from './quantity.ts';
import { recordRoutes } from './record-routes.ts';
import { Records } from './records.ts';
import * as schemas from './schemas.ts';
import { Statistics } from './statistics.ts';

const bought = { status: 200, headers: jsonHeaders };
const replayed = { status: 200, headers: replayedHeaders };
const purchasePath = '/api/v1/purchase';

export function ticketsDoor(node: Node): Door {
  const tickets = new Tickets(node);
  const records = new Records(node, tickets.statistics);
  return {
    name: 'tickets',
    routes: [...tickets.routes(), ...recordRoutes(records)],
    prefixes: ['/api/v1'],
    anyCase: true,
    failed,
    answered: (call, status, ms) => tickets.statistics.count(isPurchase(call.route), status, ms),
  };
}

function isPurchase(route: RouteTerms | null): boolean {
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
    return [
      {
        method: 'GET',
        path: '/api/v1/event',
        access: 'public',
        shared: true,
        summary: 'Seats of the newest ticket event',
        answers: { 200: { description: 'Counts', schema: schemas.countsAnswer }, 404: schemas.nothing },
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
          404: schemas.nothing,
          409: { description: 'Fewer seats left than asked for', schema: schemas.soldOutAnswer },
          ...schemas.errors,
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
      linesOf(command).add(event, quantity);
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
                lastUpdated: this.state.civilMs,
              },
        idempotencyCacheSize: state.keys.count,
      },
    });
  }
}
