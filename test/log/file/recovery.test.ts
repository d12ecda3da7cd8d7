/**
 * What recovery finds, mends, removes and refuses. Damage of any byte is in damage.long.test.ts.
 */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { decodeHeader, encodeHeader } from '../../../src/log/file/segment.ts';
import type { FileLogOptions } from '../../../src/log/file/file-log.ts';
import { LogDamagedError } from '../../../src/log/log.ts';
import { MemoryDisk } from '../../../src/log/memory/memory-disk.ts';
import { appendAll, assertSame, batch, batches, readAll } from '../support/batches.ts';
import { logFolder, openOn, preparedAhead, thousand, thousandRecords } from '../support/damage.ts';

const segment = (number: number): string => `${logFolder}/log-000000000${number}.seg`;
const watermarkFile = `${logFolder}/watermark`;

function contentOf(disk: MemoryDisk, path: string): Uint8Array {
  const content = disk.files().get(path);
  assert.ok(content !== undefined, `${path} is there`);
  return content;
}

async function refusal(disk: MemoryDisk, more: Partial<FileLogOptions> = {}): Promise<string> {
  let message = '';
  await assert.rejects(openOn(disk, more), (error) => {
    assert.ok(error instanceof LogDamagedError);
    message = error.message;
    return true;
  });
  return message;
}

/** Opens the log, asserts that it is whole and goes on, and returns what it said. */
async function noticesOf(disk: MemoryDisk): Promise<string[]> {
  const notices: string[] = [];
  const log = await openOn(disk, { onNotice: (message) => notices.push(message) });
  assertSame(await readAll(log), thousand);
  await log.append(batch(100));
  await preparedAhead();
  await log.close();
  const again = await openOn(disk, { onNotice: (message) => assert.fail(`said twice: ${message}`) });
  assertSame(await readAll(again), [...thousand, batch(100)]);
  await again.close();
  return notices;
}

