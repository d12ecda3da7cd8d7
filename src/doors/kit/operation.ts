/**
 * A door is made of operations, which bring a command to its outcome, and of reads. A door says
 * what a request means and how its outcome is answered. What all requests need is done once
 * (`operations.ts`).
 *
 *     read -> fill -> keep -> (log) -> answer
 */
import type { Command } from '../../engine/command.ts';
import type { Outcome } from '../../engine/outcome.ts';
import type { OutcomeCode } from '../../engine/outcomes.ts';
import type { State } from '../../engine/state.ts';
import type { Answer } from '../../http/answer.ts';
import type { Call } from '../../http/call.ts';
import type { HttpFailure } from '../../http/problems.ts';
import type { RouteTerms } from '../../http/route.ts';

/** A door's sentences for refusals of the engine. */
export type Words = Readonly<Partial<Record<OutcomeCode, string>>>;

/** A row that no table has: the engine treats it as a thing that does not exist. */
export const noSuchRow = 0xffffffff;

/** The result of a look-up, -1 for none, as a row for a command. */
export function orNoSuchRow(row: number): number {
  return row < 0 ? noSuchRow : row;
}

/** The caller, in an ask. Its properties are looked up only where an answer depends on them. */
export type Caller = Pick<Call, 'isOperator' | 'header' | 'client'>;

/** Returned in place of an outcome: an answer or a failure. */
export type Instead = Answer | HttpFailure;

export interface Operation<Ask> {
  /** Refusals before the body is read. @throws HttpFailure */
  admit?(call: Call, state: State): void;

  /**
   * The content of the request: its form only, without the store's state.
   * @throws HttpFailure 400
   */
  read(call: Call, body: Uint8Array): Ask;

  /**
   * Resets the command to its kind and fills it. Names become rows; a thing that does not exist
   * becomes `noSuchRow`, which the engine refuses. A returned value is the answer without a
   * command, unless the call's key had its effect earlier. A thrown one is the answer in any case.
   */
  fill(ask: Ask, state: State, command: Command): Instead | undefined;

  /** The key, where it is in the body. @throws HttpFailure 400 */
  keyIn?(ask: Ask): string;

  /**
   * Puts the key into the filled command, with its scope and fingerprint. Neither ever changes: a
   * retry from before an update is still a replay.
   */
  keep?(key: string, ask: Ask, command: Command): void;

  /**
   * The answer to a success, from the state as of that outcome; a replay must give the same. It may
   * run while a batch is applied, so it signs nothing (`SignedText`).
   */
  answer(outcome: Outcome, ask: Ask, state: State): Answer | Promise<Answer>;

  /** Sentences that take precedence over the door's, for a refusal with the state as of it. */
  words?(ask: Ask, outcome: Outcome, state: State): Words;

  /**
   * A refusal in a form of its own; null for the usual form.
   * @throws HttpFailure
   */
  refused?(outcome: Outcome, ask: Ask, state: State): Answer | null;

  /** Where requests wait for one another: calls `submit` when its turn comes. */
  inTurn?(ask: Ask, state: State, submit: () => Answer | Promise<Answer>): Promise<Answer>;
}

/** A request that changes nothing. */
export interface Read<Ask> {
  /** Refuses callers. @throws HttpFailure */
  admit?(call: Call, state: State): void;
  read(call: Call): Ask;
  answer(ask: Ask, state: State): Answer | Promise<Answer>;
}

/** The shape of a door's refusals. */
export interface Dialect {
  readonly words: Words;
  /** A refusal of the engine; `own`: the door's sentence, undefined if it has none. */
  refusal(outcome: Outcome, own: string | undefined, route: RouteTerms | null, state: State): Answer;
}
