/** The hall of one sale: its live map, and beside it the way from a choice to bought seats. */
import type { ReactNode } from 'react';
import { useEffect, useMemo } from 'react';
import type { Sale } from '../../../sdk/src/index.ts';
import { Panel } from '../box-office/panel.tsx';
import { visitOf } from '../box-office/visits.ts';
import { Link, PageTitle } from '../frame/router.tsx';
import type { Hall } from '../hall/hall.ts';
import { Legend } from '../hall/legend.tsx';
import type { Own } from '../hall/map-view.ts';
import { kindsOf, SeatMap } from '../hall/seat-map.tsx';
import { buttonClass } from '../shared/button.tsx';
import { count, dateAndTime, money } from '../shared/format.ts';
import { useSignal } from '../shared/signal.ts';
import { Stock } from '../shop/stock.tsx';
import { live } from '../store/live.ts';
import type { Phase } from '../store/phase.ts';
import { isInShop, isSeated } from '../store/shelf.ts';
import { usePhase } from '../store/use-phase.ts';
import { deals } from '../visitor/deals.ts';
import { receipts } from '../visitor/receipts.ts';

/** Seats of one hold, where the sale sets no limit. */
const usualLimit = 10;
/** Longer names are set smaller, to leave the hall its room, characters. */
const longName = 30;
const columns = 'grid gap-x-8 gap-y-6 lg:grid-cols-[minmax(0,1fr)_21.5rem]';
const mapHeight = 'h-[min(72svh,40rem)] lg:h-[clamp(26rem,calc(100svh-15rem),52rem)]';

export function Seats({ id }: { id: string }) {
  const ids = useSignal(live.ids);
  const sale = live.find(id);
  if (ids === null) return <SeatsSkeleton />;
  if (sale === null)
    return (
      <Elsewhere title="No such sale." way="See what is on">
        Nothing is sold under this address, or not any more.
      </Elsewhere>
    );
  if (!isSeated(sale)) return <Unseated sale={sale} />;
  return <HallOf key={id} id={id} />;
}

function HallOf({ id }: { id: string }) {
  const sale = useSignal(live.sale(id));
  const phase = usePhase(sale);
  const { live: hallLive, chooser } = visitOf(id);
  const hall = useSignal(hallLive.hall);
  const isCut = useSignal(hallLive.isCut);
  // Subscribes: counts are drawn again when seats change.
  useSignal(hallLive.changes);
  chooser.limit = sale.maxPerOrder ?? usualLimit;
  useEffect(() => {
    const stops = [hallLive.open(), chooser.open()];
    return () => {
      for (const stop of stops) stop();
    };
  }, [hallLive, chooser]);
  const own = useOwn(id, hall);
  const toggle = (seat: number): void => {
    const why = hall?.isFree(seat) === true ? refusals[phase] : undefined;
    if (why === undefined) chooser.toggle(seat);
    else chooser.refuse(why);
  };
  return (
    <>
      <div className={`${columns} items-end`}>
        <div>
          <PageTitle
            title={`${sale.name} · Holdfast`}
            className={`display wrap-anywhere ${sale.name.length > longName ? 'text-[clamp(1.5rem,3.4vw,2.75rem)]' : 'text-[clamp(2rem,5.2vw,4.25rem)]'}`}
          >
            {sale.name}
          </PageTitle>
          <p className="mt-3 text-lg leading-snug text-soft">
            <span className="numeral text-ink">{money(sale.price)}</span>
            {sale.price !== null && ' a seat'}
            {phase === 'soon' && sale.opensAt !== null && `, opens ${dateAndTime(Date.parse(sale.opensAt))}`}
          </p>
        </div>
        <Stock sale={sale} phase={phase} />
      </div>
      <div className={`${columns} mt-6`}>
        <div className="min-w-0 max-sm:-mx-4">
          {hall === null ? (
            <MapSkeleton isCut={isCut} />
          ) : (
            <SeatMap
              name={sale.name}
              hall={hall}
              own={own}
              price={money(sale.price)}
              onChange={hallLive.onChange}
              onTap={toggle}
              lookAt={own.focus}
              className={mapHeight}
            >
              <Legend shown={kindsOf(own)} hasAccessible={hall.hasAccessible} />
            </SeatMap>
          )}
        </div>
        {hall === null ? (
          <div className="skeleton h-40" aria-hidden="true" />
        ) : (
          <Panel sale={sale} phase={phase} hall={hall} chooser={chooser} onToggle={toggle} />
        )}
      </div>
    </>
  );
}