describe('recovery', () => {
  test('recovery of a sound log gives no notice and leaves the files unchanged', async () => {
    const disk = await thousandRecords('closed');
    const before = disk.copy().files();
    const log = await openOn(disk, { onNotice: (message) => assert.fail(message) });
    await log.close();
    for (const [path, content] of disk.files()) {
      if (path !== watermarkFile) assert.deepEqual(content, before.get(path), path);
    }
    assert.deepEqual([...disk.files().keys()].toSorted(), [...before.keys()].toSorted());
  });

  test('recovery removes unfinished files of a writer and no others', async () => {
    const disk = await thousandRecords('killed');
    const own = [`${segment(7)}.tmp`, `${watermarkFile}.tmp`];
    const others = [`${logFolder}/snapshot.tmp`, `${logFolder}/notes.txt`, `${logFolder}/log-1.seg`];
    for (const path of [...own, ...others]) disk.replace(path, new Uint8Array([1, 2, 3]));
    await noticesOf(disk);
    const left = [...disk.files().keys()];
    for (const path of own) assert.ok(!left.includes(path), path);
    for (const path of others) assert.ok(left.includes(path), path);
  });

  test('recovery zeroes a torn tail on the disk and says where', async () => {
    const disk = await thousandRecords('killed');
    const content = contentOf(disk, segment(5));
    content.fill(0xaa, 3000, 3100);
    const notices: string[] = [];
    disk.onOperation = ({ kind, path }) => (kind === 'write' && path === watermarkFile ? { kind: 'power' } : undefined);
    await assert.rejects(openOn(disk, { onNotice: (message) => notices.push(message) }));
    disk.onOperation = null;
    disk.restart('everything');
    assert.ok(
      contentOf(disk, segment(5))
        .subarray(2500)
        .every((byte) => byte === 0),
    );
    assert.equal(notices.length, 1);
    assert.match(notices[0] ?? '', /log-0000000005\.seg: bytes \d+ to 3100 are a torn tail/);
    await noticesOf(disk);
  });

  test('recovery syncs what a killed writer had written and not synced', async () => {
    const disk = await thousandRecords('killed');
    const writer = await openOn(disk);
    disk.onOperation = ({ kind }) => (kind === 'sync' ? { kind: 'power' } : undefined);
    await assert.rejects(writer.append(batch(100)));
    disk.onOperation = null;
    disk.restart('nothing');
    const log = await openOn(disk);
    assertSame(await readAll(log), [...thousand, batch(100)]);
    disk.cutPower();
    disk.restart('everything');
    const again = await openOn(disk);
    assertSame(await readAll(again), [...thousand, batch(100)]);
  });

  test('recovery syncs what a failed sync left only in the cache', async () => {
    const disk = await thousandRecords('killed');
    const writer = await openOn(disk);
    disk.onOperation = ({ kind }) => (kind === 'sync' ? { kind: 'error', code: 'EIO' } : undefined);
    await assert.rejects(writer.append(batch(100)));
    disk.onOperation = null;
    disk.restart('nothing');
    const log = await openOn(disk);
    const there = await readAll(log);
    disk.cutPower();
    disk.restart('everything');
    assertSame(await readAll(await openOn(disk)), [...thousand, batch(100)].slice(0, there.length));
  });

  test('recovery replaces a prepared segment that has changed', async () => {
    for (const wound of [
      (content: Uint8Array) => content.fill(7, 5, 30),
      (content: Uint8Array) => content.fill(7, 2000, 3000),
    ]) {
      const disk = await thousandRecords('killed');
      wound(contentOf(disk, segment(6)));
      const notices = await noticesOf(disk);
      assert.match(notices.join(), /log-0000000006\.seg: a segment that never came into use/);
      assert.ok(contentOf(disk, segment(6)).every((byte) => byte === 0));
    }
  });

  test('recovery leaves bytes after the last frame of a full segment and says so', async () => {
    const disk = await thousandRecords('killed');
    const last = contentOf(disk, segment(5)).slice();
    disk.replace(segment(5), last);
    contentOf(disk, segment(4)).fill(9, 4090);
    disk.replace(watermarkFile, contentOf(await watermarkAt(60), watermarkFile).slice());
    const notices: string[] = [];
    const log = await openOn(disk, { onNotice: (message) => notices.push(message) });
    assertSame(await readAll(log), thousand);
    assert.match(notices.join(), /log-0000000004\.seg: bytes \d+ to 4096 behind the last frame/);
  });

  test('recovery refuses a log whose frames end before the next segment begins', async () => {
    const disk = await thousandRecords('killed');
    disk.replace(watermarkFile, contentOf(await watermarkAt(20), watermarkFile).slice());
    const third = contentOf(disk, segment(3));
    third.fill(0, 64 + 156 * 24);
    assert.match(await refusal(disk), /log-0000000003\.seg at byte 3808: the frames end here at position 611/);
  });

  test('recovery refuses a log without its watermark', async () => {
    const disk = await thousandRecords('closed');
    disk.remove(watermarkFile);
    assert.match(await refusal(disk), /watermark at byte 0: the watermark is missing/);
  });

  test('recovery refuses a log of another cell or format and names both', async () => {
    const disk = await thousandRecords('closed');
    assert.match(await refusal(disk, { cell: 9 }), /cell 0, not of cell 9/);
    const content = contentOf(disk, segment(1));
    const header = decodeHeader(content);
    assert.ok(header !== null);
    content.set(encodeHeader({ ...header, version: 2 }));
    assert.match(await refusal(disk), /format version is 2; this program reads version 1/);
  });

  test('recovery names a missing segment', async () => {
    for (const [lost, complaint] of [
      [1, /log-0000000001\.seg at byte 0: the segment that holds position 1 is missing/],
      [3, /log-0000000003\.seg at byte 0: the segment is missing/],
      [
        5,
        /log-0000000004\.seg at byte \d+: no frame holds here, at position 871, though all below 1001 was acknowledged/,
      ],
    ] as const) {
      const disk = await thousandRecords('closed');
      disk.remove(segment(lost));
      assert.match(await refusal(disk), complaint);
    }
  });

  test('recovery finishes a trim that a crash cut short at any point', async () => {
    for (const left of [[1], [2], [1, 2], []]) {
      const disk = await thousandRecords('closed');
      const before = disk.copy();
      const log = await openOn(disk);
      await log.trim(400);
      assert.equal(log.start(), 371);
      await log.close();
      for (const number of left) disk.replace(segment(number), contentOf(before, segment(number)).slice());
      const again = await openOn(disk);
      assert.equal(again.start(), 371);
      assertSame(await readAll(again), thousand, 37);
      assert.ok(!disk.files().has(segment(1)) && !disk.files().has(segment(2)));
      await again.close();
    }
  });

  test('recovery finishes a trim that was cut short by appends and a close', async () => {
    const disk = await thousandRecords('closed');
    const log = await openOn(disk);
    const trimmed = log.trim(900);
    assert.ok(disk.files().has(segment(1)), 'nothing was removed on the spot');
    await log.append(batch(100));
    await log.close();
    await trimmed;
    assert.ok(disk.files().has(segment(3)), 'the close ended it');
    const again = await openOn(disk);
    const start = again.start();
    assert.ok(start > 400 && start <= 900, `${start}`);
    assertSame(await readAll(again), batches(101), (start - 1) / 10);
    assert.ok(!disk.files().has(segment(2)) && !disk.files().has(segment(3)));
    await again.close();
  });

  test("recovery removes nothing while the watermark is only in the kernel's cache", async () => {
    const disk = await thousandRecords('killed');
    const log = await openOn(disk);
    disk.onOperation = ({ kind, path }) => (kind === 'sync' && path === watermarkFile ? { kind: 'power' } : undefined);
    await assert.rejects(log.trim(400));
    disk.restart('nothing');
    disk.onOperation = ({ kind, path }) => (kind === 'write' && path === watermarkFile ? { kind: 'power' } : undefined);
    await assert.rejects(openOn(disk));
    disk.onOperation = null;
    disk.restart('everything');
    assertSame(await readAll(await openOn(disk)), thousand);
  });

  test("recovery uses no prepared segment whose name is only in the kernel's cache", async () => {
    const disk = new MemoryDisk();
    const log = await openOn(disk);
    disk.onOperation = ({ kind }) => (kind === 'syncFolder' ? { kind: 'power' } : undefined);
    await assert.rejects(appendAll(log, batches(20)));
    disk.onOperation = null;
    disk.restart('nothing');
    const again = await openOn(disk);
    const there = ((await again.end()) - 1) / 10;
    await appendAll(again, batches(20).slice(there));
    disk.cutPower();
    disk.restart('everything');
    assertSame(await readAll(await openOn(disk)), batches(20));
  });

  test('recovery reads only the segments that the watermark does not vouch for', async () => {
    const disk = await thousandRecords('closed');
    const read: string[] = [];
    disk.onOperation = ({ kind, path }) => {
      if (kind === 'read') read.push(path);
      return undefined;
    };
    await openOn(disk);
    for (const number of [1, 2, 3, 4])
      assert.equal(read.filter((path) => path === segment(number)).length, 1, 'its header');
  });
});

/** A disk with the log as it was after some batches. */
async function watermarkAt(number: number): Promise<MemoryDisk> {
  const disk = (await thousandRecords('killed')).copy();
  for (const path of disk.files().keys()) disk.remove(path);
  await appendAll(await openOn(disk), batches(number));
  return disk;
}
