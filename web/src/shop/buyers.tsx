/** The last three buyers: names, and how long ago by the server's clock. */
import { useEffect } from 'react';
import { ago } from '../shared/format.ts';
import { useSignal } from '../shared/signal.ts';
import { api } from '../store/backend.ts';
import { useNow } from '../store/clock.ts';
import { live } from '../store/live.ts';

/** How often "2 s ago" is updated, ms. */
const everyMs = 5000;

export function Buyers({ sale }: { sale: string }) {
  const buyers = useSignal(live.buyers(sale));
  const nowMs = useNow(buyers === null || buyers.length === 0 ? null : everyMs);
  useEffect(() => {
    let isOver = false;
    const ask = (): void => {
      // Missing buyers are not worth an error: without an answer the line stays as it is, and the
      // stream brings the next ones.
      void api.sales.buyers(sale).then(
        ({ items }) => isOver || live.learnBuyers(sale, items),
        () => undefined,
      );
    };
    ask();
    const stop = live.onReset(ask);
    return () => {
      isOver = true;
      stop();
    };
  }, [sale]);
  if (buyers === null) return <p className="skeleton h-5 w-3/5" aria-hidden="true" />;
  if (buyers.length === 0) return <p className="label">Nobody has bought one yet.</p>;
  return (
    <ul aria-label="Bought last" className="flex flex-wrap gap-x-4 gap-y-1">
      {buyers.map(({ name, at, quantity }) => (
        <li key={`${at} ${quantity} ${name ?? ''}`} className="label arrives flex max-w-full gap-1.5">
          <span className="max-w-44 truncate font-semibold text-ink">{name ?? 'Somebody'}</span>
          <span className="shrink-0">
            {quantity > 1 && `× ${quantity}, `}
            {ago(nowMs - Date.parse(at))}
          </span>
        </li>
      ))}
    </ul>
  );
}
