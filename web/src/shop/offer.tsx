/** The actions on a sale before any deal: reserve, wait for the opening, join the line. */
import type { ReactNode } from 'react';
import type { Sale } from '../../../sdk/src/index.ts';
import { Button } from '../shared/button.tsx';
import { dateAndTime, span } from '../shared/format.ts';
import { useNow } from '../store/clock.ts';
import type { Phase } from '../store/phase.ts';
import { whoIsThere } from '../visitor/ask-name.ts';
import { deals } from '../visitor/deals.ts';
import type { Visitor } from '../visitor/visitor.ts';

export function Offer({ sale, phase, busy }: { sale: Sale; phase: Phase; busy: 'reserving' | 'joining' | null }) {
  const withName = async (go: (who: Visitor) => Promise<unknown>): Promise<void> => {
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
  return (
    <UnlessShut sale={sale} phase={phase}>
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
    </UnlessShut>
  );
}

/**
 * The reason why a sale sells nothing now, with or without stock; without a reason, its children.
 */
export function UnlessShut({ sale, phase, children }: { sale: Sale; phase: Phase; children: ReactNode }) {
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
      return children;
  }
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
      <span>{children}</span>
    </p>
  );
}
