/** The part of a card where things happen: one panel for where the visitor stands. The focus stays in it when a button gives way. */
import type { ReactNode } from 'react';
import { useLayoutEffect, useRef } from 'react';
import type { Sale } from '../../../sdk/src/index.ts';
import { Button } from '../shared/button.tsx';
import { dateAndTime, money, ordinal, span } from '../shared/format.ts';
import { useSignal } from '../shared/signal.ts';
import { useNow } from '../store/clock.ts';
import type { Phase } from '../store/phase.ts';
import { whoIsThere } from '../visitor/ask-name.ts';
import type { Deal } from '../visitor/deal.ts';
import { deals } from '../visitor/deals.ts';
import { visitor } from '../visitor/visitor.ts';
import { HoldRing } from './hold-ring.tsx';

export function Counter({ sale, phase }: { sale: Sale; phase: Phase }) {
  const { deal, trouble } = useSignal(deals.of(sale.id));
  const panel = useKeptFocus(`${deal.kind} ${phase}`);
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
          {deal.total !== null && `${money(deal.total)}, paid once. `}Order{' '}
          <span className="break-all">{deal.order}</span>
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

/** What can be done by who has nothing of it yet. */
function Offer({ sale, phase, busy }: { sale: Sale; phase: Phase; busy: 'reserving' | 'joining' | null }) {
  const withName = async (
    go: (who: NonNullable<Awaited<ReturnType<typeof whoIsThere>>>) => Promise<void>,
  ): Promise<void> => {
    const who = await whoIsThere();
    if (who !== null) await go(who);
  };
  if (busy === 'reserving' || (busy === null && phase === 'open')) {
    return (
      <Button
        busy={busy === null ? null : 'Reserving…'}
        onClick={() => void withName((who) => deals.reserve(sale.id, who))}
      >
        Reserve<span className="sr-only"> {sale.name}</span>
      </Button>
    );
  }
  switch (phase) {
    case 'soon':
      return <OpensIn at={Date.parse(sale.opensAt ?? '')} />;
    case 'paused':
      return <Closed>Paused by the store. It goes on here by itself.</Closed>;
    case 'closed':
      return <Closed>This sale has closed.</Closed>;
    case 'open':
    case 'in-hands':
    case 'sold-out':
    default:
      return (
        <>
          <p className="text-[0.9375rem] text-soft">
            {phase === 'sold-out'
              ? 'Sold out. An order that is cancelled goes to the waitlist first.'
              : 'All are on hold just now. What is let go is offered to the waitlist first.'}
          </p>
          <Button
            look="outline"
            busy={busy === null ? null : 'Joining…'}
            onClick={() => void withName((who) => deals.join(sale.id, who))}
          >
            Join the waitlist<span className="sr-only"> for {sale.name}</span>
          </Button>
        </>
      );
  }
}

function Held({ sale, deal }: { sale: Sale; deal: Extract<Deal, { kind: 'held' }> }) {
  const { hold, busy } = deal;
  return (
    <div className="arrives rounded-xl bg-signal-wash p-4">
      <div className="flex items-center gap-4">
        <HoldRing hold={hold} />
        <p tabIndex={-1} className="leading-snug">
          <strong className="text-lg leading-tight">{hold.entry === null ? 'Held for you.' : 'Your turn.'}</strong>
          <br />
          <span className="text-[0.9375rem]">Nobody else can take it until the ring is empty.</span>
        </p>
      </div>
      <div className="mt-4 flex gap-2">
        <Button
          look="signal"
          className="grow"
          data-takes-focus
          busy={busy === 'buying' ? 'Buying…' : null}
          onClick={() => void (busy === null && deals.buy(sale.id))}
        >
          Buy for {money(sale.price)}
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

function Waiting({ sale, deal }: { sale: Sale; deal: Extract<Deal, { kind: 'waiting' }> }) {
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

function Note({
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

function OpensIn({ at }: { at: number }) {
  const nowMs = useNow(500);
  return (
    <Closed>
      Opens in <span className="numeral text-ink">{span(at - nowMs)}</span>
      <span className="sr-only">, {dateAndTime(at)}</span>
    </Closed>
  );
}

function Closed({ children }: { children: ReactNode }) {
  return (
    <p className="flex min-h-12 items-center justify-center rounded-lg border border-dashed border-edge px-4 text-center text-soft">
      {children}
    </p>
  );
}

/** When what had the focus is gone because the deal went on, the focus goes to what came of it, and not to the top of the page. */
function useKeptFocus(stage: string) {
  const panel = useRef<HTMLDivElement>(null);
  const hadFocus = useRef(false);
  useLayoutEffect(() => {
    const element = panel.current;
    if (element === null) return undefined;
    const enter = (): void => void (hadFocus.current = true);
    const leave = ({ target, relatedTarget }: FocusEvent): void => {
      if (relatedTarget !== null) {
        hadFocus.current = relatedTarget instanceof Node && element.contains(relatedTarget);
        return;
      }
      // Focus that goes nowhere: a click beside, or the button being taken away. Which of them shows when it is done.
      queueMicrotask(() => {
        if (target instanceof Node && element.contains(target)) hadFocus.current = false;
      });
    };
    element.addEventListener('focusin', enter);
    element.addEventListener('focusout', leave);
    return () => {
      element.removeEventListener('focusin', enter);
      element.removeEventListener('focusout', leave);
    };
  }, []);
  useLayoutEffect(() => {
    const element = panel.current;
    const active = document.activeElement;
    if (element === null || !hadFocus.current || (active !== null && active !== document.body)) return;
    const target = element.querySelector<HTMLElement>('[data-takes-focus], button');
    target?.focus({ preventScroll: true });
  }, [stage]);
  return panel;
}
