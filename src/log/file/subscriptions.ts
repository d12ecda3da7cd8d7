/**
 * The subscribers, which get each new batch.
 *
 * Invariant: a subscriber sees every position from its first one on exactly once. This holds even
 * when it subscribes while a batch is being delivered, or to a position that the log has not
 * reached.
 */
import type { Batch, OnBatch, Subscription } from '../log.ts';

interface Subscriber {
  /** The first position that it has not seen. */
  next: number;
  readonly onBatch: OnBatch;
}

export class Subscriptions {
  private subscribers: readonly Subscriber[] = [];

  /** Subscribes from `next` on; the caller has brought everything before it. */
  add(next: number, onBatch: OnBatch): Subscription {
    const subscriber: Subscriber = { next, onBatch };
    this.subscribers = [...this.subscribers, subscriber];
    return {
      cancel: () => {
        this.subscribers = this.subscribers.filter((each) => each !== subscriber);
      },
    };
  }

  publish(batch: Batch): void {
    const after = batch.first + batch.count;
    for (const subscriber of this.subscribers) {
      if (after <= subscriber.next) continue;
      subscriber.next = after;
      subscriber.onBatch(batch);
    }
  }

  clear(): void {
    this.subscribers = [];
  }
}
