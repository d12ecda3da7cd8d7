/** Waitlists of sold-out sales. An offer comes as a hold, to be confirmed before it expires. */
import { HoldfastError } from './errors.ts';
import type { NewWaitlistEntry, WaitlistEntry } from './shapes.ts';
import type { Answered, CallOptions, CommandOptions, ReadOptions, Transport } from './transport.ts';

export class Waitlist {
  private readonly transport: Transport;

  constructor(transport: Transport) {
    this.transport = transport;
  }

  /**
   * Joins the line. The entry's token is remembered. A customer who is in line already gets that
   * place, with its quantity unchanged (`answer.status` is 200 then, not 201). This needs the
   * client that joined, or the place's token: `{ token }`.
   * @throws HoldfastError TOKEN_REQUIRED, STILL_AVAILABLE, SOLD_OUT for more than the sale's
   * capacity, LIMIT_REACHED, NOT_OPEN, PAUSED, CLOSED, UNKNOWN_SALE
   */
  async join(sale: string, entry: NewWaitlistEntry, options?: CommandOptions): Promise<Answered<WaitlistEntry>> {
    const { tokens } = this.transport.settings;
    const place = `${sale} ${entry.customer}`;
    const asked = { method: 'POST', path: pathOf(sale), body: entry, keyed: true, opens: place } as const;
    const joined = await this.transport.call<WaitlistEntry>(asked, options);
    // Also by sale and customer, since joining again does not name the place.
    if (joined.token !== undefined) tokens.set(place, joined.token);
    return joined;
  }

  /**
   * The place and its offer, which `holds.confirm(entry.hold.id)` accepts. @throws HoldfastError
   * UNKNOWN_ENTRY, TOKEN_REQUIRED
   */
  get(id: string, options: ReadOptions = {}): Promise<Answered<WaitlistEntry>> {
    const path = `/v1/waitlist/${encodeURIComponent(id)}`;
    return this.transport.call({ method: 'GET', path, query: { at: options.at }, opens: id }, options);
  }

  /**
   * Leaves the line and releases an offer. Leaving twice succeeds too.
   * @throws HoldfastError ENTRY_ENDED for a place that was served, UNKNOWN_ENTRY, TOKEN_REQUIRED
   */
  async leave(entry: Pick<WaitlistEntry, 'id' | 'sale' | 'customer'>, options?: CallOptions): Promise<void> {
    const { id, sale, customer } = entry;
    try {
      await this.transport.call({ method: 'DELETE', path: pathOf(sale), query: { customer }, opens: id }, options);
    } catch (error) {
      // Leaving has no key: a retry may be told that the place has ended, by its own first attempt.
      if (!(error instanceof HoldfastError) || error.code !== 'ENTRY_ENDED') throw error;
      const { status } = await this.get(id, options);
      if (status !== 'left') throw error;
    }
  }
}

function pathOf(sale: string): string {
  return `/v1/sales/${encodeURIComponent(sale)}/waitlist`;
}
