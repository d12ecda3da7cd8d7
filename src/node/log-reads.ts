/** Reads single records of the log, for answers that the engine's state does not have. */
import { Command } from '../engine/command.ts';
import { keyText, RecordReader } from '../engine/record.ts';
import { LogTrimmedError } from '../log/log.ts';
import type { Batch, Log } from '../log/log.ts';

/**
 * The idempotency key, as sent, of the record at a position; null when the record has none or is no
 * longer kept.
 */
export async function keyAt(log: Log, position: number): Promise<string | null> {
  const batch = await batchAt(log, position);
  if (batch === null) return null;
  const reader = new RecordReader();
  const command = new Command();
  reader.reset(batch.records);
  for (let at = batch.first; reader.next(command); at += 1) {
    if (at === position) return command.keyLength > 0 ? keyText(command) : null;
  }
  return null;
}

/** Log time of the record at a position, ms; null when there is none or it is no longer kept. */
export async function timeAt(log: Log, position: number): Promise<number | null> {
  return (await batchAt(log, position))?.timeMs ?? null;
}

async function batchAt(log: Log, position: number): Promise<Batch | null> {
  try {
    return await log.read(position);
  } catch (error) {
    if (error instanceof LogTrimmedError) return null;
    throw error;
  }
}
