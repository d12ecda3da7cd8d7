import type { Answer } from '../../http/support/client.ts';
import type { Ask, DoorTable, Refusal } from '../door/table.ts';

function no(status: number, error: string): Refusal {
  return [status, `{"error":${JSON.stringify(error)}}`];
}

function reserve(userId: unknown, drop: unknown = 1): Ask {
  return { method: 'POST', path: `/api/reserve/${String(drop)}`, json: { userId } };
}

function buy(reservation: unknown, userId: unknown): Ask {
  return { method: 'POST', path: `/api/purchase/${String(reservation)}`, json: { userId } };
}

function user(username: string): Ask {
  return { method: 'POST', path: '/api/users', json: { username } };
}

function drop(fields: object): Ask {
  return { method: 'POST', path: '/api/drops', json: { name: 'A pair', price: 200, ...fields } };
}

/** Two users for each stock, of names of their own. */
let users = 0;

function reservationOf({ body }: Answer): number {
  return (body['reservation'] as { id: number }).id;
}

const gone = no(400, 'Reservation not found or not active');

export const drops: DoorTable = {
  name: 'drops',
  args: ['--doors', 'drops'],
  stock: (units) => {
    users += 2;
    return [user(`ann ${users}`), user(`bob ${users}`), drop({ totalStock: units }), drop({ totalStock: 5 })];
  },
  take: () => reserve(1),
  taken: 201,
  tellsApart: reservationOf,
  left: { ask: { method: 'GET', path: '/api/drops/1' }, read: ({ body }) => Number(body['availableStock']) },
  relief: { passSeconds: 60 },
  key: 'optional',
  keyed: [
    [user('eve'), 'optional'],
    [drop({ totalStock: 5 }), 'optional'],
    [buy(1, 1), 'optional'],
  ],
  others: [reserve(2), reserve(1, 2), buy(1, 1), user('third'), drop({ totalStock: 5 })],
  hold: {
    placed: 201,
    confirm: (placed) => buy(reservationOf(placed), 1),
    confirmed: 201,
    seconds: 60,
    confirmedAlready: gone,
    expired: no(400, 'Reservation has expired'),
  },
  says: {
    soldOut: no(400, 'Out of stock'),
    keyReused: no(422, 'This idempotency key was used for another request. Use a new key for a new request.'),
    malformedKey: [400, /Idempotency-Key/],
    emptyKey: [400, /Idempotency-Key.* is empty/],
    noRoom: [503, /nothing of this request was taken/],
    keysFull: [503, /store of idempotency keys is full/],
    unknownResult: [503, /Retry with the same key/],
    noJson: [400, /^{"error":"Invalid JSON: /],
    fieldTwice: no(400, 'Invalid JSON: The body names a field twice.'),
    noObject: no(400, 'Body must be a JSON object'),
    tooLarge: no(413, 'The body is larger than 65536 bytes.'),
    otherType: no(415, 'The body must be JSON: Content-Type: application/json.'),
    foreignOrigin: [403, /Pages of this origin may not write here/],
    foreignHost: [403, /answers to a loopback name only/],
  },
  errorForms: [['error']],
  byId: (id) => [
    [{ method: 'GET', path: `/api/drops/${id}` }, no(404, 'Drop not found')],
    [reserve(1, id), no(400, 'Drop not found')],
    [buy(id, 1), gone],
  ],
  unknown: [
    [reserve(1, 99), no(400, 'Drop not found')],
    [reserve(1, 'abc'), no(400, 'Drop not found')],
    [reserve(99), no(400, 'User not found')],
    [buy(99, 1), gone],
    [{ method: 'GET', path: '/api/drops/99' }, no(404, 'Drop not found')],
  ],
  invalid: [
    [reserve(null), no(400, 'userId is required')],
    [reserve(1.5), no(400, 'User not found')],
    [drop({ totalStock: 0 }), no(400, 'totalStock must be a whole number from 1 to 1000000000')],
    [user(' '), no(400, 'Username is required')],
  ],
};
