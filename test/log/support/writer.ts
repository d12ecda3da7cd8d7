/**
 * A process that appends to the log in the folder named by its first argument until it is killed.
 * It prints `ready` and how many batches it found, then the number of each batch once that is
 * acknowledged; or `locked` and why.
 */
import { writeSync } from 'node:fs';
import { openFileLog } from '../../../src/log/file/file-log.ts';
import { LogLockedError } from '../../../src/log/log.ts';
import { batch } from './batches.ts';

const folder = process.argv[2];
if (folder === undefined) throw new Error('usage: writer.ts FOLDER');

try {
  const log = await openFileLog({ folder, firstSegmentBytes: 64 * 1024, maxSegmentBytes: 256 * 1024 });
  let number = ((await log.end()) - 1) / 10;
  writeSync(1, `ready ${number}\n`);
  for (;;) {
    await log.append(batch(number, 10, 20));
    writeSync(1, `${number}\n`);
    number += 1;
    if (number % 50 === 0) await new Promise((resolve) => setImmediate(resolve));
  }
} catch (error) {
  if (!(error instanceof LogLockedError)) throw error;
  writeSync(1, `locked ${error.message}\n`);
  process.exit(1);
}
