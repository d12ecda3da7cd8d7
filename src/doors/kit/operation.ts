/**
 * What a door is made of: operations, which bring a command to its outcome, and reads. A door says
 * what a request means and how an outcome is told; what all requests need is done once
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

/** What a door calls a refusal of the engine. */
export type Words = Readonly<Partial<Record<OutcomeCode, string>>>;

/** A row that nothing has: the engine says of it what it says of whatever is not there. */
export const noSuchRow = 0xffffffff;

/** A row that was looked up, -1 for none, as a command has it. */
export function orNoSuchRow(row: number): number {
  return row < 0 ? noSuchRow : row;
}

/** The caller, in an ask. Its properties are looked up only where an answer depends on them. */
export type Caller = Pick<Call, 'isOperator' | 'header' | 'client'>;

/** Given in place of an outcome: an answer, or what is refused. */
export type Instead = Answer | HttpFailure;

export interface Operation<Ask> {
  /** What is refused before the body is read. @throws HttpFailure */
  admit?(call: Call, state: State): void;

  /** What the request says: its form only, nothing of the store. @throws HttpFailure 400 */
  read(call: Call, body: Uint8Array): Ask;

  /**
   * Resets the command to its kind and fills it: names become rows, and what is not there
   * `noSuchRow`, of which the engine speaks. What the engine need not be asked is returned: it is
   * the answer, unless the call's key had its effect before things became so. What is thrown is the
   * answer in any case.
   */
  fill(ask: Ask, state: State, command: Command): Instead | undefined;

  /** The key where it is in the body. @throws HttpFailure 400 */
  keyIn?(ask: Ask): string;

  /**
   * Puts the key into the filled command, with its scope and what it stands for. Neither ever
   * changes: a retry from before an update is still a replay.
   */
  keep?(key: string, ask: Ask, command: Command): void;

  /**
   * The answer to an outcome that is a success, told from the state as of that outcome: a replay
   * tells the same. It may run while a batch is applied, so it signs nothing (`SignedText`).
   */
  answer(outcome: Outcome, ask: Ask, state: State): Answer | Promise<Answer>;

  /** Words that come before the door's, for a refusal told from the state as of it. */
  words?(ask: Ask, outcome: Outcome, state: State): Words;

  /**
   * A refusal that is told in another way; null where it is told as all are.
   * @throws HttpFailure
   */
  refused?(outcome: Outcome, ask: Ask, state: State): Answer | null;

  /** Where requests wait for one another: calls `submit` when it is its turn. */
  inTurn?(ask: Ask, state: State, submit: () => Answer | Promise<Answer>): Promise<Answer>;
}

/** What changes nothing. */
export interface Read<Ask> {
  /** Who is not answered. @throws HttpFailure */
  admit?(call: Call, state: State): void;
  read(call: Call): Ask;
  answer(ask: Ask, state: State): Answer | Promise<Answer>;
}

/** How a door says no. */
export interface Dialect {
  readonly words: Words;
  /**
   * A refusal of the engine; `own`: what the door calls it, undefined where it has no word of its
   * own.
   */
  refusal(outcome: Outcome, own: string | undefined, route: RouteTerms | null, state: State): Answer;
}
