/** What requests about records may hold, in the dialect's own words. A test holds them against the published schemas. */
import { hasControlCharacter } from '../kit/texts.ts';
import { validationFailure } from './errors.ts';
import { maxQuantity } from './schemas.ts';

/** What a list shows when it is not asked for less, and at most. */
export const maxListed = 100;
export const maxPage = 1_000_000_000;
const maxSeats = 1_000_000_000;
const defaultSeats = 5000;

type Body = Readonly<Record<string, unknown>>;

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
  if (isMissing(name)) throw validationFailure('Event name is required');
  return { name: readName(name), totalSeats: readSeats(totalSeats) };
}

/** @throws HttpFailure 400 */
export function readPurchase(body: Body): PurchaseRequest {
  const { eventId, quantity, idempotencyKey } = body;
  if (isMissing(eventId) || isMissing(quantity) || isMissing(idempotencyKey)) {
    throw validationFailure('Event ID, quantity, and idempotency key are required');
  }
  return {
    idempotencyKey: readText(idempotencyKey, 'idempotencyKey', 255),
    eventId: readText(eventId, 'eventId', 64),
    quantity: readNamedQuantity(quantity),
  };
}

/** A part of a list, whose newest records are page 1. */
export interface Page {
  readonly limit: number;
  readonly page: number;
}

/** `?page=` and `?limit=` of a list. @throws HttpFailure 400 */
export function readPage(query: URLSearchParams): Page {
  return { limit: readWhole(query, 'limit', maxListed, maxListed), page: readWhole(query, 'page', maxPage, 1) };
}

function readWhole(query: URLSearchParams, name: string, most: number, otherwise: number): number {
  const text = query.get(name);
  if (text === null) return otherwise;
  const value = /^[1-9]\d{0,9}$/.test(text) ? Number(text) : 0;
  if (value < 1 || value > most) throw validationFailure(`${name} must be a whole number from 1 to ${most}`);
  return value;
}

function isMissing(value: unknown): boolean {
  return value === undefined || value === null || value === '';
}

/** A text of so many characters at most: a picture of two units is one. @throws HttpFailure 400 naming it */
function readText(value: unknown, name: string, maxCharacters: number): string {
  if (typeof value !== 'string') throw validationFailure(`${name} must be a string`);
  if (value.length > maxCharacters && Array.from(value).length > maxCharacters) {
    throw validationFailure(`${name} must have at most ${maxCharacters} characters`);
  }
  return value;
}

function readName(value: unknown): string {
  const name = readText(value, 'name', 200);
  if (hasControlCharacter(name)) throw validationFailure('name must not have control characters');
  return name;
}

function readSeats(value: unknown): number {
  if (value === undefined) return defaultSeats;
  if (typeof value === 'number' && value <= 0) throw validationFailure('Total seats must be greater than 0');
  if (typeof value !== 'number' || !Number.isInteger(value) || value > maxSeats) {
    throw validationFailure(`totalSeats must be a whole number from 1 to ${maxSeats}`);
  }
  return value;
}

function readNamedQuantity(value: unknown): number {
  if (typeof value === 'number' && value <= 0) throw validationFailure('Quantity must be greater than 0');
  if (typeof value === 'number' && value > maxQuantity) {
    throw validationFailure(`Cannot purchase more than ${maxQuantity} tickets at once`);
  }
  if (typeof value !== 'number' || !Number.isInteger(value)) throw validationFailure('Quantity must be an integer');
  return value;
}
