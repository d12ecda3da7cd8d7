/**
 * A gate: each tap is stored, sent, and decided by the store. Where the store does not answer in
 * time the gate decides, and the tap is uploaded as what happened.
 *
 * A tap has one sequence for good, so that it counts once however often and in whatever form it is
 * sent. When the gate decides about a tap that is under way, two outcomes may exist:
 *
 *     the store    the gate    then
 *     open         opened      the tap counts as the store has it
 *     deny         denied      nothing was charged
 *     deny         opened      another tap, decided `opened`, stands in for the one that was denied
 *     open         denied      `onConflict`; the card's next tap of the same direction here, within
 *                              five minutes, opens by that outcome: no other tap is made of it
 */
import { Holdfast } from '../client.ts';
import { NetworkError } from '../errors.ts';
import { after } from '../retry.ts';
import { positive } from '../transport.ts';
import { DenyListReader } from './deny-list.ts';
import type { Decided, GateOptions, GateReason, Tap } from './gate-options.ts';
import { nodeFiles, nodeMachine } from './node-files.ts';
import { QueueFile } from './queue-file.ts';
import type { QueueHead } from './queue-records.ts';
import { Recall } from './recall.ts';
import { Risk } from './risk.ts';
import type { TapReason, WireOutcome } from './tap-bytes.ts';
import { cardOf } from './tap-bytes.ts';
import type { Passage, QueuedTap } from './tap-queue.ts';
import { noStore, randomEpoch, TapQueue } from './tap-queue.ts';
import type { UplinkState } from './uplink.ts';
import { Uplink } from './uplink.ts';

/** What is kept of the deadline for the disk, when the gate decides about a tap under way. */
const storeMs = 20;
/** How long after the start a tap waits for the first connection, ms. */
const firstMs = 1000;

/** A decision of the gate. */
interface OwnDecision {
  readonly decided: 'opened' | 'denied';
  readonly reason: TapReason | GateReason | null;
}

export class Gate {
  private readonly options: GateOptions;
  private readonly decideWithinMs: number;
  private readonly maxQueued: number;
  private readonly queue: TapQueue;
  private readonly hasFile: boolean;
  private readonly uplink: Uplink;
  private readonly denied: DenyListReader;
  private readonly risk: Risk;
  private readonly recall = new Recall();
  /** Taps that were numbered anew, by what they were first. */
  private readonly underWay = new WeakMap<QueuedTap, QueuedTap>();
  private readonly startedMs = performance.now();
  /** Taps whose riders wait. */
  private readonly waiting = new Set<Promise<Decided>>();
  private readonly onEmpty: (() => void)[] = [];
  /** A deadline has passed since the store's last outcome. */
  private isStoreLate = false;
  private isBroken = false;
  private isClosed = false;

  /**
   * Opens the queue and connects. @throws Error when another process uses the queue's file,
   * TypeError without a usable address, RangeError for numbers that make no sense
   */
  constructor(options: GateOptions) {
    this.options = options;
    const { url, key, gate, fetch, random = Math.random, retry = {} } = options;
    this.decideWithinMs = positive(options.decideWithinMs ?? 200, 'decideWithinMs');
    this.maxQueued = positive(options.maxQueued ?? 100_000, 'maxQueued');
    this.risk = new Risk(options.riskLimit);
    const store = new Holdfast({ url, operatorKey: key, fetch, random, deadlineMs: 10_000 });
    const backoff = {
      baseMs: positive(retry.baseMs ?? 250, 'baseMs'),
      capMs: positive(retry.capMs ?? 10_000, 'capMs'),
    };
    const answerMs = positive(options.answerMs ?? 10_000, 'answerMs');
    const denyListMs = positive(options.denyListMs ?? 30_000, 'denyListMs');
    this.hasFile = options.queue !== undefined;
    this.queue = this.openQueue(options.queue);
    for (const { passage, decided } of this.queue) {
      if (decided === 'opened' && passage.direction === 'in') this.risk.note(passage.card, passage.atMs);
    }
    this.denied = new DenyListReader({
      store,
      everyMs: denyListMs,
      file: denyListFile(options.queue),
      onError: (error) => {
        if (!(error instanceof NetworkError)) this.report(error);
      },
    });
    this.uplink = new Uplink({
      url: new URL(url).href.replace(/\/+$/, ''),
      key: key ?? null,
      queue: this.queue,
      gateNumber: async () => options.number ?? (await store.gates.get(gate, { retry: { attempts: 1 } })).number,
      skip: (skip) => store.gates.skip(gate, skip),
      answerMs,
      retry: backoff,
      random,
      onOutcome: (tap, outcome) => this.settle(tap, outcome),
      onState: (state) => this.changed(state),
      onError: (error) => {
        if (!(error instanceof NetworkError)) this.report(error);
      },
    });
    this.uplink.start();
    void this.denied.refresh();
  }

  get state(): UplinkState {
    return this.uplink.stateNow;
  }

