/**
 * The taps that the store has not acknowledged, in order, and the counter that numbers them. With a
 * file behind it, a tap counts as stored when it is there; without one, at once.
 *
 * A tap has a place in the queue, an ordinal that only grows, beside its epoch and sequence: the
 * epoch may change while taps of the old one are still queued.
 */
import type { TapDecision, TapDirection } from '../tap-shapes.ts';
import type { QueueHead, QueueRecord, TapNumber } from './queue-records.ts';
import { recordKinds } from './queue-records.ts';
import type { WireOutcome, WireTap } from './tap-bytes.ts';

/** What happened at the gate. */
export interface Passage {
  /** A UUID, or the card's number. */
  readonly card: string | number;
  readonly direction: TapDirection;
  /** Number of the station; 0 for the gate's own. */
  readonly station: number;
  readonly atMs: number;
}

export interface QueuedTap extends TapNumber {
  readonly passage: Passage;
  decided: TapDecision;
  /** It may be sent. */
  isStored: boolean;
  /** It was in the file when that was opened: an earlier process may have sent it. */
  readonly isFromFile: boolean;
  /** How often this process has sent it. */
  sends: number;
  /** The tap that this one stands in for: the store denied it, but the gate had opened. */
  readonly corrects: TapNumber | null;
  /** Another tap stands in for this one already. */
  isCorrected: boolean;
  /** Who waits for the store's outcome; null when nobody does any more. */
  onOutcome: ((outcome: WireOutcome) => void) | null;
}

/** Where the queue is kept. */
export interface TapStore {
  add(record: QueueRecord): void;
  /** Resolves when all that was added is durable. @throws Error when it cannot be kept any more */
  synced(): Promise<void>;
  close(): Promise<void>;
}

/** Nowhere: what is queued is gone with the process. */
export const noStore: TapStore = { add: () => {}, synced: async () => {}, close: async () => {} };

/** How a new tap differs from others. */
interface Origin {
  readonly corrects?: TapNumber | null;
  readonly onOutcome?: QueuedTap['onOutcome'];
}

export class TapQueue {
  epoch: number;
  private nextSequence: number;
  private readonly store: TapStore;
  private taps: QueuedTap[];
  /** Taps at the front of the array that are dropped already. */
  private dropped = 0;
  /** Ordinal of the first tap that is queued. */
  first = 0;

  constructor(head: QueueHead, taps: readonly QueuedTap[], store: TapStore) {
    this.epoch = head.epoch;
    this.nextSequence = head.nextSequence;
    this.taps = [...taps];
    this.store = store;
  }

  get length(): number {
    return this.taps.length - this.dropped;
  }

  /** The ordinal after the last tap. */
  get end(): number {
    return this.first + this.length;
  }

  /** The counter as it stands. */
  get head(): QueueHead {
    return { epoch: this.epoch, nextSequence: this.nextSequence };
  }

  at(ordinal: number): QueuedTap | undefined {
    return this.taps[this.dropped + ordinal - this.first];
  }

  *[Symbol.iterator](): Generator<QueuedTap, void> {
    for (let index = this.dropped; index < this.taps.length; index += 1) yield this.taps[index]!;
  }

  /**
   * The lowest sequence of an epoch that is queued and is at least `from`, with its ordinal; null
   * without one.
   */
  lowest(epoch: number, from: number): { readonly ordinal: number; readonly sequence: number } | null {
    let ordinal = this.first;
    for (const tap of this) {
      if (tap.epoch === epoch && tap.sequence >= from) return { ordinal, sequence: tap.sequence };
      ordinal += 1;
    }
    return null;
  }

  /** Numbers a new tap. It is stored once `synced` has resolved. */
  append(passage: Passage, decided: TapDecision, { corrects = null, onOutcome = null }: Origin = {}): QueuedTap {
    const tap: QueuedTap = {
      epoch: this.epoch,
      sequence: this.nextSequence,
      passage,
      decided,
      isStored: false,
      isFromFile: false,
      sends: 0,
      corrects,
      isCorrected: false,
      onOutcome,
    };
    this.nextSequence += 1;
    this.taps.push(tap);
    this.store.add(recordOf(tap));
    return tap;
  }

  /** Notes what the gate decided about a queued tap. */
  decide(tap: QueuedTap, decided: 'opened' | 'denied'): void {
    tap.decided = decided;
    this.store.add({ kind: recordKinds.decision, tap: wireOf(tap, 0), corrects: null });
  }

  /** Drops the first tap: the store has it. */
  acknowledge(): void {
    const tap = this.taps[this.dropped];
    if (tap === undefined) throw new Error('there is no tap to acknowledge');
    this.store.add({ kind: recordKinds.acknowledged, tap: wireOf(tap, 0), corrects: null });
    this.dropped += 1;
    this.first += 1;
    if (this.dropped < 1024 || this.dropped < this.length) return;
    this.taps = this.taps.slice(this.dropped);
    this.dropped = 0;
  }

  /** New taps are numbered from 1 in another epoch. */
  beginEpoch(epoch: number): void {
    this.epoch = epoch;
    this.nextSequence = 1;
  }

  synced(): Promise<void> {
    return this.store.synced();
  }

  close(): Promise<void> {
    return this.store.close();
  }
}

/** A tap as it is sent, from the gate with this number. */
export function wireOf({ epoch, sequence, passage, decided }: QueuedTap, gate: number): WireTap {
  return { gate, epoch, sequence, decided, ...passage };
}

export function recordOf(tap: QueuedTap): QueueRecord {
  return { kind: recordKinds.tap, tap: wireOf(tap, 0), corrects: tap.corrects };
}

/** A random epoch, from 1: two runs of a counter that know nothing of each other differ. */
export function randomEpoch(): number {
  const [word = 0] = crypto.getRandomValues(new Uint32Array(1));
  return word === 0 ? 1 : word;
}
