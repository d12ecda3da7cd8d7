/** Whether a name still means the file that it meant. */
import { statSync } from 'node:fs';
import { errorCode } from '../disk.ts';

/** What tells one file from any other while it exists. */
export interface FileIdentity {
  readonly ino: bigint;
  readonly dev: bigint;
}

/**
 * @throws when that cannot be told: errors of the file system as they are, but for one that is not
 * there
 */
export function isSameFile(path: string, known: FileIdentity): boolean {
  try {
    const { ino, dev } = statSync(path, { bigint: true });
    return ino === known.ino && dev === known.dev;
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes(errorCode(error))) return false;
    throw error;
  }
}
