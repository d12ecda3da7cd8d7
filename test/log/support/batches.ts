/** Batches for the tests of the log: each tells its own number, and no two are alike. */
import assert from 'node:assert/strict';
import type { AppendBatch, Batch, Log, OnBatch } from '../../../src/log/log.ts';
import { seededRandom } from '../../../src/log/memory/random.ts';

/** What a subscriber got, kept beyond the call. */
export interface Received extends Batch {
  readonly records: Uint8Array;
}

/** The `number`th batch, of `count` records of `recordBytes` bytes each. */
export function batch(number: number, count = 10, recordBytes = 8): AppendBatch {
  const random = seededRandom(number);
  const records = new Uint8Array(count * recordBytes);
  for (let at = 0; at < records.length; at += 1) records[at] = Math.floor(random() * 256);
  return {
    count,
    timeMs: 1_700_000_000_000 + number,
    nodeId: 2 ** 47 + number,
    firstNumber: number * 1000,
    checkPosition: number,
    checkLow: Math.floor(random() * 2 ** 32),
    checkHigh: Math.floor(random() * 2 ** 32),
    records,
  };
}

export function batches(count: number, records = 10, recordBytes = 8): AppendBatch[] {
  return Array.from({ length: count }, (_, number) => batch(number, records, recordBytes));
}

export async function appendAll(log: Log, all: readonly AppendBatch[]): Promise<void> {
  for (const each of all) await log.append(each);
}

/** Collects copies of what a subscription brings. */
export function collector(): { readonly received: Received[]; readonly onBatch: OnBatch } {
  const received: Received[] = [];
  return { received, onBatch: (each) => received.push({ ...each, records: each.records.slice() }) };
}

/** All batches that the log holds from `from` on. */
export async function readAll(log: Log, from = log.start()): Promise<Received[]> {
  const { received, onBatch } = collector();
  (await log.subscribe(from, onBatch)).cancel();
  return received;
}

/**
 * Asserts that `received` is `expected` from its `skipped`th batch on, or a prefix of that: nothing
 * else, nothing twice, nothing out of order.
 */
export function assertPrefix(received: readonly Batch[], expected: readonly AppendBatch[], skipped = 0): void {
  assert.ok(skipped + received.length <= expected.length, 'no more than was appended');
  let first = 1;
  for (const each of expected.slice(0, skipped)) first += each.count;
  for (const [at, got] of received.entries()) {
    const wanted = expected[skipped + at];
    assert.ok(
      wanted !== undefined && isSame(got, wanted) && got.first === first,
      `batch ${skipped + at} is as appended`,
    );
    first += got.count;
  }
}

export function assertSame(received: readonly Batch[], expected: readonly AppendBatch[], skipped = 0): void {
  assertPrefix(received, expected, skipped);
  assert.equal(skipped + received.length, expected.length, 'all that was appended');
}

function isSame(got: Batch, wanted: AppendBatch): boolean {
  return (
    got.count === wanted.count &&
    got.timeMs === wanted.timeMs &&
    got.nodeId === wanted.nodeId &&
    got.firstNumber === wanted.firstNumber &&
    got.checkPosition === wanted.checkPosition &&
    got.checkLow === wanted.checkLow &&
    got.checkHigh === wanted.checkHigh &&
    Buffer.compare(got.records, wanted.records) === 0
  );
}
