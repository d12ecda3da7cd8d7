/** The JSON of gates and of the taps at them. */
import type { TimeInput } from './shapes.ts';

/** A gate that the store knows. */
export interface KnownGate {
  readonly id: string;
  /** In binary taps. */
  readonly number: number;
  /** Null for a gate that names a station in each tap, as on a bus. */
  readonly station: string | null;
}

export interface NewGate {
  readonly id: string;
  /** By default the lowest free one. */
  readonly number?: number | undefined;
  readonly station?: string | null | undefined;
}

/** Taps that a gate has lost for good. */
export interface TapsSkip {
  readonly epoch: number;
  /** The sequence that the store expects next. */
  readonly from: number;
  readonly to: number;
  /** For the log and for people. */
  readonly reason: string;
}

export type TapDirection = 'in' | 'out';
/** What the gate did with a tap by itself. `none`: the store decides. */
export type TapDecision = 'none' | 'opened' | 'denied';

/** A passage. Gate, epoch and sequence make it one of its kind: sent again, it counts once. */
export interface NewTap {
  readonly gate: string;
  /** Which run of the gate's counter; a gate that lost its counter begins a new one (0). */
  readonly epoch?: number | undefined;
  /** From 1, without a gap. */
  readonly sequence: number;
  readonly card: string;
  /** May be left out for a gate that stands at one. */
  readonly station?: string | undefined;
  readonly direction: TapDirection;
  /** By the gate's clock. */
  readonly at: TimeInput;
  readonly decided?: TapDecision | undefined;
}

export type TapResult = 'open' | 'deny' | 'gap' | 'unknown';

export interface TapOutcome {
  readonly gate: string;
  readonly sequence: number;
  readonly card: string;
  /**
   * `gap`: nothing was applied; the gate goes on from `expected`. `unknown`: a repeated tap whose
   * first outcome the store does not have any more.
   */
  readonly result: TapResult;
  /** Why it was denied; see `TapReason`. */
  readonly reason: string | null;
  /** What was odd about it; see `TapFlag`. */
  readonly flags: readonly string[];
  /** What made the fare, in words. */
  readonly rule: string | null;
  /** Of a gap: the sequence to go on from. */
  readonly expected?: number;
  /** What this tap has charged. */
  readonly fare: { readonly amount: number; readonly currency: string | null } | null;
  readonly balance: { readonly amount: number; readonly currency: string | null } | null;
  readonly journey: string | null;
  /** It only repeats an earlier tap: this is the first one's outcome. */
  readonly replayed: boolean;
}

export interface TapOutcomes {
  /** In the order asked. */
  readonly outcomes: readonly TapOutcome[];
  readonly position: string;
}

/** Sums over all cards: balances = opened + toppedUp - fares + refunded + adjusted. Minor units. */
export interface TapTotals {
  readonly cards: number;
  readonly taps: number;
  readonly opened: number;
  readonly toppedUp: number;
  readonly fares: number;
  readonly refunded: number;
  readonly adjusted: number;
  readonly balances: number;
  readonly currency: string | null;
  readonly position: string;
}
