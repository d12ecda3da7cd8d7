/** The head of a card: name and price. */
import type { Sale } from '../../../sdk/src/index.ts';
import { money } from '../shared/format.ts';

/** `titleId`: id of the heading, which names the card. */
export function NameAndPrice({ sale, titleId }: { sale: Sale; titleId: string }) {
  return (
    <div className="mt-4 flex items-start justify-between gap-4">
      <h2
        id={titleId}
        className="min-w-0 text-xl leading-tight font-bold wrap-anywhere text-balance [font-stretch:108%]"
      >
        {sale.name}
      </h2>
      <p className="numeral shrink-0 text-xl leading-tight">
        <span className="sr-only">Price: </span>
        {money(sale.price)}
      </p>
    </div>
  );
}
