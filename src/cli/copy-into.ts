/**
 * The copying of `backup` and `restore`: it shows progress, ends at a signal, and leaves nothing
 * half-made.
 */
import { lockFolder } from '../log/file/lock.ts';
import type { FolderCopy, FolderCopyOptions } from '../store/copy.ts';
import { copyFolder } from '../store/copy.ts';
import { CopyTarget } from '../store/copy-target.ts';
import { UserError } from '../store/user-error.ts';
import { reasonOf } from '../reason.ts';

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

interface CopyRequest extends Omit<FolderCopyOptions, 'signal' | 'onNotice'> {
  /** How the user names the target. */
  readonly flag: string;
  /** The target becomes a store, so the folder is locked until the copy is done. */
  readonly isStore: boolean;
}

/**
 * Copies with progress, ends at a signal, and leaves nothing half-made.
 * @throws UserError
 */
export async function copyInto({ flag, isStore, ...options }: CopyRequest): Promise<FolderCopy> {
  const { from, to } = options;
  const target = CopyTarget.prepare(to, flag, from);
  const stop = new AbortController();
  const onSignal = (signal: string): void => stop.abort(new UserError(`ended by ${signal}`));
  for (const signal of signals) process.once(signal, onSignal);
  let done = 0;
  const progress = setInterval(() => console.error(`${(done / 1024 / 1024).toFixed(0)} MiB so far`), 2000);
  try {
    const lock = isStore ? lockFolder(to) : null;
    try {
      const onNotice = (message: string): void => console.error(message);
      return await copyFolder({ ...options, signal: stop.signal, onNotice, onBytes: (bytes) => (done += bytes) });
    } finally {
      lock?.release();
    }
  } catch (error) {
    const left = target.undo();
    const reason = reasonOf(error);
    throw new UserError(`no copy was made: ${reason}${left === null ? `. Nothing is left in ${to}` : `; ${left}`}`);
  } finally {
    clearInterval(progress);
    for (const signal of signals) process.removeListener(signal, onSignal);
  }
}
