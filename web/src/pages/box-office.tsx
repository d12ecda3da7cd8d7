/** The box office: every sale of numbered seats, each with a look into its hall. */
import { memo, useState } from 'react';
import { Link, PageTitle } from '../frame/router.tsx';
import { HallPicture } from '../hall/hall-picture.tsx';
import { Button, buttonClass } from '../shared/button.tsx';
import { Code } from '../shared/code.tsx';
import { firstHall } from '../shared/commands.ts';
import { count, dateAndTime } from '../shared/format.ts';
import { useSignal } from '../shared/signal.ts';
import { NameAndPrice } from '../shop/name-and-price.tsx';
import { Stock } from '../shop/stock.tsx';
import { live } from '../store/live.ts';
import { useOrder } from '../store/order.ts';
import type { Phase } from '../store/phase.ts';
import { hallPath, isSeated } from '../store/shelf.ts';
import { usePhase } from '../store/use-phase.ts';

const none: readonly string[] = [];
/** Cards shown at first, and with each "more". */
const page = 12;

export function BoxOffice() {
  const ids = useSignal(live.ids);
  const [shown, setShown] = useState(page);
  const halls = useOrder(ids ?? none).filter((id) => {
    const sale = live.find(id);
    return sale !== null && isSeated(sale);
  });
  return (
    <>
      <PageTitle title="Box office · Holdfast" className="display text-[clamp(2.75rem,8vw,5.5rem)]">
        Box office
      </PageTitle>
      <p className="mt-4 max-w-[52ch] text-lg leading-snug text-pretty text-soft">
        Pick the very seats, or ask for the best that are left side by side. A full dot is free; it empties as somebody
        takes it, while you look.
      </p>
      {ids === null && (
        <div className="mt-10 grid gap-x-8 gap-y-14 sm:grid-cols-2" role="status">
          <span className="sr-only">Loading the halls…</span>
          <div className="skeleton aspect-[4/3] rounded-2xl" />
          <div className="skeleton aspect-[4/3] rounded-2xl max-sm:hidden" />
        </div>
      )}
      {ids !== null && halls.length === 0 && <NoHalls />}
      {halls.length > 0 && (
        <div className="mt-10 grid gap-x-8 gap-y-14 sm:grid-cols-2">
          {halls.slice(0, shown).map((id) => (
            <HallCard key={id} id={id} />
          ))}
        </div>
      )}
      {halls.length > shown && (
        <p className="mt-14 text-center">
          <Button look="outline" onClick={() => setShown(shown + page)}>
            Show more ({count(halls.length - shown)} left)
          </Button>
        </p>
      )}
    </>
  );
}

const HallCard = memo(function HallCard({ id }: { id: string }) {
  const sale = useSignal(live.sale(id));
  const phase = usePhase(sale);
  const titleId = `hall-${id}`;
  return (
    <article aria-labelledby={titleId} data-sale={id} className="flex min-w-0 flex-col">
      <Link
        href={hallPath(sale)}
        tabIndex={-1}
        aria-hidden="true"
        className="block overflow-hidden rounded-2xl border border-line hover:border-edge"
      >
        <HallPicture sale={id} stock={`${sale.available} ${sale.held}`} className="aspect-[4/3] w-full" />
      </Link>
      <NameAndPrice sale={sale} titleId={titleId} />
      <div className="mt-4 mb-5">
        <Stock sale={sale} phase={phase} />
      </div>
      <Link href={hallPath(sale)} className={`${buttonClass(phase === 'open' ? 'solid' : 'outline')} mt-auto`}>
        {wordsFor(phase, sale.opensAt)}
        <span className="sr-only">: {sale.name}</span>
      </Link>
    </article>
  );
});

function wordsFor(phase: Phase, opensAt: string | null): string {
  switch (phase) {
    case 'open':
      return 'Choose seats';
    case 'soon':
      return `Opens ${dateAndTime(Date.parse(opensAt ?? ''))}`;
    case 'sold-out':
    case 'in-hands':
      return phase === 'sold-out' ? 'Sold out: waitlist' : 'All on hold: waitlist';
    case 'paused':
      return 'Paused: see the hall';
    case 'closed':
    default:
      return 'Closed: see the hall';
  }
}

function NoHalls() {
  return (
    <div className="mt-10 max-w-3xl">
      <h2 className="text-2xl font-bold [font-stretch:112%]">No hall is on sale</h2>
      <p className="mt-2 mb-5 text-lg text-pretty">
        A sale of numbered seats appears here the moment it is made. This makes a small one, where the store runs:
      </p>
      <Code label="Command that creates a seated sale" text={firstHall(location.origin)} />
    </div>
  );
}
