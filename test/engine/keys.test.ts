import assert from 'node:assert/strict';
import { test } from 'node:test';
import { KeyTable, none, reclaimPerRecord } from '../../src/engine/tables/keys.ts';

/** Adds a key whose hash is its number. `seconds`: the time from which its retention counts. */
function add(keys: KeyTable, number: number, seconds = 0): number {
  const row = keys.add(number << 20, number, number, number);
  keys.kind.set(row, 20);
  keys.seconds.set(row, seconds);
  return row;
}

function knows(keys: KeyTable, number: number): boolean {
  return keys.find(number << 20, number, number, number) >= 0;
}

function known(keys: KeyTable, upTo: number): number[] {
  return Array.from({ length: upTo }, (_, number) => number).filter((number) => knows(keys, number));
}

test('lasting keys are freed in their order once their retention is over, a few at a time', () => {
  const keys = new KeyTable();
  for (let number = 0; number < 10; number += 1) keys.keepLasting(add(keys, number, number));
  keys.reclaim(15_000, 10_000, 0);
  assert.deepEqual(known(keys, 10), [4, 5, 6, 7, 8, 9]);
  keys.reclaim(15_000, 10_000, 0);
  assert.deepEqual(known(keys, 10), [6, 7, 8, 9]);
  keys.reclaim(15_999, 10_000, 0);
  assert.deepEqual(known(keys, 10), [6, 7, 8, 9]);
  assert.equal(keys.count, 4);
  assert.equal(reclaimPerRecord, 4);
});

test('a key that must stay keeps those after it', () => {
  const keys = new KeyTable();
  keys.keepLasting(add(keys, 0, 9));
  keys.keepLasting(add(keys, 1, 0));
  keys.reclaim(8_999, 0, 0);
  assert.equal(keys.count, 2);
});

test('the keys of a hold are not freed before it has ended', () => {
  const keys = new KeyTable();
  let first = none;
  for (let number = 0; number < 3; number += 1) first = keys.keepWithHold(add(keys, number), first);
  keys.reclaim(1e12, 0, 0);
  assert.equal(keys.count, 3);
  keys.holdEnded(first, 100);
  keys.reclaim(99_999, 0, 0);
  assert.equal(keys.count, 3);
  keys.reclaim(100_000, 0, 0);
  assert.equal(keys.count, 0);
});

test('an ended hold queues its newest key first, after those of holds that ended before', () => {
  const keys = new KeyTable();
  keys.keepEnded(add(keys, 9));
  let first = none;
  for (let number = 0; number < 5; number += 1) first = keys.keepWithHold(add(keys, number), first);
  keys.holdEnded(first, 0);
  keys.holdEnded(none, 0);
  keys.reclaim(0, 0, 0);
  assert.deepEqual(known(keys, 10), [0, 1]);
});

test('both queues are freed side by side, each by its own retention', () => {
  const keys = new KeyTable();
  for (let number = 0; number < 6; number += 1) keys.keepLasting(add(keys, number));
  for (let number = 6; number < 12; number += 1) keys.keepEnded(add(keys, number));
  keys.reclaim(5_000, 6_000, 5_000);
  assert.deepEqual(known(keys, 12), [0, 1, 2, 3, 4, 5, 10, 11]);
  keys.reclaim(6_000, 6_000, 6_001);
  assert.deepEqual(known(keys, 12), [4, 5, 10, 11]);
});

test('a freed row is used again before the table grows', () => {
  const keys = new KeyTable();
  for (let number = 0; number < 4; number += 1) keys.keepLasting(add(keys, number));
  keys.reclaim(0, 0, 0);
  assert.equal(keys.count, 0);
  assert.ok([0, 1, 2, 3].every((row) => keys.kind.get(row) === 0));
  for (let number = 4; number < 8; number += 1) keys.keepLasting(add(keys, number));
  assert.equal(keys.rows, 4);
  keys.keepLasting(add(keys, 8));
  assert.equal(keys.rows, 5);
  assert.deepEqual(known(keys, 9), [4, 5, 6, 7, 8]);
});

test('a queue that ran empty takes keys again', () => {
  const keys = new KeyTable();
  keys.keepLasting(add(keys, 0));
  keys.reclaim(0, 0, 0);
  keys.keepLasting(add(keys, 1));
  keys.keepLasting(add(keys, 2, 1));
  keys.reclaim(0, 0, 0);
  assert.deepEqual(known(keys, 3), [2]);
  keys.reclaim(1_000, 0, 0);
  assert.equal(keys.count, 0);
});

test('links carry the queues and the free rows over a restore', () => {
  const keys = new KeyTable();
  for (let number = 0; number < 6; number += 1) keys.keepLasting(add(keys, number, number));
  keys.keepEnded(add(keys, 6, 9));
  keys.reclaim(1_000, 0, 0);
  const restored = new KeyTable();
  restored.restore(keys.head());
  assert.deepEqual(restored.head(), keys.head());
  assert.deepEqual(restored.head().keyLinks, [7, 5, 1, 2, 5, 6, 6]);
});
