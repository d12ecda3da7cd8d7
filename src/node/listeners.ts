/**
 * Callers that hear what was applied: watchers of every batch, and readers that wait for a
 * position.
 */
import type { Changes } from '../engine/changes.ts';
import type { Engine } from '../engine/engine.ts';
import { NotTakenError } from './errors.ts';

/** Called with what a batch changed and the log time, ms. */
export type Watcher = (changes: Changes, nowMs: number) => void;

export class Listeners {
  private readonly engine: Engine;
  private readonly maxWaitMs: number;
  private readonly watchers = new Set<Watcher>();
  private readonly readers: { position: number; wake: () => void }[] = [];

  constructor(engine: Engine, maxWaitMs: number) {
    this.engine = engine;
    this.maxWaitMs = maxWaitMs;
  }

  /**
   * Returns a function that stops the watch. Changes are collected only while there is a watcher.
   */
  watch(watcher: Watcher): () => void {
    const { changes } = this.engine.state;
    this.watchers.add(watcher);
    changes.collecting = true;
    return () => {
      this.watchers.delete(watcher);
      changes.collecting = this.watchers.size > 0;
    };
  }

  /**
   * Resolves when the engine has applied `position`.
   * @throws NotTakenError when that takes longer than `maxWaitMs`
   */
  async reached(position: number): Promise<void> {
    if (this.engine.position >= position) return;
    const waiting = Promise.withResolvers<void>();
    const reader = { position, wake: waiting.resolve };
    this.readers.push(reader);
    const timer = setTimeout(() => {
      this.readers.splice(this.readers.indexOf(reader), 1);
      waiting.reject(new NotTakenError(`this replica is at position ${this.engine.position}, not yet at ${position}`));
    }, this.maxWaitMs);
    await waiting.promise.finally(() => clearTimeout(timer));
  }

  /** To be called when a batch is applied and its callers are answered. */
  applied(): void {
    this.wakeReaders();
    this.tellWatchers();
  }

  private wakeReaders(): void {
    for (let i = this.readers.length - 1; i >= 0; i -= 1) {
      const reader = this.readers[i]!;
      if (reader.position > this.engine.position) continue;
      this.readers.splice(i, 1);
      reader.wake();
    }
  }

  private tellWatchers(): void {
    if (this.watchers.size === 0) return;
    const { changes } = this.engine.state;
    for (const watcher of this.watchers) watcher(changes, this.engine.nowMs);
    changes.clear();
  }
}
