/** Fare products of a feed: what each costs a rider of each category. */
import { amountOf, currencyIn } from './amounts.ts';
import type { Feed, Row } from './feed.ts';
import type { Notes } from './notes.ts';
import { named } from './notes.ts';

/** Kinds of media, those most like a card first: cards, bank cards, apps, paper, none. */
const mediaOrder = ['2', '3', '4', '1', '0'];

export interface Products {
  readonly currency: string;
  /** Prices by product of whoever pays in full. */
  readonly full: ReadonlyMap<string, number>;
  /** The same of each other category, by its id. */
  readonly reduced: ReadonlyMap<string, ReadonlyMap<string, number>>;
}

export function readProducts(feed: Feed, notes: Notes): Products {
  const rows = feed.rows('fare_products.txt');
  const currency = currencyIn(rows, 'currency', notes);
  const usual = usualCategory(feed);
  const media = new Map(feed.rows('fare_media.txt').map((row) => [row('fare_media_id'), row('fare_media_type')]));
  const rank = (row: Row): number => mediaOrder.indexOf(media.get(row('fare_media_id')) ?? '2');
  const chosen = new Map<string, { readonly row: Row; readonly amount: number }>();
  const dearer: string[] = [];
  for (const row of rows) {
    if (row('currency') !== currency) continue;
    const amount = amountOf(row('amount'), currency);
    if (amount === null) {
      notes.add(`product ${row('fare_product_id')}: its price ${row('amount')} ${row('currency')}`);
      continue;
    }
    const category = row('rider_category_id') === usual ? '' : row('rider_category_id');
    const key = JSON.stringify([row('fare_product_id'), category]);
    const known = chosen.get(key);
    if (known !== undefined && known.amount !== amount) dearer.push(row('fare_product_id'));
    if (known === undefined || rank(row) < rank(known.row)) chosen.set(key, { row, amount });
  }
  if (dearer.length > 0) notes.add(`prices by the medium, of which that of cards is taken: ${named(dearer)}`);
  const full = new Map<string, number>();
  const reduced = new Map<string, Map<string, number>>();
  for (const [key, { amount }] of chosen) {
    const [product = '', category = ''] = JSON.parse(key) as string[];
    if (category === '') {
      full.set(product, amount);
    } else {
      const prices = reduced.get(category) ?? new Map<string, number>();
      reduced.set(category, prices.set(product, amount));
    }
  }
  return { currency, full, reduced };
}

/** The category that pays in full; empty where prices of all riders are without one. */
function usualCategory(feed: Feed): string {
  const usual = feed.rows('rider_categories.txt').find((row) => row('is_default_fare_category') === '1');
  return usual?.('rider_category_id') ?? '';
}
