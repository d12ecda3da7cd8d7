/**
 * Beside the map: the visitor's deal with this sale, and the ways to seats. On a small screen it is
 * a sheet at the foot of the map. The sheet shows the deal, and the ways when it is drawn up. On a
 * low screen it is below the map.
 */
import type { ReactNode } from 'react';
import { useEffect, useState } from 'react';
import type { Sale } from '../../../sdk/src/index.ts';
import type { Hall } from '../hall/hall.ts';
import { numbersIn, rowsOf } from '../hall/words.ts';
import { Button } from '../shared/button.tsx';
import { count, money } from '../shared/format.ts';
import { useSignal } from '../shared/signal.ts';
import { Held, Note, Waiting } from '../shop/counter.tsx';
import { useKeptFocus } from '../shop/kept-focus.ts';
import { UnlessShut } from '../shop/offer.tsx';
import type { Phase } from '../store/phase.ts';
import type { Deal } from '../visitor/deal.ts';
import { deals } from '../visitor/deals.ts';
import { BestForm } from './best-form.tsx';
import type { Chooser } from './chooser.ts';
import { Chosen, RowName } from './chosen.tsx';
import { JoinForm } from './join-form.tsx';
import { LostSeats } from './lost-seats.tsx';
import { SeatList } from './seat-list.tsx';

interface PanelProps {
  readonly sale: Sale;
  readonly phase: Phase;
  readonly hall: Hall;
  readonly chooser: Chooser;
  readonly onToggle: (seat: number) => void;
}

export function Panel(props: PanelProps) {
  const { sale, phase, hall, chooser, onToggle } = props;
  const { deal, trouble } = useSignal(deals.of(sale.id));
  const { seats, lost, note } = useSignal(chooser.choice);
  const [isUp, setUp] = useState(false);
  const panel = useKeptFocus(`${deal.kind} ${phase} ${lost === null} ${seats.length > 0}`);
  useEffect(() => {
    if (phase === 'open') deals.forgive(sale.id);
  }, [phase, sale.id]);
  // After a step of the deal the sheet goes down, since its content is new.
  useEffect(() => setUp(false), [deal.kind]);
  const mayChoose = phase === 'open' && ['none', 'lapsed', 'bought', 'reserving'].includes(deal.kind);
  const isBusy = deal.kind === 'reserving';
  const chosen = seats.map((id) => hall.find(id)).filter((seat) => seat >= 0);
  return (
    <section
      aria-label="Your seats"
      data-sale={sale.id}
      className="flex min-w-0 flex-col gap-5 max-lg:bottom-0 max-lg:[@media(min-height:30rem)]:sticky max-lg:z-5 max-lg:-mx-4 max-lg:max-h-[75svh] max-lg:overflow-y-auto max-lg:rounded-t-2xl max-lg:border-t max-lg:border-line max-lg:bg-paper max-lg:p-4 max-lg:shadow-[0_-8px_24px_rgb(0_0_0/0.12)] max-lg:sm:-mx-8 max-lg:sm:px-8 lg:sticky lg:top-20 lg:self-start"
    >
      <div ref={panel} className="flex flex-col gap-3" data-deal={deal.kind}>
        {trouble !== null && (
          <p className="arrives rounded-lg border border-signal bg-signal-wash px-4 py-3 text-[0.9375rem] leading-snug font-medium">
            {trouble}
          </p>
        )}
        {lost !== null && (
          <LostSeats
            hall={hall}
            lost={lost}
            left={seats.length}
            isBusy={isBusy}
            onTake={() => void chooser.take()}
            onDismiss={() => chooser.dismiss()}
          />
        )}
        {note !== null && (
          <p className="arrives rounded-lg bg-choice-wash px-4 py-3 text-[0.9375rem] leading-snug">{note}</p>
        )}
        <Standing {...props} deal={deal} />
        {chosen.length > 0 && lost === null && deal.kind !== 'held' && (
          <Chosen
            hall={hall}
            seats={chosen}
            price={sale.price}
            isBusy={isBusy}
            onRemove={onToggle}
            onClear={() => chooser.clear()}
            onReserve={() => void chooser.hold()}
          />
        )}
      </div>
      {mayChoose && (
        <>
          <Button look="outline" className="lg:hidden" aria-expanded={isUp} onClick={() => setUp(!isUp)}>
            {isUp ? 'Back to the map' : 'Best seats, or a list'}
          </Button>
          <div className={`flex flex-col gap-5 ${isUp ? '' : 'max-lg:hidden'}`}>
            <Way title="Best seats">
              <BestForm hall={hall} chooser={chooser} most={chooser.limit} isBusy={isBusy} />
            </Way>
            <Way title="Choose from a list" isFolded>
              <SeatList hall={hall} chosen={new Set(chosen)} onToggle={onToggle} />
            </Way>
          </div>
        </>
      )}
    </section>
  );
}

