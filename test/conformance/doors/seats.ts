import type { Answer } from '../../http/support/client.ts';
import type { Ask, DoorTable, Refusal } from '../door/table.ts';

function no(status: number, message: string): Refusal {
  return [status, `{"success":false,"message":${JSON.stringify(message)}}`];
}

function book(fields: object): Ask {
  return { method: 'POST', path: '/api/events/book', json: { eventId: 1, numberOfSeats: 1, ...fields } };
}

function cancel(fields: object): Ask {
  return { method: 'DELETE', path: '/api/events/book', json: { eventId: 1, ...fields } };
}

function change(seat: number | string, json: object): Ask {
  return { method: 'PUT', path: `/api/seats/${seat}`, json };
}

function event(fields: object = {}): Ask {
  return { method: 'POST', path: '/api/events', json: { name: 'A concert', event_date: '2027-01-31', ...fields } };
}

function user(email: string): Ask {
  return { method: 'POST', path: '/api/users', json: { email, name: 'A' } };
}

let rows = 0;

/** A row of its own for each time. */
function seatsOf(units: number): Ask[] {
  rows += 1;
  return Array.from({ length: units }, (_, i) => ({
    method: 'POST',
    path: '/api/seats',
    json: { event_id: 1, row_number: rows, seat_number: i + 1 },
  }));
}

function bookingOf({ body }: Answer): number {
  return (body['data'] as { bookingId: number }).bookingId;
}

const booked = { status: 'booked' };
const gone = no(404, 'Record not found');

export const seats: DoorTable = {
  name: 'seats',
  args: ['--doors', 'seats'],
  stock: (units) => [event(), ...seatsOf(units), user(`ann${rows}@example.org`)],
  take: () => book({}),
  taken: 200,
  tellsApart: bookingOf,
  left: {
    ask: { method: 'GET', path: '/api/seats/event/1/available' },
    read: ({ body }) => (body['data'] as unknown[]).length,
  },
  relief: [change(1, { status: 'available' })],
  key: 'optional',
  keyed: [
    [user('eve@example.org'), 'optional'],
    [event(), 'optional'],
    [{ method: 'POST', path: '/api/seats', json: { event_id: 1, row_number: 9999, seat_number: 1 } }, 'optional'],
    [change(1, booked), 'optional'],
    [change(99_999, booked), 'optional'],
    [cancel({ bookingId: 1 }), 'optional'],
  ],
  others: [
    book({ numberOfSeats: 2 }),
    book({ eventId: 99 }),
    book({ userId: 1 }),
    book({ userId: 99 }),
    cancel({ bookingId: 1 }),
    cancel({ cancelAll: true }),
    change(3, booked),
    change(3, { row_number: 1 }),
    change(99_999, booked),
    user('x@example.org'),
    event(),
    { method: 'POST', path: '/api/seats', json: { event_id: 1, row_number: 9999, seat_number: 9 } },
    { method: 'DELETE', path: '/api/seats/3' },
  ],
  cancel: {
    ask: (taken) => cancel({ bookingId: bookingOf(taken) }),
    cancelled: 200,
    cancelledAlready: no(409, 'Booking is cancelled already'),
  },
  says: {
    soldOut: no(409, 'Not enough seats available'),
    keyReused: no(422, 'This idempotency key was used for another request. Use a new key for a new request.'),
    malformedKey: [400, /Idempotency-Key/],
    emptyKey: [400, /Idempotency-Key.* is empty/],
    noRoom: [503, /nothing of this request was taken/],
    keysFull: [503, /store of idempotency keys is full/],
    unknownResult: [503, /Retry with the same key/],
    noJson: [400, /"Invalid JSON: /],
    fieldTwice: no(400, 'Invalid JSON: The body names a field twice.'),
    noObject: no(400, 'Body must be a JSON object'),
    tooLarge: no(413, 'The body is larger than 65536 bytes.'),
    otherType: no(415, 'The body must be JSON: Content-Type: application/json.'),
    foreignOrigin: [403, /Pages of this origin may not write here/],
    foreignHost: [403, /answers to a loopback name only/],
  },
  errorForms: [['success', 'message']],
  byId: (id) => [
    ...['users', 'events', 'seats'].flatMap((kind) =>
      (['GET', 'DELETE'] as const).map((method) => [{ method, path: `/api/${kind}/${id}` }, gone] as const),
    ),
    [{ method: 'PUT', path: `/api/users/${id}`, json: { name: 'A' } }, gone],
    [{ method: 'PUT', path: `/api/events/${id}`, json: { name: 'A' } }, gone],
    [change(id, booked), gone],
    [change(id, { row_number: 1 }), gone],
  ],
  unknown: [
    [book({ eventId: 99 }), no(404, 'Event not found')],
    [book({ userId: 99 }), no(404, 'User not found')],
    [change(99_999, booked), gone],
    [cancel({ bookingId: 99 }), no(404, 'Booking not found')],
    [{ method: 'GET', path: '/api/seats/99999' }, gone],
  ],
  invalid: [
    [book({ numberOfSeats: 0 }), no(400, 'numberOfSeats must be a whole number from 1 to 10')],
    [book({ numberOfSeats: 1.5 }), no(400, 'numberOfSeats must be a whole number from 1 to 10')],
    [book({ eventId: 'abc' }), no(400, 'eventId must be a whole number of at least 1')],
    [
      book({ admin: true }),
      [400, /^{"success":false,"message":"Unknown field \\"admin\\": the fields are eventId, numberOfSeats, /],
    ],
    [change(1, { status: 'sold' }), no(400, 'status must be available or booked or reserved or blocked')],
  ],
};
