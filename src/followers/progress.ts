/**
 * How far a follower is, in a small file of the data folder, `followers/<name>.json`: for the process that serves, which shows the lag, and for
 * whoever trims the log. It is replaced as a whole. It is a hint of the present; what a follower resumes from is in its own store.
 */
import fs from 'node:fs';
import path from 'node:path';

export const followersFolder = 'followers';

/** - `starting`: it replays to where its store stands. - `waiting`: its store is away. - `stopped`: it cannot go on; `message` says why. */
export type FollowerState = 'starting' | 'catching-up' | 'following' | 'waiting' | 'stopped';

export interface FollowerProgress {
  readonly state: FollowerState;
  /** Last log position that is in its store; 0 for none. */
  readonly position: number;
  /**
   * Last position known to outlive a power cut there. A follower starts from a snapshot at or before it: the log may be trimmed up to such a
   * snapshot, and that snapshot has to stay.
   */
  readonly durablePosition: number;
  /** Log time of the position's record, ms; 0 for none. */
  readonly logTimeMs: number;
  /** Why it waits or has stopped. */
  readonly message: string | null;
  readonly pid: number;
  /** Wall clock, ms. */
  readonly writtenAtMs: number;
}

/** @throws what the file system throws; the note before stands then */
export function saveProgress(folder: string, name: string, progress: FollowerProgress): void {
  const file = path.join(folder, followersFolder, `${name}.json`);
  fs.mkdirSync(path.dirname(file), { recursive: true });
  // Of this process alone: two may follow for a moment.
  const unfinished = `${file}.${process.pid}.tmp`;
  fs.writeFileSync(unfinished, `${JSON.stringify(progress)}\n`, { mode: 0o600 });
  fs.renameSync(unfinished, file);
}

/** Removes what followers left that were killed while they wrote. */
export function tidyProgress(folder: string, name: string): void {
  const place = path.join(folder, followersFolder);
  if (!fs.existsSync(place)) return;
  for (const found of fs.readdirSync(place)) {
    if (found.startsWith(`${name}.json.`) && found.endsWith('.tmp'))
      fs.rmSync(path.join(place, found), { force: true });
  }
}

/** What a follower wrote last; null when it never did, or what is there cannot be read. */
export function loadProgress(folder: string, name: string): FollowerProgress | null {
  try {
    const read: unknown = JSON.parse(fs.readFileSync(path.join(folder, followersFolder, `${name}.json`), 'utf8'));
    return isProgress(read) ? read : null;
  } catch {
    return null;
  }
}

function isProgress(read: unknown): read is FollowerProgress {
  if (typeof read !== 'object' || read === null) return false;
  const fields = read as Record<string, unknown>;
  const numbers = ['position', 'durablePosition', 'logTimeMs', 'pid', 'writtenAtMs'];
  return typeof fields['state'] === 'string' && numbers.every((name) => Number.isSafeInteger(fields[name]));
}
