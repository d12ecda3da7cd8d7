/** Home: what this store is, what it sells now, and where to go next. */
import type { ReactNode } from 'react';
import { Link, PageTitle } from '../frame/router.tsx';
import { buttonClass } from '../shared/button.tsx';
import { Code } from '../shared/code.tsx';
import { firstSale } from '../shared/commands.ts';
import { useSignal } from '../shared/signal.ts';
import { live } from '../store/live.ts';
import { Board, BoardSkeleton } from './board.tsx';

export function Home() {
  const ids = useSignal(live.ids);
  const isEmpty = ids !== null && ids.length === 0;
  const hasHalls = ids?.some((id) => live.find(id)?.kind === 'seated') === true;
  return (
    <>
      <div className="grid items-end gap-x-12 gap-y-8 lg:grid-cols-[1fr_21rem]">
        <PageTitle
          title="Holdfast"
          className="display text-[clamp(3.1rem,10.5vw,6.5rem)] lg:text-[clamp(5rem,8.6vw,7rem)]"
        >
          Sells what runs out.
        </PageTitle>
        <div className="lg:pb-2">
          <p className="text-lg leading-snug text-pretty">
            Drops, tickets, the last pair. Reserve one and it is yours until the clock says otherwise: nothing here is
            ever sold twice.
          </p>
          {!isEmpty && (
            <Link href="/drops" className={`${buttonClass('solid')} mt-5`}>
              Go to the shop
            </Link>
          )}
        </div>
      </div>
      <section aria-labelledby="live-title" className="mt-14 sm:mt-20">
        <h2 id="live-title" className="text-2xl font-bold [font-stretch:112%]">
          {isEmpty ? 'Nothing is on sale yet' : 'On the shelves'}
        </h2>
        {ids === null && <BoardSkeleton />}
        {isEmpty && <EmptyStore />}
        {ids !== null && !isEmpty && <Board ids={ids} />}
      </section>
      {!isEmpty && (
        <section aria-labelledby="next-title" className="mt-16 sm:mt-24">
          <h2 id="next-title" className="text-2xl font-bold [font-stretch:112%]">
            Where to next
          </h2>
          <div className="mt-5 grid gap-x-12 gap-y-10 lg:grid-cols-2">
            <Way title="Buy something">
              <p>
                Pick a name, reserve a pair, and decide while the ring runs down. Open the shop in a second window: both
                show the same number.
              </p>
              <p className="mt-4 flex flex-wrap gap-3">
                <Link href="/drops" className={buttonClass('outline')}>
                  Open the shop
                </Link>
                {hasHalls && (
                  <Link href="/box-office" className={buttonClass('outline')}>
                    Choose seats
                  </Link>
                )}
                <Link href="/gates" className={buttonClass('outline')}>
                  Tap at a gate
                </Link>
              </p>
            </Way>
            <Way title="Sell something of your own">
              <p className="mb-4">One call makes a sale. It appears above, and in the shop, the moment it exists.</p>
              <Code label="Command that creates a sale" text={firstSale(location.origin)} />
              <p className="mt-4">
                <OperatorNote /> The rest is in the{' '}
                <a href="/openapi.json" className="font-semibold underline underline-offset-4">
                  description of the API
                </a>
                .
              </p>
            </Way>
          </div>
        </section>
      )}
    </>
  );
}

function OperatorNote() {
  return (
    <>
      Where an operator key is set, add <code className="font-mono text-[0.9em]">-H 'Authorization: Bearer KEY'</code>.
    </>
  );
}

function EmptyStore() {
  return (
    <div className="mt-5 max-w-3xl">
      <p className="mb-5 text-lg text-pretty">
        The store is open and its shelves are empty. Run this where the store runs; the sale shows up here by itself, no
        reload needed.
      </p>
      <Code label="Command that creates the first sale" text={firstSale(location.origin)} />
      <p className="mt-5 text-soft">
        <OperatorNote /> Or start with goods to look at: stop the store and run{' '}
        <code className="font-mono text-[0.95em] text-ink">npm run seed</code>, which stocks the demonstration.
      </p>
    </div>
  );
}

function Way({ title, children }: { title: string; children: ReactNode }) {
  return (
    <div className="min-w-0 border-t-2 border-ink pt-4">
      <h3 className="text-lg font-bold">{title}</h3>
      <div className="mt-2 text-pretty">{children}</div>
    </div>
  );
}
