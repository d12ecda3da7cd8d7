/** The rush: seats of the newest event, as fast as possible. */
import { doors, kinds, scopes } from '../../engine/command.ts';
import { linesOf } from '../../engine/commands/lines.ts';
import { fingerprintQuantity } from '../../engine/fingerprint.ts';
import type { State } from '../../engine/state.ts';
import type { Route } from '../../http/door.ts';
import type { RouteTerms } from '../../http/route.ts';
import { jsonAnswer, jsonText } from '../kit/answers.ts';
import { formatId } from '../kit/ids.ts';
import { missing } from '../kit/input.ts';
import type { Operation, Read } from '../kit/operation.ts';
import type { Operations } from '../kit/operations.ts';
import { eventCounts, newestEvent } from './events.ts';
import { purchaseBody } from './purchases.ts';
import { quantityOf } from './quantity.ts';
import * as schemas from './schemas.ts';
import type { Statistics } from './statistics.ts';

const purchasePath = '/api/v1/purchase';

export function isPurchase(route: RouteTerms | null): boolean {
  return route?.method === 'POST' && route.path.startsWith(purchasePath);
}

export function rushRoutes(operations: Operations, statistics: Statistics): Route[] {
  return [
    operations.read(
      {
        method: 'GET',
        path: '/api/v1/event',
        needs: 'buy',
        shared: true,
        summary: 'Get the seat counts of the newest ticket event',
        answers: { 200: { description: 'The seat counts.', schema: schemas.countsAnswer }, 404: schemas.nothing },
      },
      currentEvent,
    ),
    operations.operation(
      {
        method: 'POST',
        path: purchasePath,
        needs: 'buy',
        summary: 'Buy seats of the newest ticket event',
        body: schemas.purchaseRequest,
        key: 'required',
        answers: {
          200: { description: 'The seats are bought.', schema: schemas.purchaseAnswer },
          404: schemas.nothing,
          409: { description: 'Fewer seats are left than requested.', schema: schemas.soldOutAnswer },
          ...schemas.errors,
        },
      },
      purchase(statistics),
    ),
    operations.read(
      {
        method: 'GET',
        path: '/api/v1/stats',
        needs: 'buy',
        summary: 'Get counters and latency of this process',
        answers: { 200: { description: 'The statistics.', schema: schemas.statsAnswer } },
      },
      stats(statistics),
    ),
  ];
}

const currentEvent: Read<undefined> = {
  read: () => undefined,
  answer: (_, state) => jsonAnswer(eventCounts(state, eventOnSale(state))),
};

/** The request is a quantity and nothing else: the event is the newest one. */
function purchase(statistics: Statistics): Operation<number> {
  return {
    read: (_, body) => quantityOf(body),
    fill: (quantity, state, command) => {
      linesOf(command.reset(kinds.order)).add(eventOnSale(state), quantity);
      return undefined;
    },
    keep: (key, quantity, command) => {
      command.setKey(scopes.door, doors.tickets, key);
      fingerprintQuantity(command, quantity, 0);
    },
    answer: ({ remaining, replayed }) => {
      if (!replayed) statistics.successPurchases += 1;
      return jsonText(purchaseBody(remaining));
    },
  };
}

function stats(statistics: Statistics): Read<undefined> {
  return {
    read: () => undefined,
    answer: (_, state) => {
      const { totalRequests, successPurchases, failedPurchases } = statistics;
      const idempotencyCacheSize = state.keys.count;
      return jsonAnswer({
        totalRequests,
        successPurchases,
        failedPurchases,
        p95Latency: statistics.p95Latency(),
        cacheStats: { seatCache: seatsOfNewest(state), idempotencyCacheSize },
      });
    },
  };
}

function seatsOfNewest(state: State): object | null {
  const event = newestEvent(state);
  if (event < 0) return null;
  const { totalSeats, seatsSold } = eventCounts(state, event);
  return { eventId: formatId('sale', state.genesis.cell, event), totalSeats, seatsSold, lastUpdated: state.civilMs };
}

/** Row of the event on sale. @throws HttpFailure 404 */
function eventOnSale(state: State): number {
  const event = newestEvent(state);
  if (event < 0) throw missing('No event found');
  return event;
}
