/** How a stream is asked for, and what its connection may be. */

/**
 * `offline`: an attempt to connect has failed, and more are made until one succeeds. `closed` is
 * for good.
 */
export type ConnectionState = 'connecting' | 'open' | 'offline' | 'closed';

export interface Followed {
  /**
   * Ids of holds whose news are wanted, at most 20. The client must have seen their tokens, or be
   * an operator's.
   */
  readonly holds?: readonly string[] | undefined;
  /** Ids of places in line whose news are wanted, at most 20. Likewise. */
  readonly waitlist?: readonly string[] | undefined;
  /** Id of a seated sale: how its seats change is told too; null for none. */
  readonly seats?: string | null | undefined;
}

export interface StreamOptions extends Followed {
  /** Ids of the sales; all by default. */
  readonly sales?: readonly string[] | undefined;
  /** A position to go on from; by default it begins with the present state. */
  readonly since?: string | undefined;
  /** Called with each new state. */
  readonly onState?: ((state: ConnectionState) => void) | undefined;
  /** Closes the stream. */
  readonly signal?: AbortSignal | undefined;
  /**
   * Longest silence before the connection counts as broken, ms (25,000; the store says something
   * every 10,000).
   */
  readonly silenceMs?: number | undefined;
  /**
   * Waits between connections: random up to `baseMs` (what the store says, 1,000), doubling up to
   * `capMs` (10,000).
   */
  readonly retry?: { readonly baseMs?: number | undefined; readonly capMs?: number | undefined } | undefined;
}
