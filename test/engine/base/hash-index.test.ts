import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HashIndex, maxIndexedRows } from '../../../src/engine/base/hash-index.ts';
import { Random } from '../random.ts';

type Hash = readonly [number, number, number, number];

/** Asserts the invariants of `hash-index.ts`: the buckets have the `live` rows and no others. */
function assertSound(index: HashIndex, live: ReadonlyMap<string, number>): void {
  const directory = index['directory'];
  const depth = index['depth'];
  assert.equal(directory.length, 2 ** depth);
  const seen = new Set<number>();
  let rows = 0;
  for (let first = 0; first < directory.length;) {
    const bucket = directory[first]!;
    assert.ok(!seen.has(bucket), 'a bucket has one place in the directory');
    seen.add(bucket);
    const span = 2 ** (depth - index['depths'].get(bucket));
    assert.equal(first % span, 0, 'a bucket begins where its hash bits do');
    for (let i = 0; i < span; i += 1) assert.equal(directory[first + i], bucket, 'a bucket fills its span');
    const entries = index['slots'][bucket >>> 6]!.subarray((bucket & 63) * 1024, (bucket & 63) * 1024 + 1024);
    const filled = entries.filter((entry) => entry !== 0);
    for (const entry of filled) {
      const at = ((entry & 0x7ffffff) - 1) * 4;
      const prefix = index.hashes.get(at) >>> (32 - depth);
      if (prefix < first || prefix >= first + span) assert.fail('a row is in the bucket of another prefix');
      assert.equal(entry >>> 27, index.hashes.get(at + 2) >>> 27, 'a tag is of its hash');
    }
    assert.equal(index['counts'].get(bucket), filled.length, 'a bucket counts its rows');
    assert.ok(filled.length < entries.length, 'a bucket has an empty slot, where each search ends');
    rows += filled.length;
    first += span;
  }
  assert.equal(seen.size, index['buckets'], 'no bucket is lost');
  assert.equal(rows, live.size);
  for (const [hash, row] of live) if (index.find(...parse(hash)) !== row) assert.fail(`row ${row} is not found`);
}

function parse(hash: string): Hash {
  return hash.split(' ').map(Number) as unknown as Hash;
}

/** Inserts, removes and finds at random, and compares with a map after each step. */
function compareWithMap(steps: number, removals: number, make: (random: Random) => Hash): void {
  const random = new Random(steps + removals);
  const index = new HashIndex();
  const live = new Map<string, number>();
  const hashes: string[] = [];
  const free: number[] = [];
  let rows = 0;
  for (let step = 0; step < steps; step += 1) {
    if (hashes.length > 0 && random.chance(removals)) {
      const at = random.below(hashes.length);
      const hash = hashes[at]!;
      hashes[at] = hashes.at(-1)!;
      hashes.pop();
      const row = live.get(hash)!;
      index.remove(row);
      live.delete(hash);
      free.push(row);
      if (index.find(...parse(hash)) !== -1) assert.fail(`row ${row} is still found`);
    } else {
      const hash = make(random);
      const name = hash.map((word) => word >>> 0).join(' ');
      if (index.find(...hash) !== (live.get(name) ?? -1)) assert.fail(`a hash is not found as in the map`);
      if (live.has(name)) continue;
      const row = free.pop() ?? rows;
      if (row === rows) rows += 1;
      index.insert(row, ...hash);
      live.set(name, row);
      hashes.push(name);
    }
  }
  assertSound(index, live);
  const rebuilt = new HashIndex();
  for (let word = 0; word < rows * 4; word += 1) rebuilt.hashes.set(word, index.hashes.get(word));
  const isLive = new Set(live.values());
  rebuilt.rebuild(rows, (row) => isLive.has(row));
  assertSound(rebuilt, live);
}

test('random hashes are found as a map finds them, through growth and removal', () => {
  compareWithMap(200_000, 30, (random) => [random.word(), random.word(), random.word(), random.word()]);
});

test('a small index that is filled and emptied finds what a map finds', () => {
  compareWithMap(20_000, 50, (random) => [random.word(), random.word(), random.word(), random.word()]);
});

test('hashes with the same first twelve bits are found as a map finds them', () => {
  compareWithMap(30_000, 20, (random) => [0xabc00000 | random.below(1 << 20), random.word(), random.word(), 7]);
});

test('hashes that all want the same slot are found as a map finds them', () => {
  compareWithMap(12_000, 30, (random) => [random.word() | 0, 1023, 5, random.word() | 0]);
});

test('hashes that differ in one word alone are different', () => {
  const index = new HashIndex();
  index.insert(0, 1, 2, 3, 4);
  const near: Hash[] = [
    [1, 2, 3, 5],
    [1, 2, 4, 4],
    [1, 1026, 3, 4],
    [9, 2, 3, 4],
  ];
  for (const hash of near) assert.equal(index.find(...hash), -1);
  assert.equal(index.find(1, 2, 3, 4), 0);
  assert.equal(index.find(-1, -2, -3, -4), -1);
  index.insert(1, -1, -2, -3, -4);
  assert.equal(index.find(0xffffffff, 0xfffffffe, 0xfffffffd, 0xfffffffc), 1, 'signed and unsigned words are the same');
});

test('a row that is not in the index cannot be removed', () => {
  const index = new HashIndex();
  index.insert(0, 1, 2, 3, 4);
  index.remove(0);
  assert.throws(() => index.remove(0), /not in the index/);
});

test('no insert does more than split one bucket', () => {
  const random = new Random(1);
  const index = new HashIndex();
  const split = index['split'].bind(index);
  let splits = 0;
  let most = 0;
  index['split'] = (full, h0) => {
    splits += 1;
    const buckets = index['buckets'];
    const counted = Array.from({ length: buckets }, (_, bucket) => index['counts'].get(bucket));
    assert.ok(counted[full]! <= 900, 'a split moves at most 900 rows');
    split(full, h0);
    assert.equal(index['buckets'], buckets + 1, 'a split makes one bucket');
    counted[full]! -= index['counts'].get(buckets);
    for (let bucket = 0; bucket < buckets; bucket += 1) {
      assert.equal(index['counts'].get(bucket), counted[bucket], 'a split touches no other bucket');
    }
  };
  for (let row = 0; row < 300_000; row += 1) {
    splits = 0;
    index.insert(row, random.word(), random.word(), random.word(), random.word());
    most = Math.max(most, splits);
  }
  assert.equal(most, 1);
  assert.ok(index['directory'].length <= 8 * index['buckets'], 'the directory stays small');
});

test('an index has no more rows than a slot can name', () => {
  assert.throws(() => new HashIndex().insert(maxIndexedRows + 1, 1, 2, 3, 4), /at most/);
});
