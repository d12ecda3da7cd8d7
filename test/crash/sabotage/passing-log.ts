/** A log that passes everything on to another one, for those that change one thing of it. */
import type { AppendBatch, Batch, Log, OnBatch, Subscription } from '../../../src/log/log.ts';

export class PassingLog implements Log {
  protected readonly inner: Log;
  /** Position of the next record, as this log's subscribers know it. */
  protected next = 1;
  private subscriber: OnBatch = () => {};

  constructor(inner: Log) {
    this.inner = inner;
  }

  append(batch: AppendBatch): Promise<void> {
    return this.inner.append(batch);
  }

  /** Brings what is there; what comes later is brought by `deliver` alone. */
  async subscribe(from: number, onBatch: OnBatch): Promise<Subscription> {
    const there = await this.inner.subscribe(from, (batch) => {
      this.next = batch.first + batch.count;
      onBatch(batch);
    });
    there.cancel();
    this.subscriber = onBatch;
    return { cancel: () => (this.subscriber = () => {}) };
  }

  read(position: number): Promise<Batch | null> {
    return this.inner.read(position);
  }

  end(): Promise<number> {
    return this.inner.end();
  }

  start(): number {
    return this.inner.start();
  }

  lastTimeMs(): number {
    return this.inner.lastTimeMs();
  }

  trim(before: number): Promise<void> {
    return this.inner.trim(before);
  }

  close(): Promise<void> {
    return this.inner.close();
  }

  protected deliver(batch: AppendBatch): void {
    this.subscriber({ ...batch, first: this.next });
    this.next += batch.count;
  }
}
