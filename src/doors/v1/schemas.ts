/**
 * Shapes of the native API: they validate requests, type the operations, and make the OpenAPI
 * document.
 */
import type { TSchema } from 'typebox';
import { Type } from 'typebox';
import { emailPattern, maxEmailCharacters, namePattern } from '../kit/texts.ts';
import { closed, nullable, position, price, time } from '../kit/native-schemas.ts';
import { best, hall, hallFrame, seatLabels, seatsHad } from './seat-schemas.ts';

export const maxQuantity = 10_000;
export const maxCapacity = 1_000_000_000;
export const maxLines = 64;
/** A day. */
export const maxHoldSeconds = 86_400;

export const saleName = Type.String({ minLength: 1, maxLength: 200, pattern: namePattern });
const name = saleName;
const capacity = Type.Integer({ minimum: 0, maximum: maxCapacity });
const quantity = Type.Integer({ minimum: 1, maximum: maxQuantity });
const customerId = Type.String({
  minLength: 1,
  maxLength: 255,
  pattern: '^[^\\u0000-\\u001f\\u007f]+$',
  description:
    'An id of your choice. It is not a credential. Where strangers can call the API, use ids that are hard to guess.',
});
/** Only http and https: it ends up in pages. */
const image = Type.String({ maxLength: 2000, pattern: '^https?://[^\\s"<>]+$', description: 'URL of a picture.' });
const limit = Type.Integer({ minimum: 1, maximum: maxCapacity });
const seconds = Type.Integer({ minimum: 1, maximum: maxHoldSeconds });

const saleTerms = {
  price: Type.Optional(nullable(price)),
  opensAt: Type.Optional(nullable(time)),
  closesAt: Type.Optional(nullable(time)),
  holdSeconds: Type.Optional(seconds),
  maxHoldSeconds: Type.Optional(seconds),
  maxPerOrder: Type.Optional({
    ...nullable(limit),
    description: 'Maximum units in one order or hold. Defaults to 10; null for no limit.',
  }),
  maxPerCustomer: Type.Optional(nullable(limit)),
  refusals: Type.Optional(Type.Union([Type.Literal('forget'), Type.Literal('remember')])),
  image: Type.Optional(nullable(image)),
};

export const countedSaleRequest = Type.Object({ name, kind: Type.Literal('counted'), capacity, ...saleTerms }, closed);
function seatedOf<Hall extends TSchema>(shape: Hall) {
  return Type.Object({ name, kind: Type.Literal('seated'), hall: shape, ...saleTerms }, closed);
}
export const seatedSaleRequest = seatedOf(hall);
export const seatedSaleFrame = seatedOf(hallFrame);
export const saleRequest = Type.Union([countedSaleRequest, seatedSaleRequest]);

export const salePatch = Type.Object(
  {
    name: Type.Optional(name),
    price: Type.Optional(nullable(price)),
    opensAt: Type.Optional(nullable(time)),
    closesAt: Type.Optional(nullable(time)),
    status: Type.Optional(Type.Union([Type.Literal('open'), Type.Literal('paused'), Type.Literal('closed')])),
    capacity: Type.Optional(capacity),
    image: Type.Optional(nullable(image)),
  },
  { ...closed, minProperties: 1 },
);

/**
 * What to buy or hold: a number of units or, in a seated sale, named seats or the best available.
 */
const asks = { quantity: { quantity }, seats: { seats: seatLabels }, best: { best } };
const orderTerms = { customer: Type.Optional(customerId) };
const holdTerms = { customer: Type.Optional(customerId), seconds: Type.Optional(seconds) };
const lineTerms = { sale: Type.String({ minLength: 1, maxLength: 64 }) };

/** By form; a request has exactly one of the three. */
export const orderRequests = {
  quantity: Type.Object({ ...asks.quantity, ...orderTerms }, closed),
  seats: Type.Object({ ...asks.seats, ...orderTerms }, closed),
  best: Type.Object({ ...asks.best, ...orderTerms }, closed),
};
export const holdRequests = {
  quantity: Type.Object({ ...asks.quantity, ...holdTerms }, closed),
  seats: Type.Object({ ...asks.seats, ...holdTerms }, closed),
  best: Type.Object({ ...asks.best, ...holdTerms }, closed),
};
export const lineRequests = {
  quantity: Type.Object({ ...lineTerms, ...asks.quantity }, closed),
  seats: Type.Object({ ...lineTerms, ...asks.seats }, closed),
  best: Type.Object({ ...lineTerms, ...asks.best }, closed),
};
export const orderRequest = Type.Union([orderRequests.quantity, orderRequests.seats, orderRequests.best]);
export const holdRequest = Type.Union([holdRequests.quantity, holdRequests.seats, holdRequests.best]);
export const lineRequest = Type.Union([lineRequests.quantity, lineRequests.seats, lineRequests.best]);

function basketOf<Line extends TSchema>(line: Line) {
  return Type.Object({ lines: Type.Array(line, { minItems: 1, maxItems: maxLines }), ...orderTerms }, closed);
}
/** Of counted sales only, as most are. */
export const countedBasketRequest = basketOf(lineRequests.quantity);
/** Each line is checked by itself, so that each mistake can be named. */
export const basketFrame = basketOf(Type.Unknown());
export const basketRequest = basketOf(lineRequest);

export const extendRequest = Type.Object({ until: time }, closed);

