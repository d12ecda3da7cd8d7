/** The rows of the dialect: paths, who may call them, what they answer. */
import type { TSchema } from 'typebox';
import type { Answer } from '../../http/answer.ts';
import type { Call } from '../../http/call.ts';
import { jsonAnswer } from '../kit/answers.ts';
import type { Route } from '../../http/door.ts';
import type { Method, RouteAnswer } from '../../http/route.ts';
import type { Bookings } from './bookings.ts';
import type { Cancellations } from './cancellations.ts';
import type { Events } from './events.ts';
import { listQuery } from './lists.ts';
import * as records from './records.ts';
import * as schemas from './schemas.ts';
import type { Seats } from './seats.ts';
import type { Users } from './users.ts';

const said = (description: string): RouteAnswer => ({ description, schema: schemas.errorAnswer });
const refusals = {
  malformed: { 400: said('Not as it should be, and how') },
  missing: { 404: said('Not there') },
  taken: { 409: said('Not possible as things are, and why') },
  keyed: {
    422: said('The key was used for another request'),
    503: said('Not known to be taken; with a key, the same key tells'),
  },
};

/** A route without where it is and who handles it. Anybody may call it unless it says otherwise. */
type Row = Omit<Route, 'method' | 'path' | 'needs' | 'handle'> & Partial<Pick<Route, 'needs'>>;

function route(method: Method, path: string, row: Row, handle: (call: Call) => Answer | Promise<Answer>): Route {
  const takesForms = method === 'POST' || method === 'PUT' || row.body !== undefined;
  return { method, path, needs: 'buy', ...(takesForms ? { takesForms } : {}), ...row, handle };
}

function page(summary: string, kind: records.RecordKind, schema: TSchema): Row {
  return {
    summary,
    query: listQuery(kind),
    answers: { 200: { description: 'A page of them, in the order of their ids', schema }, ...refusals.malformed },
  };
}

function all(summary: string, schema: TSchema): Row {
  return { summary, answers: { 200: { description: 'All of them', schema } } };
}

function one(summary: string, schema: TSchema): Row {
  return { summary, answers: { 200: { description: 'It', schema }, ...refusals.missing } };
}

function creation(summary: string, body: TSchema, schema: TSchema): Row {
  const answers = { 201: { description: 'Created', schema }, ...refusals.malformed, ...refusals.taken };
  return { summary, body, key: 'optional', answers: { ...answers, ...refusals.keyed } };
}

function change(summary: string, body: TSchema, schema: TSchema): Row {
  const answers = { 200: { description: 'As it is now', schema }, ...refusals.malformed, ...refusals.missing };
  return { summary, body, answers: { ...answers, ...refusals.taken } };
}

function removal(summary: string): Row {
  const answers = { 200: { description: 'Gone', schema: schemas.deletedAnswer }, ...refusals.missing };
  return {
    summary,
    needs: 'run',
    key: 'optional',
    answers: { ...answers, ...refusals.taken, ...refusals.keyed },
  };
}

const byOperator = { needs: 'run' } as const;
const keyed = { key: 'optional' } as const;
/** What anybody may read, and caches may keep. */
const shared = { shared: true } as const;

export function infoRoute(): Route {
  const answers = { 200: { description: 'Where what is', schema: schemas.infoAnswer } };
  return route('GET', '/api', { summary: 'What the seats dialect has', answers, ...shared }, () =>
    jsonAnswer({
      message: 'AtomicSeats API',
      version: '1.0.0',
      endpoints: { health: '/health', users: '/api/users', events: '/api/events', seats: '/api/seats' },
      docs: '/openapi.json',
    }),
  );
}

