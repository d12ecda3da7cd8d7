/**
 * Schemas of the seats dialect for `/openapi.json`. Requests are checked in `input.ts`.
 */
import { Type } from 'typebox';
import { emailPattern, maxEmailCharacters, textPattern } from '../kit/texts.ts';
import { timePattern } from '../kit/times.ts';
import * as input from './input.ts';

const closed = { additionalProperties: false };
const id = Type.Integer({ minimum: 1 });
const time = Type.String({ format: 'date-time' });
const nullable = <Schema extends Type.TSchema>(schema: Schema) => Type.Union([schema, Type.Null()]);
/** In a body a small id may also come in digits. */
const namedId = Type.Union([
  Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER }),
  Type.String({ pattern: input.idPattern }),
]);
/** A number, or its digits, as a form has it. The bounds hold for both. */
const orDigits = (number: Type.TSchema, pattern: string) => Type.Union([number, Type.String({ pattern })]);
const [yes, no] = [
  Type.Union([Type.Literal(true), Type.Literal('true')]),
  Type.Union([Type.Literal(false), Type.Literal('false')]),
];
const oneOf = (texts: readonly string[]) => Type.Union(texts.map((text) => Type.Literal(text)));
const succeeded = Type.Literal(true);

export const errorAnswer = Type.Object({ success: Type.Literal(false), message: Type.String() });

export const infoAnswer = Type.Object({
  message: Type.String(),
  version: Type.String(),
  endpoints: Type.Object({ health: Type.String(), users: Type.String(), events: Type.String(), seats: Type.String() }),
  docs: Type.String(),
});

const user = Type.Object({
  id,
  email: nullable(Type.String()),
  name: nullable(Type.String()),
  created_at: time,
});
const event = Type.Object({
  id,
  name: Type.String(),
  event_date: nullable(time),
  status: Type.String({ description: '`active` is open; anything else is closed.' }),
  created_at: time,
});
const seatStatus = oneOf(input.seatStatuses);
const seat = Type.Object({
  id,
  event_id: id,
  row_number: nullable(
    Type.Integer({ minimum: 0, description: 'Null where the hall was not made here and has no number.' }),
  ),
  seat_number: nullable(Type.Integer({ minimum: 0 })),
  status: seatStatus,
  created_at: time,
});

const pagination = Type.Object({ page: id, limit: Type.Integer({ minimum: 0 }), total: Type.Integer({ minimum: 0 }) });
const one = <Schema extends Type.TSchema>(record: Schema) => Type.Object({ success: succeeded, data: record });
const done = <Schema extends Type.TSchema>(record: Schema) =>
  Type.Object({ success: succeeded, data: record, message: Type.String() });
const page = <Schema extends Type.TSchema>(record: Schema) =>
  Type.Object({ success: succeeded, data: Type.Array(record), pagination });

export const [userAnswer, userDone, userPage] = [one(user), done(user), page(user)];
export const [eventAnswer, eventDone, eventPage] = [one(event), done(event), page(event)];
export const [seatAnswer, seatDone, seatPage] = [one(seat), done(seat), page(seat)];
/** A warning tells what the client may not have meant, though it was done as asked. */
export const eventMade = Type.Object({
  success: succeeded,
  data: event,
  message: Type.String(),
  warning: Type.Optional(Type.String()),
});
const all = <Schema extends Type.TSchema>(record: Schema) =>
  Type.Object({ success: succeeded, data: Type.Array(record) });
export const [eventList, seatList] = [all(event), all(seat)];
export const deletedAnswer = Type.Object({ success: succeeded, message: Type.String() });

const text = (maxLength: number) =>
  Type.String({ minLength: 1, maxLength, pattern: textPattern, description: 'Counted in UTF-16 units.' });