function Standing({ sale, phase, hall, chooser, deal }: PanelProps & { deal: Deal }) {
  const { seats, lost } = useSignal(chooser.choice);
  switch (deal.kind) {
    case 'held':
      return (
        <Held sale={sale} deal={deal}>
          <SeatsOf hall={hall} ids={deal.hold.seats} />
        </Held>
      );
    case 'bought':
      return (
        <Note
          tone="good"
          title={deal.seats.length === 1 ? 'It is yours.' : 'They are yours.'}
          action={
            <>
              <SeatsOf hall={hall} ids={deal.seats} />
              <Button look="outline" onClick={() => deals.dismiss(sale.id)}>
                Done
              </Button>
            </>
          }
        >
          {deal.total !== null && `${money(deal.total)}, paid once. `}Your order is{' '}
          <span className="break-all">{deal.order}</span>.
        </Note>
      );
    case 'waiting':
      return <Waiting sale={sale} deal={deal} />;
    case 'lapsed':
      return <Lapsed sale={sale} phase={phase} hall={hall} chooser={chooser} deal={deal} />;
    case 'none':
    case 'reserving':
    case 'joining':
    default:
      if (phase === 'open') {
        const isEmpty = seats.length === 0 && lost === null;
        return isEmpty && deal.kind !== 'reserving' ? <Invitation most={chooser.limit} /> : null;
      }
      return (
        <UnlessShut sale={sale} phase={phase}>
          <JoinForm sale={sale} phase={phase} most={chooser.limit} isBusy={deal.kind === 'joining'} />
        </UnlessShut>
      );
  }
}

function Lapsed({
  sale,
  phase,
  hall,
  chooser,
  deal,
}: Omit<PanelProps, 'onToggle'> & { deal: Extract<Deal, { kind: 'lapsed' }> }) {
  const free = deal.seats.filter((id) => hall.isFree(hall.find(id)));
  return (
    <Note
      tone="plain"
      title="Time is up."
      action={
        phase !== 'open' ? (
          <UnlessShut sale={sale} phase={phase}>
            <JoinForm sale={sale} phase={phase} most={chooser.limit} isBusy={false} />
          </UnlessShut>
        ) : (
          free.length > 0 && (
            <Button look="outline" onClick={() => chooser.again(free)}>
              Choose {free.length === deal.seats.length ? 'the same' : `${count(free.length)} of them`} again
            </Button>
          )
        )
      }
    >
      {deal.offered ? 'The offer went to the next in line.' : 'What was held for you is free for everybody again.'}
    </Note>
  );
}

function Invitation({ most }: { most: number }) {
  return (
    <p className="leading-snug">
      <strong className="text-lg leading-tight">Choose your seats.</strong>
      <br />
      <span className="text-[0.9375rem] text-soft">
        {most === 1 ? 'One on the map' : `Up to ${count(most)} on the map`}, or let the store find the best. Nobody has
        them before you press Reserve.
      </span>
    </p>
  );
}

function SeatsOf({ hall, ids }: { hall: Hall; ids: readonly string[] }) {
  const seats = ids.map((id) => hall.find(id)).filter((seat) => seat >= 0);
  return (
    <ul aria-label="Seats" className="mt-2">
      {rowsOf(hall, seats).map(({ section, row, seats: own }) => (
        <li key={`${section} ${row}`} className="flex items-baseline justify-between gap-3">
          <RowName section={section} row={row} />
          <span className="numeral text-lg">{numbersIn(hall, own)}</span>
        </li>
      ))}
    </ul>
  );
}

/** One way to seats, under a heading; folded when it is seldom needed. */
function Way({ title, isFolded = false, children }: { title: string; isFolded?: boolean; children: ReactNode }) {
  return (
    <details open={!isFolded} className="group border-t-2 border-ink pt-1">
      <summary className="flex min-h-11 cursor-pointer list-none items-center justify-between gap-4 font-bold [&::-webkit-details-marker]:hidden">
        {title}
        <svg
          viewBox="0 0 12 12"
          className="size-3 fill-none stroke-current transition-transform group-open:rotate-180"
          strokeWidth="2"
          aria-hidden="true"
        >
          <path d="M2 4l4 4 4-4" strokeLinecap="round" strokeLinejoin="round" />
        </svg>
      </summary>
      <div className="pt-2 pb-1">{children}</div>
    </details>
  );
}
