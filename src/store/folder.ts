/**
 * The names of all files of a data folder. Other files in it are not the store's and are left
 * alone.
 */
import fs from 'node:fs';
import { segmentNumber } from '../log/file/segment.ts';
import { watermarkName } from '../log/file/watermark.ts';

export const heartbeatName = 'heartbeat';
export const secretName = 'secret';
/** The folder of the followers' records. */
export const followersName = 'followers';
/** The SQL views, unless another database is named. */
export const viewsName = 'views.sqlite';

const ownName = new RegExp(
  [
    // Replaced as a whole: each has a temporary name until it is written.
    `^(?:${heartbeatName}|${secretName}|${watermarkName}|log-\\d+\\.seg)(?:\\.tmp)?$`,
    '^snapshot-\\d{16}\\.bin(?:\\.(?:[0-9a-f]{8}\\.)?tmp)?$',
    // Databases, and the files that SQLite keeps beside them.
    '^(?:lock|views)\\.sqlite(?:-journal|-wal|-shm)?$',
    `^${followersName}$`,
  ].join('|'),
);
/**
 * Files that are worthless without the log: tokens, snapshots and followers' records belong to that
 * log alone.
 */
const boundToLog = new RegExp(`^(?:${secretName}|${heartbeatName}|${followersName}|snapshot-\\d{16}\\.bin)$`);

/** Whether a file of this name in a data folder is the store's. */
export function isOwnFile(name: string): boolean {
  return ownName.test(name);
}

/** The names in a folder; none for an absent folder. */
export function namesIn(folder: string): string[] {
  return fs.existsSync(folder) ? fs.readdirSync(folder) : [];
}

/** Whether the folder has a segment of the log. */
export function hasSegment(names: readonly string[]): boolean {
  return names.some((name) => segmentNumber(name) > 0);
}

/** Whether these are the names of an unfinished copy: its watermark is written last. */
export function isUnfinishedCopy(names: readonly string[]): boolean {
  return hasSegment(names) && !names.includes(watermarkName);
}

/**
 * The files that a store left in a folder without a log; empty when there is a log, or never was a
 * store.
 */
export function leftWithoutLog(folder: string): string[] {
  const names = namesIn(folder);
  if (hasSegment(names) || names.includes(watermarkName)) return [];
  return names.filter((name) => boundToLog.test(name)).sort();
}
