/**
 * What the gates of a city send, batch by batch: each tap gets the next number of its gate. A gate
 * that is offline for an hour keeps its taps, opens, and uploads them when it is back, before its
 * next ones. Now and then a gate has not seen an answer, and sends its taps of a batch once more
 * with the next one.
 */
import { decisions } from '../../engine/commands/taps.ts';
import { hourMs } from './day-curve.ts';
import { Random } from './random.ts';
import type { Traffic } from './traffic.ts';
import type { WireTap } from './wire.ts';
import { batchHead, tapSize, writeTap } from './wire.ts';

export interface GatePlan {
  readonly gates: number;
  /** Taps of a batch at most, 1 to 8192. */
  readonly batchSize: number;
  /** Of so many batches of a gate it sends one twice; 0: none. */
  readonly resentOf: number;
  /** In each hour one in so many gates is offline, others in the next; 0: none ever is. */
  readonly offlineOf: number;
  readonly seed: number;
}

export interface Batch extends TapsOfGates {
  /** From 0, in the order of sending. */
  readonly number: number;
}

interface TapsOfGates {
  /** The batch's number, then the taps. */
  readonly bytes: Uint8Array;
  readonly taps: number;
  /** So many at its beginning were in an earlier batch. */
  readonly repeated: number;
  /** Places in this batch, ascending, of those that the next one like it repeats. */
  readonly repeatedNext: readonly number[];
  /** Stored taps: a gate has so many of them that nothing else may be on its way. */
  readonly isUpload: boolean;
}

/** Taps of one gate that a request may have. */
const mostOfGate = 1024;
const epoch = 1;

export class GateBatches {
  /** The last number of each gate, from 0. */
  readonly sequences: Uint32Array;
  /** Taps that the gates took, each once; of them while they were offline; sent once more. */
  readonly counts = { taps: 0, offline: 0, repeated: 0 };
  private readonly traffic: Traffic;
  private readonly plan: GatePlan;
  private readonly random: Random;
  /** By gate: how many of its taps one batch has. */
  private readonly inBatch: Uint16Array;
  private readonly tap: WireTap = { gate: 0, epoch, sequence: 0, direction: 0, decided: 0, card: 0, atMs: 0 };
  private readonly stored = new Map<number, StoredTaps>();
  private readonly uploads: TapsOfGates[] = [];
  private repeats: Uint8Array = new Uint8Array(0);
  private numbered = 0;
  private hour = 0;
  /** Whether the traffic stands at a tap that is in no batch yet. */
  private waits = false;
  private over = false;

  constructor(traffic: Traffic, plan: GatePlan) {
    this.traffic = traffic;
    this.plan = plan;
    this.random = new Random(plan.seed);
    this.sequences = new Uint32Array(plan.gates);
    this.inBatch = new Uint16Array(plan.gates);
  }

  /** Null when every tap of the day is in a batch. */
  next(): Batch | null {
    const taps = this.uploads.shift() ?? this.live() ?? this.uploads.shift();
    if (taps === undefined) return null;
    const number = this.numbered;
    this.numbered += 1;
    new DataView(taps.bytes.buffer).setUint32(0, number, true);
    return { number, ...taps };
  }

  /** The next taps of gates that are connected; null when there are none before an upload. */
  private live(): TapsOfGates | null {
    const { traffic, plan, tap, inBatch } = this;
    const bytes = new Uint8Array(batchHead + plan.batchSize * tapSize);
    const view = new DataView(bytes.buffer);
    const repeated = this.repeats.length / tapSize;
    let count = 0;
    this.countRepeats();
    while (count + repeated < plan.batchSize && this.toNextTap()) {
      if (inBatch[traffic.gate] === mostOfGate) break;
      this.waits = false;
      this.number();
      if (this.isOffline(traffic.gate)) {
        this.store();
        continue;
      }
      tap.decided = decisions.none;
      writeTap(view, batchHead + (repeated + count) * tapSize, tap);
      inBatch[traffic.gate]! += 1;
      count += 1;
    }
    if (count + repeated === 0) return null;
    bytes.set(this.repeats, batchHead);
    this.counts.repeated += repeated;
    return this.closed(bytes, repeated + count, repeated);
  }

