/** Tells whether a name still means the same file. */
import { statSync } from 'node:fs';
import { errorCode } from '../disk.ts';

/** The identity of a file while it exists. */
export interface FileIdentity {
  readonly ino: bigint;
  readonly dev: bigint;
}

/**
 * @throws errors of the file system as they are, except for an absent file, which is not the same
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
