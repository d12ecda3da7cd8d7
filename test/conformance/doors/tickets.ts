import type { Ask, DoorTable, Refusal } from '../door/table.ts';

const path = '/api/v1/purchase';

function no(status: number, error: string, message: RegExp | string = /./): Refusal {
  const text = typeof message === 'string' ? `"${message}"` : `".*${message.source}.*"`;
  return [status, new RegExp(`^{"success":false,("statusCode":${status},)?"error":"${error}","message":${text}}$`)];
}

function buy(quantity: unknown): Ask {
  return { method: 'POST', path, json: { quantity } };
}

function event(totalSeats: number): Ask {
  return { method: 'POST', path: '/api/v1/events', json: { name: 'A night', totalSeats } };
}

function read(path: string): Ask {
  return { method: 'GET', path: `/api/v1/${path}` };
}

const eventMissing: Refusal = [404, '{"success":false,"statusCode":404,"message":"Event not found"}'];
const purchaseMissing: Refusal = [404, '{"success":false,"statusCode":404,"message":"Purchase not found"}'];
const malformed = no(400, 'INVALID_IDEMPOTENCY_KEY');

export const tickets: DoorTable = {
  name: 'tickets',
  args: ['--doors', 'tickets'],
  stock: (units) => [event(units)],
  take: () => buy(1),
  taken: 200,
  tellsApart: ({ body }) => Number(body['seatsRemaining']),
  left: { ask: { method: 'GET', path: '/api/v1/event' }, read: ({ body }) => Number(body['seatsRemaining']) },
  // The newest event is the one on sale.
  relief: [event(2)],
  key: 'required',
  keyed: [[event(5), 'optional']],
  others: [buy(2), buy(10)],
  says: {
    soldOut: [409, '{"error":"SOLD_OUT"}'],
    keyReused: no(422, 'IDEMPOTENCY_KEY_REUSED'),
    missingKey: [
      400,
      '{"success":false,"error":"MISSING_IDEMPOTENCY_KEY","message":"Idempotency-Key header is required"}',
    ],
    malformedKey: malformed,
    emptyKey: malformed,
    noRoom: no(503, 'NOT_TAKEN'),
    keysFull: no(503, 'KEYS_FULL'),
    unknownResult: no(503, 'RESULT_UNKNOWN'),
    noJson: no(400, 'VALIDATION_ERROR'),
    fieldTwice: no(400, 'VALIDATION_ERROR', /twice/),
    noObject: no(400, 'VALIDATION_ERROR', /Expected object, received/),
    tooLarge: no(413, 'BODY_TOO_LARGE'),
    otherType: no(415, 'UNSUPPORTED_TYPE'),
    foreignOrigin: no(403, 'FOREIGN_ORIGIN'),
    foreignHost: no(403, 'FOREIGN_HOST'),
  },
  errorForms: [
    ['error'],
    ['success', 'error', 'message'],
    ['success', 'statusCode', 'error', 'message'],
    ['success', 'statusCode', 'message'],
  ],
  byId: (id) =>
    [id, `sale_0_${id}`, `order_0_${id}`, 'sale_1_1', 'order_1_1', 'order_0_1_1'].flatMap((one) => [
      ...['', '/availability'].map((more) => [read(`events/${one}${more}`), eventMissing] as const),
      [read(`purchases/event/${one}`), eventMissing] as const,
      [read(`purchases/${one}`), purchaseMissing] as const,
    ]),
  unknown: [
    [
      {
        method: 'POST',
        path: '/api/v1/purchases',
        json: { eventId: 'sale_0_9', quantity: 1, idempotencyKey: 'mended' },
      },
      eventMissing,
    ],
  ],
  invalid: [
    [buy(0), no(400, 'VALIDATION_ERROR', 'Quantity must be at least 1')],
    [buy(11), no(400, 'VALIDATION_ERROR', 'Quantity cannot exceed 10')],
    [buy(1.5), no(400, 'VALIDATION_ERROR', 'Quantity must be an integer')],
    [buy('2'), no(400, 'VALIDATION_ERROR', 'Expected number, received string')],
    [{ method: 'POST', path, json: {} }, no(400, 'VALIDATION_ERROR', 'Required')],
  ],
};
