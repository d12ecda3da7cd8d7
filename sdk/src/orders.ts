/** Orders: immediate purchases, of one sale or of several at once. */
import type { PageOptions } from './sales.ts';
import type { ListPage, MadeOrder, NewBasket, NewOrder, Order } from './shapes.ts';
import type { Answered, CommandOptions, ReadOptions, Transport } from './transport.ts';

export interface CancelOptions extends CommandOptions {
  /** Numbers of the lines to cancel, from 0. Left out: the whole order. */
  readonly lines?: readonly number[] | undefined;
}

/** Which orders: a customer's, by the id that was given when buying, or a sale's. */
export type OrdersOf = { readonly customer: string } | { readonly sale: string };

export class Orders {
  private readonly transport: Transport;

  constructor(transport: Transport) {
    this.transport = transport;
  }

  /**
   * Buys from one sale. The order's token is remembered.
   * @throws HoldfastError SOLD_OUT, LIMIT_REACHED, NOT_OPEN, PAUSED, CLOSED, CUSTOMER_REQUIRED,
   * UNKNOWN_SALE, KEY_REUSED
   */
  buy(sale: string, order: NewOrder, options?: CommandOptions): Promise<Answered<MadeOrder>> {
    const path = `/v1/sales/${encodeURIComponent(sale)}/orders`;
    return this.transport.call({ method: 'POST', path, body: order, keyed: true }, options);
  }

  /**
   * Buys several lines, all or nothing. The order's token is remembered.
   * @throws HoldfastError as `buy`, and CURRENCY_MISMATCH
   */
  buyBasket(basket: NewBasket, options?: CommandOptions): Promise<Answered<MadeOrder>> {
    return this.transport.call({ method: 'POST', path: '/v1/orders', body: basket, keyed: true }, options);
  }

  /** @throws HoldfastError UNKNOWN_ORDER, TOKEN_REQUIRED */
  get(id: string, options: ReadOptions = {}): Promise<Answered<Order>> {
    return this.transport.call({ method: 'GET', path: pathOf(id), query: { at: options.at }, opens: id }, options);
  }

  /**
   * A page of a customer's or a sale's orders, newest first; an operator's call. The list lags by
   * some milliseconds; `at` waits for a position.
   * @throws HoldfastError INVALID_REQUEST, UNKNOWN_SALE, UNAUTHORIZED, NO_LISTS, LISTS_BEHIND
   */
  list(of: OrdersOf, { limit, cursor, at, ...options }: PageOptions = {}): Promise<Answered<ListPage<Order>>> {
    return this.transport.call({ method: 'GET', path: '/v1/orders', query: { ...of, limit, cursor, at } }, options);
  }

  /**
   * Cancels an order or some of its lines; the stock returns.
   * @throws HoldfastError ORDER_CANCELLED, LINE_CANCELLED, UNKNOWN_LINE, UNKNOWN_ORDER,
   * TOKEN_REQUIRED, KEY_REUSED
   */
  cancel(id: string, { lines, ...options }: CancelOptions = {}): Promise<Answered<Order>> {
    const body = lines === undefined ? {} : { lines };
    const path = `${pathOf(id)}/cancel`;
    return this.transport.call({ method: 'POST', path, body, keyed: true, opens: id }, options);
  }
}

function pathOf(id: string): string {
  return `/v1/orders/${encodeURIComponent(id)}`;
}
