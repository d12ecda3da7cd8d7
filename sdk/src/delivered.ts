/**
 * What a stream has delivered, so that nothing is delivered twice or out of order when a connection
 * breaks and the next one repeats.
 *
 * States (sale, hold, place in line) are news when they differ from the last one of the same thing;
 * a sale also has to be at its position or behind. Purchases are each their own news. The server
 * repeats those that came after the last event with an id, since a reader is not known to have
 * them. They are expected then, and until the last of a sale has come again, what comes of that
 * sale is a repetition, or older than what was delivered: one that had been left out in a rush.
 */
import { comparePositions } from './position.ts';
import type { StreamEvent } from './stream-events.ts';

export class Delivered {
  /** Sale id to its position and text. */
  private readonly sales = new Map<string, { readonly position: string; readonly text: string }>();
  /** Holds and places in line by id. */
  private readonly states = new Map<string, string>();
  /** Purchases since the last event with an id. */
  private readonly tail: { readonly sale: string; readonly text: string }[] = [];
  /** Sale id to its purchases that are expected again; never empty. */
  private readonly expected = new Map<string, string[]>();

  /** Everything is told anew, and may have gone back. */
  clear(): void {
    this.sales.clear();
    this.states.clear();
    this.tail.length = 0;
    this.expected.clear();
  }

  /** A new connection goes on from the last id. */
  reconnected(): void {
    for (const { sale, text } of this.tail) {
      const expected = this.expected.get(sale);
      if (expected === undefined) this.expected.set(sale, [text]);
      else expected.push(text);
    }
    this.tail.length = 0;
  }

  /** An event with an id came: what came before it does not come again. */
  passed(): void {
    this.tail.length = 0;
  }

  /** Whether an event is to be delivered; from then on it has been. `text`: its data as sent. */
  take(event: StreamEvent, text: string): boolean {
    switch (event.type) {
      case 'sale':
        return this.takeSale(event.sale.id, event.sale.position, text);
      case 'hold':
        return this.takeState(event.hold.id, text);
      case 'waitlist':
        return this.takeState(event.entry.id, text);
      case 'purchase':
        return this.takePurchase(event.purchase.sale, text);
      case 'ready':
        // All that was missed has been told.
        this.expected.clear();
        return true;
      default:
        return true;
    }
  }

  private takeSale(id: string, position: string, text: string): boolean {
    const last = this.sales.get(id);
    if (last !== undefined) {
      const behind = comparePositions(position, last.position) ?? 1;
      if (behind < 0 || (behind === 0 && text === last.text)) return false;
    }
    this.sales.set(id, { position, text });
    return true;
  }

  private takeState(id: string, text: string): boolean {
    if (this.states.get(id) === text) return false;
    this.states.set(id, text);
    return true;
  }

  private takePurchase(sale: string, text: string): boolean {
    // Also when it is no news: should this connection break too, it comes once more.
    this.tail.push({ sale, text });
    const expected = this.expected.get(sale);
    if (expected === undefined) return true;
    const at = expected.indexOf(text);
    if (at >= 0) expected.splice(at, 1);
    if (expected.length === 0) this.expected.delete(sale);
    return false;
  }
}