/** Who people are is the operator's to know. */
export function userRoutes(users: Users): Route[] {
  const { userAnswer, userPage, userDone, userRequest, userWhole } = schemas;
  return [
    route('GET', '/api/users', { ...page('Users', records.users, userPage), ...byOperator }, (call) =>
      users.list(call),
    ),
    route('GET', '/api/users/:id', { ...one('One user', userAnswer), ...byOperator }, (call) => users.one(call)),
    route('GET', '/api/users/email/:email', { ...one('The user with an e-mail', userAnswer), ...byOperator }, (call) =>
      users.byEmail(call),
    ),
    route(
      'POST',
      '/api/users',
      { ...creation('Create a user; the e-mail must be new', userRequest, userDone), free: true },
      (call) => users.create(call),
    ),
    route('PUT', '/api/users/:id', { ...change('Change a user', userWhole, userDone), ...byOperator }, (call) =>
      users.change(call),
    ),
    route('DELETE', '/api/users/:id', removal('Delete a user; what was booked stays booked'), (call) =>
      users.remove(call),
    ),
  ];
}

export function eventRoutes(events: Events): Route[] {
  const { eventAnswer, eventPage, eventDone, eventMade, eventRequest, eventWhole } = schemas;
  return [
    route('GET', '/api/events', { ...page('Events', records.events, eventPage), ...shared }, (call) =>
      events.list(call),
    ),
    route('GET', '/api/events/active', { ...all('Open events to come, by date', schemas.eventList), ...shared }, () =>
      events.listActive(),
    ),
    route('GET', '/api/events/:id', { ...one('One event', eventAnswer), ...shared }, (call) => events.one(call)),
    route(
      'POST',
      '/api/events',
      { ...creation('Create an event, without seats yet', eventRequest, eventMade), ...byOperator },
      (call) => events.create(call),
    ),
    route('PUT', '/api/events/:id', { ...change('Change an event', eventWhole, eventDone), ...byOperator }, (call) =>
      events.change(call),
    ),
    route('DELETE', '/api/events/:id', removal('Delete an event that has nothing booked or reserved'), (call) =>
      events.remove(call),
    ),
  ];
}

export function seatRoutes(seats: Seats): Route[] {
  const { seatAnswer, seatPage, seatDone, seatRequest, seatWhole } = schemas;
  return [
    route('GET', '/api/seats', { ...page('Seats', records.seats, seatPage), ...shared }, (call) => seats.list(call)),
    route(
      'GET',
      '/api/seats/event/:eventId/available',
      { ...all('Available seats of an event, by row and seat', schemas.seatList), ...shared },
      (call) => seats.listAvailable(call),
    ),
    route('GET', '/api/seats/:id', { ...one('One seat', seatAnswer), ...shared }, (call) => seats.one(call)),
    route(
      'POST',
      '/api/seats',
      { ...creation('Add a seat to an event', seatRequest, seatDone), ...byOperator },
      (call) => seats.create(call),
    ),
    route(
      'PUT',
      '/api/seats/:id',
      {
        ...change('Book or reserve a seat; an operator also frees, blocks or moves it', seatWhole, seatDone),
        ...keyed,
      },
      (call) => seats.change(call),
    ),
    route('DELETE', '/api/seats/:id', removal('Delete a seat that is not booked or reserved'), (call) =>
      seats.remove(call),
    ),
  ];
}

export function bookingRoutes(bookings: Bookings, cancellations: Cancellations): Route[] {
  const { bookingRequest, bookingAnswer, cancelRequest, cancelAnswer } = schemas;
  const { malformed, missing, taken } = refusals;
  const others = { ...malformed, ...missing, ...taken, ...refusals.keyed };
  return [
    route(
      'POST',
      '/api/events/book',
      {
        summary: 'Book the best seats of an event, together if that can be',
        body: bookingRequest,
        ...keyed,
        answers: { 200: { description: 'Booked, or in line', schema: bookingAnswer }, ...others },
      },
      (call) => bookings.book(call),
    ),
    route(
      'DELETE',
      '/api/events/book',
      {
        summary: 'Cancel a booking, or all of an event; the seats go to who waits first',
        body: cancelRequest,
        ...keyed,
        ...byOperator,
        answers: { 200: { description: 'What came back, and who has it now', schema: cancelAnswer }, ...others },
      },
      (call) => cancellations.cancel(call),
    ),
  ];
}
