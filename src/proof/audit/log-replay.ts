/**
 * Reads the log's files as any other process may, and applies them to an engine of its own, which
 * decides what the server should have decided. Its rolling hash of outcomes must equal the one that
 * the server noted in each frame.
 */
import type { Command } from '../../engine/command.ts';
import { Engine } from '../../engine/engine.ts';
import type { Outcome } from '../../engine/outcome.ts';
import { FileLogReader } from '../../log/file/reader.ts';
import { Replay } from '../../replica/replay.ts';

/**
 * Called right after a record was applied, with the engine as it stands there. All arguments are
 * valid during the call only.
 */
export type OnRecord = (command: Command, outcome: Outcome, engine: Engine) => void;

/**
 * @throws LogDamagedError, DivergedError, and what the engine throws where the log contradicts
 * itself
 */
export async function replayLog(folder: string, onRecord: OnRecord): Promise<Engine> {
  const engine = new Engine();
  const replay = new Replay(engine);
  const onApplied = (command: Command, outcome: Outcome): void => onRecord(command, outcome, engine);
  await new FileLogReader({ folder }).read(1, (batch) => replay.apply(batch, onApplied));
  return engine;
}
