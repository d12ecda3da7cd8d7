/** A data folder as the commands see it that work on a stopped store. */
import fs from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { segmentNumber } from '../log/file/segment.ts';
import { programFolder, UserError } from './command.ts';
import { environmentOf } from './settings.ts';

/** What a data folder may hold. Anything else in it is somebody else's and is left alone. */
export const ownFile =
  /^(heartbeat(\.tmp)?|log-\d+\.seg(\.tmp)?|watermark(\.tmp)?|(lock|views)\.sqlite(-journal|-wal|-shm)?|secret(\.tmp)?|followers|snapshot-\d{16}\.bin(\.([0-9a-f]{8}\.)?tmp)?)$/;

/** Reads `--data` (HOLDFAST_DATA) and the command's own boolean flags. @throws UserError */
export function readFolderArgs<Flag extends string>(
  args: readonly string[],
  flags: readonly Flag[],
): { readonly folder: string; readonly flags: Readonly<Record<Flag, boolean>> } {
  const options: Record<string, { type: 'string' | 'boolean' }> = { data: { type: 'string' } };
  for (const flag of flags) options[flag] = { type: 'boolean' };
  try {
    const { values } = parseArgs({ args: [...args], options, strict: true });
    const data = values['data'] ?? environmentOf(programFolder)['HOLDFAST_DATA'] ?? './data';
    const given = Object.fromEntries(flags.map((flag) => [flag, values[flag] === true])) as Record<Flag, boolean>;
    return { folder: path.resolve(String(data)), flags: given };
  } catch (error) {
    const [sentence] = (error instanceof Error ? error.message : String(error)).split(/\. |\n/);
    throw new UserError(`${sentence}; the flags are ${['data', ...flags].map((flag) => `--${flag}`).join(', ')}`);
  }
}

/** Reads flags that each take a value. @throws UserError */
export function readFlags<Flag extends string>(
  args: readonly string[],
  flags: readonly Flag[],
  usage: string,
): Readonly<Partial<Record<Flag, string>>> {
  const options = Object.fromEntries(flags.map((flag) => [flag, { type: 'string' as const }]));
  try {
    // Each value is a string, since each option is.
    return parseArgs({ args: [...args], options, strict: true }).values as Partial<Record<Flag, string>>;
  } catch (error) {
    throw new UserError(`${error instanceof Error ? error.message : String(error)}\n\n${usage}`);
  }
}

function namesIn(folder: string): string[] {
  return fs.existsSync(folder) ? fs.readdirSync(folder) : [];
}

/** @throws UserError when the folder has no log */
export function requireLog(folder: string, flag: '--data' | '--from' = '--data'): void {
  if (!namesIn(folder).some((name) => segmentNumber(name) > 0)) {
    const orElse = flag === '--data' ? ', or start one with `holdfast serve`' : '';
    throw new UserError(`${folder} has no store in it; name another folder with ${flag}${orElse}`);
  }
}
