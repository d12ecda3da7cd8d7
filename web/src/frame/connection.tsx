/**
 * Says whether the page is up to date. A short cut heals unseen; a longer one is shown, with the
 * time of the last news.
 */
import { useEffect, useState } from 'react';
import { announce } from '../shared/announce.ts';
import { timeOfDay } from '../shared/format.ts';
import { useSignal } from '../shared/signal.ts';
import type { Connection } from '../store/connection.ts';
import { connectionWords, noticeOf } from '../store/connection.ts';
import { live } from '../store/live.ts';

/** A cut shorter than this is not shown, ms. */
const patienceMs = 700;

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
      <span className={isLive ? 'max-sm:sr-only' : ''}>{connectionWords[connection]}</span>
    </span>
  );
}

/** `width`: how wide the page is. */
export function ConnectionNotice({ width }: { width: string }) {
  const connection = useSettledConnection();
  const notice = noticeOf(connection);
  const [wasCut, setWasCut] = useState(false);
  useEffect(() => {
    if (notice !== null) announce(notice);
    else if (wasCut && connection === 'live') announce('Connected again. The numbers are right.');
    setWasCut(notice !== null);
    // Only a change of the connection is news.
  }, [connection]);
  if (notice === null) return null;
  return (
    <div className="border-b border-signal bg-signal-wash">
      <p className={`mx-auto px-4 py-3 text-[0.9375rem] font-medium sm:px-8 ${width}`}>
        {notice}{' '}
        {live.lastHeardMs > 0 && <span className="text-soft">Numbers are as of {timeOfDay(live.lastHeardMs)}.</span>}
      </p>
    </div>
  );
}
