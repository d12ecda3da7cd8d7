/** A log that passes everything on to another one, for those that change one thing of it. */
import type { AppendBatch, Batch, Log, OnBatch, Subscription } from '../../../src/log/log.ts';

export class PassingLog implements Log {
  protected readonly inner: Log;

  constructor(inner: Log) {
    this.inner = inner;
  }

  append(batch: AppendBatch): Promise<void> {
    return this.inner.append(batch);
  }

  subscribe(from: number, onBatch: OnBatch): Promise<Subscription> {
    return this.inner.subscribe(from, onBatch);
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
}
