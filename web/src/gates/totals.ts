/**
 * The sums over all cards. They are not on the stream, so they are read again: once a second while
 * a crowd walks, and after each tap by hand.
 */
import type { Holdfast, TapTotals } from '../../../sdk/src/index.ts';
import { Signal } from '../shared/signal.ts';

const everyMs = 1000;

export class Totals {
  readonly now = new Signal<TapTotals | null>(null);
  private readonly store: Holdfast;
  private timer: ReturnType<typeof setInterval> | null = null;
  private isReading = false;

  constructor(store: Holdfast) {
    this.store = store;
  }

  async read(): Promise<void> {
    if (this.isReading) return;
    this.isReading = true;
    try {
      this.now.set(await this.store.taps.totals({ retry: { attempts: 1 } }));
    } catch {
      // The last sums stay in sight; the page says when it is cut off.
    } finally {
      this.isReading = false;
    }
  }

  keepReading(isOn: boolean): void {
    if (this.timer !== null) clearInterval(this.timer);
    this.timer = isOn ? setInterval(() => void this.read(), everyMs) : null;
    void this.read();
  }
}
