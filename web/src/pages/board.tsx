/**
 * The board of Home: each sale on a line, with its live stock. Those that can be bought come first.
 */
import { memo } from 'react';
import type { Sale } from '../../../sdk/src/index.ts';
import { Picture } from '../art/picture.tsx';
import { Link } from '../frame/router.tsx';
import { count, dateAndTime, money } from '../shared/format.ts';
import { useSignal } from '../shared/signal.ts';
import { cardAddress } from '../shop/show-card.ts';
import { StockBar } from '../shop/stock.tsx';
import { hallPath, isInShop, isSeated } from '../store/shelf.ts';
import { live } from '../store/live.ts';
import type { Phase } from '../store/phase.ts';
import { useOrder } from '../store/order.ts';
import { usePhase } from '../store/use-phase.ts';

const most = 8;

export function Board({ ids }: { ids: readonly string[] }) {
  const sorted = useOrder(ids);
  return (
    <>
      <ul className="mt-5 border-t-2 border-ink">
        {sorted.slice(0, most).map((id) => (
          <Line key={id} id={id} />
        ))}
      </ul>
      {sorted.length > most && <p className="mt-4 text-soft">And {count(sorted.length - most)} more.</p>}
    </>
  );
}

const Line = memo(function Line({ id }: { id: string }) {
  const sale = useSignal(live.sale(id));
  const phase = usePhase(sale);
  const isOver = phase === 'sold-out' || phase === 'closed';
  const address = addressOf(sale);
  const content = (
    <>
      <Picture
        name={sale.name}
        door={sale.door}
        image={sale.image}
        className={`aspect-[4/3] w-20 shrink-0 rounded-lg sm:w-24 ${isOver ? 'opacity-60 grayscale' : ''}`}
      />
      <span className="min-w-0">
        <span
          className={`line-clamp-2 text-lg leading-tight font-bold wrap-anywhere ${address !== null ? 'underline decoration-edge decoration-1 underline-offset-4 group-hover:decoration-ink group-hover:decoration-2' : ''}`}
        >
          {sale.name}
        </span>
        <span className="label mt-1 block">
          {sale.price !== null && `${money(sale.price)} · `}
          {phase === 'soon' ? `Opens ${dateAndTime(Date.parse(sale.opensAt ?? ''))}` : phaseWords[phase]}
        </span>
      </span>
      <span className={`numeral text-right text-2xl leading-none sm:text-3xl ${isOver ? 'text-soft' : ''}`}>
        <span data-testid="available">{count(sale.available)}</span>
        <span className="label mt-1 block">of {count(sale.capacity)} left</span>
      </span>
      <span className="col-span-full sm:col-span-1 sm:col-start-3 sm:row-start-1">
        <StockBar sale={sale} className="h-2.5" />
      </span>
    </>
  );
  const grid =
    'grid grid-cols-[auto_minmax(0,1fr)_auto] items-center gap-x-4 gap-y-3 py-4 sm:grid-cols-[auto_minmax(0,1.1fr)_minmax(6rem,1fr)_minmax(7.5rem,auto)] sm:gap-x-6';
  return (
    <li className="border-b border-line">
      {address !== null ? (
        <Link href={address} className={`${grid} group no-underline hover:bg-ink/4`}>
          {content}
        </Link>
      ) : (
        <div className={grid}>{content}</div>
      )}
    </li>
  );
});

/** The page where a sale is bought; null if it is not on these pages. */
function addressOf(sale: Sale): string | null {
  if (isSeated(sale)) return hallPath(sale);
  return isInShop(sale) ? cardAddress(sale.id) : null;
}

const phaseWords: Readonly<Record<Exclude<Phase, 'soon'>, string>> = {
  open: 'Open',
  'in-hands': 'All on hold',
  paused: 'Paused',
  'sold-out': 'Sold out',
  closed: 'Closed',
};

export function BoardSkeleton() {
  return (
    <div className="mt-5 border-t-2 border-ink" role="status">
      <span className="sr-only">Loading what is on sale…</span>
      {[0, 1, 2].map((line) => (
        <div key={line} className="flex items-center gap-4 border-b border-line py-4" aria-hidden="true">
          <div className="skeleton aspect-[4/3] w-20 sm:w-24" />
          <div className="skeleton h-6 w-1/3" />
          <div className="skeleton ml-auto h-8 w-16" />
        </div>
      ))}
    </div>
  );
}
