/** Sales: what is sold, how much is left, who bought last. */
import type { Buyer, NewSale, Page, Sale, SaleChange } from './shapes.ts';
import type { Answered, CallOptions, CommandOptions, ReadOptions, Transport } from './transport.ts';

export interface ListOptions extends ReadOptions {
  /** Sales on a page, 1 to 100 (20). */
  readonly limit?: number | undefined;
}

export interface PageOptions extends ListOptions {
  /** `next` of the previous page. */
  readonly cursor?: string | undefined;
}

export class Sales {
  private readonly transport: Transport;

  constructor(transport: Transport) {
    this.transport = transport;
  }

  /**
   * Creates a sale; an operator's call. @throws HoldfastError INVALID_REQUEST, INVALID_WINDOW,
   * UNAUTHORIZED, KEY_REUSED
   */
  create(sale: NewSale, options?: CommandOptions): Promise<Answered<Sale>> {
    return this.transport.call({ method: 'POST', path: '/v1/sales', body: sale, keyed: true }, options);
  }

  /** @throws HoldfastError UNKNOWN_SALE */
  get(id: string, options: ReadOptions = {}): Promise<Answered<Sale>> {
    return this.transport.call({ method: 'GET', path: pathOf(id), query: { at: options.at } }, options);
  }

  /**
   * Changes the given fields; an operator's call. It has no key: sent twice, it sets the same
   * values twice.
   * @throws HoldfastError UNKNOWN_SALE, CAPACITY_TOO_LOW, INVALID_WINDOW, CURRENCY_MISMATCH,
   * INVALID_REQUEST, UNAUTHORIZED
   */
  update(id: string, change: SaleChange, options?: CallOptions): Promise<Answered<Sale>> {
    return this.transport.call({ method: 'PATCH', path: pathOf(id), body: change }, options);
  }

  /**
   * One page, newest first. @throws HoldfastError INVALID_REQUEST for an invalid limit or cursor
   */
  list({ limit, cursor, ...options }: PageOptions = {}): Promise<Answered<Page<Sale>>> {
    const query = { limit, cursor, at: options.at };
    return this.transport.call({ method: 'GET', path: '/v1/sales', query }, options);
  }

  /**
   * All sales, newest first, read page by page on demand. Sales made meanwhile are not included.
   */
  async *all(options: ListOptions = {}): AsyncGenerator<Sale, void> {
    let page = await this.list(options);
    yield* page.items;
    while (page.next !== null) {
      page = await this.list({ ...options, cursor: page.next });
      yield* page.items;
    }
  }

  /** The last three buyers, newest first. @throws HoldfastError UNKNOWN_SALE */
  buyers(id: string, options?: CallOptions): Promise<Answered<{ readonly items: readonly Buyer[] }>> {
    return this.transport.call({ method: 'GET', path: `${pathOf(id)}/buyers` }, options);
  }
}

function pathOf(id: string): string {
  return `/v1/sales/${encodeURIComponent(id)}`;
}