/** Why a free seat cannot be chosen. */
const refusals: Readonly<Partial<Record<Phase, string>>> = {
  soon: 'This is not open yet. Seats can be chosen from the second it opens.',
  paused: 'The store has paused this sale. Stay here: it goes on without a reload.',
  closed: 'This sale has closed.',
};

/** The visitor's seats, by their numbers in the hall, and those to look at. */
function useOwn(sale: string, hall: Hall | null): Own & { readonly focus: readonly number[] } {
  const { deal } = useSignal(deals.of(sale));
  const { seats, lost } = useSignal(visitOf(sale).chooser.choice);
  const bought = useSignal(receipts.all);
  return useMemo(() => {
    const numbers = (ids: readonly string[]): number[] =>
      hall === null ? [] : ids.map((id) => hall.find(id)).filter((seat) => seat >= 0);
    const mine = deal.kind === 'held' ? numbers(deal.hold.seats) : [];
    const offered = numbers(lost?.offer ?? []);
    return {
      chosen: new Set(numbers(seats)),
      mine: new Set(mine),
      bought: new Set(numbers(bought.flatMap((one) => (one.sale === sale ? (one.seats ?? []) : [])))),
      offered,
      focus: offered.length > 0 ? offered : mine,
    };
  }, [sale, hall, deal, seats, lost, bought]);
}

function MapSkeleton({ isCut }: { isCut: boolean }) {
  return (
    <div
      role="status"
      className={`grid place-items-center rounded-2xl border border-line bg-sheet max-sm:rounded-none max-sm:border-x-0 ${mapHeight}`}
    >
      <p className={isCut ? 'max-w-[34ch] px-6 text-center text-soft' : 'sr-only'}>
        {isCut
          ? 'The hall cannot be shown just now. This page keeps asking, and shows it by itself.'
          : 'Loading the hall…'}
      </p>
      {!isCut && (
        <div aria-hidden="true" className="flex w-2/3 flex-col items-center gap-5">
          <div className="skeleton h-10 w-1/2" />
          <div className="skeleton h-28 w-full" />
          <div className="skeleton h-28 w-full" />
        </div>
      )}
    </div>
  );
}

function SeatsSkeleton() {
  return (
    <>
      <div className={`${columns} items-end`} aria-hidden="true">
        <div className="skeleton h-16 w-2/3" />
        <div className="skeleton h-12" />
      </div>
      <div className={`${columns} mt-6`}>
        <MapSkeleton isCut={false} />
        <div className="skeleton h-40" aria-hidden="true" />
      </div>
    </>
  );
}

function Unseated({ sale }: { sale: Sale }) {
  return (
    <Elsewhere
      title="No seats to choose."
      way={isInShop(sale) ? 'Go to the shop' : 'See what is on'}
      to={isInShop(sale) ? '/drops' : '/'}
    >
      {sale.name} is sold by number, {count(sale.available)} of {count(sale.capacity)} left: one is as good as the
      other.
    </Elsewhere>
  );
}

interface ElsewhereProps {
  readonly title: string;
  readonly way: string;
  readonly to?: string;
  readonly children: ReactNode;
}

/** Shown without a hall, with a way on. */
function Elsewhere({ title, way, to = '/box-office', children }: ElsewhereProps) {
  return (
    <div className="py-10 sm:py-20">
      <PageTitle title={`${title.replace('.', '')} · Holdfast`} className="display text-[clamp(2.75rem,9vw,6.5rem)]">
        {title}
      </PageTitle>
      <p className="mt-6 max-w-[46ch] text-lg text-pretty">{children}</p>
      <p className="mt-6 flex flex-wrap gap-3">
        <Link href={to} className={buttonClass('solid')}>
          {way}
        </Link>
      </p>
    </div>
  );
}
