/**
 * Remembers what a stream has delivered. When a connection breaks and the next one repeats events,
 * none is delivered twice or out of order.
 *
 * The state of a sale, hold or place in line is news when it differs from the last one delivered; a
 * sale's also needs the same position or a later one. Every purchase is news. After a break the
 * server repeats the purchases that followed the last event with an id, since it cannot know which
 * of them arrived. They are expected then. Until the last expected purchase of a sale has come,
 * every purchase of that sale is a repetition, or older than the delivered ones: one that had been
 * left out in a rush.
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
  /** Sale id to the purchases that are expected again; the lists are never empty. */
  private readonly expected = new Map<string, string[]>();

  /** All state is sent anew, and may be older than before. */
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

  /** An event with an id came: events before it are not repeated. */
  passed(): void {
    this.tail.length = 0;
  }

  /** Whether to deliver an event; true also records it as delivered. `text`: its data as sent. */
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
        // All missed events have come.
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
    // Also when it is no news: if this connection breaks too, it is repeated once more.
    this.tail.push({ sale, text });
    const expected = this.expected.get(sale);
    if (expected === undefined) return true;
    const at = expected.indexOf(text);
    if (at >= 0) expected.splice(at, 1);
    if (expected.length === 0) this.expected.delete(sale);
    return false;
  }
}
