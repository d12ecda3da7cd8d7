/** The JSON of gates and of the taps at them. */
import type { Money } from './card-shapes.ts';
import type { TimeInput } from './shapes.ts';

/** A gate that the store knows. */
export interface KnownGate {
  readonly id: string;
  /** In binary taps. */
  readonly number: number;
  /** Null for a gate that names a station in each tap, as on a bus. */
  readonly station: string | null;
  readonly position: string;
}

export interface NewGate {
  readonly id: string;
  /** By default the lowest free one. */
  readonly number?: number | undefined;
  readonly station?: string | undefined;
}

/** Taps that a gate has lost for good. */
export interface TapsSkip {
  /** By default 0. */
  readonly epoch?: number | undefined;
  /** The sequence that the store expects next. */
  readonly from: number;
  readonly to: number;
  /** For the log and for people. */
  readonly reason: string;
}

export interface TapsSkipped {
  readonly gate: string;
  readonly epoch: number;
  readonly from: number;
  readonly to: number;
  /** The last sequence that is done with: the next tap has the one after it. */
  readonly mark: number;
  readonly position: string;
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
  /** Null for one that the store does not know. */
  readonly card: string | null;
  /** May be left out for a gate that stands at one. */
  readonly station?: string | null | undefined;
  readonly direction: TapDirection;
  /** By the gate's clock. */
  readonly at: TimeInput;
  readonly decided?: TapDecision | undefined;
}

export type TapResult = 'open' | 'deny' | 'gap' | 'unknown';

export interface TapOutcome {
  readonly gate: string;
  readonly sequence: number;
  /** Null for one that the store does not know. */
  readonly card: string | null;
  /**
   * `gap`: nothing was applied; the gate goes on from `expected`. `unknown`: a repeated tap whose
   * first outcome the store does not have any more.
   */
  readonly result: TapResult;
  /** Why it was denied, such as `LOW_BALANCE`. */
  readonly reason: string | null;
  /** What was odd about it, such as `NO_ENTRY`. */
  readonly flags: readonly string[];
  /** What made the fare, in words. */
  readonly rule: string | null;
  /** Of a gap: the sequence to go on from. */
  readonly expected?: number;
  /** What this tap has charged. */
  readonly fare: Money;
  readonly balance: Money | null;
  readonly journey: string | null;
  /** It only repeats an earlier tap: this is the first one's outcome. */
  readonly replayed: boolean;
}

export interface TapOutcomes {
  /** In the order asked. */
  readonly outcomes: readonly TapOutcome[];
  readonly position: string;
}

/** Sums over all cards and taps, all true at one position. */
export interface TapTotals {
  readonly cards: number;
  /** Each counted once, however often it was sent; `open` and `denied` of them. */
  readonly taps: number;
  readonly open: number;
  readonly denied: number;
  readonly balances: Money;
  readonly openings: Money;
  readonly topUps: Money;
  readonly fares: Money;
  readonly refunds: Money;
  readonly adjustments: Money;
  /** Whether balances = openings + topUps - fares + refunds + adjustments. */
  readonly explained: boolean;
  readonly position: string;
}
