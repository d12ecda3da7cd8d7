/**
 * Any damage to the bytes of a log: it opens with exactly a prefix that has all acknowledged
 * records, or is refused with the place of the damage.
 */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { crc32 } from 'node:zlib';
import { putUint53 } from '../../../src/log/frame.ts';
import type { MemoryDisk } from '../../../src/log/memory/memory-disk.ts';
import { seededRandom } from '../../../src/log/memory/random.ts';
import { batch } from '../support/batches.ts';
import { logFolder, judge, openOn, preparedAhead, thousand, thousandRecords } from '../support/damage.ts';
import type { End, Verdict } from '../support/damage.ts';

const batchCount = thousand.length;
const preparedSegment = join(logFolder, 'log-0000000006.seg');
const lastSegment = join(logFolder, 'log-0000000005.seg');
const watermarkFile = join(logFolder, 'watermark');

function contentOf(disk: MemoryDisk, path: string): Uint8Array {
  const content = disk.files().get(path);
  assert.ok(content !== undefined, `${path} is there`);
  return content;
}

/** The frames of a segment. */
function framesOf(content: Uint8Array): Uint8Array[] {
  const frames: Uint8Array[] = [];
  const view = new DataView(content.buffer, content.byteOffset, content.length);
  for (let at = 64; ;) {
    const length = at + 8 <= content.length ? view.getUint32(at + 4, true) : 0;
    if (length === 0) return frames;
    frames.push(content.slice(at, at + length));
    at += length;
  }
}

/** The offset after the last frame of a segment. */
function endOfFrames(content: Uint8Array): number {
  let end = 64;
  for (const frame of framesOf(content)) end += frame.length;
  return content[0] === 0 ? 0 : end;
}

const flips: readonly [end: End, which: string, step: number][] = [
  ['killed', 'any single byte', 1],
  // The two differ in the watermark only.
  ['closed', 'one byte in seven', 7],
];

for (const [end, which, step] of flips) {
  describe(`a log of a thousand records whose writer was ${end}`, () => {
    test(`the log tolerates or names the flip of ${which}`, { timeout: 60_000 }, async () => {
      const disk = await thousandRecords(end);
      assert.ok(
        disk.files().has(preparedSegment) && endOfFrames(contentOf(disk, lastSegment)) > 0,
        'a segment is prepared',
      );
      const tally: Record<Verdict, number> = { whole: 0, shorter: 0, refused: 0 };
      for (const [path, content] of disk.files()) {
        const used = path === watermarkFile ? 0 : endOfFrames(content);
        for (let offset = 0; offset < content.length; offset += step) {
          const flipped = disk.copy();
          flipped.flip(path, offset, 1 + ((offset * 37) % 255));
          const verdict = await judge(flipped, thousand, batchCount);
          tally[verdict] += 1;
          if (path !== watermarkFile)
            assert.equal(verdict, offset < used ? 'refused' : 'whole', `${path} at ${offset}`);
        }
      }
      assert.equal(tally.shorter, 0);
    });
  });
}

describe('a log of a thousand records', () => {
  test('the log tolerates or names a truncation of any of its files at any length', async () => {
    const disk = await thousandRecords('killed');
    for (const [path, content] of disk.files()) {
      for (let length = 0; length < content.length; length += 1) {
        const cut = disk.copy();
        cut.replace(path, content.slice(0, length));
        const verdict = await judge(cut, thousand, batchCount);
        assert.equal(verdict, path === preparedSegment ? 'whole' : 'refused');
      }
    }
  });

  test('the log tolerates or names the loss of any of its files', async () => {
    const disk = await thousandRecords('killed');
    for (const path of disk.files().keys()) {
      const lost = disk.copy();
      lost.remove(path);
      assert.equal(await judge(lost, thousand, batchCount), path === preparedSegment ? 'whole' : 'refused');
    }
  });

  test('the log names any of its files under the name of another', async () => {
    const disk = await thousandRecords('killed');
    const files = disk.files();
    for (const [from, content] of files) {
      for (const to of files.keys()) {
        if (from === to) continue;
        const mixed = disk.copy();
        mixed.replace(to, content.slice());
        const expected = from === watermarkFile && to === preparedSegment ? 'whole' : 'refused';
        assert.equal(await judge(mixed, thousand, batchCount), expected, `${from} as ${to}`);
      }
    }
  });

  test('the log tolerates or names bytes zeroed, copied and overwritten anywhere', async () => {
    const disk = await thousandRecords('killed');
    const paths = [...disk.files().keys()].filter((path) => path !== watermarkFile);
    const random = seededRandom(20_260_101);
    const below = (limit: number): number => Math.floor(random() * limit);
    for (let round = 0; round < 3000; round += 1) {
      const torn = disk.copy();
      for (let wounds = 1 + below(3); wounds > 0; wounds -= 1) {
        const target = contentOf(torn, paths[below(paths.length)] ?? lastSegment);
        const source = contentOf(torn, paths[below(paths.length)] ?? lastSegment);
        const length = 1 + below(600);
        const at = below(target.length);
        const kind = below(3);
        if (kind === 0) target.fill(0, at, at + length);
        else if (kind === 1) target.set(source.slice(at, at + length).subarray(0, target.length - at), at);
        else for (let byte = at; byte < Math.min(at + length, target.length); byte += 1) target[byte] = below(256);
      }
      await judge(torn, thousand, batchCount);
    }
  });
});

