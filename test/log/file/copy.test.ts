/** Copies of a log: whole up to a position or no log at all, whatever happens meanwhile. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Command, kinds } from '../../../src/engine/command.ts';
import { linesOf } from '../../../src/engine/commands/lines.ts';
import { keyText, RecordReader, RecordWriter } from '../../../src/engine/record.ts';
import { copyLog, NoSuchPointError } from '../../../src/log/file/copy.ts';
import type { LogCopy, LogCopyOptions } from '../../../src/log/file/copy.ts';
import { LogDamagedError, LogTrimmedError } from '../../../src/log/log.ts';
import type { AppendBatch } from '../../../src/log/log.ts';
import { MemoryDisk } from '../../../src/log/memory/memory-disk.ts';
import type { Loss } from '../../../src/log/memory/memory-file.ts';
import { appendAll, assertSame, batch, readAll } from '../support/batches.ts';
import { logFolder, openOn, thousand, thousandRecords } from '../support/damage.ts';

const copyFolder = '/copy';

async function copied(disk: MemoryDisk, until?: LogCopyOptions['until']): Promise<LogCopy> {
  const copy = await copyLog({ from: logFolder, to: copyFolder, disk, ...(until === undefined ? {} : { until }) });
  copy.finish();
  return copy;
}

/** Asserts that the copy has the first `count` batches, and that both logs go on independently. */
async function assertCopy(disk: MemoryDisk, count: number, skipped = 0): Promise<void> {
  const log = await openOn(disk, { folder: copyFolder, onNotice: (notice) => assert.fail(notice) });
  assertSame(await readAll(log), thousand.slice(0, count), skipped);
  await log.append(batch(500));
  await log.close();
  const again = await openOn(disk, { folder: copyFolder, onNotice: (notice) => assert.fail(notice) });
  assertSame(await readAll(again), [...thousand.slice(0, count), batch(500)], skipped);
  await again.close();
}

const inFolder = (disk: MemoryDisk, folder: string): string[] =>
  [...disk.files().keys()].filter((path) => path.startsWith(`${folder}/`)).sort();

describe('a copy of a log', () => {
  test('a copy is the same log, and the source is unchanged', async () => {
    const disk = await thousandRecords('closed');
    const before = disk.copy().files();
    const { start, end, lastTimeMs, sourceEnd, segments } = await copied(disk);
    assert.deepEqual([start, end, sourceEnd], [1, 1001, 1001]);
    assert.equal(lastTimeMs, batch(99).timeMs);
    assert.equal(inFolder(disk, copyFolder).length, segments + 1, 'what was prepared is not copied');
    for (const [path, content] of before) assert.deepEqual(disk.files().get(path), content, path);
    await assertCopy(disk, 100);
  });

  test('an unfinished copy is no log to a reader or a writer', async () => {
    const disk = await thousandRecords('closed');
    const copy = await copyLog({ from: logFolder, to: copyFolder, disk });
    await assert.rejects(openOn(disk, { folder: copyFolder }), /watermark is missing, though segments are there/);
    await assert.rejects(copyLog({ from: copyFolder, to: '/other', disk }), LogDamagedError);
    copy.finish();
    await assertCopy(disk, 100);
  });

  test('a copy ends at the watermark, also of a killed writer and beside a running one', async () => {
    const disk = await thousandRecords('killed');
    const log = await openOn(disk);
    const copying = copyLog({ from: logFolder, to: copyFolder, disk });
    await appendAll(log, [batch(100), batch(101)]);
    const copy = await copying;
    copy.finish();
    assert.equal(copy.end, 1001);
    await log.close();
    await assertCopy(disk, 100);
  });

  for (const count of [1, 2, 17, 36, 37, 38, 99, 100]) {
    test(`a copy up to the last position of batch ${count} ends with that batch`, async () => {
      const disk = await thousandRecords('closed');
      const { end, lastTimeMs } = await copied(disk, count * 10);
      assert.deepEqual([end, lastTimeMs], [count * 10 + 1, batch(count - 1).timeMs]);
      await assertCopy(disk, count);
    });
  }

  test('a copy begins where a trimmed log begins, and may be cut down to a snapshot alone', async () => {
    for (const [position, count] of [
      [1000, 100],
      [400, 40],
      [380, 38],
      [370, 37],
    ] as const) {
      const disk = await thousandRecords('closed');
      const log = await openOn(disk);
      await log.trim(400);
      assert.equal(log.start(), 371);
      await log.close();
      const { start, end } = await copied(disk, position);
      assert.deepEqual([start, end], [371, position + 1]);
      await assertCopy(disk, count, 37);
    }
  });
});