  private countRepeats(): void {
    const { inBatch, repeats } = this;
    const view = new DataView(repeats.buffer);
    inBatch.fill(0);
    for (let at = 0; at < repeats.length; at += tapSize) inBatch[view.getUint32(at, true) - 1]! += 1;
  }

  /** Moves the traffic; false at the end of an hour in which gates were offline, and of the day. */
  private toNextTap(): boolean {
    const { traffic } = this;
    if (this.over) return false;
    if (!this.waits) {
      if (!traffic.next()) {
        this.over = true;
        this.upload();
        return false;
      }
      this.waits = true;
    }
    const hour = Math.floor(traffic.atMs / hourMs);
    if (hour === this.hour) return true;
    this.hour = hour;
    return !this.upload();
  }

  /** Gives the tap its number. */
  private number(): void {
    const { traffic, tap, sequences } = this;
    sequences[traffic.gate]! += 1;
    this.counts.taps += 1;
    tap.gate = traffic.gate + 1;
    tap.sequence = sequences[traffic.gate]!;
    tap.direction = traffic.direction;
    tap.card = traffic.card + 1;
    tap.atMs = traffic.atMs;
  }

  private isOffline(gate: number): boolean {
    const { offlineOf } = this.plan;
    return offlineOf > 0 && gate % offlineOf === this.hour % offlineOf;
  }

  private store(): void {
    const { traffic, tap, stored } = this;
    tap.decided = decisions.opened;
    let taps = stored.get(traffic.gate);
    if (taps === undefined) stored.set(traffic.gate, (taps = new StoredTaps()));
    taps.add(tap);
    this.counts.offline += 1;
  }

  /** Makes batches of what is stored, the gates side by side; false when nothing is. */
  private upload(): boolean {
    const { stored, plan, uploads } = this;
    const before = uploads.length;
    while (stored.size > 0) {
      const bytes = new Uint8Array(batchHead + plan.batchSize * tapSize);
      const ofEach = Math.max(1, Math.min(mostOfGate, Math.floor(plan.batchSize / stored.size)));
      let count = 0;
      for (const [gate, taps] of stored) {
        const taken = taps.take(Math.min(ofEach, plan.batchSize - count));
        bytes.set(taken, batchHead + count * tapSize);
        count += taken.length / tapSize;
        if (taps.isEmpty) stored.delete(gate);
      }
      uploads.push(this.closed(bytes, count, 0, true));
    }
    return uploads.length > before;
  }

  private closed(bytes: Uint8Array, taps: number, repeated: number, isUpload = false): TapsOfGates {
    const whole = bytes.subarray(0, batchHead + taps * tapSize);
    const repeatedNext = isUpload ? [] : this.chooseRepeats(whole, taps, repeated);
    return { bytes: whole, taps, repeated, repeatedNext, isUpload };
  }

  /** Which gates have not seen this answer: all their taps of the batch come once more. */
  private chooseRepeats(whole: Uint8Array, taps: number, repeated: number): number[] {
    const { resentOf } = this.plan;
    const places: number[] = [];
    if (resentOf > 0 && !this.over) {
      const view = new DataView(whole.buffer);
      const first = this.random.below(resentOf);
      for (let place = repeated; place < taps; place += 1) {
        if (view.getUint32(batchHead + place * tapSize, true) % resentOf === first) places.push(place);
      }
    }
    this.repeats = new Uint8Array(places.length * tapSize);
    places.forEach((place, at) => {
      const from = batchHead + place * tapSize;
      this.repeats.set(whole.subarray(from, from + tapSize), at * tapSize);
    });
    return places;
  }
}

/** The taps that a gate keeps while it is offline. */
class StoredTaps {
  private bytes = new Uint8Array(64 * tapSize);
  private taken = 0;
  private count = 0;

  get isEmpty(): boolean {
    return this.taken === this.count;
  }

  add(tap: WireTap): void {
    const at = this.count * tapSize;
    if (at === this.bytes.length) {
      const grown = new Uint8Array(2 * this.bytes.length);
      grown.set(this.bytes);
      this.bytes = grown;
    }
    writeTap(new DataView(this.bytes.buffer), at, tap);
    this.count += 1;
  }

  /** The oldest ones. */
  take(most: number): Uint8Array {
    const from = this.taken;
    this.taken = Math.min(this.count, from + most);
    return this.bytes.subarray(from * tapSize, this.taken * tapSize);
  }
}
