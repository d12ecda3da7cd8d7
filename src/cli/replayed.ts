/**
 * The state of a data folder by reading alone, also while a server runs. Prints its progress to
 * stderr each second.
 */
import type { Engine } from '../engine/engine.ts';
import type { FileLogReading } from '../log/file/reader.ts';
import { FileLogReader } from '../log/file/reader.ts';
import type { Batch } from '../log/log.ts';
import { Replay } from '../replica/replay.ts';
import { replayStart } from '../store/replay-start.ts';

/** The engine at the end of the log. @throws UserError */
export async function replayedEngine(folder: string): Promise<Engine> {
  const reader = new FileLogReader({ folder });
  const engine = await replayStart(reader, folder);
  const replay = new Replay(engine);
  await readBehind(engine, reader, (batch) => replay.apply(batch));
  return engine;
}

/** Reads the log after an engine's position; `apply` applies it. */
export function readBehind(
  engine: Engine,
  reader: FileLogReader,
  apply: (batch: Batch) => void,
): Promise<FileLogReading> {
  let spokenMs = performance.now();
  return reader.read(engine.position + 1, (batch) => {
    apply(batch);
    if (performance.now() - spokenMs < 1000) return;
    spokenMs = performance.now();
    console.error(`at position ${engine.position}`);
  });
}
