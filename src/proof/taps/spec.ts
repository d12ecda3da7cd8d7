/** The messages to and from the process that sends taps. */
import type { TapCounts } from './answers.ts';
import type { GatePlan } from './gate-batches.ts';
import type { TrafficPlan } from './traffic.ts';

export type TapTask =
  /** Begins a day anew. */
  | { readonly kind: 'begin'; readonly traffic: TrafficPlan; readonly gates: GatePlan; readonly inFlight: number }
  /**
   * Connects, sends what was not answered again, and goes on. Answers when so many taps of the day
   * are answered, or all of them; sends on meanwhile.
   */
  | { readonly kind: 'send'; readonly url: string; readonly operatorKey: string | null; readonly until: number }
  /** The same for so long, ms, counted after a warm-up; then nothing is sent any more. */
  | {
      readonly kind: 'measure';
      readonly url: string;
      readonly operatorKey: string | null;
      readonly warmupMs: number;
      readonly measureMs: number;
    };

export interface TapProgress {
  /** Taps that were answered, each once. */
  readonly answered: number;
  readonly isDone: boolean;
  readonly counts: TapCounts;
  /** What the gates took, each tap once; of them offline. */
  readonly taps: number;
  readonly offline: number;
  /** The last number of each gate. */
  readonly sequences: readonly number[];
  readonly problems: readonly string[];
  /** measure: taps a second in the measured part, and latencies of its batches, ms. */
  readonly perSecond: number;
  readonly p50: number;
  readonly p99: number;
  /** CPU seconds a second of this process in that part. */
  readonly cpu: number;
}
