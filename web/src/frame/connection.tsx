/** Whether what one sees is true now. A short cut heals unseen; a longer one is said, with the time of the last news. */
import { useEffect, useState } from 'react';
import { announce } from '../shared/announce.ts';
import { timeOfDay } from '../shared/format.ts';
import { useSignal } from '../shared/signal.ts';
import type { Connection } from '../store/live.ts';
import { live } from '../store/live.ts';

/** A cut shorter than this is not spoken of, ms. */
const patienceMs = 700;

const words: Readonly<Record<Connection, string>> = {
  connecting: 'Connecting',
  live: 'Live',
  lost: 'Reconnecting',
  offline: 'Offline',
};

/** The connection, with short cuts left out. */
function useSettledConnection(): Connection {
  const connection = useSignal(live.connection);
  const [shown, setShown] = useState(connection);
  useEffect(() => {
    if (connection !== 'lost') {
      setShown(connection);
      return undefined;
    }
    const timer = setTimeout(() => setShown('lost'), patienceMs);
    return () => clearTimeout(timer);
  }, [connection]);
  return shown;
}

export function ConnectionBadge() {
  const connection = useSettledConnection();
  const isLive = connection === 'live';
  return (
    <span className="flex items-center gap-2 text-[0.9375rem] font-medium" data-connection={connection}>
      <span
        aria-hidden="true"
        className={`size-2.5 rounded-full ${isLive ? 'bg-good' : connection === 'connecting' ? 'animate-pulse bg-edge' : 'bg-signal'}`}
      />
      <span className={isLive ? 'max-sm:sr-only' : ''}>{words[connection]}</span>
    </span>
  );
}

/** `width`: how wide the page is. */
export function ConnectionNotice({ width }: { width: string }) {
  const connection = useSettledConnection();
  const isCut = connection === 'lost' || connection === 'offline';
  const [wasCut, setWasCut] = useState(false);
  useEffect(() => {
    if (isCut) announce(sentenceFor(connection));
    else if (wasCut && connection === 'live') announce('Connected again. The numbers are right.');
    setWasCut(isCut);
    // Only a change of the connection is news.
  }, [connection]);
  if (!isCut) return null;
  return (
    <div className="border-b border-signal bg-signal-wash">
      <p className={`mx-auto px-4 py-3 text-[0.9375rem] font-medium sm:px-8 ${width}`}>
        {sentenceFor(connection)}{' '}
        {live.lastHeardMs > 0 && <span className="text-soft">Numbers are as of {timeOfDay(live.lastHeardMs)}.</span>}
      </p>
    </div>
  );
}

function sentenceFor(connection: Connection): string {
  return connection === 'offline'
    ? 'You are offline. What you hold stays held until its time is up; this page goes on by itself when you are back.'
    : 'The store does not answer. This page keeps trying and goes on by itself; what you bought is safe.';
}
