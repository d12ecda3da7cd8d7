/**
 * Commands on their way through the log, and their waiting callers.
 *
 *     open --batch closes--> sent --own record applied--> settled
 *       |                     |
 *       +---- log full -------+----> failed
 *
 * A second command with the same key joins the first: one effect, one answer. With another
 * fingerprint it is refused when the first succeeds; when the first is refused, it is sent on its
 * own.
 */
import type { Command } from '../engine/command.ts';
import type { Outcome } from '../engine/outcome.ts';
import { RecordWriter } from '../engine/record.ts';

/**
 * Makes the answer from an outcome; `context` is what the caller passed to `submit`. The outcome is
 * reused: read it at once.
 */
export type Render<Answer, Context> = (outcome: Outcome, context: Context) => Answer;

/** Waits for an answer. */
export interface Caller<Answer> {
  resolve(answer: Answer): void;
  reject(error: Error): void;
}

export class Pending {
  readonly render: Render<unknown, unknown>;
  readonly context: unknown;
  readonly caller: Caller<unknown>;
  /** Log time, ms, at which the caller gives up. */
  untilMs = Infinity;

  /** Whether there is a key. Its hash, and the fingerprint, have a meaning only then. */
  keyed = false;
  h0 = 0;
  h1 = 0;
  h2 = 0;
  h3 = 0;
  fingerprintLow = 0;
  fingerprintHigh = 0;
  joined: Joined[] | null = null;

  constructor(render: Render<unknown, unknown>, context: unknown, caller: Caller<unknown>) {
    this.render = render;
    this.context = context;
    this.caller = caller;
  }
}

/**
 * A command that waits for another one with the same key. `record`: its own encoding, in case it
 * has to be sent on its own.
 */
export interface Joined {
  readonly pending: Pending;
  readonly sameFingerprint: boolean;
  readonly record: Uint8Array;
}

/** Hash of a key, 128 bits. */
interface Hash {
  readonly h0: number;
  readonly h1: number;
  readonly h2: number;
  readonly h3: number;
}

/** Pending commands by key. */
export class KeysInFlight {
  private readonly byHash = new Map<number, Pending>();

  /** The command in flight with this key hash, if any. */
  find({ h0, h1, h2, h3 }: Hash): Pending | null {
    const found = this.byHash.get(mapKey(h0, h1));
    return found !== undefined && found.h0 === h0 && found.h1 === h1 && found.h2 === h2 && found.h3 === h3
      ? found
      : null;
  }

  add(pending: Pending, command: Command, { h0, h1, h2, h3 }: Hash): void {
    pending.keyed = true;
    pending.h0 = h0;
    pending.h1 = h1;
    pending.h2 = h2;
    pending.h3 = h3;
    pending.fingerprintLow = command.fingerprintLow;
    pending.fingerprintHigh = command.fingerprintHigh;
    this.byHash.set(mapKey(h0, h1), pending);
  }

  delete(pending: Pending): void {
    const key = mapKey(pending.h0, pending.h1);
    if (this.byHash.get(key) === pending) this.byHash.delete(key);
  }
}

/**
 * 53 of the 128 bits. Two different keys in flight that share them cannot join, but each still gets
 * its answer.
 */
function mapKey(h0: number, h1: number): number {
  return (h0 >>> 0) + (h1 & 0x1fffff) * 0x100000000;
}

/** Renders the outcome for the caller. */
export function answer(pending: Pending, outcome: Outcome): void {
  try {
    pending.caller.resolve(pending.render(outcome, pending.context));
  } catch (error) {
    // A door that cannot render must not stop the batch: the caller gets the error, and the command
    // keeps its effect.
    pending.caller.reject(error instanceof Error ? error : new Error(String(error)));
  }
}

/** Lets a command wait for the one in flight that has the same key. */
export function join(first: Pending, command: Command, pending: Pending): void {
  const own = new RecordWriter(1024);
  own.add(command);
  const sameFingerprint =
    first.fingerprintLow === command.fingerprintLow && first.fingerprintHigh === command.fingerprintHigh;
  (first.joined ??= []).push({ pending, sameFingerprint, record: own.bytes() });
}
