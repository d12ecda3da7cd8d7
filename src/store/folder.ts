/**
 * What a data folder holds: the name of every file in it. Whatever else lies there is not the
 * store's and is left alone.
 */
import fs from 'node:fs';
import { segmentNumber } from '../log/file/segment.ts';
import { watermarkName } from '../log/file/watermark.ts';

export const heartbeatName = 'heartbeat';
export const secretName = 'secret';
/** The folder of the followers' records. */
export const followersName = 'followers';
/** The SQL views, where no other database is named. */
export const viewsName = 'views.sqlite';

const ownName = new RegExp(
  [
    // Replaced as a whole: each has another name until it is written.
    `^(?:${heartbeatName}|${secretName}|${watermarkName}|log-\\d+\\.seg)(?:\\.tmp)?$`,
    '^snapshot-\\d{16}\\.bin(?:\\.(?:[0-9a-f]{8}\\.)?tmp)?$',
    // Databases, with the files that SQLite keeps beside them.
    '^(?:lock|views)\\.sqlite(?:-journal|-wal|-shm)?$',
    `^${followersName}$`,
  ].join('|'),
);
/** What is lost with a log: tokens, snapshots and followers' records are of that log alone. */
const boundToLog = new RegExp(`^(?:${secretName}|${heartbeatName}|${followersName}|snapshot-\\d{16}\\.bin)$`);

/** Whether a file of this name in a data folder is the store's. */
export function isOwnFile(name: string): boolean {
  return ownName.test(name);
}

/** The names in a folder; none where there is no folder. */
export function namesIn(folder: string): string[] {
  return fs.existsSync(folder) ? fs.readdirSync(folder) : [];
}

/** Whether the log has a segment there. */
export function hasSegment(names: readonly string[]): boolean {
  return names.some((name) => segmentNumber(name) > 0);
}

/** Whether these are the names of a copy that was cut short: its watermark is written last. */
export function isUnfinishedCopy(names: readonly string[]): boolean {
  return hasSegment(names) && !names.includes(watermarkName);
}

/**
 * What a store left in a folder that has no log; empty where there is a log, or where no store was.
 */
export function leftWithoutLog(folder: string): string[] {
  const names = namesIn(folder);
  if (hasSegment(names) || names.includes(watermarkName)) return [];
  return names.filter((name) => boundToLog.test(name)).sort();
}
