/** The folder that a copy is made in. */
import fs from 'node:fs';
import path from 'node:path';
import { lockName } from '../log/file/lock.ts';
import { watermarkName } from '../log/file/watermark.ts';
import { reasonOf } from '../reason.ts';
import { syncFolder } from './durable-files.ts';
import { isOwnFile, isUnfinishedCopy } from './folder.ts';
import { UserError } from './user-error.ts';

/** Empty at first. When the copy fails, it is removed again, unless it existed before. */
export class CopyTarget {
  private readonly folder: string;
  /** The topmost folder that was made for the copy. */
  private readonly made: string | undefined;

  private constructor(folder: string, made: string | undefined) {
    this.folder = folder;
    this.made = made;
  }

  /**
   * `flag`: how the user named it.
   * @throws UserError when it is not empty, or lies where it may not be
   */
  static prepare(folder: string, flag: string, source: string): CopyTarget {
    const names = fs.existsSync(folder) ? listOf(folder, flag) : [];
    if (names.length > 0) {
      const what = isUnfinishedCopy(names)
        ? 'holds a copy that was cut short: remove it, or name'
        : 'is not empty: name';
      throw new UserError(`${folder} ${what} another folder with ${flag}; nothing was changed`);
    }
    if (`${folder}${path.sep}`.startsWith(`${source}${path.sep}`))
      throw new UserError(`${folder} lies inside of ${source}: name a folder elsewhere with ${flag}`);
    const made = fs.mkdirSync(folder, { recursive: true, mode: 0o700 });
    if (made !== undefined) {
      // A folder's name is in its parent, so the parent is synced.
      for (let each = folder; ; each = path.dirname(each)) {
        syncFolder(path.dirname(each));
        if (each === made) break;
      }
    }
    return new CopyTarget(folder, made);
  }

  /** Removes what was made. Returns null, or a sentence for the user when something is left. */
  undo(): string | null {
    try {
      clearCopy(this.folder, 'with the lock');
      if (this.made === undefined) return null;
      for (let folder = this.folder; ; folder = path.dirname(folder)) {
        fs.rmdirSync(folder);
        if (folder === this.made) return null;
      }
    } catch (error) {
      const reason = reasonOf(error);
      return `what was made of it is still in ${this.folder} (${reason}): remove it`;
    }
  }
}

function listOf(folder: string, flag: string): string[] {
  try {
    return fs.readdirSync(folder);
  } catch (error) {
    const reason = reasonOf(error);
    throw new UserError(`${folder} cannot be used (${reason}); name a folder with ${flag}`);
  }
}

/** Removes all files that a copy makes. */
export function clearCopy(folder: string, lock: 'keep the lock' | 'with the lock'): void {
  // The watermark first: if this is cut short, the rest is no store without it.
  fs.rmSync(path.join(folder, watermarkName), { force: true });
  for (const name of fs.readdirSync(folder).filter((each) => isOwnFile(each)))
    if (lock === 'with the lock' || !name.startsWith(lockName)) fs.rmSync(path.join(folder, name));
}
