/** What the gates find wrong in answers, each in an answer that is wrong in one thing. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { tapResults } from '../../../src/engine/tap-outcomes.ts';
import { TapAnswers } from '../../../src/proof/taps/answers.ts';
import type { Batch } from '../../../src/proof/taps/gate-batches.ts';
import { answerHead, batchHead, outcomeSize, tapSize, writeTap } from '../../../src/proof/taps/wire.ts';

/** A batch of one gate's taps with these numbers. */
function batchOf(number: number, sequences: readonly number[], more: Partial<Batch> = {}): Batch {
  const bytes = new Uint8Array(batchHead + sequences.length * tapSize);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, number, true);
  sequences.forEach((sequence, place) => {
    const tap = { gate: 7, epoch: 1, sequence, direction: 0, decided: 0, card: 1, atMs: 1000 };
    writeTap(view, batchHead + place * tapSize, tap);
  });
  return { number, bytes, taps: sequences.length, repeated: 0, repeatedNext: [], isUpload: false, ...more };
}

interface Told {
  readonly sequence: number;
  readonly result?: number;
  readonly replayed?: boolean;
  readonly fare?: number;
}

function answerOf(number: number, outcomes: readonly Told[]): ArrayBuffer {
  const view = new DataView(new ArrayBuffer(answerHead + outcomes.length * outcomeSize));
  view.setUint32(0, number, true);
  outcomes.forEach(({ sequence, result = tapResults.open, replayed = false, fare = 0 }, place) => {
    const at = answerHead + place * outcomeSize;
    view.setUint32(at, 7, true);
    view.setUint32(at + 4, sequence, true);
    view.setUint8(at + 8, result);
    view.setUint8(at + 12, replayed ? 1 : 0);
    view.setInt32(at + 16, fare, true);
  });
  return view.buffer;
}

function problemsOf(batch: Batch, outcomes: readonly Told[], isResent = false): string[] {
  const answers = new TapAnswers();
  answers.take(
    batchOf(0, [1, 2, 3], { repeatedNext: [1] }),
    answerOf(0, [{ sequence: 1 }, { sequence: 2, fare: 210 }, { sequence: 3 }]),
    false,
  );
  answers.take(batch, answerOf(batch.number, outcomes), isResent);
  return answers.problems.sentences();
}

describe('the answers to taps', () => {
  const next = batchOf(1, [2, 4], { repeated: 1 });

  test('sound answers are counted: new taps, repeated ones, fares', () => {
    const answers = new TapAnswers();
    answers.take(
      batchOf(0, [1, 2, 3], { repeatedNext: [1] }),
      answerOf(0, [{ sequence: 1 }, { sequence: 2, fare: 210 }, { sequence: 3, result: tapResults.deny }]),
      false,
    );
    answers.take(
      next,
      answerOf(1, [
        { sequence: 2, fare: 210, replayed: true },
        { sequence: 4, fare: 100 },
      ]),
      false,
    );
    assert.deepEqual(answers.counts, { open: 3, denied: 1, repeated: 1, appliedBefore: 0, fares: 310 });
    assert.deepEqual(answers.problems.sentences(), []);
  });

  test('a repeated tap must be told as a replay, with its first outcome', () => {
    assert.deepEqual(problemsOf(next, [{ sequence: 2, fare: 210 }, { sequence: 4 }]), [
      'a repeated tap was applied again: number 2 of gate 7',
    ]);
    assert.deepEqual(problemsOf(next, [{ sequence: 2, fare: 200, replayed: true }, { sequence: 4 }]), [
      'a repeated tap got another outcome: number 2 of gate 7',
    ]);
  });

  test('a new tap is told as a replay only after a lost connection', () => {
    const outcomes = [
      { sequence: 2, fare: 210, replayed: true },
      { sequence: 4, replayed: true },
    ];
    assert.deepEqual(problemsOf(next, outcomes), ['a new tap was answered as a replay: number 4 of gate 7']);
    assert.deepEqual(problemsOf(next, outcomes, true), []);
  });

  test('a tap that is not counted, and an outcome of another tap, are problems', () => {
    for (const result of [tapResults.gap, tapResults.unknown]) {
      assert.deepEqual(
        problemsOf(next, [
          { sequence: 2, fare: 210, replayed: true },
          { sequence: 4, result },
        ]),
        [`a tap was not counted: number 4 of gate 7 got the result ${result}`],
      );
    }
    assert.deepEqual(problemsOf(next, [{ sequence: 2, fare: 210, replayed: true }, { sequence: 5 }]), [
      'an outcome is of another tap: number 4 of gate 7 got that of number 5 of gate 7',
    ]);
  });

  test('an answer to another batch, with a status, or cut short ends it', () => {
    const answers = new TapAnswers();
    const batch = batchOf(3, [1]);
    assert.throws(
      () => answers.take(batch, answerOf(2, [{ sequence: 1 }]), false),
      /batch 3 of 1 taps was answered as batch 2/,
    );
    assert.throws(() => answers.take(batch, answerOf(3, []), false), /with 8 bytes/);
    assert.throws(() => answers.take(batch, new ArrayBuffer(3), false), /answered as batch -1/);
    const refused = new Uint8Array([3, 0, 0, 0, 0x90, 1, 0, 0, ...new TextEncoder().encode('{"code":"NO"}')]);
    assert.throws(() => answers.take(batch, refused.buffer, false), /with status 400: \{"code":"NO"\}/);
  });
});
