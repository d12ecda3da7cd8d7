/** The state of a data folder by reading alone, beside a running server too. */
import { Engine } from '../engine/engine.ts';
import { FileLogReader } from '../log/file/reader.ts';
import { Replay } from '../replica/replay.ts';
import { snapshotPositions } from '../store/snapshot-files.ts';
import { loadSnapshot } from '../store/snapshot-reader.ts';
import { UserError } from './command.ts';

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

/** What the replay begins with: nothing, or the oldest snapshot that the log continues. @throws UserError */
export async function replayStart(reader: FileLogReader, folder: string): Promise<Engine> {
  const { start } = await reader.read(Number.MAX_SAFE_INTEGER, () => {});
  if (start === 1) return new Engine();
  const reasons: string[] = [];
  for (const position of snapshotPositions(folder).reverse()) {
    if (position + 1 < start) continue;
    try {
      return loadSnapshot(folder, position);
    } catch (error) {
      reasons.push(
        `the one at position ${position} is not usable: ${error instanceof Error ? error.message : String(error)}`,
      );
    }
  }
  throw new UserError(
    `the log in ${folder} begins at position ${start}, since what lay before was trimmed, and no snapshot stands for that${reasons.map((reason) => `; ${reason}`).join('')}`,
  );
}
