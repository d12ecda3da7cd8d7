/** What a door gives the listener: its routes, and the shape of its errors. */
import type { TSchema } from 'typebox';
import type { Answer } from './answer.ts';
import type { Call } from './call.ts';
import type { HttpFailure } from './problems.ts';
import type { RouteTerms } from './route.ts';
import type { Sockets } from './sockets.ts';

/** A handler's result: an answer, or nothing when it comes through the call (`Call.withBody`). */
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
  /** Path prefixes whose unknown paths this door answers; the longest prefix wins. */
  readonly prefixes: readonly string[];
  /** Whether the fixed words in its paths match in any letter case. Parameters never do. */
  readonly anyCase?: boolean;
  /** A failure in its own shape. */
  failed(failure: HttpFailure, call: Call): Answer;
  /** The schema of its errors, for the API description. */
  readonly errors?: ErrorForm;
  /** The token for a text that an answer signs (`SignedText`). */
  readonly sign?: (text: string) => string;
  /** Called after each request to one of its routes is answered, with its duration in ms. */
  answered?(call: Call, status: number, ms: number): void;
  /** Its long-lived connections, besides the routes. */
  readonly sockets?: Sockets;
  /** Called when the listener closes, before it waits for the requests in flight. */
  close?(): void;
}
