/** What a door hands to the listener: its routes, and how it says no. */
import type { TSchema } from 'typebox';
import type { Answer } from './answer.ts';
import type { Call } from './call.ts';
import type { HttpFailure } from './problems.ts';
import type { RouteTerms } from './route.ts';
import type { Sockets } from './sockets.ts';

/**
 * What a handler gives: an answer, or nothing when the answer comes through the call
 * (`Call.withBody`).
 */
type Handled = Answer | Promise<Answer> | undefined;

export interface Route extends RouteTerms {
  handle(call: Call): Handled;
}

interface ErrorForm {
  readonly contentType: string;
  readonly schema: TSchema;
}

export interface Door {
  readonly name: string;
  readonly routes: readonly Route[];
  /** Paths this door answers for when no route fits: longest prefix wins. */
  readonly prefixes: readonly string[];
  /**
   * Whether the letter case of the fixed words in its paths does not matter. That of parameters
   * always does.
   */
  readonly anyCase?: boolean;
  /** Its error in its own shape. */
  failed(failure: HttpFailure, call: Call): Answer;
  /** The form of its errors, as the description shows it. */
  readonly errors?: ErrorForm;
  /** The token for a text that an answer signs (`SignedText`). */
  readonly sign?: (text: string) => string;
  /** Told of every request to one of its routes once it is answered, in ms. */
  answered?(call: Call, status: number, ms: number): void;
  /** What keeps connections open beside the routes. */
  readonly sockets?: Sockets;
  /** Told when the listener closes, before the requests in flight are waited for. */
  close?(): void;
}
