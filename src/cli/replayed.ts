/** The state of a data folder by reading alone, beside a running server too. */
import type { Engine } from '../engine/engine.ts';
import { FileLogReader } from '../log/file/reader.ts';
import { Replay } from '../replica/replay.ts';
import { replayStart } from '../store/replay-start.ts';

/** The engine as the log's end leaves it. Tells on stderr, each second, how far it is. @throws UserError */
export async function replayedEngine(folder: string): Promise<Engine> {
  const reader = new FileLogReader({ folder });
  const engine = await replayStart(reader, folder);
  const replay = new Replay(engine);
  let spokenMs = performance.now();
  await reader.read(engine.position + 1, (batch) => {
    replay.apply(batch);
    if (performance.now() - spokenMs < 1000) return;
    spokenMs = performance.now();
    console.error(`at position ${engine.position}`);
  });
  return engine;
}
