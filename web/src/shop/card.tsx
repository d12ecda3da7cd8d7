/**
 * One sale in the shop: its picture, its name and price, what is left, who bought, and the counter.
 */
import { memo } from 'react';
import { Picture } from '../art/picture.tsx';
import { useSignal } from '../shared/signal.ts';
import { live } from '../store/live.ts';
import { usePhase } from '../store/use-phase.ts';
import { Buyers } from './buyers.tsx';
import { Counter } from './counter.tsx';
import { NameAndPrice } from './name-and-price.tsx';
import { Stock } from './stock.tsx';

export const Card = memo(function Card({ id }: { id: string }) {
  const sale = useSignal(live.sale(id));
  const phase = usePhase(sale);
  const titleId = `title-${id}`;
  const isOver = phase === 'sold-out' || phase === 'closed';
  return (
    <article aria-labelledby={titleId} data-sale={id} className="flex min-w-0 flex-col">
      <div className="relative overflow-hidden rounded-2xl bg-line">
        <Picture
          name={sale.name}
          door={sale.door}
          image={sale.image}
          className={`aspect-[4/3] w-full transition-[filter,opacity] duration-300 ${isOver ? 'opacity-60 grayscale' : ''}`}
        />
        {isOver && (
          <p className="display absolute bottom-3 left-3 rounded-md bg-ink px-3 py-2 text-base text-paper">
            {phase === 'closed' ? 'Closed' : 'Sold out'}
          </p>
        )}
      </div>
      <NameAndPrice sale={sale} titleId={titleId} />
      <div className="mt-4">
        <Stock sale={sale} phase={phase} />
      </div>
      <div className="mt-3.5 mb-5 min-h-10">
        <Buyers sale={id} />
      </div>
      <Counter sale={sale} phase={phase} />
    </article>
  );
});

export function CardSkeleton() {
  return (
    <div aria-hidden="true">
      <div className="skeleton aspect-[4/3] rounded-2xl" />
      <div className="skeleton mt-4 h-6 w-2/3" />
      <div className="skeleton mt-4 h-8 w-1/3" />
      <div className="skeleton mt-3 h-2.5 w-full" />
      <div className="skeleton mt-5 h-12 w-full" />
    </div>
  );
}
