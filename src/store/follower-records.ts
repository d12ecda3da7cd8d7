/**
 * How far each follower is: one small file a follower, `followers/<name>.json` in the data folder,
 * replaced as a whole. The follower itself writes it. Trimming and pruning read it and keep what a
 * follower still needs; `/readyz` shows it. A follower resumes from its own database, not from this
 * file.
 *
 * A record may be behind the follower but never ahead of it: write it after committing the work
 * that it names.
 */
import fs from 'node:fs';
import path from 'node:path';
import { reasonOf } from '../reason.ts';
import { syncFolder, writeAtomically } from './durable-files.ts';
import { followersName, namesIn } from './folder.ts';

/**
 * - `starting`: it replays up to the position of its database.
 * - `catching-up`, `following`: at work, with more to read or at the log's end.
 * - `waiting`: alive but blocked for now; for example, its database does not answer.
 * - `stopped`: ended on request, or unable to continue; then `message` says why.
 * - `diverged`: its outcomes differ from those of the log's writer. It has stopped, and so has
 *   trimming.
 */
const followerStates = ['starting', 'catching-up', 'following', 'waiting', 'stopped', 'diverged'] as const;
export type FollowerState = (typeof followerStates)[number];

/** A follower's own report. */
export interface FollowerView {
  readonly state: FollowerState;
  /**
   * The last log position that it has, in its database if it keeps one; 0 for none, or while
   * unknown.
   */
  readonly position: number;
  /** Log time at `position`, ms; 0 before the first record. */
  readonly logTimeMs: number;
  /**
   * The last position from which it can restart after a power cut, the end of a batch; 0 for none.
   * Records after it must stay in the log.
   */
  readonly durablePosition: number;
  /** Rolling hash of all outcomes up to `durablePosition`, 16 hexadecimal digits. */
  readonly durableHash: string;
  /** Why it waits or has stopped. */
  readonly message: string | null;
}

/** The report as it is in the file. */
export interface FollowerRecord extends FollowerView {
  /** Lower-case letters, digits and dashes. */
  readonly name: string;
  readonly pid: number;
  /** Wall clock, ms. */
  readonly writtenAtMs: number;
}

/**
 * A file that is no valid record. The needs of its follower are unknown, so nothing may be trimmed.
 */
export interface UnreadableRecord {
  readonly file: string;
  readonly reason: string;
}

export interface FollowerRecords {
  /** By name. */
  readonly records: readonly FollowerRecord[];
  readonly unreadable: readonly UnreadableRecord[];
}

/** The outcome hash before the first record. */
export const noOutcomes = '0'.repeat(16);

const namePattern = /^[a-z0-9][a-z0-9-]{0,62}$/;
const suffix = '.json';

/**
 * Replaces the follower's record. After a crash of the process, the old record is there or the new
 * one.
 * @throws RangeError for a record that no reader would accept; errors of the file system as they
 * are: then the old record stands
 */
export function writeFollowerRecord(dataFolder: string, record: FollowerRecord): void {
  const flaw = flawOf(record);
  if (flaw !== null) throw new RangeError(`the record of follower "${record.name}" cannot be written: ${flaw}`);
  const folder = path.join(dataFolder, followersName);
  const file = path.join(folder, record.name + suffix);
  if (fs.mkdirSync(folder, { recursive: true, mode: 0o700 }) !== undefined) syncFolder(dataFolder);
  const isNew = !fs.existsSync(file);
  // The temporary name is this process's own: for a moment two processes may follow.
  const unfinished = `${file}.${process.pid}.tmp`;
  // Written several times a second, beside a log that syncs on the same disk. A power cut may bring
  // back an older record, which is behind and so safe, or leave an unreadable one, which holds
  // trimming. But it must not lose the name of a new follower, nor a record that stops trimming.
  const sync = isNew ? 'name' : record.state === 'diverged' ? 'content' : 'nothing';
  writeAtomically({ file, unfinished, sync }, [Buffer.from(`${JSON.stringify(plain(record))}\n`)]);
}

/**
 * The record of one follower; null when it has none.
 * @throws Error when the file exists and is no valid record
 */
export function readFollowerRecord(dataFolder: string, name: string): FollowerRecord | null {
  const file = path.join(dataFolder, followersName, name + suffix);
  const text = textOf(file);
  return text === null ? null : parse(file, text);
}

