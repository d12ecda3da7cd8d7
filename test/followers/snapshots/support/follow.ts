/**
 * A process that follows the log in the folder of its first argument and writes a snapshot after
 * every N records, its second argument, until it is killed or stopped. It prints the position of
 * each snapshot, and `ended`.
 */
import { writeSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { Command } from '../../../../src/engine/command.ts';
import { Engine } from '../../../../src/engine/engine.ts';
import { SnapshotWriter } from '../../../../src/followers/snapshots/snapshot-writer.ts';
import { RecordReader } from '../../../../src/engine/record.ts';
import { FileLogReader } from '../../../../src/log/file/reader.ts';

const [folder, records] = process.argv.slice(2);
if (folder === undefined || records === undefined) throw new Error('usage: follow.ts FOLDER RECORDS');
const stop = new AbortController();
process.on('SIGTERM', () => stop.abort());

const engine = new Engine();
const log = new FileLogReader({ folder });
const snapshots = new SnapshotWriter({
  dataFolder: folder,
  everyRecords: Number(records),
  onNotice: (message) => writeSync(2, `${message}\n`),
});
const reader = new RecordReader();
const command = new Command();
while (!stop.signal.aborted) {
  await log.read(engine.position + 1, (batch) => {
    reader.reset(batch.records);
    for (let at = batch.first; reader.next(command); at += 1)
      if (at > engine.position) engine.apply(command, at, batch.timeMs);
  });
  if (await snapshots.writeIfDue(engine, performance.now(), stop.signal)) writeSync(1, `${engine.position}\n`);
  await pause(5);
}
writeSync(1, 'ended\n');
