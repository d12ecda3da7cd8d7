/** Replays a log with its own engine, to compare states. */
import { Command } from '../../src/engine/command.ts';
import type { StateDump } from '../../src/engine/dump.ts';
import { dump } from '../../src/engine/dump.ts';
import { Engine } from '../../src/engine/engine.ts';
import { RecordReader } from '../../src/engine/record.ts';
import { readFileLog } from '../../src/log/file/reader.ts';

/**
 * The engine after the records of a folder's log up to and including `position`. The log must have
 * the records after `engine`.
 */
export async function replayTo(folder: string, position = Infinity, engine = new Engine()): Promise<Engine> {
  const reader = new RecordReader();
  const command = new Command();
  await readFileLog({
    folder,
    from: engine.position + 1,
    onBatch: (batch) => {
      reader.reset(batch.records);
      for (let at = batch.first; reader.next(command) && at <= position; at += 1)
        if (at > engine.position) engine.apply(command, at, batch.timeMs);
    },
  });
  return engine;
}

/** The state of an engine and its outcome hash, to compare. */
export function accountOf(engine: Engine): { state: StateDump; hash: [number, number] } {
  return { state: dump(engine), hash: [engine.hashLow, engine.hashHigh] };
}
