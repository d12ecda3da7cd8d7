/** A log that delivers appended batches to its subscriber even when they are not on the disk. */
import type { AppendBatch, OnBatch, Subscription } from '../../../src/log/log.ts';
import { PassingLog } from '../../log/support/passing-log.ts';

export class LyingLog extends PassingLog {
  /** Position of the next record, as this log's subscriber knows it. */
  private next = 1;
  private subscriber: OnBatch = () => {};

  /** Brings the existing batches; later ones come only through `deliver`. */
  override async subscribe(from: number, onBatch: OnBatch): Promise<Subscription> {
    const there = await this.inner.subscribe(from, (batch) => {
      this.next = batch.first + batch.count;
      onBatch(batch);
    });
    there.cancel();
    this.subscriber = onBatch;
    return { cancel: () => (this.subscriber = () => {}) };
  }

  protected deliver(batch: AppendBatch): void {
    this.subscriber({ ...batch, first: this.next });
    this.next += batch.count;
  }
}
