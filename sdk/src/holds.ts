/** Holds: stock set aside until a deadline, then bought or returned. */
import type { PageOptions } from './sales.ts';
import type { Hold, ListPage, NewHold, MadeOrder, TimeInput } from './shapes.ts';
import type { Answered, CommandOptions, ReadOptions, Transport } from './transport.ts';

export class Holds {
  private readonly transport: Transport;

  constructor(transport: Transport) {
    this.transport = transport;
  }

  /**
   * Sets stock of a sale aside. The hold's token is remembered.
   * @throws HoldfastError SOLD_OUT, LIMIT_REACHED, NOT_OPEN, PAUSED, CLOSED, CUSTOMER_REQUIRED,
   * UNKNOWN_SALE, KEY_REUSED
   */
  place(sale: string, hold: NewHold, options?: CommandOptions): Promise<Answered<Hold>> {
    const path = `/v1/sales/${encodeURIComponent(sale)}/holds`;
    return this.transport.call({ method: 'POST', path, body: hold, keyed: true }, options);
  }

  /** @throws HoldfastError UNKNOWN_HOLD, TOKEN_REQUIRED */
  get(id: string, options: ReadOptions = {}): Promise<Answered<Hold>> {
    return this.transport.call({ method: 'GET', path: pathOf(id), query: { at: options.at }, opens: id }, options);
  }

  /**
   * A page of a customer's holds, newest first; an operator's call. The list lags by some
   * milliseconds; `at` waits for a position.
   * @throws HoldfastError INVALID_REQUEST, UNAUTHORIZED, NO_LISTS, LISTS_BEHIND
   */
  list(customer: string, { limit, cursor, at, ...options }: PageOptions = {}): Promise<Answered<ListPage<Hold>>> {
    const query = { customer, limit, cursor, at };
    return this.transport.call({ method: 'GET', path: '/v1/holds', query }, options);
  }

  /**
   * Moves the deadline to `until`, as far as the sale permits, and never to an earlier time: see
   * `expiresAt`.
   * @throws HoldfastError HOLD_EXPIRED, HOLD_RELEASED, HOLD_CONFIRMED, UNKNOWN_HOLD, TOKEN_REQUIRED
   */
  extend(id: string, until: TimeInput, options?: CommandOptions): Promise<Answered<Hold>> {
    const path = `${pathOf(id)}/extend`;
    return this.transport.call({ method: 'POST', path, body: { until }, keyed: true, opens: id }, options);
  }

  /**
   * Buys the held stock. The order's token is remembered.
   * @throws HoldfastError HOLD_EXPIRED, HOLD_RELEASED, HOLD_CONFIRMED, UNKNOWN_HOLD,
   * TOKEN_REQUIRED, KEY_REUSED
   */
  confirm(id: string, options?: CommandOptions): Promise<Answered<MadeOrder>> {
    const path = `${pathOf(id)}/confirm`;
    return this.transport.call({ method: 'POST', path, body: {}, keyed: true, opens: id }, options);
  }

  /**
   * Releases the hold; its stock returns.
   * @throws HoldfastError HOLD_EXPIRED, HOLD_RELEASED, HOLD_CONFIRMED, UNKNOWN_HOLD, TOKEN_REQUIRED
   */
  release(id: string, options?: CommandOptions): Promise<Answered<Hold>> {
    return this.transport.call({ method: 'DELETE', path: pathOf(id), keyed: true, opens: id }, options);
  }
}

function pathOf(id: string): string {
  return `/v1/holds/${encodeURIComponent(id)}`;
}
