/**
 * The active part of a card: one panel for each state of the deal. The focus stays in it when a
 * button disappears.
 */
import type { ReactNode } from 'react';
import { useEffect } from 'react';
import type { Sale } from '../../../sdk/src/index.ts';
import { Button } from '../shared/button.tsx';
import { money, ordinal, times } from '../shared/format.ts';
import { useSignal } from '../shared/signal.ts';
import type { Phase } from '../store/phase.ts';
import type { Deal } from '../visitor/deal.ts';
import { deals } from '../visitor/deals.ts';
import { visitor } from '../visitor/visitor.ts';
import { HoldRing } from './hold-ring.tsx';
import { useKeptFocus } from './kept-focus.ts';
import { Offer } from './offer.tsx';

export function Counter({ sale, phase }: { sale: Sale; phase: Phase }) {
  const { deal, trouble } = useSignal(deals.of(sale.id));
  const panel = useKeptFocus(`${deal.kind} ${phase}`);
  // Clears "it was gone" when stock is back.
  useEffect(() => {
    if (phase === 'open') deals.forgive(sale.id);
  }, [phase, sale.id]);
  return (
    <div ref={panel} className="flex flex-col gap-3" data-deal={deal.kind}>
      {trouble !== null && (
        <p className="arrives rounded-lg border border-signal bg-signal-wash px-4 py-3 text-[0.9375rem] leading-snug font-medium">
          {trouble}
        </p>
      )}
      <Panel sale={sale} phase={phase} deal={deal} />
    </div>
  );
}

function Panel({ sale, phase, deal }: { sale: Sale; phase: Phase; deal: Deal }) {
  switch (deal.kind) {
    case 'held':
      return <Held sale={sale} deal={deal} />;
    case 'bought':
      return (
        <Note
          tone="good"
          title="It is yours."
          action={
            <Button look="outline" onClick={() => deals.dismiss(sale.id)}>
              Done
            </Button>
          }
        >
          {deal.total !== null && `${money(deal.total)}, paid once. `}Your order is{' '}
          <span className="break-all">{deal.order}</span>.
        </Note>
      );
    case 'lapsed':
      return (
        <Note tone="plain" title="Time is up." action={<Offer sale={sale} phase={phase} busy={null} />}>
          {deal.offered ? 'The offer went to the next in line.' : 'It went back on the shelf for the next one.'}
        </Note>
      );
    case 'waiting':
      return <Waiting sale={sale} deal={deal} />;
    case 'none':
    case 'reserving':
    case 'joining':
    default:
      return <Offer sale={sale} phase={phase} busy={deal.kind === 'none' ? null : deal.kind} />;
  }
}

interface HeldProps {
  readonly sale: Sale;
  readonly deal: Extract<Deal, { kind: 'held' }>;
  /** A description, if the name of the sale does not suffice. */
  readonly children?: ReactNode;
}

export function Held({ sale, deal, children }: HeldProps) {
  const { hold, busy } = deal;
  const it = hold.quantity === 1 ? 'it' : 'them';
  return (
    <div className="arrives rounded-xl bg-signal-wash p-4">
      <div className="flex items-center gap-4">
        <HoldRing hold={hold} />
        <p tabIndex={-1} className="leading-snug">
          <strong className="text-lg leading-tight">{hold.entry === null ? 'Held for you.' : 'Your turn.'}</strong>
          <br />
          <span className="text-[0.9375rem]">Nobody else can take {it} until the ring is empty.</span>
        </p>
      </div>
      {children}
      <div className="mt-4 flex gap-2">
        <Button
          look="signal"
          className="grow"
          data-takes-focus
          busy={busy === 'buying' ? 'Buying…' : null}
          onClick={() => void (busy === null && deals.buy(sale.id))}
        >
          {sale.price === null ? `Take ${it}` : `Buy for ${money(times(sale.price, hold.quantity))}`}
          <span className="sr-only">: {sale.name}</span>
        </Button>
        <Button
          look="quiet"
          busy={busy === 'releasing' ? 'Letting go…' : null}
          onClick={() => void (busy === null && deals.release(sale.id))}
        >
          Let go<span className="sr-only"> of {sale.name}</span>
        </Button>
      </div>
    </div>
  );
}

export function Waiting({ sale, deal }: { sale: Sale; deal: Extract<Deal, { kind: 'waiting' }> }) {
  const who = useSignal(visitor);
  return (
    <Note
      tone="plain"
      title={
        deal.place === null
          ? 'You are in line.'
          : deal.place === 1
            ? 'You are next.'
            : `You are ${ordinal(deal.place)} in line.`
      }
      action={
        <Button
          look="quiet"
          busy={deal.leaving ? 'Leaving…' : null}
          onClick={() => who !== null && void deals.leave(sale.id, who)}
        >
          Leave<span className="sr-only"> the waitlist for {sale.name}</span>
        </Button>
      }
    >
      Stay on this page: what comes back is held for you here, with time to decide.
    </Note>
  );
}

const tones = { good: 'bg-good-wash', plain: 'border border-line bg-sheet' } as const;

export function Note({
  tone,
  title,
  action,
  children,
}: {
  tone: keyof typeof tones;
  title: string;
  action: ReactNode;
  children: ReactNode;
}) {
  return (
    <div className={`arrives flex flex-col gap-3 rounded-xl p-4 ${tones[tone]}`}>
      <p tabIndex={-1} data-takes-focus className="leading-snug">
        <strong className="text-lg leading-tight">{title}</strong>
        <br />
        <span className="text-[0.9375rem]">{children}</span>
      </p>
      <div className="flex flex-col items-stretch gap-3">{action}</div>
    </div>
  );
}
