/**
 * A running hold is shown on every page: its time is in the header and in the window's title, and
 * leads back to it.
 */
import { useEffect } from 'react';
import { span } from '../shared/format.ts';
import { useSignal } from '../shared/signal.ts';
import { useNow } from '../store/clock.ts';
import { live } from '../store/live.ts';
import { hallPath, isSeated } from '../store/shelf.ts';
import type { HeldStock } from '../visitor/deal.ts';
import { deals } from '../visitor/deals.ts';
import { showCard } from '../shop/show-card.ts';
import { go, pageTitle } from './router.tsx';

export function HoldReminder() {
  const soonest = useSignal(deals.soonest);
  const title = useSignal(pageTitle);
  useEffect(() => {
    if (soonest === null) document.title = title;
  }, [soonest, title]);
  return soonest === null ? null : <Reminder sale={soonest.sale} hold={soonest.hold} title={title} />;
}

function Reminder({ sale, hold, title }: { sale: string; hold: HeldStock; title: string }) {
  const left = span(hold.expiresAtMs - useNow(250));
  useEffect(() => {
    document.title = `${hold.entry === null ? 'Held' : 'Your turn'} ${left} · ${title}`;
  }, [left, title, hold.entry]);
  return (
    <button
      type="button"
      onClick={() => void show(sale)}
      className="numeral flex min-h-11 items-center rounded-md bg-signal-wash px-3 text-signal hover:underline"
    >
      <span className="sr-only">Go to what you hold, time left: </span>
      {left}
    </button>
  );
}

/** Goes to the card of a sale, or to its hall, and focuses its button. */
async function show(sale: string): Promise<void> {
  const known = live.find(sale);
  go(known !== null && isSeated(known) ? hallPath(known) : '/drops');
  await new Promise((resolve) => setTimeout(resolve, 50));
  showCard(sale);
}