describe('a copy that ends inside a batch', () => {
  const command = new Command();
  function batchOfKeys(first: number, count: number): AppendBatch {
    const writer = new RecordWriter();
    for (let i = 0; i < count; i += 1) {
      command.reset(kinds.order).setKey(0, 0, `key-${'x'.repeat((first + i) % 5)}-${first + i}`);
      linesOf(command).add(0, 1);
      writer.add(command);
    }
    return { ...batch(first), count, records: writer.bytes() };
  }

  function keysOf({ records }: AppendBatch): string[] {
    const reader = new RecordReader();
    reader.reset(records);
    const keys: string[] = [];
    while (reader.next(command)) keys.push(keyText(command));
    return keys;
  }

  test('a copy that ends inside a batch has its records up to there, in a valid batch', async () => {
    for (let position = 1; position <= 30; position += 1) {
      const disk = new MemoryDisk();
      const log = await openOn(disk);
      await appendAll(log, [batchOfKeys(1, 7), batchOfKeys(8, 1), batchOfKeys(9, 22)]);
      await log.close();
      const { end } = await copied(disk, position);
      assert.equal(end, position + 1);
      const copy = await openOn(disk, { folder: copyFolder, onNotice: (notice) => assert.fail(notice) });
      const read = await readAll(copy);
      const keys = read.flatMap(keysOf);
      assert.deepEqual(
        keys.map((key) => Number(key.split('-')[2])),
        Array.from({ length: position }, (_, i) => i + 1),
      );
      const last = read.at(-1)!;
      const wanted = batch(last.first);
      assert.deepEqual(
        [last.timeMs, last.nodeId, last.checkLow, last.checkHigh],
        [wanted.timeMs, wanted.nodeId, wanted.checkLow, wanted.checkHigh],
      );
      await copy.append(batchOfKeys(position + 1, 5));
      await copy.close();
      const again = await openOn(disk, { folder: copyFolder });
      assert.equal((await readAll(again)).flatMap(keysOf).length, position + 5);
      await again.close();
    }
  });
});

describe('a copy that cannot be', () => {
  const points: readonly (readonly [string, LogCopyOptions['until'], RegExp])[] = [
    ['behind the end', 1001, /the log in \/log ends at position 1000, before 1001/],
    ['before what is kept', 369, /begins at position 371: what lay before was trimmed/],
  ];
  for (const [what, until, complaint] of points) {
    test(`a copy whose end is ${what} is refused`, async () => {
      const disk = await thousandRecords('closed');
      const log = await openOn(disk);
      await log.trim(400);
      await log.close();
      await assert.rejects(copied(disk, until), (error) => {
        assert.ok(error instanceof NoSuchPointError);
        assert.match(error.message, complaint);
        return true;
      });
      assert.deepEqual(inFolder(disk, copyFolder), []);
    });
  }

  test('a copy of a folder without a log, or without a record, is refused', async () => {
    const disk = new MemoryDisk();
    await assert.rejects(copied(disk), NoSuchPointError);
    await (await openOn(disk)).close();
    await assert.rejects(copied(disk), NoSuchPointError);
    assert.deepEqual(inFolder(disk, copyFolder), []);
  });

  test('a copy whose source was trimmed meanwhile says so', async () => {
    const disk = await thousandRecords('closed');
    const log = await openOn(disk);
    const copying = copyLog({ from: logFolder, to: copyFolder, disk });
    await log.trim(900);
    await assert.rejects(copying, LogTrimmedError);
    await log.close();
  });

  test('a copy that was stopped says why', async () => {
    const disk = await thousandRecords('closed');
    const stop = new AbortController();
    const copying = copyLog({ from: logFolder, to: copyFolder, disk, signal: stop.signal });
    stop.abort(new Error('enough'));
    await assert.rejects(copying, /enough/);
    await assert.rejects(openOn(disk, { folder: copyFolder }), LogDamagedError);
  });

  test('a copy with an invalid frame names its place in the source', async () => {
    const whole = await thousandRecords('closed');
    for (const path of inFolder(whole, logFolder).filter((each) => each.endsWith('.seg'))) {
      const { length } = whole.files().get(path) ?? [];
      for (let offset = 64; offset < (length ?? 0); offset += 97) {
        const disk = whole.copy();
        disk.flip(path, offset, 0x04);
        // A copy ignores a flipped bit in the zeros after the last frame.
        const isContent =
          whole
            .files()
            .get(path)
            ?.subarray(offset)
            .some((byte) => byte !== 0) === true;
        if (!isContent) {
          await copied(disk);
          await assertCopy(disk, 100);
          continue;
        }
        await assert.rejects(copied(disk), (error) => {
          assert.ok(error instanceof LogDamagedError, String(error));
          assert.equal(error.file, path);
          assert.ok(error.offset <= offset, `${error.offset} is where the frames stop, before ${offset}`);
          return true;
        });
      }
    }
  });
});

describe('a copy whose power is cut at any operation', () => {
  const losses: readonly [Loss, number][] = [
    ['nothing', 1],
    ['everything', 1],
    ['some', 5],
  ];
  for (const [loss, seeds] of losses) {
    test(`a copy whose disk loses ${loss} of what was not synced is whole or no log`, async () => {
      let refused = 0;
      let whole = 0;
      for (let seed = 0; seed < seeds; seed += 1) {
        for (let at = 1; ; at += 1) {
          const disk = await thousandRecords('closed');
          let operations = 0;
          disk.onOperation = () => {
            operations += 1;
            return operations === at ? { kind: 'power' } : undefined;
          };
          const isDone = await copied(disk, 715 - (715 % 10)).then(
            () => true,
            () => false,
          );
          disk.onOperation = null;
          disk.restart(loss, seed * 1009 + at);
          const hasCopy = inFolder(disk, copyFolder).some((path) => path.endsWith('.seg'));
          if (isDone || disk.files().has(`${copyFolder}/watermark`)) {
            await assertCopy(disk, 71);
            whole += 1;
          } else if (hasCopy) {
            await assert.rejects(openOn(disk, { folder: copyFolder }), LogDamagedError);
            refused += 1;
          }
          if (isDone) break;
        }
      }
      assert.ok(whole >= seeds && (loss === 'nothing' || refused >= 5), `${whole} whole, ${refused} refused`);
    });
  }
});
