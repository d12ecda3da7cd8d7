/** The sums over all cards, as the ledger that they are: what is on the cards is explained. */
import type { Money, TapTotals } from '../../../sdk/src/index.ts';
import { count } from '../shared/format.ts';
import { amountOf } from './words.ts';

export function Sums({ totals }: { totals: TapTotals | null }) {
  if (totals === null) {
    return (
      <div role="status">
        <span className="sr-only">Adding up…</span>
        <div className="skeleton h-56" aria-hidden="true" />
      </div>
    );
  }
  const { openings, topUps, fares, refunds, adjustments, balances, explained, cards, taps } = totals;
  return (
    <div className="rounded-2xl border border-line bg-sheet p-5 sm:p-6" data-testid="sums" data-explained={explained}>
      <h3 className="font-bold">The money on all {count(cards)} cards</h3>
      <dl className="mt-3">
        <Row sign="" name="Issued with" value={openings} />
        <Row sign="+" name="Topped up" value={topUps} />
        <Row sign="−" name="Fares" value={fares} />
        <Row sign="+" name="Refunded" value={refunds} />
        <Row sign="+" name="Adjusted" value={adjustments} />
        <div className="mt-2 flex items-baseline justify-between gap-3 border-t-2 border-ink pt-2">
          <dt className="font-bold">= Balances</dt>
          <dd className="numeral text-xl" data-testid="balances">
            {amountOf(balances)}
          </dd>
        </div>
      </dl>
      <p className={`mt-3 flex items-center gap-2 font-semibold ${explained ? 'text-good' : 'text-signal'}`}>
        <svg
          viewBox="0 0 16 16"
          className="size-4 shrink-0 fill-none stroke-current"
          strokeWidth="2.4"
          aria-hidden="true"
        >
          <path
            d={explained ? 'M2.5 8.5L6.5 12.5L13.5 4' : 'M3.5 3.5L12.5 12.5M12.5 3.5L3.5 12.5'}
            strokeLinecap="round"
          />
        </svg>
        {explained ? 'It adds up to the last cent' : 'It does not add up: tell whoever runs this store'}
      </p>
      <p className="label mt-1">
        <span data-testid="counted-taps">{count(taps)}</span> {taps === 1 ? 'tap' : 'taps'}, each counted once. All of
        it is true at one position of the store's log.
      </p>
    </div>
  );
}

function Row({ sign, name, value }: { sign: string; name: string; value: Money }) {
  return (
    <div className="flex items-baseline justify-between gap-3 py-1">
      <dt>
        <span className="inline-block w-4 text-soft">{sign}</span>
        {name}
      </dt>
      <dd className="numeral">{amountOf(value)}</dd>
    </div>
  );
}
