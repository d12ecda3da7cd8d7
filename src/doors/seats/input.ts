/** What a request may hold: checked by hand, refused in the dialect's own words. */
import type { Body } from '../kit/input.ts';
import { checkText, invalid, readId, readTime, readWhole } from '../kit/input.ts';
import { composed, isEmail, maxEmailCharacters } from '../kit/texts.ts';

/** Counted in UTF-16 units. */
export const maxTextCharacters = 255;
export const maxStatusCharacters = 50;
export const maxSeatsBooked = 10;
export const maxRowNumber = 2_147_483_647;
/** Places of a row. A seat stands at the place of its number. */
export const maxSeatNumber = 4096;

/** A small id in digits. */
export const idPattern = '^[1-9]\\d{0,14}$';
const digits = new RegExp(idPattern);

/** What a request can set a seat to. */
export const seatStatuses = ['available', 'booked', 'reserved', 'blocked'] as const;
export type SeatStatus = (typeof seatStatuses)[number];
/**
 * What a new seat can be. Booking it is another command, and another buyer may come first.
 */
export const newSeatStatuses = ['available', 'blocked'] as const;

export interface User {
  readonly email: string;
  readonly name: string;
}

export interface Event {
  readonly name: string;
  readonly eventDateMs: number;
  /** Any text. */
  readonly status?: string;
}

export interface Seat {
  /** Small id; 0 for one that cannot exist. */
  readonly eventId: number;
  readonly row: number;
  readonly number: number;
  readonly status?: SeatStatus;
}

export interface Booking {
  readonly eventId: number;
  readonly quantity: number;
  readonly userId: number | null;
  readonly partial: boolean;
}

export interface Cancelling {
  readonly eventId: number;
  /** Null: all of them. */
  readonly bookingId: number | null;
}

const userFields = ['email', 'name'];
const eventFields = ['name', 'event_date', 'status'];
const seatFields = ['event_id', 'row_number', 'seat_number', 'status'];

/** A new user. @throws HttpFailure 400 */
export function readUser(body: Body): User {
  knowFields(body, userFields);
  needFields(body, userFields);
  return { email: readEmail(body['email']), name: readName(body['name']) };
}

/** What is to change of a user. @throws HttpFailure 400 */
export function readUserChange(body: Body): Partial<User> {
  knowFields(body, userFields);
  needChange(body, userFields);
  return {
    ...(has(body, 'email') ? { email: readEmail(body['email']) } : {}),
    ...(has(body, 'name') ? { name: readName(body['name']) } : {}),
  };
}

/** A new event. @throws HttpFailure 400 */
export function readEvent(body: Body): Event {
  knowFields(body, eventFields);
  needFields(body, ['name', 'event_date']);
  return { name: readName(body['name']), eventDateMs: readTime(body['event_date'], 'event_date'), ...readStatus(body) };
}

/** What is to change of an event. @throws HttpFailure 400 */
export function readEventChange(body: Body): Partial<Event> {
  knowFields(body, eventFields);
  needChange(body, eventFields);
  return {
    ...(has(body, 'name') ? { name: readName(body['name']) } : {}),
    ...(has(body, 'event_date') ? { eventDateMs: readTime(body['event_date'], 'event_date') } : {}),
    ...readStatus(body),
  };
}

/** A new seat. @throws HttpFailure 400 */
export function readSeat(body: Body): Seat {
  knowFields(body, seatFields);
  needFields(body, ['event_id', 'row_number', 'seat_number']);
  return {
    eventId: readNamedId(body['event_id'], 'event_id'),
    row: readRow(body['row_number']),
    number: readNumber(body['seat_number']),
    ...(has(body, 'status') ? { status: readSeatStatus(body['status'], newSeatStatuses) } : {}),
  };
}

/** What is to change of a seat. @throws HttpFailure 400 */
export function readSeatChange(body: Body): Partial<Seat> {
  knowFields(body, seatFields);
  needChange(body, seatFields);
  return {
    ...(has(body, 'event_id') ? { eventId: readNamedId(body['event_id'], 'event_id') } : {}),
    ...(has(body, 'row_number') ? { row: readRow(body['row_number']) } : {}),
    ...(has(body, 'seat_number') ? { number: readNumber(body['seat_number']) } : {}),
    ...(has(body, 'status') ? { status: readSeatStatus(body['status'], seatStatuses) } : {}),
  };
}

