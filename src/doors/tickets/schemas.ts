/** Shapes of the tickets dialect, for its OpenAPI part. Its own sentences for errors are in `quantity.ts`. */
import { Type } from 'typebox';
import { namePattern } from '../texts.ts';

export const maxQuantity = 10;

export const purchaseRequest = Type.Object({
  quantity: Type.Integer({ minimum: 1, maximum: maxQuantity, description: 'Seats to buy.' }),
});

export const purchaseAnswer = Type.Object({ success: Type.Literal(true), seatsRemaining: Type.Integer() });

export const soldOutAnswer = Type.Object({ error: Type.Literal('SOLD_OUT') });

export const errorAnswer = Type.Object({
  success: Type.Literal(false),
  error: Type.String(),
  message: Type.String(),
});

export const notFoundAnswer = Type.Object({
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

const eventShape = Type.Object({
  id: Type.String(),
  name: Type.String(),
  totalSeats: Type.Integer(),
  seatsSold: Type.Integer(),
  seatsRemaining: Type.Integer(),
  createdAt: Type.String({ format: 'date-time' }),
});

const purchaseShape = Type.Object({
  id: Type.String(),
  eventId: Type.String(),
  quantity: Type.Integer(),
  idempotencyKey: Type.Union([Type.String(), Type.Null()]),
  statusCode: Type.Integer(),
  responseBody: Type.String(),
  wasSuccessful: Type.Boolean(),
  createdAt: Type.String({ format: 'date-time' }),
  isNewPurchase: Type.Optional(Type.Boolean({ description: 'In answers to a purchase: false for a replay.' })),
});

export const purchaseByEventRequest = Type.Object({
  eventId: Type.String({ minLength: 1, maxLength: 64 }),
  quantity: Type.Integer({ minimum: 1, maximum: maxQuantity }),
  idempotencyKey: Type.String({ minLength: 1, maxLength: 255 }),
});

export const eventAnswer = Type.Object({ success: Type.Literal(true), data: eventShape });
export const eventsAnswer = Type.Object({ success: Type.Literal(true), data: Type.Array(eventShape) });
export const purchaseDataAnswer = Type.Object({ success: Type.Literal(true), data: purchaseShape });
export const purchasesAnswer = Type.Object({ success: Type.Literal(true), data: Type.Array(purchaseShape) });
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
