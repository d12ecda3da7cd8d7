/** The form to join the line for returned seats, when no seat is free. */
import { useState } from 'react';
import type { Sale } from '../../../sdk/src/index.ts';
import { Button } from '../shared/button.tsx';
import type { Phase } from '../store/phase.ts';
import { whoIsThere } from '../visitor/ask-name.ts';
import { deals } from '../visitor/deals.ts';
import { Stepper } from './stepper.tsx';

interface JoinFormProps {
  readonly sale: Sale;
  readonly phase: Phase;
  readonly most: number;
  readonly isBusy: boolean;
}

export function JoinForm({ sale, phase, most, isBusy }: JoinFormProps) {
  const [wanted, setQuantity] = useState(2);
  const quantity = Math.min(wanted, most);
  const join = async (): Promise<void> => {
    const who = await whoIsThere();
    if (who !== null) await deals.join(sale.id, who, quantity);
  };
  return (
    <div className="flex flex-col gap-4">
      <p className="leading-snug">
        <strong className="text-lg leading-tight">
          {phase === 'sold-out' ? 'Sold out.' : 'All are on hold just now.'}
        </strong>
        <br />
        <span className="text-[0.9375rem] text-soft">
          {phase === 'sold-out'
            ? 'An order that is cancelled goes to the waitlist first: the best seats of it, side by side if they can be.'
            : 'What is let go is offered to the waitlist first: the best seats of it, side by side if they can be.'}
        </span>
      </p>
      {most > 1 && <Stepper label="Seats" value={quantity} most={most} onChange={setQuantity} />}
      <Button look="outline" busy={isBusy ? 'Joining…' : null} onClick={() => void join()}>
        Join the waitlist<span className="sr-only"> for {sale.name}</span>
      </Button>
    </div>
  );
}
