/**
 * What a request asks for: a number of units, named seats, or the best available. Requests for
 * units cost one look at two fields more than before there were seats; all code about seats is
 * here.
 */
import type { Static, TSchema } from 'typebox';
import type { Command } from '../../engine/command.ts';
import { linesOf } from '../../engine/commands/lines.ts';
import { labelOf } from '../../engine/tables/seats.ts';
import type { State } from '../../engine/state.ts';
import { noSuchRow, orNoSuchRow } from '../kit/operation.ts';
import type { Check } from '../kit/validation.ts';
import { checkOf, invalidField } from '../kit/validation.ts';
import { findSpelled, spelledAs } from '../kit/texts.ts';
import type { best } from './seat-schemas.ts';
import { maxSeats } from './seat-schemas.ts';

const names = ['quantity', 'seats', 'best'] as const;

export type Asked = { readonly quantity: number } | SeatsAsked;
type SeatsAsked = { readonly seats: readonly string[] } | { readonly best: Static<typeof best> };

/** Whether a body asks for seats. */
export function asksForSeats(body: unknown): boolean {
  return typeof body === 'object' && body !== null && ('seats' in body || 'best' in body);
}

/** A check of requests for seats, each form by its own schema. @throws HttpFailure 400 */
export function checkOfSeats<Seats extends TSchema, Best extends TSchema>(forms: {
  readonly seats: Seats;
  readonly best: Best;
}): Check<Static<Seats> | Static<Best>> {
  const checkSeats = checkOf(forms.seats);
  const checkBest = checkOf(forms.best);
  return (value, at = '') => {
    const body = value as object;
    const named = names.filter((name) => name in body);
    if (named.length > 1) throw invalidField(at || '/', `has more than one of ${named.join(', ')}`);
    return 'seats' in body ? checkSeats(body, at) : checkBest(body, at);
  };
}

/**
 * Adds a line for the request. `at`: the field to blame for too many seats.
 * @throws HttpFailure
 * 400 when the command would name too many
 */
export function addAsked(state: State, command: Command, sale: number, asked: Asked, at: string): void {
  if ('quantity' in asked) linesOf(command).add(sale, asked.quantity);
  else addSeatsAsked(state, command, sale, asked, at);
}

function addSeatsAsked(state: State, command: Command, sale: number, asked: SeatsAsked, at: string): void {
  if ('seats' in asked) {
    if (linesOf(command).seatCount + asked.seats.length > maxSeats)
      throw invalidField(at, `name more than ${maxSeats} seats`);
    linesOf(command).addSeats(
      sale,
      asked.seats.map((label) => seatNamed(state, sale, label)),
    );
    return;
  }
  const { quantity, section, accessible = false, split = false } = asked.best;
  linesOf(command).addBest(sale, quantity, sectionNamed(state, sale, section), accessible, split);
}

/** The present seat with a label. Most are kept as sent; other spellings are tried after that. */
export function seatNamed({ seats }: State, sale: number, label: string): number {
  let seat = seats.find(sale, label);
  if (seat < 0) seat = findSpelled(label, (spelling) => seats.find(sale, spelling));
  return orNoSuchRow(seat);
}

function sectionNamed(state: State, sale: number, name: string | undefined): number {
  if (name === undefined) return 0;
  const section = findSpelled(name, (spelling) => state.seats.findSection(sale, spelling));
  return section < 0 ? noSuchRow : section + 1;
}

export interface SeatAddress {
  readonly section: string;
  readonly row: string;
  readonly number: string;
}

/**
 * The address of a new seat. A section and a row that exist are named as they are kept, and so is a
 * seat: the engine then refuses a duplicate, where another spelling would add a second seat.
 */
export function addressIn({ seats }: State, sale: number, asked: SeatAddress): SeatAddress {
  const section = spelledAs(asked.section, (name) => seats.findSection(sale, name) >= 0);
  const row = spelledAs(asked.row, (name) => seats.findRow(sale, section, name) !== null);
  const number = spelledAs(asked.number, (name) => seats.find(sale, labelOf(section, row, name)) >= 0);
  return { section, row, number };
}
