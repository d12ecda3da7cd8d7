/** A log to be damaged, and the one question that is asked of it afterwards. */
import assert from 'node:assert/strict';
import { openFileLog } from '../../../src/log/file/file-log.ts';
import type { FileLog, FileLogOptions } from '../../../src/log/file/file-log.ts';
import { LogDamagedError } from '../../../src/log/log.ts';
import type { AppendBatch } from '../../../src/log/log.ts';
import { MemoryDisk } from '../../../src/log/memory/memory-disk.ts';
import { assertPrefix, batches, readAll } from './batches.ts';

export const logFolder = '/log';

/** A thousand records in a hundred frames, in four small segments and a fifth that is prepared. */
export const thousand: readonly AppendBatch[] = batches(100);
export const smallSegments = { firstSegmentBytes: 2048, maxSegmentBytes: 4096 } as const;

let nonces = 0;
/** Nonces that differ, and are the same in every run. */
export function countedNonce(): { low: number; high: number } {
  nonces += 1;
  return { low: nonces, high: 0x9e37_79b9 };
}

export function openOn(disk: MemoryDisk, more: Partial<FileLogOptions> = {}): Promise<FileLog> {
  return openFileLog({ folder: logFolder, disk, ...smallSegments, nonce: countedNonce, ...more });
}

/** How the process that wrote the log ended. */
export type End = 'closed' | 'killed';

/** A disk with the thousand records on it, all of them acknowledged. */
export async function thousandRecords(end: End): Promise<MemoryDisk> {
  const disk = new MemoryDisk();
  const log = await openOn(disk);
  for (const each of thousand) await log.append(each);
  await preparedAhead();
  if (end === 'closed') await log.close();
  disk.cutPower();
  disk.restart('nothing');
  return disk;
}

/** Lets the preparation of the next segment come to its end. */
export async function preparedAhead(): Promise<void> {
  for (let turn = 0; turn < 50; turn += 1) await Promise.resolve();
}

export type Verdict = 'whole' | 'shorter' | 'refused';

/**
 * Opens what is on the disk and asserts the promise: exactly a prefix that has at least the first
 * `acknowledged` batches, or a refusal that names the place and has changed nothing.
 */
export async function judge(disk: MemoryDisk, all: readonly AppendBatch[], acknowledged: number): Promise<Verdict> {
  let changes = 0;
  disk.onOperation = ({ kind }) => {
    if (kind !== 'list' && kind !== 'open' && kind !== 'read') changes += 1;
    return undefined;
  };
  let log: FileLog;
  try {
    log = await openOn(disk);
  } catch (error) {
    assert.equal(changes, 0, 'a refusal changes nothing');
    return assertNamesPlace(error, disk);
  }
  try {
    const received = await readAll(log);
    assertPrefix(received, all);
    assert.ok(
      received.length >= acknowledged,
      `${received.length} batches are there, ${acknowledged} were acknowledged`,
    );
    return received.length === all.length ? 'whole' : 'shorter';
  } catch (error) {
    // Segments that lie before the watermark's are read when they are needed.
    return assertNamesPlace(error, disk);
  } finally {
    await log.close();
  }
}

function assertNamesPlace(error: unknown, disk: MemoryDisk): 'refused' {
  if (!(error instanceof LogDamagedError)) throw error;
  assert.ok(error.message.includes(error.file) && error.message.includes(`byte ${error.offset}`), error.message);
  const content = disk.files().get(error.file);
  const missing = content === undefined && error.message.includes('missing');
  assert.ok(missing || (content !== undefined && error.offset <= content.length), error.message);
  return 'refused';
}
