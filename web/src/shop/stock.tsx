/** The stock: the number left, and a bar of free, held and sold units. */
import type { Sale } from '../../../sdk/src/index.ts';
import { count } from '../shared/format.ts';
import type { Phase } from '../store/phase.ts';

/** Up to this share of its capacity left, a sale is nearly gone. */
const scarceShare = 0.1;

export function Stock({ sale, phase }: { sale: Sale; phase: Phase }) {
  const { available, held, capacity } = sale;
  const isScarce = phase === 'open' && available <= Math.max(1, capacity * scarceShare);
  return (
    <div>
      <p className="flex items-baseline justify-between gap-3">
        <span className="text-[0.9375rem]">
          <span className="numeral text-[1.75rem] leading-none" data-testid="available">
            {count(available)}
          </span>{' '}
          <span className="text-soft">of {count(capacity)} left</span>
        </span>
        <span className="label text-right">
          {isScarce && <strong className="font-semibold text-ink">Last few</strong>}
          {isScarce && held > 0 && ', '}
          {phase === 'sold-out' ? 'All sold' : held > 0 && `${count(held)} on hold`}
        </span>
      </p>
      <StockBar sale={sale} className="mt-2.5 h-2.5" />
    </div>
  );
}

/** Each part is as wide as its share. Widths are animated, since a jump would be missed. */
export function StockBar({ sale, className = '' }: { sale: Sale; className?: string }) {
  const { name, available, held, capacity } = sale;
  const share = (units: number): string => `${capacity === 0 ? 0 : (units / capacity) * 100}%`;
  return (
    <div
      role="meter"
      aria-label={`Left of ${name}`}
      aria-valuemin={0}
      aria-valuemax={Math.max(1, capacity)}
      aria-valuenow={available}
      aria-valuetext={`${count(available)} of ${count(capacity)} left${held > 0 ? `, ${count(held)} on hold` : ''}`}
      className={`flex overflow-hidden rounded-full bg-line ${className}`}
    >
      <div className="bg-ink transition-[width] duration-200 ease-out" style={{ width: share(available) }} />
      <div
        className="hatched text-soft transition-[width] duration-200 ease-out"
        style={{ width: share(held), minWidth: held > 0 ? '0.375rem' : 0 }}
      />
    </div>
  );
}
