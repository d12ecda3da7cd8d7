/**
 * Compares the answers to batches with what was sent: each tap has its outcome, in order; one that
 * is repeated gets its first outcome; and nothing is answered as if it were new to the store twice.
 */
import { tapResults } from '../../engine/tap-outcomes.ts';
import { Problems } from '../audit/problems.ts';
import type { Batch } from './gate-batches.ts';
import type { WireOutcome, WireTap } from './wire.ts';
import { answerHead, batchHead, outcomeSize, readOutcome, readTap, sameOutcome, tapSize } from './wire.ts';

/** What the store answered, each tap counted once, whatever was sent twice. */
export interface TapCounts {
  open: number;
  denied: number;
  /** Taps that were sent again as a part of a later batch. */
  repeated: number;
  /** Taps that had been applied before their batch was sent again, after a lost connection. */
  appliedBefore: number;
  /** Sum of all fares, minor units. */
  fares: number;
}

const emptyView = new DataView(new ArrayBuffer(0));

export class TapAnswers {
  readonly counts: TapCounts = { open: 0, denied: 0, repeated: 0, appliedBefore: 0, fares: 0 };
  readonly problems = new Problems();
  /** First outcomes of what the next live batch repeats, one after the other. */
  private repeats: DataView = emptyView;
  private readonly tap = {} as WireTap;
  private readonly outcome = {} as WireOutcome;

  /**
   * Takes the answer to the oldest batch on its way. `isResent`: it may have been applied before.
   */
  take(batch: Batch, answer: ArrayBuffer, isResent: boolean): void {
    const view = new DataView(answer);
    const number = answer.byteLength < answerHead ? -1 : view.getUint32(0, true);
    const status = answer.byteLength < answerHead ? 0 : view.getUint32(4, true);
    const whole = answerHead + batch.taps * outcomeSize;
    if (number !== batch.number || status !== 0 || answer.byteLength !== whole) {
      const text = new TextDecoder().decode(answer.slice(answerHead)).slice(0, 300);
      const said = status === 0 ? `${answer.byteLength} bytes` : `status ${status}: ${text}`;
      throw new Error(`batch ${batch.number} of ${batch.taps} taps was answered as batch ${number} with ${said}`);
    }
    this.compare(batch, view, isResent);
    if (!batch.isUpload) this.keep(batch, answer);
  }

  private compare(batch: Batch, view: DataView, isResent: boolean): void {
    const { tap, outcome, counts, problems, repeats } = this;
    const sent = new DataView(batch.bytes.buffer, batch.bytes.byteOffset, batch.bytes.length);
    for (let place = 0; place < batch.taps; place += 1) {
      const at = answerHead + place * outcomeSize;
      readOutcome(view, at, outcome);
      readTap(sent, batchHead + place * tapSize, tap);
      if (outcome.gate !== tap.gate || outcome.sequence !== tap.sequence) {
        problems.add('an outcome is of another tap', `${spell(tap)} got that of ${spell(outcome)}`);
      } else if (place < batch.repeated) {
        counts.repeated += 1;
        if (outcome.replayed !== 1) problems.add('a repeated tap was applied again', spell(tap));
        else if (!sameOutcome(view, at, repeats, place * outcomeSize))
          problems.add('a repeated tap got another outcome', spell(tap));
      } else {
        this.count(tap, outcome, isResent);
      }
    }
  }

  private count(tap: WireTap, { result, replayed, fare }: WireOutcome, isResent: boolean): void {
    const { counts, problems } = this;
    if (replayed === 1) {
      counts.appliedBefore += 1;
      if (!isResent) problems.add('a new tap was answered as a replay', spell(tap));
    }
    if (result === tapResults.open) counts.open += 1;
    else if (result === tapResults.deny) counts.denied += 1;
    else problems.add('a tap was not counted', `${spell(tap)} got the result ${result}`);
    counts.fares += fare;
  }

  private keep({ repeatedNext }: Batch, answer: ArrayBuffer): void {
    const kept = new Uint8Array(repeatedNext.length * outcomeSize);
    repeatedNext.forEach((place, at) => {
      kept.set(new Uint8Array(answer, answerHead + place * outcomeSize, outcomeSize), at * outcomeSize);
    });
    this.repeats = new DataView(kept.buffer);
  }
}

function spell({ gate, sequence }: { readonly gate: number; readonly sequence: number }): string {
  return `number ${sequence} of gate ${gate}`;
}
