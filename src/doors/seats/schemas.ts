/** Shapes of the seats dialect, for its OpenAPI part. What requests may hold is checked, in its own words, in `input.ts`. */
import { Type } from 'typebox';
import { emailPattern, maxEmailCharacters, textPattern } from '../texts.ts';
import { timePattern } from '../times.ts';
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

const pagination = Type.Object({ page: id, limit: id, total: Type.Integer({ minimum: 0 }) });
const one = <Schema extends Type.TSchema>(record: Schema) => Type.Object({ success: succeeded, data: record });
const done = <Schema extends Type.TSchema>(record: Schema) =>
  Type.Object({ success: succeeded, data: record, message: Type.String() });
const page = <Schema extends Type.TSchema>(record: Schema) =>
  Type.Object({ success: succeeded, data: Type.Array(record), pagination });

export const [userAnswer, userDone, userPage] = [one(user), done(user), page(user)];
export const [eventAnswer, eventDone, eventPage] = [one(event), done(event), page(event)];
export const [seatAnswer, seatDone, seatPage] = [one(seat), done(seat), page(seat)];
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
  row_number: Type.Integer({ minimum: 0, maximum: input.maxRowNumber }),
  seat_number: Type.Integer({ minimum: 1, maximum: input.maxSeatNumber }),
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

const booked = {
  eventId: namedId,
  numberOfSeats: Type.Integer({ minimum: 1, maximum: input.maxSeatsBooked }),
};

export const bookingRequest = Type.Union([
  Type.Object(
    {
      ...booked,
      userId: Type.Optional(nullable(namedId)),
      partial: Type.Optional(Type.Literal(false)),
    },
    closed,
  ),
  Type.Object(
    { ...booked, userId: namedId, partial: Type.Literal(true) },
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
  Type.Object({ eventId: namedId, bookingId: namedId, cancelAll: Type.Optional(Type.Literal(false)) }, closed),
  Type.Object({ eventId: namedId, cancelAll: Type.Literal(true) }, closed),
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