/** Forgets a follower for good: nothing is kept for it from now on. */
export function removeFollowerRecord(dataFolder: string, name: string): void {
  const folder = path.join(dataFolder, followersName);
  fs.rmSync(path.join(folder, name + suffix), { force: true });
  if (fs.existsSync(folder)) syncFolder(folder);
}

/** Removes unfinished records of writers that were killed. */
export function removeUnfinishedRecords(dataFolder: string, name: string): void {
  const folder = path.join(dataFolder, followersName);
  for (const found of namesIn(folder)) {
    if (found.startsWith(`${name}${suffix}.`) && found.endsWith('.tmp'))
      fs.rmSync(path.join(folder, found), { force: true });
  }
}

/** All records in a data folder. Names unreadable ones instead of skipping them silently. */
export function readFollowerRecords(dataFolder: string): FollowerRecords {
  const folder = path.join(dataFolder, followersName);
  const records: FollowerRecord[] = [];
  const unreadable: UnreadableRecord[] = [];
  for (const name of namesIn(folder)
    .filter((each) => each.endsWith(suffix))
    .sort()) {
    const file = path.join(folder, name);
    try {
      const text = textOf(file);
      if (text !== null) records.push(parse(file, text));
    } catch (error) {
      unreadable.push({ file, reason: reasonOf(error) });
    }
  }
  return { records, unreadable };
}

/**
 * The lowest position behind which a follower needs the log, even after a power cut: Infinity
 * without followers; null when a record is unreadable, so it is unknown.
 */
export function lowestDurablePosition(found: FollowerRecords): number | null {
  return lowest(found, ({ durablePosition }) => durablePosition);
}

/**
 * The lowest position from which a follower would restart. For a database that promises no
 * durability it is the position that the database has: a snapshot is kept for that one, and the log
 * for all.
 */
export function lowestStartingPosition(found: FollowerRecords): number | null {
  return lowest(found, ({ durablePosition, position }) => (durablePosition > 0 ? durablePosition : position));
}

function lowest({ records, unreadable }: FollowerRecords, of: (record: FollowerRecord) => number): number | null {
  return unreadable.length > 0 ? null : records.reduce((least, record) => Math.min(least, of(record)), Infinity);
}

function textOf(file: string): string | null {
  try {
    return fs.readFileSync(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
}

function parse(file: string, text: string): FollowerRecord {
  let record: unknown;
  try {
    record = JSON.parse(text);
  } catch (error) {
    throw new Error(`${file} is not JSON`, { cause: error });
  }
  const flaw = flawOf(record);
  if (flaw !== null) throw new Error(`${file} is no record of a follower: ${flaw}`);
  // `flawOf` checked this shape; other fields of the file are ignored.
  const known = plain(record as FollowerRecord);
  if (known.name + suffix !== path.basename(file)) throw new Error(`${file} is the record of follower "${known.name}"`);
  return known;
}

function plain(record: FollowerRecord): FollowerRecord {
  const { name, state, position, logTimeMs, durablePosition, durableHash, message, pid, writtenAtMs } = record;
  return { name, state, position, logTimeMs, durablePosition, durableHash, message, pid, writtenAtMs };
}

/** The flaw of a record; null for none. */
function flawOf(record: unknown): string | null {
  if (typeof record !== 'object' || record === null) return 'it is no object';
  const { name, state, position, durablePosition, durableHash, message, ...rest } = record as Partial<
    Record<keyof FollowerRecord, unknown>
  >;
  if (typeof name !== 'string' || !namePattern.test(name)) return 'name is not lower-case letters, digits and dashes';
  if (!followerStates.some((known) => known === state)) return `state is none of ${followerStates.join(', ')}`;
  if (!isCount(position)) return 'position is no whole number from 0';
  if (!isCount(durablePosition) || Number(durablePosition) > Number(position))
    return 'durablePosition is no whole number from 0 to position';
  if (typeof durableHash !== 'string' || !/^[0-9a-f]{16}$/.test(durableHash))
    return 'durableHash is not 16 hexadecimal digits';
  if (message !== null && typeof message !== 'string') return 'message is neither text nor null';
  for (const count of ['logTimeMs', 'pid', 'writtenAtMs'] as const) {
    if (!isCount(rest[count])) return `${count} is no whole number from 0`;
  }
  return null;
}

function isCount(value: unknown): boolean {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}
