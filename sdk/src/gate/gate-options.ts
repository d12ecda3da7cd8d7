/** The settings of a gate, and what it says about a tap. */
import type { Fetch } from '../attempt.ts';
import type { TapDirection } from '../tap-shapes.ts';
import type { RiskLimit } from './risk.ts';
import type { TapFlag, TapReason, WireRule } from './tap-bytes.ts';
import type { UplinkState } from './uplink.ts';

export interface GateOptions {
  /** Address of the store, such as `http://127.0.0.1:3000`. */
  readonly url: string;
  /** A key that is bound to this gate, of `holdfast key create`. */
  readonly key?: string | undefined;
  /** Its id in the store. */
  readonly gate: string;
  /** Its number; by default the store is asked. */
  readonly number?: number | undefined;
  /** Path of the file for the queue and the counter; by default both are in memory. */
  readonly queue?: string | undefined;
  /** For a counter that is kept elsewhere: its epoch and next sequence. A file goes before them. */
  readonly epoch?: number | undefined;
  readonly sequence?: number | undefined;
  /** What is risked on one card while the gate is offline. */
  readonly riskLimit: RiskLimit;
  /** How long a rider waits for the store, ms (200). Then the gate decides. */
  readonly decideWithinMs?: number | undefined;
  /** Taps that wait for the store at most (100,000). */
  readonly maxQueued?: number | undefined;
  /** How often the deny list is read, ms (30,000). */
  readonly denyListMs?: number | undefined;
  /** How long the store may be silent before a connection counts as dead, ms (10,000). */
  readonly answerMs?: number | undefined;
  /** Between connections (250 to 10,000, ms, at random). */
  readonly retry?: { readonly baseMs?: number | undefined; readonly capMs?: number | undefined } | undefined;
  readonly fetch?: Fetch | undefined;
  readonly random?: (() => number) | undefined;
  readonly onState?: ((state: UplinkState) => void) | undefined;
  /** What somebody should look at: a refused key, an unknown gate, a disk that fails. */
  readonly onError?: ((error: Error) => void) | undefined;
  /** The store had let somebody in whom this gate kept out. */
  readonly onConflict?: ((conflict: Conflict) => void) | undefined;
}

/** A card at the gate. */
export interface Tap {
  /** Its UUID, or its number. */
  readonly card: string | number;
  readonly direction: TapDirection;
  /** By default now. */
  readonly at?: Date | undefined;
  /** Number of the station, for a gate without one of its own. */
  readonly station?: number | undefined;
}

/**
 * Why the gate itself decided as it did: `RISK_LIMIT` of the card is used up; `QUEUE_FULL`,
 * `NOT_STORED`: there is no room for the tap, or the disk fails.
 */
export type GateReason = 'RISK_LIMIT' | 'QUEUE_FULL' | 'NOT_STORED';

export interface Decided {
  readonly result: 'open' | 'deny';
  readonly reason: TapReason | GateReason | null;
  readonly flags: readonly TapFlag[];
  /** What the tap charged, minor units; null when the gate decided. */
  readonly fare: number | null;
  readonly balance: number | null;
  /** Id of the journey. */
  readonly journey: string | null;
  readonly rule: WireRule | null;
  /** The gate decided by itself. */
  readonly offline: boolean;
  /** Of the tap; null for one that was not recorded. */
  readonly sequence: number | null;
}

/** A rider was kept out, and then the store's outcome came: the passage has begun there. */
export interface Conflict {
  readonly card: string | number;
  readonly direction: TapDirection;
  readonly atMs: number;
  readonly epoch: number;
  readonly sequence: number;
  readonly journey: string | null;
  /** What it charged, minor units. */
  readonly fare: number;
}