  /** Taps that the store has not acknowledged. */
  get queued(): number {
    return this.queue.length;
  }

  /** The counter: for a gate that keeps it elsewhere. */
  get counter(): QueueHead {
    return this.queue.head;
  }

  /** Cards on the deny list, and when it was last read, ms since the epoch; null if never. */
  get denyList(): { readonly cards: number; readonly readAtMs: number | null } {
    return { cards: this.denied.list.size, readAtMs: this.denied.readAtMs };
  }

  /**
   * A card is tapped. Resolves within `decideWithinMs`: with the store's outcome, or with the
   * gate's own (`offline`). @throws RangeError for a card that has no binary form, Error when
   * closed
   */
  async tap({ card, direction, at, station = 0 }: Tap): Promise<Decided> {
    if (this.isClosed) throw new Error('the gate is closed');
    const passage: Passage = { card: cardOf(card), direction, station, atMs: (at ?? new Date()).getTime() };
    if (!Number.isInteger(station) || station < 0 || station > 0xffff)
      throw new RangeError(`${station} is not the number of a station`);
    if (!Number.isFinite(passage.atMs)) throw new RangeError('the time of the tap is not valid');
    const recalled = this.recall.take(passage);
    if (recalled !== null) return recalled;
    if (this.isBroken) return unrecorded(direction, 'NOT_STORED');
    if (this.queue.length >= this.maxQueued) return unrecorded(direction, 'QUEUE_FULL');
    const deciding = this.isLive() ? this.askStore(passage) : this.decideAtOnce(passage);
    this.waiting.add(deciding);
    return await deciding.finally(() => this.waiting.delete(deciding));
  }

  /** Resolves when the store has all that is queued. */
  uploaded(): Promise<void> {
    if (this.queue.length === 0) return Promise.resolve();
    return new Promise((resolve) => this.onEmpty.push(resolve));
  }

  /**
   * Takes no more taps, lets those under way be decided, and uploads for at most `uploadMs` (0).
   * What is left then is in the file, or lost without one.
   */
  async close({ uploadMs = 0 }: { readonly uploadMs?: number } = {}): Promise<{ readonly left: number }> {
    this.isClosed = true;
    await Promise.allSettled(this.waiting);
    if (uploadMs > 0 && this.queue.length > 0) {
      const late = new Promise<void>((resolve) => {
        const stop = after(uploadMs, resolve);
        this.onEmpty.push(stop);
      });
      await Promise.race([this.uploaded(), late]);
    }
    this.uplink.close();
    this.denied.close();
    await this.queue.close().catch((error: unknown) => this.report(error));
    return { left: this.queue.length };
  }

  private openQueue(path: string | undefined): TapQueue {
    const { epoch = randomEpoch(), sequence = 1 } = this.options;
    const fresh = { epoch, nextSequence: sequence };
    if (path === undefined) return new TapQueue(fresh, [], noStore);
    const file = new QueueFile(path);
    const { head, taps, damaged } = file.loaded;
    const queue = new TapQueue(head ?? fresh, taps, file);
    file.begin(() => ({ head: queue.head, taps: queue, count: queue.length }));
    if (file.setAside !== null) {
      this.report(new Error(`the queue could not be read: it is kept as ${file.setAside}, and a new one has begun`));
    } else if (damaged > 0) {
      this.report(new Error(`${damaged} records of the queue could not be read: their taps are lost`));
    }
    return queue;
  }

  private isLive(): boolean {
    const isStarting = this.uplink.stateNow === 'connecting' && performance.now() - this.startedMs < firstMs;
    return isStarting || (!this.isStoreLate && this.uplink.isQuick(this.decideWithinMs));
  }

  /** The store decides; the gate does at the deadline. */
  private askStore(passage: Passage): Promise<Decided> {
    const waitMs = this.hasFile ? Math.max(1, this.decideWithinMs - storeMs) : this.decideWithinMs;
    return new Promise((resolve) => {
      const onOutcome = (outcome: WireOutcome): void => {
        stop();
        tap.onOutcome = null;
        resolve(decidedBy(outcome));
      };
      const tap = this.queue.append(passage, 'none', { onOutcome });
      const stop = after(waitMs, () => {
        this.isStoreLate = true;
        const now = this.underWay.get(tap) ?? tap;
        now.onOutcome = null;
        resolve(this.decideLate(now));
      });
      void this.keep(tap);
    });
  }

  private async decideAtOnce(passage: Passage): Promise<Decided> {
    const own = this.decide(passage);
    const tap = this.queue.append(passage, own.decided);
    return (await this.keep(tap)) ? decidedHere(own, tap.sequence) : unrecorded(passage.direction, 'NOT_STORED');
  }

