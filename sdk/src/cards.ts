/** Cards: balances that are topped up, and debited at gates. */
import type {
  Card,
  CardState,
  Journey,
  NewCard,
  Refund,
  RefundMade,
  Statement,
  TopUp,
  TopUpMade,
} from './card-shapes.ts';
import type { PageOptions } from './sales.ts';
import type { ListPage, Page } from './shapes.ts';
import type { Answered, CommandOptions, ReadOptions, Transport } from './transport.ts';

export class Cards {
  private readonly transport: Transport;

  constructor(transport: Transport) {
    this.transport = transport;
  }

  /**
   * Issues a card; an operator's call, as are all here.
   * @throws HoldfastError CARD_EXISTS, UNKNOWN_CATEGORY, CURRENCY_MISMATCH, BALANCE_LIMIT,
   * INVALID_REQUEST, UNAUTHORIZED, KEY_REUSED
   */
  create(card: NewCard = {}, options?: CommandOptions): Promise<Answered<Card>> {
    return this.transport.call({ method: 'POST', path: '/v1/cards', body: card, keyed: true }, options);
  }

  /** @throws HoldfastError UNKNOWN_CARD */
  get(id: string, options: ReadOptions = {}): Promise<Answered<Card>> {
    return this.transport.call({ method: 'GET', path: pathOf(id), query: { at: options.at } }, options);
  }

  /** A page of all cards, newest first. @throws HoldfastError INVALID_REQUEST */
  list({ limit, cursor, at, ...options }: PageOptions = {}): Promise<Answered<Page<Card>>> {
    return this.transport.call({ method: 'GET', path: '/v1/cards', query: { limit, cursor, at } }, options);
  }

  /**
   * Adds money. @throws HoldfastError UNKNOWN_CARD, CURRENCY_MISMATCH, BALANCE_LIMIT,
   * INVALID_REQUEST, KEY_REUSED
   */
  topUp(id: string, topUp: TopUp, options?: CommandOptions): Promise<Answered<TopUpMade>> {
    return this.transport.call({ method: 'POST', path: pathOf(id, 'topups'), body: topUp, keyed: true }, options);
  }

  /**
   * Gives money back, for a journey if it names one. @throws HoldfastError as `topUp`
   */
  refund(id: string, refund: Refund, options?: CommandOptions): Promise<Answered<RefundMade>> {
    return this.transport.call({ method: 'POST', path: pathOf(id, 'refunds'), body: refund, keyed: true }, options);
  }

  /**
   * Blocks it: gates do not let it in any more. Blocking twice succeeds too. @throws HoldfastError
   * UNKNOWN_CARD
   */
  block(id: string, options?: CommandOptions): Promise<Answered<CardState>> {
    return this.transport.call({ method: 'POST', path: pathOf(id, 'block'), body: {}, keyed: true }, options);
  }

  /** @throws HoldfastError UNKNOWN_CARD */
  unblock(id: string, options?: CommandOptions): Promise<Answered<CardState>> {
    return this.transport.call({ method: 'POST', path: pathOf(id, 'unblock'), body: {}, keyed: true }, options);
  }

  /**
   * A page of its journeys, newest first. The list lags by some milliseconds; `at` waits for a
   * position.
   * @throws HoldfastError UNKNOWN_CARD, NO_LISTS, LISTS_BEHIND
   */
  journeys(id: string, { limit, cursor, at, ...options }: PageOptions = {}): Promise<Answered<ListPage<Journey>>> {
    const query = { limit, cursor, at };
    return this.transport.call({ method: 'GET', path: pathOf(id, 'journeys'), query }, options);
  }

  /**
   * A page of what moved its balance, newest first. It lags as `journeys` does. @throws
   * HoldfastError as `journeys`
   */
  statement(id: string, { limit, cursor, at, ...options }: PageOptions = {}): Promise<Answered<Statement>> {
    const query = { limit, cursor, at };
    return this.transport.call({ method: 'GET', path: pathOf(id, 'statement'), query }, options);
  }
}

function pathOf(id: string, part?: string): string {
  const path = `/v1/cards/${encodeURIComponent(id)}`;
  return part === undefined ? path : `${path}/${part}`;
}
