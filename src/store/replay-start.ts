/**
 * The engine that a process begins with when it reads a data folder from its beginning, even beside
 * a running server.
 */
import { Engine } from '../engine/engine.ts';
import type { LogReader } from '../log/log.ts';
import { reasonOf } from '../reason.ts';
import { snapshotPositions } from './snapshot-files.ts';
import { loadSnapshot } from './snapshot-reader.ts';
import { UserError } from './user-error.ts';

/** An empty engine, or the oldest snapshot that the log continues. @throws UserError */
export async function replayStart(reader: LogReader, folder: string): Promise<Engine> {
  const { start } = await reader.read(Number.MAX_SAFE_INTEGER, () => {});
  if (start === 1) return new Engine();
  const reasons: string[] = [];
  for (const position of snapshotPositions(folder).reverse()) {
    if (position + 1 < start) continue;
    try {
      return loadSnapshot(folder, position);
    } catch (error) {
      reasons.push(`the one at position ${position} is not usable: ${reasonOf(error)}`);
    }
  }
  throw new UserError(
    `the log in ${folder} begins at position ${start}, since what lay before was trimmed, and no snapshot stands for that${reasons.map((reason) => `; ${reason}`).join('')}`,
  );
}