/** @throws HttpFailure 400 */
export function readBooking(body: Body): Booking {
  knowFields(body, ['eventId', 'numberOfSeats', 'userId', 'partial']);
  needFields(body, ['eventId', 'numberOfSeats']);
  const eventId = readNamedId(body['eventId'], 'eventId');
  const quantity = readWhole(body['numberOfSeats'], 'numberOfSeats', 1, maxSeatsBooked);
  const userId = body['userId'] == null ? null : readNamedId(body['userId'], 'userId');
  const partial = readTruth(body['partial'], 'partial');
  if (partial && userId === null) throw invalid('A partial booking needs a userId: somebody has to wait for the rest');
  return { eventId, quantity, userId, partial };
}

/** @throws HttpFailure 400 */
export function readCancelling(body: Body): Cancelling {
  knowFields(body, ['eventId', 'bookingId', 'cancelAll']);
  needFields(body, ['eventId']);
  const eventId = readNamedId(body['eventId'], 'eventId');
  const all = readTruth(body['cancelAll'], 'cancelAll');
  if (all === has(body, 'bookingId')) throw invalid('Name a bookingId, or cancelAll: true, and not both');
  return { eventId, bookingId: all ? null : readNamedId(body['bookingId'], 'bookingId') };
}

function needFields(body: Body, names: readonly string[]): void {
  const absent = names.filter((name) => !has(body, name));
  if (absent.length > 0) throw invalid(`Missing required fields: ${absent.join(', ')}`);
}

function needChange(body: Body, names: readonly string[]): void {
  if (Object.keys(body).length === 0) throw invalid(`Nothing to change: name at least one of ${names.join(', ')}`);
}

function has(body: Body, name: string): boolean {
  return Object.hasOwn(body, name);
}

function knowFields(body: Body, names: readonly string[]): void {
  const unknown = Object.keys(body).find((name) => !names.includes(name));
  if (unknown !== undefined) {
    throw invalid(`Unknown field ${shortened(unknown)}: the fields are ${names.join(', ')}`);
  }
}

/** A text of the client's, short enough and quoted for a sentence. */
export function shortened(text: string): string {
  return JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}…` : text);
}

/**
 * Returned as it was sent, since a key stands for that. It is checked in NFC, which is how `fill`
 * puts it into a command.
 */
function readText(value: unknown, name: string, maxCharacters: number): string {
  if (typeof value !== 'string') throw invalid(`${name} must be text`);
  if (value.trim() === '') throw invalid(`${name} must not be empty`);
  checkText(composed(value), name, maxCharacters);
  return value;
}

function readName(value: unknown): string {
  return readText(value, 'name', maxTextCharacters);
}

function readStatus(body: Body): { readonly status?: string } {
  return has(body, 'status') ? { status: readText(body['status'], 'status', maxStatusCharacters) } : {};
}

function readEmail(value: unknown): string {
  const text = readText(value, 'email', maxEmailCharacters);
  if (!isEmail(composed(text))) throw invalid('email must have the form name@domain.example');
  return text;
}

function readRow(value: unknown): number {
  return readWhole(value, 'row_number', 0, maxRowNumber);
}

function readNumber(value: unknown): number {
  return readWhole(value, 'seat_number', 1, maxSeatNumber);
}

/** True or false, also as a text. @throws HttpFailure 400 */
function readTruth(given: unknown, name: string): boolean {
  if (given === undefined) return false;
  const value = given === 'true' ? true : given === 'false' ? false : given;
  if (typeof value !== 'boolean') throw invalid(`${name} must be true or false`);
  return value;
}

/**
 * A small id in a body, as a number or in digits; 0 for one that is too large to exist.
 * @throws HttpFailure 400
 */
export function readNamedId(value: unknown, name: string): number {
  const id = typeof value === 'string' && digits.test(value) ? Number(value) : value;
  if (typeof id !== 'number' || !Number.isSafeInteger(id) || id < 1) {
    throw invalid(`${name} must be a whole number of at least 1`);
  }
  return readId(id);
}

function readSeatStatus(value: unknown, statuses: readonly SeatStatus[]): SeatStatus {
  const status = statuses.find((one) => one === value);
  if (status === undefined) throw invalid(`status must be ${statuses.join(' or ')}`);
  return status;
}
