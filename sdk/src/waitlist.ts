/**
 * Waitlists: in line for a sale that is sold out. An offer comes as a hold, to be confirmed before
 * it expires.
 */
import { HoldfastError } from './errors.ts';
import type { NewWaitlistEntry, WaitlistEntry } from './shapes.ts';
import type { Answered, CallOptions, CommandOptions, ReadOptions, Transport } from './transport.ts';

export class Waitlist {
  private readonly transport: Transport;

  constructor(transport: Transport) {
    this.transport = transport;
  }

  /**
   * Gets in line. The entry's token is remembered. For a customer who is in line already it is that
   * place, its quantity unchanged (`answer.status` is 200 then, not 201), told to the client that
   * joined, or who shows its token: `{ token }`.
   * @throws HoldfastError TOKEN_REQUIRED, STILL_AVAILABLE, SOLD_OUT for more than the sale ever
   * had, LIMIT_REACHED, NOT_OPEN, PAUSED, CLOSED, UNKNOWN_SALE
   */
  async join(sale: string, entry: NewWaitlistEntry, options?: CommandOptions): Promise<Answered<WaitlistEntry>> {
    const { tokens } = this.transport.settings;
    const place = `${sale} ${entry.customer}`;
    const asked = { method: 'POST', path: pathOf(sale), body: entry, keyed: true, opens: place } as const;
    const joined = await this.transport.call<WaitlistEntry>(asked, options);
    // By who waits where, too: joining again names no place.
    if (joined.token !== undefined) tokens.set(place, joined.token);
    return joined;
  }

  /**
   * The place, and the offer: `holds.confirm(entry.hold.id)` takes it. @throws HoldfastError
   * UNKNOWN_ENTRY, TOKEN_REQUIRED
   */
  get(id: string, options: ReadOptions = {}): Promise<Answered<WaitlistEntry>> {
    const path = `/v1/waitlist/${encodeURIComponent(id)}`;
    return this.transport.call({ method: 'GET', path, query: { at: options.at }, opens: id }, options);
  }

  /**
   * Leaves the line; an offer is let go. Leaving twice is leaving.
   * @throws HoldfastError ENTRY_ENDED for a place that was served, UNKNOWN_ENTRY, TOKEN_REQUIRED
   */
  async leave(entry: Pick<WaitlistEntry, 'id' | 'sale' | 'customer'>, options?: CallOptions): Promise<void> {
    const { id, sale, customer } = entry;
    try {
      await this.transport.call({ method: 'DELETE', path: pathOf(sale), query: { customer }, opens: id }, options);
    } catch (error) {
      // Leaving has no key: a repeated one may be told that the place has ended by its own first
      // attempt.
      if (!(error instanceof HoldfastError) || error.code !== 'ENTRY_ENDED') throw error;
      const { status } = await this.get(id, options);
      if (status !== 'left') throw error;
    }
  }
}

function pathOf(sale: string): string {
  return `/v1/sales/${encodeURIComponent(sale)}/waitlist`;
}
