/** The known state of the connection to the store, and its words. */
import type { ConnectionState } from '../../../sdk/src/index.ts';

export type Connection = 'connecting' | 'live' | 'lost' | 'offline';

export const connectionWords: Readonly<Record<Connection, string>> = {
  connecting: 'Connecting',
  live: 'Live',
  lost: 'Reconnecting',
  offline: 'Offline',
};

interface Now {
  /** Whether the stream's initial state is complete: before that, an open stream says nothing. */
  readonly isReady: boolean;
  /** The browser's own online state. */
  readonly isOnline: boolean;
}

/** The connection after a new state of the stream's reader. */
export function connectionAfter(before: Connection, state: ConnectionState, { isReady, isOnline }: Now): Connection {
  if (state === 'open') return isReady ? 'live' : before;
  // A slow first attempt is not a cut.
  const isCut = before === 'live' || (before === 'connecting' && state === 'offline');
  if (!isCut) return before;
  return isOnline ? 'lost' : 'offline';
}

/** The page's notice of a cut; null without one. */
export function noticeOf(connection: Connection): string | null {
  if (connection === 'offline')
    return 'You are offline. What you hold stays held until its time is up; this page goes on by itself when you are back.';
  if (connection === 'lost')
    return 'The store does not answer. This page keeps trying and goes on by itself; what you bought is safe.';
  return null;
}
