/** Flags of the commands that take a data folder. */
import path from 'node:path';
import { parseArgs } from 'node:util';
import { programFolder } from './command.ts';
import { hasSegment, namesIn } from '../store/folder.ts';
import { UserError } from '../store/user-error.ts';
import { reasonOf } from '../reason.ts';
import { environmentOf } from './settings.ts';

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
    const [sentence] = reasonOf(error).split(/\. |\n/);
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
    throw new UserError(`${reasonOf(error)}\n\n${usage}`);
  }
}

/** @throws UserError when the folder has no log */
export function requireLog(folder: string, flag: '--data' | '--from' = '--data'): void {
  if (!hasSegment(namesIn(folder))) {
    const orElse = flag === '--data' ? ', or start one with `holdfast serve`' : '';
    throw new UserError(`${folder} has no store in it; name another folder with ${flag}${orElse}`);
  }
}
