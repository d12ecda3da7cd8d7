/** Parts of requests: parameters, times, customers' ids, and what a key stands for. */
import type { Command } from '../../engine/command.ts';
import { fingerprintText } from '../../engine/fingerprint.ts';
import type { State } from '../../engine/state.ts';
import { HttpFailure, problems } from '../../http/problems.ts';
import { isComposed } from '../kit/texts.ts';
import { timeFlaw, timeMsOf } from '../kit/times.ts';
import { invalidField } from '../kit/validation.ts';

const maxCustomerUnits = 255;

export function invalidParameter(name: string, message: string): HttpFailure {
  return new HttpFailure(problems.INVALID_REQUEST, `The parameter ${name} ${message}.`, [{ path: name, message }]);
}

/**
 * Ms of an RFC 3339 time that fits the schema.
 * @throws HttpFailure 400 when the date does not exist, or cannot be written back
 */
export function readTime(text: string, path: string): number {
  const ms = timeMsOf(text);
  if (ms === null) throw invalidField(path, timeFlaw(text));
  return ms;
}

/**
 * Puts the customer that a body names into the command. Returns what is wrong with a new id: a key
 * that had its effect before still gets its first answer.
 * @throws HttpFailure 400
 */
export function nameCustomer(state: State, command: Command, id: string, path: string): HttpFailure | undefined {
  // A schema counts characters; the log limits UTF-16 units, and some characters take two.
  if (id.length > maxCustomerUnits)
    throw invalidField(path, `must not have more than ${maxCustomerUnits} UTF-16 units`);
  command.setCustomer(id);
  // As many bytes as units: it is ASCII, and so already NFC.
  if (command.customerLength === id.length || isComposed(id)) return undefined;
  if (state.findCustomer(command.text, command.customerStart, command.customerLength) >= 0) return undefined;
  const message = 'is new here and not in the Unicode form NFC: ids are kept as they are, so send it in NFC';
  return invalidField(path, message);
}

/**
 * Puts what a client named into a command, for comparison by its key: in a fixed order, without
 * what was filled in.
 */
export function fingerprintAsked(command: Command, asked: unknown): void {
  fingerprintText(command, canonical(asked));
}

/** JSON with sorted names, so the client's order does not matter. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([one], [other]) => (one < other ? -1 : 1)))
      : inner,
  );
}
