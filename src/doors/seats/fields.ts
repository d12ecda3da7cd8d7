/** The fields of a request, from JSON or from a form. The values of a form are texts. */
import type { Call } from '../../http/call.ts';
import type { Body } from '../kit/input.ts';
import { bodyOf, invalid, readId, readTime } from '../kit/input.ts';
import type { RecordKind } from './records.ts';
import type { State } from '../../engine/state.ts';
import { readNamedId } from './input.ts';

/** Far more than any record has. */
const maxFields = 100;

/** Fields that a form sends empty when they are not filled in. */
const optional = ['userId', 'partial', 'bookingId', 'cancelAll'];

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * A request to change a record. Which fields are a change depends on the record: see `changeIn`.
 */
export interface RecordChange {
  readonly id: number;
  readonly body: Body;
}

/** The small id in the path; 0 for what is none. */
export function idIn(call: Call): number {
  return readId(call.param('id'));
}

/** @throws HttpFailure 400 */
export function fieldsOf(call: Call, body: Uint8Array): Body {
  return call.isForm ? parseForm(body) : bodyOf(call, body);
}

/** @throws HttpFailure 400 */
export function recordChangeIn(call: Call, body: Uint8Array): RecordChange {
  return { id: idIn(call), body: fieldsOf(call, body) };
}

/**
 * Like JSON, a form has one meaning or none: a field that stands twice is refused.
 * @throws HttpFailure 400
 */
export function parseForm(bytes: Uint8Array): Body {
  const fields = new Map<string, string>();
  for (const part of decoded(bytes).split('&')) {
    if (part === '') continue;
    const at = part.indexOf('=');
    const name = unescaped(at < 0 ? part : part.slice(0, at));
    if (fields.has(name)) throw invalid('The form names a field twice');
    if (fields.size === maxFields) throw invalid(`The form has more than ${maxFields} fields`);
    fields.set(name, at < 0 ? '' : unescaped(part.slice(at + 1)));
  }
  for (const name of optional) if (fields.get(name) === '') fields.delete(name);
  return Object.fromEntries(fields);
}

function decoded(bytes: Uint8Array): string {
  try {
    return decoder.decode(bytes);
  } catch {
    throw invalid('The form is not UTF-8');
  }
}

function unescaped(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    throw invalid('The form has a % that begins no character of UTF-8');
  }
}

/**
 * The fields to change. The body may be a whole record as it was shown: its id and `created_at`
 * must then be unchanged, and a column without a value stays without one. `row`: of the record, or
 * -1 where there is none.
 * @throws HttpFailure 400
 */
export function changeIn(body: Body, state: State, kind: RecordKind, id: number, row: number): Body {
  const { id: named, created_at: createdAt, ...rest } = body;
  if (Object.hasOwn(body, 'id') && readNamedId(named, 'id') !== id) {
    throw invalid('The id in the body is another than the one in the path: an id cannot be changed');
  }
  if (row < 0) return rest;
  const shown = (column: string): unknown => kind.columns[column]?.(state, row);
  if (
    Object.hasOwn(body, 'created_at') &&
    readTime(createdAt, 'created_at') !== Date.parse(String(shown('created_at')))
  ) {
    throw invalid('created_at cannot be changed');
  }
  return Object.fromEntries(Object.entries(rest).filter(([name, value]) => value !== null || shown(name) !== null));
}
