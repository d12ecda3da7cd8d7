/** Answers of the native API: JSON, and the position at which it is true. */
import type { State } from '../../engine/state.ts';
import type { Answer, Headers } from '../../http/answer.ts';
import { writePosition } from './positions.ts';

const json = 'application/json';

export function headersAt(state: State, position: number): Headers {
  return { 'Content-Type': json, 'Holdfast-Position': writePosition(state, position) };
}

/** `position`: of the record that the answer reports; of a read, the present one. */
export function answerAt(state: State, position: number, body: Answer['body'], status = 200): Answer {
  return { status, headers: headersAt(state, position), body };
}

/** An answer that reports a new thing, with its URL. */
export function madeAt(state: State, position: number, location: string, body: Answer['body']): Answer {
  const at = writePosition(state, position);
  return { status: 201, headers: { 'Content-Type': json, 'Holdfast-Position': at, Location: location }, body };
}

/** An answer to a read, true at the present position. */
export function answerNow(state: State, body: string): Answer {
  return answerAt(state, state.position, body);
}