export const cancelRequest = Type.Object(
  {
    lines: Type.Optional(
      Type.Array(Type.Integer({ minimum: 0, maximum: maxLines - 1 }), {
        minItems: 1,
        maxItems: maxLines,
        description: 'Numbers of the lines to cancel, from 0. Omit it to cancel the whole order.',
      }),
    ),
  },
  closed,
);

export const customerRequest = Type.Object(
  {
    id: Type.Optional(customerId),
    name: Type.Optional(nullable(name)),
    email: Type.Optional(nullable(Type.String({ maxLength: maxEmailCharacters, pattern: emailPattern }))),
  },
  closed,
);

const saleStatus = Type.Union(
  (['scheduled', 'open', 'paused', 'closed', 'sold_out'] as const).map((status) => Type.Literal(status)),
);

export const sale = Type.Object({
  id: Type.String(),
  name: Type.String(),
  kind: Type.Union([Type.Literal('counted'), Type.Literal('seated')]),
  status: saleStatus,
  capacity: Type.Integer(),
  sold: Type.Integer(),
  held: Type.Integer(),
  available: Type.Integer(),
  price: nullable(price),
  opensAt: nullable(time),
  closesAt: nullable(time),
  holdSeconds: Type.Integer(),
  maxHoldSeconds: Type.Integer(),
  maxPerOrder: nullable(Type.Integer()),
  maxPerCustomer: nullable(Type.Integer()),
  refusals: Type.Union([Type.Literal('forget'), Type.Literal('remember')]),
  image: nullable(Type.String()),
  door: Type.String({ description: 'The API that made the sale: a dialect, or `v1`.' }),
  createdAt: time,
  position,
});

const line = Type.Object({
  sale: Type.String(),
  quantity: Type.Integer(),
  seats: seatsHad,
  price: nullable(price),
  status: Type.Union([Type.Literal('confirmed'), Type.Literal('cancelled')]),
});

const orderTop = {
  id: Type.String(),
  sale: Type.Optional(
    Type.String({ description: 'Id of the sale, if the order was made on one sale. The line has it too.' }),
  ),
  quantity: Type.Optional(Type.Integer()),
  seats: seatsHad,
  lines: Type.Array(line),
  customer: nullable(Type.String()),
};
const orderEnd = { createdAt: time, position: Type.String() };

/** The answer to its creation, and to each retry. */
export const madeOrder = Type.Object({
  ...orderTop,
  status: Type.Literal('confirmed'),
  total: nullable(price),
  ...orderEnd,
  token: Type.Optional(Type.String({ description: 'Gives access to this order without an operator key. Keep it.' })),
});

/** The price of this many lines: 0 where nothing has a price. */
const money = Type.Object({
  amount: Type.Integer({ minimum: 0, description: 'Amount in minor units, such as cents.' }),
  currency: nullable(Type.String({ description: 'Currency code of ISO 4217. Null if nothing has a price.' })),
});

export const order = Type.Object({
  ...orderTop,
  status: Type.Union(
    (['confirmed', 'partially_cancelled', 'cancelled'] as const).map((status) => Type.Literal(status)),
  ),
  total: Type.Object(money.properties, { description: 'Price of all lines, including cancelled ones.' }),
  active: Type.Object(
    { quantity: Type.Integer({ minimum: 0 }), seats: seatsHad, total: money },
    { description: 'The lines that are not cancelled.' },
  ),
  cancelledTotal: money,
  cancelledAt: Type.Union([time, Type.Null()], {
    description: 'Time of the latest cancellation. Null if there is none, or if an earlier version made it.',
  }),
  ...orderEnd,
});

export const hold = Type.Object({
  id: Type.String(),
  sale: Type.String(),
  quantity: Type.Integer(),
  seats: seatsHad,
  customer: nullable(Type.String()),
  status: Type.Union((['active', 'confirmed', 'released', 'expired'] as const).map((status) => Type.Literal(status))),
  order: nullable(Type.String()),
  expiresAt: time,
  createdAt: time,
  token: Type.Optional(Type.String({ description: 'Gives access to this hold without an operator key. Keep it.' })),
});

export const customer = Type.Object({
  id: Type.String(),
  name: nullable(Type.String()),
  email: nullable(Type.String()),
  createdAt: time,
});

export const waitlistRequest = Type.Object({ quantity, customer: customerId }, closed);

export const waitlistEntry = Type.Object({
  id: Type.String(),
  sale: Type.String(),
  customer: Type.String(),
  quantity: Type.Integer(),
  position: nullable(Type.Integer({ description: 'Place in line: 1 is next. Null when not waiting.' })),
  status: Type.Union((['waiting', 'offered', 'left', 'served'] as const).map((status) => Type.Literal(status))),
  hold: nullable(
    Type.Object({
      id: Type.String(),
      expiresAt: time,
      token: Type.Optional(Type.String({ description: 'Gives access to the offered hold.' })),
    }),
  ),
  createdAt: time,
  token: Type.Optional(
    Type.String({ description: 'Gives access to this place in line without an operator key. Keep it.' }),
  ),
});

export const buyers = Type.Object({
  items: Type.Array(Type.Object({ name: nullable(Type.String()), quantity: Type.Integer(), at: time })),
});

export const saleList = Type.Object({ items: Type.Array(sale), next: nullable(Type.String()) });
