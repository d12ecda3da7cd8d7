/**
 * What requests about records may hold, in the dialect's own words. A test compares them with the
 * published schemas.
 */
import type { Body } from '../kit/input.ts';
import { checkWhole, invalid, isMissing, readParameter } from '../kit/input.ts';
import { hasControlCharacter } from '../kit/texts.ts';
import { maxQuantity } from './schemas.ts';

/** Page length of a list: default, and maximum. */
export const maxListed = 100;
export const maxPage = 1_000_000_000;
const maxSeats = 1_000_000_000;
const defaultSeats = 5000;

export interface EventRequest {
  readonly name: string;
  readonly totalSeats: number;
}

export interface PurchaseRequest {
  readonly eventId: string;
  readonly quantity: number;
  readonly idempotencyKey: string;
}

/** @throws HttpFailure 400 */
export function readEvent(body: Body): EventRequest {
  const { name, totalSeats } = body;
  if (isMissing(name)) throw invalid('Event name is required');
  return { name: readName(name), totalSeats: readSeats(totalSeats) };
}

/** @throws HttpFailure 400 */
export function readPurchase(body: Body): PurchaseRequest {
  const { eventId, quantity, idempotencyKey } = body;
  if (isMissing(eventId) || isMissing(quantity) || isMissing(idempotencyKey)) {
    throw invalid('Event ID, quantity, and idempotency key are required');
  }
  return {
    idempotencyKey: readText(idempotencyKey, 'idempotencyKey', 255),
    eventId: readText(eventId, 'eventId', 64),
    quantity: readNamedQuantity(quantity),
  };
}

/** A page of a list; the newest records are page 1. */
export interface Page {
  readonly limit: number;
  readonly page: number;
}

/** `?page=` and `?limit=` of a list. @throws HttpFailure 400 */
export function readPage(query: URLSearchParams): Page {
  return {
    limit: readParameter(query, 'limit', maxListed, 1, maxListed),
    page: readParameter(query, 'page', 1, 1, maxPage),
  };
}

/**
 * A text of at most this many characters; an emoji of two UTF-16 units counts as one.
 * @throws HttpFailure 400
 * naming it
 */
function readText(value: unknown, name: string, maxCharacters: number): string {
  if (typeof value !== 'string') throw invalid(`${name} must be a string`);
  if (value.length > maxCharacters && Array.from(value).length > maxCharacters) {
    throw invalid(`${name} must have at most ${maxCharacters} characters`);
  }
  return value;
}

function readName(value: unknown): string {
  const name = readText(value, 'name', 200);
  if (hasControlCharacter(name)) throw invalid('name must not have control characters');
  return name;
}

function readSeats(value: unknown): number {
  if (value === undefined) return defaultSeats;
  if (typeof value === 'number' && value <= 0) throw invalid('Total seats must be greater than 0');
  return checkWhole(value, 'totalSeats', 1, maxSeats);
}

function readNamedQuantity(value: unknown): number {
  if (typeof value === 'number' && value <= 0) throw invalid('Quantity must be greater than 0');
  if (typeof value === 'number' && value > maxQuantity) {
    throw invalid(`Cannot purchase more than ${maxQuantity} tickets at once`);
  }
  if (typeof value !== 'number' || !Number.isInteger(value)) throw invalid('Quantity must be an integer');
  return value;
}
