/** Flags of the commands that take a data folder. */
import path from 'node:path';
import { hasSegment, namesIn } from '../store/folder.ts';
import { UserError } from '../store/user-error.ts';
import { programFolder } from './command.ts';
import { parseFlags } from './flags.ts';
import { environmentOf } from './settings.ts';

/** Reads `--data` (HOLDFAST_DATA) and the command's own boolean flags. @throws UserError */
export function readFolderArgs<Flag extends string>(
  args: readonly string[],
  flags: readonly Flag[],
): { readonly folder: string; readonly flags: Readonly<Record<Flag, boolean>> } {
  const known: Record<string, 'string' | 'boolean'> = { data: 'string' };
  for (const flag of flags) known[flag] = 'boolean';
  const { values } = parseFlags(args, known);
  const are = Object.fromEntries(flags.map((flag) => [flag, values[flag] === true])) as Record<Flag, boolean>;
  return { folder: dataFolderOf(values['data']), flags: are };
}

/** The data folder by a flag, else by the environment, else by default. */
export function dataFolderOf(flag: string | boolean | undefined): string {
  return path.resolve(String(flag ?? environmentOf(programFolder)['HOLDFAST_DATA'] ?? './data'));
}

/** @throws UserError when the folder has no log */
export function requireLog(folder: string, flag: '--data' | '--from' = '--data'): void {
  if (!hasSegment(namesIn(folder))) {
    const orElse = flag === '--data' ? ', or start one with `holdfast serve`' : '';
    throw new UserError(`${folder} has no store in it; name another folder with ${flag}${orElse}`);
  }
}
