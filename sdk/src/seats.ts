/** The seats of seated sales: the map, and the operator's changes to the hall. */
import type { CompactSeats, NewSeat, Seat, SeatChange, SeatList } from './seat-shapes.ts';
import type { Answered, CallOptions, CommandOptions, ReadOptions, Transport } from './transport.ts';

export interface SeatListOptions extends ReadOptions {
  /**
   * A position: lists only the seats that changed after it, with removed ones as `removed`. After
   * more than 500 changes all seats come, marked `whole`.
   */
  readonly since?: string | undefined;
}

export class Seats {
  private readonly transport: Transport;

  constructor(transport: Transport) {
    this.transport = transport;
  }

  /**
   * All seats in the order of the hall, or the changed ones. @throws HoldfastError UNKNOWN_SALE,
   * NO_SEATS for a counted sale
   */
  list(sale: string, { since, ...options }: SeatListOptions = {}): Promise<Answered<SeatList>> {
    const query = { since, at: options.at };
    return this.transport.call({ method: 'GET', path: pathOf(sale), query }, options);
  }

  /**
   * The whole map in a thirtieth of the bytes, for `new SeatMap(…)`. @throws HoldfastError as
   * `list`
   */
  compact(sale: string, options: ReadOptions = {}): Promise<Answered<CompactSeats>> {
    const query = { form: 'compact', at: options.at };
    return this.transport.call({ method: 'GET', path: pathOf(sale), query }, options);
  }

  /**
   * Adds up to 1,000 seats; an operator's call. @throws HoldfastError SEAT_EXISTS, NO_SEATS,
   * UNKNOWN_SALE, UNAUTHORIZED, KEY_REUSED
   */
  add(sale: string, seats: readonly NewSeat[], options?: CommandOptions): Promise<Answered<SeatList>> {
    return this.transport.call({ method: 'POST', path: pathOf(sale), body: { seats }, keyed: true }, options);
  }

  /**
   * Changes or blocks a seat that is neither held nor sold; an operator's call. Earlier orders keep
   * its old name.
   * @throws HoldfastError UNKNOWN_SEAT, SEAT_TAKEN, SEAT_EXISTS, UNKNOWN_SALE, UNAUTHORIZED
   */
  change(sale: string, seat: string, change: SeatChange, options?: CallOptions): Promise<Answered<Seat>> {
    return this.transport.call({ method: 'PATCH', path: pathOf(sale, seat), body: change }, options);
  }

  /**
   * Removes a seat that is neither held nor sold; an operator's call. @throws HoldfastError
   * UNKNOWN_SEAT, SEAT_TAKEN, UNKNOWN_SALE, UNAUTHORIZED
   */
  async remove(sale: string, seat: string, options?: CallOptions): Promise<void> {
    await this.transport.call({ method: 'DELETE', path: pathOf(sale, seat) }, options);
  }
}

function pathOf(sale: string, seat?: string): string {
  const path = `/v1/sales/${encodeURIComponent(sale)}/seats`;
  return seat === undefined ? path : `${path}/${encodeURIComponent(seat)}`;
}
