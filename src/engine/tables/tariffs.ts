/** What tariffs leave behind that all cards share: rider categories, and the store's currency. */
import type { Table } from './table.ts';

interface TariffHead {
  readonly categories: readonly string[];
  readonly cardCurrency: string | null;
}

export class TariffTable implements Table<TariffHead> {
  /** Rider categories by number, for good; 0 pays in full. */
  readonly categories: string[] = ['adult'];
  /** The one currency of tariffs and balances; null until the first money or the first tariff. */
  currency: string | null = null;

  head(): TariffHead {
    return { categories: this.categories, cardCurrency: this.currency };
  }

  restore({ categories = ['adult'], cardCurrency = null }: Partial<TariffHead>): void {
    this.categories.splice(0, this.categories.length, ...categories);
    this.currency = cardCurrency;
  }
}