const userFields = {
  email: Type.String({ maxLength: maxEmailCharacters, pattern: emailPattern }),
  name: text(input.maxTextCharacters),
};
const eventFields = {
  name: text(input.maxTextCharacters),
  event_date: Type.String({ pattern: timePattern, description: 'ISO 8601, in UTC where it names no zone.' }),
  status: Type.Optional(text(input.maxStatusCharacters)),
};
const place = {
  event_id: namedId,
  row_number: orDigits(Type.Integer({ minimum: 0, maximum: input.maxRowNumber }), '^(?:0|[1-9]\\d{0,9})$'),
  seat_number: orDigits(Type.Integer({ minimum: 1, maximum: input.maxSeatNumber }), '^[1-9]\\d{0,3}$'),
};

export const userRequest = Type.Object(userFields, closed);
export const userChange = Type.Partial(userRequest, { ...closed, minProperties: 1 });
export const eventRequest = Type.Object(eventFields, closed);
export const eventChange = Type.Partial(eventRequest, { ...closed, minProperties: 1 });
export const seatRequest = Type.Object({ ...place, status: Type.Optional(oneOf(input.newSeatStatuses)) }, closed);
export const seatChange = Type.Partial(Type.Object({ ...place, status: seatStatus }, closed), {
  ...closed,
  minProperties: 1,
});

/**
 * A change may be a whole record as it was shown. Its id and `created_at` must then be unchanged.
 */
const whole = { id: Type.Optional(namedId), created_at: Type.Optional(Type.String()) };
const changed = { ...closed, minProperties: 1, description: 'At least one field that can change.' };
export const userWhole = Type.Object({ ...Type.Partial(Type.Object(userFields)).properties, ...whole }, changed);
export const eventWhole = Type.Object({ ...Type.Partial(Type.Object(eventFields)).properties, ...whole }, changed);
export const seatWhole = Type.Object(
  { ...Type.Partial(Type.Object({ ...place, status: seatStatus })).properties, ...whole },
  changed,
);

const booked = {
  eventId: namedId,
  numberOfSeats: orDigits(Type.Integer({ minimum: 1, maximum: input.maxSeatsBooked }), '^(?:[1-9]|10)$'),
};

export const bookingRequest = Type.Union([
  Type.Object(
    {
      ...booked,
      userId: Type.Optional(nullable(namedId)),
      partial: Type.Optional(no),
    },
    closed,
  ),
  Type.Object(
    { ...booked, userId: namedId, partial: yes },
    {
      ...closed,
      description: 'Books what is left, and puts the user in line for the rest.',
    },
  ),
]);

export const bookingAnswer = Type.Object({
  success: succeeded,
  statusCode: Type.Literal(200),
  data: Type.Object({
    bookingId: nullable(id),
    eventId: id,
    userId: nullable(id),
    numberOfSeats: Type.Integer({ description: 'As asked for.' }),
    bookedSeats: Type.Integer(),
    seats: Type.Array(seat),
    waitlisted: nullable(
      Type.Object({
        id: Type.String({ description: 'Of the native API.' }),
        userId: nullable(id),
        numberOfSeats: Type.Integer(),
        created_at: time,
      }),
    ),
    created_at: time,
  }),
  message: Type.String(),
});

export const cancelRequest = Type.Union([
  Type.Object({ eventId: namedId, bookingId: namedId, cancelAll: Type.Optional(no) }, closed),
  Type.Object({ eventId: namedId, cancelAll: yes }, closed),
]);

const reallocated = Type.Array(
  Type.Object({
    status: oneOf(['booked', 'reserved']),
    bookingId: nullable(id),
    userId: nullable(id),
    seats: Type.Array(id),
  }),
);

export const cancelAnswer = Type.Object({
  success: succeeded,
  statusCode: Type.Literal(200),
  data: Type.Union([
    Type.Object({ eventId: id, bookingId: id, seatsReturned: Type.Integer(), seats: Type.Array(seat), reallocated }),
    Type.Object({
      eventId: id,
      bookingsCancelled: Type.Integer(),
      seatsReturned: Type.Integer(),
      seatsReallocated: Type.Integer(),
      reallocated,
    }),
  ]),
  message: Type.String(),
});
