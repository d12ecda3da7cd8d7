/** What gates send: numbers without gaps, offline hours that come later, and what they repeat. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { decisions } from '../../../src/engine/commands/taps.ts';
import { hourMs } from '../../../src/proof/taps/day-curve.ts';
import { GateBatches } from '../../../src/proof/taps/gate-batches.ts';
import type { Batch, GatePlan } from '../../../src/proof/taps/gate-batches.ts';
import { Traffic } from '../../../src/proof/taps/traffic.ts';
import type { WireTap } from '../../../src/proof/taps/wire.ts';
import { batchHead, readTap, tapSize } from '../../../src/proof/taps/wire.ts';

const fromMs = Date.UTC(2026, 4, 4);
const gates = 100;
const plan: GatePlan = { gates, batchSize: 256, resentOf: 50, offlineOf: 100, seed: 3 };

function batchesOf(
  changed: Partial<GatePlan> = {},
  taps = 40_000,
): { batches: Batch[]; made: GateBatches; expected: number } {
  const traffic = { cards: 5000, gates: changed.gates ?? gates, stations: 20, taps, oddShare: 0, fromMs, seed: 1 };
  const made = new GateBatches(new Traffic(traffic), { ...plan, ...changed });
  const batches: Batch[] = [];
  for (let batch = made.next(); batch !== null; batch = made.next()) batches.push(batch);
  return { batches, made, expected: taps };
}

function tapsOf({ bytes, taps }: Batch): WireTap[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  return Array.from({ length: taps }, (_, place) => readTap(view, batchHead + place * tapSize, {} as WireTap));
}

describe('the batches of gates', () => {
  test('each tap has the next number of its gate, once, in the order of the batches', () => {
    for (const changed of [{}, { batchSize: 8192 }, { gates: 2, batchSize: 8192 }, { gates: 7, batchSize: 1 }]) {
      const { batches, made, expected } = batchesOf(changed, changed.batchSize === 1 ? 2000 : 40_000);
      const marks = new Uint32Array(made.sequences.length);
      for (const [at, batch] of batches.entries()) {
        assert.equal(batch.number, at);
        assert.equal(new DataView(batch.bytes.buffer).getUint32(0, true), at);
        assert.ok(batch.taps > 0 && batch.taps <= (changed.batchSize ?? plan.batchSize));
        const taps = tapsOf(batch);
        for (const { gate, sequence } of taps.slice(0, batch.repeated)) assert.ok(sequence <= marks[gate - 1]!);
        for (const { gate, sequence } of taps.slice(batch.repeated)) {
          marks[gate - 1]! += 1;
          assert.equal(sequence, marks[gate - 1]);
        }
        const ofOne = Map.groupBy(taps, ({ gate }) => gate);
        assert.ok([...ofOne.values()].every((some) => some.length <= 1024));
      }
      assert.deepEqual(marks, made.sequences);
      assert.equal(
        marks.reduce((sum, each) => sum + each, 0),
        expected,
      );
      assert.equal(made.counts.taps, expected);
    }
  });

  test('a gate that is offline keeps its hour, opens, and uploads it before its next tap', () => {
    const { batches, made } = batchesOf({ offlineOf: 10 });
    const stored = batches.flatMap(tapsOf).filter(({ decided }) => decided !== decisions.none);
    assert.equal(made.counts.offline, stored.length);
    assert.ok(stored.length > 3000 && stored.length < 5000, `${stored.length} of 40000 is about a tenth`);
    const lastMs = new Map<number, number>();
    let liveMs = 0;
    for (const batch of batches) {
      for (const tap of tapsOf(batch).slice(batch.repeated)) {
        assert.equal(tap.decided, batch.isUpload ? decisions.opened : decisions.none);
        assert.ok(tap.atMs >= (lastMs.get(tap.gate) ?? 0), 'a gate tells its taps in order');
        lastMs.set(tap.gate, tap.atMs);
        if (!batch.isUpload) liveMs = tap.atMs;
        else
          assert.ok(
            Math.floor(tap.atMs / hourMs) <= Math.floor(liveMs / hourMs) &&
              (tap.gate - 1) % 10 === Math.floor(tap.atMs / hourMs) % 10,
          );
      }
    }
  });

  test('one part in fifty is sent twice: a gate repeats all that it had in the batch before', () => {
    const { batches, made } = batchesOf({ batchSize: 1024 });
    const live = batches.filter(({ isUpload }) => !isUpload);
    let repeated = 0;
    for (const [at, batch] of live.entries()) {
      const before = live[at - 1];
      const again = tapsOf(batch).slice(0, batch.repeated);
      const first = before === undefined ? [] : tapsOf(before);
      assert.deepEqual(
        again,
        (before?.repeatedNext ?? []).map((place) => first[place]!),
      );
      const gatesAgain = new Set(again.map(({ gate }) => gate));
      const fresh = first.slice(before?.repeated);
      assert.equal(fresh.filter(({ gate }) => gatesAgain.has(gate)).length, again.length, 'all of them');
      repeated += again.length;
    }
    assert.equal(made.counts.repeated, repeated);
    assert.ok(repeated > 400 && repeated < 1400, `${repeated} of 40000 is about 2 %`);
  });

  test('without both, every batch but the last is full, and nothing is stored', () => {
    const { batches, made } = batchesOf({ resentOf: 0, offlineOf: 0 });
    assert.ok(batches.slice(0, -1).every(({ taps }) => taps === plan.batchSize));
    assert.deepEqual(made.counts, { taps: 40_000, offline: 0, repeated: 0 });
  });
});
