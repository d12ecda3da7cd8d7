/** The options of a stream, and the states of its connection. */

/**
 * `offline`: an attempt to connect has failed, and more are made until one succeeds. `closed` is
 * for good.
 */
export type ConnectionState = 'connecting' | 'open' | 'offline' | 'closed';

export interface Followed {
  /** Ids of holds to follow, at most 20. The client must have their tokens, or the operator key. */
  readonly holds?: readonly string[] | undefined;
  /**
   * Ids of places in line to follow, at most 20. The client must have their tokens, or the operator
   * key.
   */
  readonly waitlist?: readonly string[] | undefined;
  /** Id of a seated sale whose seats to follow; null for none. */
  readonly seats?: string | null | undefined;
}

export interface StreamOptions extends Followed {
  /** Ids of the sales; all by default. */
  readonly sales?: readonly string[] | undefined;
  /** A position to go on from; by default the stream begins with the present state. */
  readonly since?: string | undefined;
  /** Called with each new state. */
  readonly onState?: ((state: ConnectionState) => void) | undefined;
  /** Closes the stream. */
  readonly signal?: AbortSignal | undefined;
  /**
   * Maximum silence before the connection counts as broken, ms (25,000; the store sends a heartbeat
   * every 10,000).
   */
  readonly silenceMs?: number | undefined;
  /**
   * Waits between connections: random up to `baseMs` (by default the store's 1,000), doubling up to
   * `capMs` (10,000).
   */
  readonly retry?: { readonly baseMs?: number | undefined; readonly capMs?: number | undefined } | undefined;
}
