/** Parts of requests of the native API: parameters, times, and what a key stands for. */
import type { Command } from '../../engine/command.ts';
import { fingerprintText } from '../../engine/fingerprint.ts';
import { HttpFailure, problems } from '../../http/problems.ts';
import { timeFlaw, timeMsOf } from './times.ts';
import { invalidField } from './validation.ts';

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
