/** The form of a script: what is asked of a store, call by call. */

/**
 * One request. `{name}` in its path, headers and body stands for what an earlier answer gave under
 * that name.
 */
export interface Call {
  /** Method and target. */
  readonly ask: string;
  readonly key?: string;
  readonly json?: unknown;
  /** In the place of JSON, as it is; sent as JSON unless the headers name another type. */
  readonly body?: string;
  readonly form?: string;
  readonly as?: 'operator';
  readonly token?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /**
   * Of a stream: it is read up to this event. Of a long poll: it is repeated until an answer has
   * this.
   */
  readonly until?: string;
  /** On the port that the drops door has beside the others. */
  readonly on?: 'drops';
  /** Names for parts of the answer: `lines.0.sale` of the JSON, or `header Name`. */
  readonly save?: Readonly<Record<string, string>>;
}

/** What happens to the store between two calls. */
export type Event =
  | { readonly pass: number }
  | { readonly disk: 'full' }
  /** The SQL views are as far as the store is. */
  | { readonly views: 'read' }
  /** Waits this many ms of a real clock: events that follow an answer have arrived by then. */
  | { readonly rest: number };

/**
 * Calls on one fresh store, whose clock stands still but where the script says that seconds `pass`.
 */
export interface Chapter {
  readonly name: string;
  readonly args?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  /** Whether a follower writes the SQL views that lists are read from. */
  readonly follows?: boolean;
  /** Most keys kept. */
  readonly maxKeys?: number;
  /** How many free calls an address has; none come back. */
  readonly freeCalls?: number;
  readonly steps: readonly (Call | Event)[];
}

export const operatorKey = 'the-operator-key-of-the-transcripts';
/** In an environment: a caller without a key is no operator. */
export const guarded = { HOLDFAST_OPERATOR_KEY: operatorKey };
/** As a proxy says for whom it asks. */
export const proxied = { 'X-Forwarded-For': '203.0.113.7' };
