/** The paths of events and purchases as records: their callers and answers. */
import { Type } from 'typebox';
import type { Route } from '../../http/door.ts';
import type { Operations } from '../kit/operations.ts';
import type { KeyIndex } from './purchase-keys.ts';
import * as records from './records.ts';
import { maxPage, maxListed } from './requests.ts';
import * as schemas from './schemas.ts';
import type { Statistics } from './statistics.ts';

const paged = {
  page: Type.Integer({
    minimum: 1,
    maximum: maxPage,
    default: 1,
    description: 'Page number. Page 1 holds the newest records.',
  }),
  limit: Type.Integer({ minimum: 1, maximum: maxListed, default: maxListed }),
};

export function recordRoutes(operations: Operations, statistics: Statistics, index: KeyIndex | null): Route[] {
  const { node } = operations;
  return [
    operations.read(
      {
        method: 'GET',
        path: '/api/v1/events',
        needs: 'buy',
        shared: true,
        summary: 'List ticket events, newest first',
        answers: { 200: { description: 'A page of events.', schema: schemas.eventsAnswer } },
        query: paged,
      },
      records.listEvents,
    ),
    operations.operation(
      {
        method: 'POST',
        path: '/api/v1/events',
        needs: 'run',
        summary: 'Create a ticket event and put it on sale',
        body: schemas.eventRequest,
        key: 'optional',
        answers: { 201: { description: 'The created event.', schema: schemas.eventAnswer }, ...schemas.errors },
      },
      records.createEvent,
    ),
    operations.read(
      {
        method: 'GET',
        path: '/api/v1/events/:id',
        needs: 'buy',
        shared: true,
        summary: 'Get a ticket event',
        answers: { 200: { description: 'The event.', schema: schemas.oneEventAnswer }, 404: schemas.nothing },
      },
      records.oneEvent(node, index),
    ),
    operations.read(
      {
        method: 'GET',
        path: '/api/v1/events/:id/availability',
        needs: 'buy',
        shared: true,
        summary: 'Get the seat counts of a ticket event',
        answers: { 200: { description: 'The seat counts.', schema: schemas.dataAnswer }, 404: schemas.nothing },
      },
      records.availability,
    ),
    operations.operation(
      {
        method: 'POST',
        path: '/api/v1/purchases',
        needs: 'buy',
        summary: 'Buy seats of a given event, with the idempotency key in the body',
        body: schemas.purchaseByEventRequest,
        answers: {
          200: { description: 'The purchase that this key made before.', schema: schemas.purchaseDataAnswer },
          201: { description: 'The new purchase.', schema: schemas.purchaseDataAnswer },
          404: schemas.nothing,
          409: { description: 'Fewer seats are left than requested.', schema: schemas.errorAnswer },
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
        summary: 'List purchases, newest first',
        answers: { 200: { description: 'A page of purchases.', schema: schemas.purchasesAnswer } },
        query: paged,
      },
      records.listPurchases(node, index),
    ),
    operations.read(
      {
        method: 'GET',
        path: '/api/v1/purchases/stats',
        needs: 'buy',
        summary: 'Get totals over all ticket events',
        answers: { 200: { description: 'The totals.', schema: schemas.dataAnswer } },
      },
      records.totals,
    ),
    operations.read(
      {
        method: 'GET',
        path: '/api/v1/purchases/idempotency-key',
        needs: 'buy',
        summary: 'Create an idempotency key',
        answers: { 200: { description: 'A random UUID.', schema: schemas.dataAnswer } },
      },
      records.freshKey,
    ),
    operations.read(
      {
        method: 'GET',
        path: '/api/v1/purchases/:id',
        needs: 'see',
        summary: 'Get a purchase',
        answers: { 200: { description: 'The purchase.', schema: schemas.purchaseDataAnswer }, 404: schemas.nothing },
      },
      records.onePurchase(node),
    ),
    operations.read(
      {
        method: 'GET',
        path: '/api/v1/purchases/event/:eventId',
        needs: 'see',
        summary: 'List the purchases of an event, newest first',
        answers: {
          200: { description: 'A page of purchases.', schema: schemas.purchasesAnswer },
          404: schemas.nothing,
        },
        query: paged,
      },
      records.listPurchasesOf(node, index),
    ),
  ];
}
