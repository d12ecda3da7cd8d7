/** The shop: cards of everything on sale here, and this browser's purchases. */
import { useEffect, useState } from 'react';
import { PageTitle } from '../frame/router.tsx';
import { Button } from '../shared/button.tsx';
import { Code } from '../shared/code.tsx';
import { firstSale } from '../shared/commands.ts';
import { count, dateAndTime, money } from '../shared/format.ts';
import { useSignal } from '../shared/signal.ts';
import { Card, CardSkeleton } from '../shop/card.tsx';
import { live } from '../store/live.ts';
import { addressedCard, showCard } from '../shop/show-card.ts';
import { useOrder } from '../store/order.ts';
import { isInShop } from '../store/shelf.ts';
import { receipts } from '../visitor/receipts.ts';

const none: readonly string[] = [];
/** Cards shown at first, and with each "more". */
const page = 24;

const grid = 'mt-10 grid gap-x-8 gap-y-14 sm:grid-cols-2';

export function Shop() {
  const ids = useSignal(live.ids);
  const [shown, setShown] = useState(page);
  const goods = useOrder(ids ?? none).filter((id) => {
    const sale = live.find(id);
    return sale !== null && isInShop(sale);
  });
  const isThere = ids !== null;
  useEffect(() => {
    const sale = addressedCard();
    if (isThere && sale !== null) showCard(sale);
  }, [isThere]);
  return (
    <>
      <PageTitle title="Shop · Holdfast" className="display text-[clamp(2.75rem,8vw,5.5rem)]">
        Shop
      </PageTitle>
      <p className="mt-4 max-w-[52ch] text-lg leading-snug text-pretty text-soft">
        Reserving holds one for you, against everybody. Buy it before the ring is empty, or let it go for the next one.
      </p>
      {ids === null && (
        <div className={`${grid} lg:grid-cols-3`} role="status">
          <span className="sr-only">Loading the shop…</span>
          <CardSkeleton />
          <CardSkeleton />
          <CardSkeleton />
        </div>
      )}
      {ids !== null && goods.length === 0 && <EmptyShop />}
      {goods.length > 0 && (
        <div className={`${grid} ${goods.length > 2 ? 'lg:grid-cols-3' : ''}`}>
          {goods.slice(0, shown).map((id) => (
            <Card key={id} id={id} />
          ))}
        </div>
      )}
      {goods.length > shown && (
        <p className="mt-14 text-center">
          <Button look="outline" onClick={() => setShown(shown + page)}>
            Show more ({count(goods.length - shown)} left)
          </Button>
        </p>
      )}
      <Yours />
    </>
  );
}

function EmptyShop() {
  return (
    <div className="mt-10 max-w-3xl">
      <h2 className="text-2xl font-bold [font-stretch:112%]">The shelves are empty</h2>
      <p className="mt-2 mb-5 text-lg text-pretty">
        A drop that is made appears here at once. This makes one, where the store runs:
      </p>
      <Code label="Command that creates a drop" text={firstSale(location.origin)} />
    </div>
  );
}

function Yours() {
  const all = useSignal(receipts.all);
  if (all.length === 0) return null;
  return (
    <section aria-labelledby="yours-title" className="mt-20">
      <h2 id="yours-title" className="text-2xl font-bold [font-stretch:112%]">
        Yours
      </h2>
      <ul className="mt-4 border-t-2 border-ink">
        {all.map(({ order, name, total, at }) => (
          <li key={order} className="flex flex-wrap items-baseline gap-x-6 gap-y-1 border-b border-line py-3">
            <span className="font-semibold">{name}</span>
            <span className="label">
              {dateAndTime(Date.parse(at))}, <span className="break-all">{order}</span>
            </span>
            <span className="numeral ml-auto">{money(total)}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}
