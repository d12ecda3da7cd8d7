/** The table of the dialect: routes with their terms and their operations. */
import type { Route } from '../../http/door.ts';
import { jsonAnswer } from '../kit/answers.ts';
import type { Read } from '../kit/operation.ts';
import type { Operations } from '../kit/operations.ts';
import type { Shares } from '../kit/shares.ts';
import { availableSeats } from './available.ts';
import { book } from './bookings.ts';
import { cancelBookings } from './cancellations.ts';
import { activeEvents, changeEvent, createEvent, removeEvent } from './events.ts';
import { listOf, oneOf } from './lists.ts';
import * as records from './records.ts';
import * as schemas from './schemas.ts';
import { changeSeat } from './seat-changes.ts';
import { createSeat, removeSeat } from './seats.ts';
import { all, byOperator, change, creation, keyed, one, page, refusals, removal, shared, terms } from './terms.ts';
import { changeUser, createUser, removeUser, userByEmail } from './users.ts';

const info: Read<undefined> = {
  read: () => undefined,
  answer: () =>
    jsonAnswer({
      message: 'AtomicSeats API',
      version: '1.0.0',
      endpoints: { health: '/health', users: '/api/users', events: '/api/events', seats: '/api/seats' },
      docs: '/openapi.json',
    }),
};

export function infoRoute(operations: Operations): Route {
  const answers = { 200: { description: 'The paths of this API.', schema: schemas.infoAnswer } };
  return operations.read(terms('GET', '/api', { summary: 'Describe the seats API', answers, ...shared }), info);
}

/** Only the operator reads about people. */
export function userRoutes(operations: Operations): Route[] {
  const { userAnswer, userPage, userDone, userRequest, userWhole } = schemas;
  const { users } = records;
  const free = { free: true } as const;
  return [
    operations.read(page('/api/users', 'Users', users, userPage, byOperator), listOf(users)),
    operations.read(one('/api/users/:id', 'One user', userAnswer, byOperator), oneOf(users)),
    operations.read(one('/api/users/email/:email', 'The user with an e-mail', userAnswer, byOperator), userByEmail),
    operations.operation(
      creation('/api/users', 'Create a user; the e-mail must be unique', userRequest, userDone, free),
      createUser,
    ),
    operations.operation(change('/api/users/:id', 'Change a user', userWhole, userDone, byOperator), changeUser),
    operations.operation(removal('/api/users/:id', 'Delete a user; their bookings remain'), removeUser),
  ];
}

export function eventRoutes(operations: Operations): Route[] {
  const { eventAnswer, eventPage, eventDone, eventList, eventMade, eventRequest, eventWhole } = schemas;
  const { events } = records;
  const { node } = operations;
  return [
    operations.read(page('/api/events', 'Events', events, eventPage, shared), listOf(events)),
    operations.read(all('/api/events/active', 'Upcoming open events, by date', eventList), activeEvents(node)),
    operations.read(one('/api/events/:id', 'One event', eventAnswer, shared), oneOf(events)),
    operations.operation(
      creation('/api/events', 'Create an event, without seats yet', eventRequest, eventMade, byOperator),
      createEvent(node),
    ),
    operations.operation(
      change('/api/events/:id', 'Change an event', eventWhole, eventDone, byOperator),
      changeEvent(),
    ),
    operations.operation(
      removal('/api/events/:id', 'Delete an event that has nothing booked or reserved'),
      removeEvent,
    ),
  ];
}

export function bookingRoutes(operations: Operations): Route[] {
  const { bookingRequest, bookingAnswer, cancelRequest, cancelAnswer } = schemas;
  const { malformed, missing, taken } = refusals;
  const others = { ...malformed, ...missing, ...taken, ...refusals.keyed };
  return [
    operations.operation(
      terms('POST', '/api/events/book', {
        summary: 'Book the best seats of an event, together where possible',
        body: bookingRequest,
        ...keyed,
        answers: {
          200: { description: 'The booking. With `partial`, the place on the waitlist too.', schema: bookingAnswer },
          ...others,
        },
      }),
      book,
    ),
    operations.operation(
      terms('DELETE', '/api/events/book', {
        summary: 'Cancel one booking, or all bookings of an event; the seats go to the waitlist first',
        body: cancelRequest,
        ...keyed,
        ...byOperator,
        answers: {
          200: { description: 'The seats returned, and who they were reallocated to.', schema: cancelAnswer },
          ...others,
        },
      }),
      cancelBookings(operations.node),
    ),
  ];
}

export function seatRoutes(operations: Operations, shares: Shares | null): Route[] {
  const { seatAnswer, seatPage, seatDone, seatList, seatRequest, seatWhole } = schemas;
  const { seats } = records;
  const available = 'Available seats of an event, by row and seat';
  const changes = 'Book or reserve a seat; an operator also frees, blocks or moves it';
  return [
    operations.read(page('/api/seats', 'Seats', seats, seatPage, shared), listOf(seats)),
    operations.read(all('/api/seats/event/:eventId/available', available, seatList), availableSeats(operations.node)),
    operations.read(one('/api/seats/:id', 'One seat', seatAnswer, shared), oneOf(seats)),
    operations.operation(
      creation('/api/seats', 'Add a seat to an event', seatRequest, seatDone, byOperator),
      createSeat,
    ),
    operations.operation(change('/api/seats/:id', changes, seatWhole, seatDone, keyed), changeSeat(shares)),
    operations.operation(removal('/api/seats/:id', 'Delete a seat that is not booked or reserved'), removeSeat),
  ];
}
