/** Finds the position of a civil time. The log has the offset between civil time and its own. */
import type { ClockChange, Started } from '../engine/commands/running.ts';
import { Command, kinds } from '../engine/command.ts';
import { RecordReader } from '../engine/record.ts';
import { FileLogReader } from '../log/file/reader.ts';
import { UserError } from './user-error.ts';
import { replayStart } from './replay-start.ts';

/**
 * The last position of a log at a civil time, ms. A time that occurred twice, since a clock was set
 * back, means the later one.
 * @throws UserError when the log begins after it
 */
export async function positionAtTime(folder: string, timeMs: number): Promise<number> {
  const reader = new FileLogReader({ folder });
  const { start } = await reader.read(Number.MAX_SAFE_INTEGER, () => {});
  let offsetMs = start === 1 ? 0 : (await replayStart(reader, folder)).state.civil.offsetAt(start);
  let found = 0;
  const records = new RecordReader();
  const command = new Command();
  await reader.read(start, (batch) => {
    records.reset(batch.records);
    while (records.next(command)) {
      if (command.kind !== kinds.started && command.kind !== kinds.setClock) continue;
      offsetMs = (command.body as Started | ClockChange).offsetMs ?? offsetMs;
    }
    if (batch.timeMs + offsetMs <= timeMs) found = batch.first + batch.count - 1;
  });
  if (found < start) {
    throw new UserError(`the log in ${folder} begins at position ${start}, after the time that was asked for`);
  }
  return found;
}