  private async decideLate(tap: QueuedTap): Promise<Decided> {
    if (!tap.isStored) {
      // The disk is slow or gone: nobody goes in on a tap that may be lost.
      const own = unrecorded(tap.passage.direction, 'NOT_STORED');
      this.queue.decide(tap, own.result === 'open' ? 'opened' : 'denied');
      return own;
    }
    const own = this.decide(tap.passage);
    this.queue.decide(tap, own.decided);
    return (await this.synced()) ? decidedHere(own, tap.sequence) : unrecorded(tap.passage.direction, 'NOT_STORED');
  }

  /** What the gate decides by itself. An exit never traps a rider. */
  private decide({ card, direction, atMs }: Passage): OwnDecision {
    if (direction === 'out') return { decided: 'opened', reason: null };
    const reason = this.denied.list.reasonOf(card);
    if (reason !== null) return { decided: 'denied', reason };
    if (!this.risk.allows(card, atMs)) return { decided: 'denied', reason: 'RISK_LIMIT' };
    this.risk.note(card, atMs);
    return { decided: 'opened', reason: null };
  }

  /** The tap is sent once it is stored. False: it cannot be stored. */
  private async keep(tap: QueuedTap): Promise<boolean> {
    const isSynced = await this.synced();
    tap.isStored = isSynced;
    if (isSynced) this.uplink.pump();
    return isSynced;
  }

  private async synced(): Promise<boolean> {
    try {
      await this.queue.synced();
      return true;
    } catch (error) {
      if (!this.isBroken) this.report(error);
      this.isBroken = true;
      return false;
    }
  }

  /** The store's outcome for the first tap of the queue. */
  private settle(tap: QueuedTap, outcome: WireOutcome): void {
    const { result } = outcome;
    this.isStoreLate = false;
    if (outcome.replayed && tap.sends === 1 && !tap.isFromFile) this.numberAnew(tap);
    else if (tap.onOutcome !== null && result !== 'unknown') tap.onOutcome(outcome);
    else if (result === 'deny' && tap.decided === 'opened' && !tap.isCorrected) {
      void this.keep(this.queue.append(tap.passage, 'opened', { corrects: tap }));
    } else if (result === 'open' && tap.decided === 'denied' && !tap.isFromFile) this.conflict(tap, outcome);
    if (this.queue.length === 1) for (const done of this.onEmpty.splice(0)) queueMicrotask(done);
  }

  /**
   * The store has another tap by this number, which was never sent before: the counter went back,
   * as with a file from a backup, or is another gate's, too. A new epoch begins.
   */
  private numberAnew(tap: QueuedTap): void {
    const { onOutcome, corrects, passage, decided } = tap;
    if (tap.epoch === this.queue.epoch) {
      this.queue.beginEpoch(randomEpoch());
      this.report(new Error(`the store knows sequence ${tap.sequence} already: the gate's counter begins anew`));
    }
    const again = this.queue.append(passage, decided, { onOutcome, corrects });
    this.underWay.set(tap, again);
    void this.keep(again);
  }

  private conflict(tap: QueuedTap, outcome: WireOutcome): void {
    const { passage, epoch, sequence } = tap;
    const { card, direction, atMs } = passage;
    const decided = decidedBy(outcome);
    this.recall.keep(passage, decided);
    const { journey } = decided;
    guarded(() => this.options.onConflict?.({ card, direction, atMs, epoch, sequence, journey, fare: outcome.fare }));
  }

  private changed(state: UplinkState): void {
    if (state === 'open') void this.denied.refresh();
    guarded(() => this.options.onState?.(state));
  }

  private report(error: unknown): void {
    guarded(() => this.options.onError?.(error instanceof Error ? error : new Error(String(error))));
  }
}

/** Runs code of the caller, whose errors are reported like those of an event listener. */
function guarded(run: () => void): void {
  try {
    run();
  } catch (error) {
    queueMicrotask(() => {
      throw error;
    });
  }
}

function decidedBy(outcome: WireOutcome): Decided {
  const { reason, flags, fare, balance, rule, sequence } = outcome;
  const result = outcome.result === 'open' ? 'open' : 'deny';
  const journey = outcome.journey === null ? null : `journey_0_${outcome.journey}`;
  return { result, reason, flags, fare, balance, journey, rule, offline: false, sequence };
}

const nothingKnown = { flags: [], fare: null, balance: null, journey: null, rule: null, offline: true } as const;

function decidedHere({ decided, reason }: OwnDecision, sequence: number): Decided {
  return { ...nothingKnown, result: decided === 'opened' ? 'open' : 'deny', reason, sequence };
}

/** There is no room for the tap: nobody goes in, and nobody is kept in. */
function unrecorded(direction: Passage['direction'], reason: GateReason): Decided {
  return { ...nothingKnown, result: direction === 'out' ? 'open' : 'deny', reason, sequence: null };
}

function denyListFile(queue: string | undefined): ConstructorParameters<typeof DenyListReader>[0]['file'] {
  if (queue === undefined) return null;
  return { files: nodeFiles(), path: `${queue}.denylist`, folder: nodeMachine().folderOf(queue) };
}
