/**
 * A tap's sequence and its record: what a gate repeats gets its first outcome, and each tap has a
 * row in the journal.
 */
import type { Ref } from '../base/ref.ts';
import { noRef, rowOf } from '../base/ref.ts';
import { noCard, noStation, ownStation, tapWindow } from '../commands/taps.ts';
import type { State } from '../state.ts';
import { tapReasons, tapResults } from '../tap-outcomes.ts';
import { maxEpochs, windowWords } from '../tables/gates.ts';

/**
 * Whether the passage's tap is the next of its gate and epoch: then the mark has moved. Otherwise
 * its outcome is filled in.
 */
export function takeSequence(state: State): boolean {
  const { passage, gates } = state;
  if (passage.gate >= gates.count) return deniedAs(state, tapReasons.UNKNOWN_GATE);
  const { gate, epoch, sequence } = passage;
  let run = gates.epochOf(gate, epoch);
  if (run === noRef && gates.begun.get(gate) >= maxEpochs) return deniedAs(state, tapReasons.TOO_MANY_EPOCHS);
  const mark = run === noRef ? 0 : gates.epochs.mark.get(rowOf(run));
  if (sequence <= mark) {
    repeat(state, run, mark);
    return false;
  }
  if (sequence !== mark + 1) {
    passage.result = tapResults.gap;
    passage.expected = mark + 1;
    return false;
  }
  if (run === noRef) run = gates.beginEpoch(gate, epoch);
  gates.epochs.mark.set(rowOf(run), sequence);
  passage.window = gates.epochs.window.get(rowOf(run));
  return true;
}

function deniedAs({ passage }: State, reason: number): false {
  passage.result = tapResults.deny;
  passage.reason = reason;
  return false;
}

/** The first outcome of a sequence that was taken. */
function repeat({ passage, gates }: State, run: Ref, mark: number): void {
  passage.replayed = true;
  passage.result = tapResults.unknown;
  // Sequences begin with 1: 0 was never taken, not even of an epoch that has not begun.
  if (run === noRef || passage.sequence <= Math.max(0, mark - tapWindow)) return;
  const window = gates.epochs.window.get(rowOf(run));
  if (window === noRef) return;
  const { words } = gates.windows;
  const at = gates.windows.at(window, passage.sequence);
  const what = words.get(at + windowWords.what);
  passage.result = what & 3;
  if (passage.result === tapResults.unknown) return;
  passage.reason = (what >>> 2) & 31;
  passage.flags = what >>> 16;
  passage.card = words.get(at + windowWords.card);
  passage.fare = words.get(at + windowWords.fare) | 0;
  passage.balance = words.get(at + windowWords.balance) | 0;
  passage.journey = words.get(at + windowWords.journey) + ((what >>> 8) & 0xff) * 0x1_0000_0000;
  passage.rule.terms = words.get(at + windowWords.ruleTerms);
  passage.rule.ends = words.get(at + windowWords.ruleEnds);
  passage.rule.cappedBy = words.get(at + windowWords.cappedBy);
}

/**
 * Writes the passage's row into the journal, and its outcome into the gate's window when it moved
 * the mark. Returns a hash of the outcome: over nine words, each as `h = (h ^ word) * 0x85ebca6b`
 * and then `h ^= h >>> 13`.
 */
export function recordTap(state: State): number {
  const { passage, journal, gates } = state;
  const { rule } = passage;
  const own = passage.gate < gates.count && passage.station === ownStation ? gates.stationOf(passage.gate) : -1;
  const { taps } = journal;
  const row = taps.add();
  taps.gate[row] = passage.gate;
  taps.epoch[row] = passage.epoch;
  taps.sequence[row] = passage.sequence;
  taps.card[row] = passage.card < state.cards.count ? passage.card : noCard;
  taps.station[row] = own >= 0 ? own : passage.station === noStation ? 0 : passage.station;
  taps.bits[row] = passage.direction | (passage.decided << 1);
  taps.atMs[row] = passage.atMs;
  taps.result[row] = passage.result;
  taps.reason[row] = passage.reason;
  taps.flags[row] = passage.flags;
  taps.replayed[row] = passage.replayed ? 1 : 0;
  taps.fare[row] = passage.fare;
  taps.balance[row] = passage.balance;
  taps.journey[row] = passage.journey;
  taps.expected[row] = passage.expected;
  taps.ruleTerms[row] = rule.terms;
  taps.ruleEnds[row] = rule.ends;
  taps.cappedBy[row] = rule.cappedBy;
  taps.position[row] = state.position;
  taps.bookedAtMs[row] = state.civilMs;
  if (passage.window !== noRef) keep(state);
  const what = passage.result | (passage.reason << 2) | ((passage.replayed ? 1 : 0) << 7) | (passage.flags << 16);
  let hash = mixed(0, what);
  hash = mixed(hash, passage.card);
  hash = mixed(hash, passage.fare);
  hash = mixed(hash, passage.balance);
  hash = mixed(hash, passage.journey);
  hash = mixed(hash, passage.expected);
  hash = mixed(hash, rule.terms);
  hash = mixed(hash, rule.ends);
  return mixed(hash, rule.cappedBy);
}

function mixed(hash: number, word: number): number {
  const product = Math.imul(hash ^ word, 0x85ebca6b);
  return product ^ (product >>> 13);
}

/**
 * Written by hand into the segment: this line of memory is rarely in a cache, and is asked for
 * once.
 */
function keep({ passage, gates }: State): void {
  const { rule } = passage;
  const { windows } = gates;
  const first = windows.at(passage.window, passage.sequence);
  const segment = windows.segmentOf(first);
  const at = windows.within(first);
  const high = Math.floor(passage.journey / 0x1_0000_0000);
  segment[at + windowWords.card] = passage.card;
  segment[at + windowWords.what] = passage.result | (passage.reason << 2) | (high << 8) | (passage.flags << 16);
  segment[at + windowWords.fare] = passage.fare;
  segment[at + windowWords.balance] = passage.balance;
  segment[at + windowWords.journey] = passage.journey;
  segment[at + windowWords.ruleTerms] = rule.terms;
  segment[at + windowWords.ruleEnds] = rule.ends;
  segment[at + windowWords.cappedBy] = rule.cappedBy;
}
