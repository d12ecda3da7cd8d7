/**
 * What a stream has delivered, so that nothing is delivered twice or out of order when a connection breaks and the next one
 * repeats.
 *
 * States (sale, hold, place in line) are news when they differ from the last one of the same thing; a sale also has to be at its
 * position or behind. Purchases are each their own news: the server repeats those that came after the last event with an
 * id, since a reader is not known to have them. Those are kept here, and each repetition is dropped once.
 */
import { comparePositions } from './position.ts';
import type { StreamEvent } from './stream-events.ts';

export class Delivered {
  /** Sale id to its position and text. */
  private readonly sales = new Map<string, { readonly position: string; readonly text: string }>();
  /** Holds and places in line by id. */
  private readonly states = new Map<string, string>();
  /** Texts of purchases since the last event with an id, and how often each. */
  private readonly tail = new Map<string, number>();
  /** Of the tail when the connection broke: what is still expected again. */
  private readonly expected = new Map<string, number>();

  /** Everything is told anew, and may have gone back. */
  clear(): void {
    this.sales.clear();
    this.states.clear();
    this.tail.clear();
    this.expected.clear();
  }

  /** A new connection goes on from the last id. */
  reconnected(): void {
    for (const [text, times] of this.tail) this.expected.set(text, times + (this.expected.get(text) ?? 0));
    this.tail.clear();
  }

  /** An event with an id came: what came before it does not come again. */
  passed(): void {
    this.tail.clear();
    this.expected.clear();
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
        return this.takePurchase(text);
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

  private takePurchase(text: string): boolean {
    const repeated = this.expected.get(text) ?? 0;
    // Counted again in the tail: should this connection break too, it comes once more.
    this.tail.set(text, (this.tail.get(text) ?? 0) + 1);
    if (repeated === 0) return true;
    this.expected.set(text, repeated - 1);
    return false;
  }
}
