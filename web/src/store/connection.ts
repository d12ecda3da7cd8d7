/** What is known of the connection to the store, and what is said of it. */
import type { ConnectionState } from '../../../sdk/src/index.ts';

export type Connection = 'connecting' | 'live' | 'lost' | 'offline';

export const connectionWords: Readonly<Record<Connection, string>> = {
  connecting: 'Connecting',
  live: 'Live',
  lost: 'Reconnecting',
  offline: 'Offline',
};

interface Now {
  /** Whether all that a stream begins with is there: before, its being open says nothing. */
  readonly isReady: boolean;
  /** What the browser says of itself. */
  readonly isOnline: boolean;
}

/** What becomes of the connection when the stream's reader tells its state. */
export function connectionAfter(before: Connection, state: ConnectionState, { isReady, isOnline }: Now): Connection {
  if (state === 'open') return isReady ? 'live' : before;
  // A first attempt that takes its time is no cut.
  const isCut = before === 'live' || (before === 'connecting' && state === 'offline');
  if (!isCut) return before;
  return isOnline ? 'lost' : 'offline';
}

/** What the page says of a cut; null where there is none. */
export function noticeOf(connection: Connection): string | null {
  if (connection === 'offline')
    return 'You are offline. What you hold stays held until its time is up; this page goes on by itself when you are back.';
  if (connection === 'lost')
    return 'The store does not answer. This page keeps trying and goes on by itself; what you bought is safe.';
  return null;
}
