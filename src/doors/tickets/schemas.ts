/**
 * Shapes of the tickets dialect, for its OpenAPI part. `quantity.ts` has its sentences for errors.
 */
import { Type } from 'typebox';
import { namePattern } from '../kit/texts.ts';

export const maxQuantity = 10;

export const purchaseRequest = Type.Object({
  quantity: Type.Integer({ minimum: 1, maximum: maxQuantity, description: 'Number of seats to buy.' }),
});

export const purchaseAnswer = Type.Object({ success: Type.Literal(true), seatsRemaining: Type.Integer() });

export const soldOutAnswer = Type.Object({ error: Type.Literal('SOLD_OUT') });

export const errorAnswer = Type.Object({
  success: Type.Literal(false),
  statusCode: Type.Optional(Type.Integer({ description: 'Only on the paths of events and purchases.' })),
  error: Type.String(),
  message: Type.String(),
});

const notFoundAnswer = Type.Object({
  success: Type.Literal(false),
  statusCode: Type.Literal(404),
  message: Type.String(),
});

export const countsAnswer = Type.Object({
  totalSeats: Type.Integer(),
  seatsSold: Type.Integer(),
  seatsRemaining: Type.Integer(),
});

export const eventRequest = Type.Object({
  name: Type.String({ minLength: 1, maxLength: 200, pattern: namePattern }),
  totalSeats: Type.Optional(Type.Integer({ minimum: 1, maximum: 1_000_000_000, default: 5000 })),
});

const eventFields = {
  id: Type.String(),
  name: Type.String(),
  totalSeats: Type.Integer(),
  seatsSold: Type.Integer(),
  seatsRemaining: Type.Integer(),
  createdAt: Type.String({ format: 'date-time' }),
  updatedAt: Type.String({ format: 'date-time' }),
};
const eventShape = Type.Object(eventFields);

const purchaseFields = {
  id: Type.String(),
  eventId: Type.String(),
  quantity: Type.Integer(),
  idempotencyKey: Type.Union([Type.String(), Type.Null()]),
  statusCode: Type.Integer(),
  responseBody: Type.String(),
  wasSuccessful: Type.Boolean(),
  createdAt: Type.String({ format: 'date-time' }),
  isNewPurchase: Type.Optional(Type.Boolean({ description: 'In answers to a purchase: false for a repeated one.' })),
};
const purchaseShape = Type.Object(purchaseFields);

export const purchaseByEventRequest = Type.Object({
  eventId: Type.String({ minLength: 1, maxLength: 64 }),
  quantity: Type.Integer({ minimum: 1, maximum: maxQuantity }),
  idempotencyKey: Type.String({ minLength: 1, maxLength: 255 }),
});

const succeeded = { success: Type.Literal(true) };
export const eventAnswer = Type.Object({ ...succeeded, data: eventShape, message: Type.Optional(Type.String()) });
export const oneEventAnswer = Type.Object({
  ...succeeded,
  data: Type.Object({
    ...eventFields,
    purchases: Type.Optional(
      Type.Array(purchaseShape, { description: 'The newest 100 purchases. For operators only.' }),
    ),
  }),
});
export const eventsAnswer = Type.Object({
  ...succeeded,
  data: Type.Array(Type.Object({ ...eventFields, _count: Type.Object({ purchases: Type.Integer() }) })),
});
export const purchaseDataAnswer = Type.Object({
  ...succeeded,
  data: Type.Object({
    ...purchaseFields,
    event: Type.Optional(Type.Object({ id: Type.String(), name: Type.String() })),
  }),
  message: Type.Optional(Type.String()),
  isNewPurchase: Type.Optional(Type.Boolean()),
});
export const purchasesAnswer = Type.Object({ ...succeeded, data: Type.Array(purchaseShape) });
export const dataAnswer = Type.Object({
  success: Type.Literal(true),
  data: Type.Object({}, { additionalProperties: true }),
});
export const statsAnswer = Type.Object({
  totalRequests: Type.Integer(),
  successPurchases: Type.Integer(),
  failedPurchases: Type.Integer(),
  p95Latency: Type.Number(),
  cacheStats: Type.Object({
    seatCache: Type.Union([
      Type.Object({
        eventId: Type.String(),
        totalSeats: Type.Integer(),
        seatsSold: Type.Integer(),
        lastUpdated: Type.Integer(),
      }),
      Type.Null(),
    ]),
    idempotencyCacheSize: Type.Integer(),
  }),
});

export const nothing = { description: 'Not found.', schema: notFoundAnswer };

export const errors = {
  400: { description: 'The request is invalid.', schema: errorAnswer },
  422: { description: 'The idempotency key was used for a different request.', schema: errorAnswer },
  503: { description: 'The result is not known. Retry with the same key.', schema: errorAnswer },
};
