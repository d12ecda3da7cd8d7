/** The paths of events and purchases as records: who may call them, what they answer. */
import { Type } from 'typebox';
import type { Route } from '../../http/door.ts';
import type { Operations } from '../kit/operations.ts';
import * as records from './records.ts';
import { maxPage, maxListed } from './requests.ts';
import * as schemas from './schemas.ts';
import type { Statistics } from './statistics.ts';

const paged = {
  page: Type.Integer({ minimum: 1, maximum: maxPage, default: 1, description: 'Page 1 has the newest.' }),
  limit: Type.Integer({ minimum: 1, maximum: maxListed, default: maxListed }),
};

export function recordRoutes(operations: Operations, statistics: Statistics): Route[] {
  const { node } = operations;
  return [
    operations.read(
      {
        method: 'GET',
        path: '/api/v1/events',
        needs: 'buy',
        shared: true,
        summary: 'Ticket events, newest first',
        answers: { 200: { description: 'Events', schema: schemas.eventsAnswer } },
        query: paged,
      },
      records.listEvents,
    ),
    operations.operation(
      {
        method: 'POST',
        path: '/api/v1/events',
        needs: 'run',
        summary: 'Create a ticket event; it becomes the one on sale',
        body: schemas.eventRequest,
        key: 'optional',
        answers: { 201: { description: 'Created', schema: schemas.eventAnswer }, ...schemas.errors },
      },
      records.createEvent,
    ),
    operations.read(
      {
        method: 'GET',
        path: '/api/v1/events/:id',
        needs: 'buy',
        shared: true,
        summary: 'One ticket event',
        answers: { 200: { description: 'Event', schema: schemas.oneEventAnswer }, 404: schemas.nothing },
      },
      records.oneEvent(node),
    ),
    operations.read(
      {
        method: 'GET',
        path: '/api/v1/events/:id/availability',
        needs: 'buy',
        shared: true,
        summary: 'Seats of one ticket event',
        answers: { 200: { description: 'Counts', schema: schemas.dataAnswer }, 404: schemas.nothing },
      },
      records.availability,
    ),
    operations.operation(
      {
        method: 'POST',
        path: '/api/v1/purchases',
        needs: 'buy',
        summary: 'Buy seats of a named event, with the key in the body',
        body: schemas.purchaseByEventRequest,
        answers: {
          200: { description: 'Bought before with this key', schema: schemas.purchaseDataAnswer },
          201: { description: 'Bought', schema: schemas.purchaseDataAnswer },
          404: schemas.nothing,
          409: { description: 'Fewer seats left than asked for', schema: schemas.errorAnswer },
          ...schemas.errors,
        },
      },
      records.purchaseByEvent(statistics),
    ),
    operations.read(
      {
        method: 'GET',
        path: '/api/v1/purchases',
        needs: 'see',
        summary: 'The newest purchases',
        answers: { 200: { description: 'Purchases', schema: schemas.purchasesAnswer } },
        query: paged,
      },
      records.listPurchases(node),
    ),
    operations.read(
      {
        method: 'GET',
        path: '/api/v1/purchases/stats',
        needs: 'buy',
        summary: 'Totals over all ticket events',
        answers: { 200: { description: 'Totals', schema: schemas.dataAnswer } },
      },
      records.totals,
    ),
    operations.read(
      {
        method: 'GET',
        path: '/api/v1/purchases/idempotency-key',
        needs: 'buy',
        summary: 'A fresh key',
        answers: { 200: { description: 'A UUID', schema: schemas.dataAnswer } },
      },
      records.freshKey,
    ),
    operations.read(
      {
        method: 'GET',
        path: '/api/v1/purchases/:id',
        needs: 'see',
        summary: 'One purchase',
        answers: { 200: { description: 'Purchase', schema: schemas.purchaseDataAnswer }, 404: schemas.nothing },
      },
      records.onePurchase(node),
    ),
    operations.read(
      {
        method: 'GET',
        path: '/api/v1/purchases/event/:eventId',
        needs: 'see',
        summary: 'The newest purchases of one event',
        answers: { 200: { description: 'Purchases', schema: schemas.purchasesAnswer }, 404: schemas.nothing },
        query: paged,
      },
      records.listPurchasesOf(node),
    ),
  ];
}