describe('after a power cut that left the watermark behind', () => {
  /** The thousand records with the watermark of when it had `number` batches. */
  async function watermarkBehind(number: number): Promise<MemoryDisk> {
    const disk = await thousandRecords('killed');
    const early = disk.copy();
    for (const path of disk.files().keys()) early.remove(path);
    const log = await openOn(early);
    for (const each of thousand.slice(0, number)) await log.append(each);
    disk.replace(watermarkFile, contentOf(early, watermarkFile).slice());
    return disk;
  }

  test('all whole frames count', async () => {
    for (const number of [0, 1, 50, 88, 99]) {
      assert.equal(await judge(await watermarkBehind(number), thousand, batchCount), 'whole');
    }
  });

  test('a flipped byte costs at most the last frame, which only a lying disk can lose', async () => {
    const disk = await watermarkBehind(30);
    for (const [path, content] of disk.files()) {
      const used = path === watermarkFile ? 0 : endOfFrames(content);
      for (let offset = 0; offset < content.length; offset += 3) {
        const flipped = disk.copy();
        flipped.flip(path, offset, 1 << (offset % 8));
        const verdict = await judge(flipped, thousand, batchCount - 1);
        if (verdict === 'shorter') assert.ok(path === lastSegment && offset >= used - 156 && offset < used);
      }
    }
  });
});

describe('what stands behind the last frame', () => {
  /** Puts bytes where the next frame would go. */
  async function withTail(tail: Uint8Array): Promise<MemoryDisk> {
    const disk = await thousandRecords('killed');
    const content = contentOf(disk, lastSegment);
    content.set(tail, endOfFrames(content));
    return disk;
  }

  /** The same frame at another position, right except for the nonce, which no outsider knows. */
  function forged(frame: Uint8Array, position: number): Uint8Array {
    const bytes = frame.slice();
    const view = new DataView(bytes.buffer);
    view.setUint32(8, 0x1234_5678, true);
    putUint53(view, 24, position);
    view.setUint32(bytes.length - 4, crc32(bytes.subarray(0, -4)), true);
    return bytes;
  }

  async function assertWhole(disk: MemoryDisk): Promise<void> {
    const notices: string[] = [];
    const log = await openOn(disk, { onNotice: (message) => notices.push(message) });
    await log.append(batch(batchCount));
    await log.close();
    assert.equal(await judge(disk, [...thousand, batch(batchCount)], batchCount + 1), 'whole');
    assert.ok(notices.some((message) => message.includes('torn tail')));
  }

  test('random bytes are a torn tail', async () => {
    for (let seed = 0; seed < 50; seed += 1) {
      const random = seededRandom(seed);
      const bytes = Uint8Array.from({ length: 1 + Math.floor(random() * 500) }, () => Math.floor(random() * 256));
      await assertWhole(await withTail(bytes));
    }
  });

  test('zeros and then random bytes are a torn tail', async () => {
    for (let zeros = 1; zeros < 300; zeros += 7) {
      const bytes = new Uint8Array(zeros + 4);
      bytes.set([1, 2, 3, 4], zeros);
      await assertWhole(await withTail(bytes));
    }
  });

  test('a frame of the same segment, again, is a torn tail', async () => {
    const disk = await thousandRecords('killed');
    for (const frame of framesOf(contentOf(disk, lastSegment))) await assertWhole(await withTail(frame));
  });

  test('a frame of an earlier segment is a torn tail', async () => {
    const disk = await thousandRecords('killed');
    for (const frame of framesOf(contentOf(disk, join(logFolder, 'log-0000000003.seg')))) {
      await assertWhole(await withTail(frame));
    }
  });

  test('the frame that would come next, but of another log, is a torn tail', async () => {
    const other = await thousandRecords('killed');
    const log = await openOn(other);
    await log.append(batch(batchCount));
    await log.close();
    const next = framesOf(contentOf(other, lastSegment)).at(-1);
    assert.ok(next !== undefined);
    await assertWhole(await withTail(next));
  });

  test('the whole frame that comes next is a batch that was never acknowledged, and counts', async () => {
    const disk = await thousandRecords('killed');
    const further = disk.copy();
    const log = await openOn(further);
    await log.append(batch(batchCount));
    await preparedAhead();
    const next = framesOf(contentOf(further, lastSegment)).at(-1);
    assert.ok(next !== undefined);
    contentOf(disk, lastSegment).set(next, endOfFrames(contentOf(disk, lastSegment)));
    assert.equal(await judge(disk, [...thousand, batch(batchCount)], batchCount + 1), 'whole');
  });

  test('a frame truncated at any byte is a torn tail, even when a record contains a frame', async () => {
    const disk = await thousandRecords('killed');
    const stale = framesOf(contentOf(disk, lastSegment)).at(-1);
    assert.ok(stale !== undefined);
    const name = forged(stale, 10_000);
    const further = disk.copy();
    const log = await openOn(further);
    await log.append({ ...batch(batchCount), count: 1, records: name });
    const next = framesOf(contentOf(further, lastSegment)).at(-1);
    assert.ok(next !== undefined && Buffer.from(next).includes(Buffer.from(name)));
    for (let length = 1; length < next.length; length += 1) await assertWhole(await withTail(next.slice(0, length)));
  });

  test('a later frame of the same segment is no torn tail: the missing frames were durable', async () => {
    const disk = await thousandRecords('killed');
    const further = disk.copy();
    const log = await openOn(further);
    for (const number of [batchCount, batchCount + 1]) await log.append(batch(number));
    const later = framesOf(contentOf(further, lastSegment)).at(-1);
    assert.ok(later !== undefined);
    const content = contentOf(disk, lastSegment);
    content.set(later, endOfFrames(content) + 156);
    assert.equal(await judge(disk, thousand, batchCount), 'refused');
  });
});
