/**
 * How far each follower has come: one small file a follower, `followers/<name>.json` in the data folder, replaced as a whole. The follower
 * itself writes it; trimming and pruning read it, so that nothing goes that a follower still needs.
 *
 * A record may be behind the follower, never ahead of it: write it after what it speaks of is committed.
 */
import fs from 'node:fs';
import path from 'node:path';

/**
 * - `following`: at work.
 * - `waiting`: alive, and cannot go on for now; its database does not answer, for example.
 * - `stopped`: ended as it was asked to.
 * - `diverged`: came to other outcomes than the log's writer. It stands still, and so does trimming.
 */
export const followerStates = ['following', 'waiting', 'stopped', 'diverged'] as const;
export type FollowerState = (typeof followerStates)[number];

export interface FollowerRecord {
  /** Lower-case letters, digits and dashes. */
  readonly name: string;
  /** The last position that it has applied and kept, the end of a batch; 0 before the first. */
  readonly position: number;
  /** Rolling hash of all outcomes up to `position`, two unsigned 32-bit halves. */
  readonly checkLow: number;
  readonly checkHigh: number;
  /** Log time at `position`, ms; 0 before the first record. */
  readonly timeMs: number;
  readonly state: FollowerState;
}

/** A file that is no record. What its follower needs is unknown, so nothing may go. */
export interface UnreadableRecord {
  readonly file: string;
  readonly reason: string;
}

export interface FollowerRecords {
  /** By name. */
  readonly records: readonly FollowerRecord[];
  readonly unreadable: readonly UnreadableRecord[];
}

export const followersFolderName = 'followers';
const namePattern = /^[a-z0-9][a-z0-9-]{0,62}$/;
const suffix = '.json';

/**
 * Replaces the follower's record: after a crash the old one is there, or the new one.
 * @throws RangeError for a record that no reader would take; errors of the file system as they are
 */
export function writeFollowerRecord(dataFolder: string, record: FollowerRecord): void {
  const flaw = flawOf(record);
  if (flaw !== null) throw new RangeError(`the record of follower "${record.name}" cannot be written: ${flaw}`);
  const folder = path.join(dataFolder, followersFolderName);
  const file = path.join(folder, record.name + suffix);
  if (fs.mkdirSync(folder, { recursive: true, mode: 0o700 }) !== undefined) syncFolder(dataFolder);
  const isNew = !fs.existsSync(file);
  const { name, position, checkLow, checkHigh, timeMs, state } = record;
  const unfinished = `${file}.tmp`;
  const descriptor = fs.openSync(unfinished, 'w', 0o600);
  try {
    fs.writeSync(descriptor, `${JSON.stringify({ name, position, checkLow, checkHigh, timeMs, state })}\n`);
    fs.fsyncSync(descriptor);
  } finally {
    fs.closeSync(descriptor);
  }
  fs.renameSync(unfinished, file);
  // A power cut may bring the old content back, which is behind and therefore safe; it must not take the follower's name away.
  if (isNew) syncFolder(folder);
}

/** The record of one follower; null when it has none. @throws Error when the file is there and is no record */
export function readFollowerRecord(dataFolder: string, name: string): FollowerRecord | null {
  const file = path.join(dataFolder, followersFolderName, name + suffix);
  const text = textOf(file);
  return text === null ? null : parse(file, text);
}

/** Forgets a follower for good: nothing is kept for it any more. */
export function removeFollowerRecord(dataFolder: string, name: string): void {
  const folder = path.join(dataFolder, followersFolderName);
  fs.rmSync(path.join(folder, name + suffix), { force: true });
  if (fs.existsSync(folder)) syncFolder(folder);
}

/** All that is recorded in a data folder. What cannot be read is named, never left out in silence. */
export function readFollowerRecords(dataFolder: string): FollowerRecords {
  const folder = path.join(dataFolder, followersFolderName);
  const names = fs.existsSync(folder) ? fs.readdirSync(folder) : [];
  const records: FollowerRecord[] = [];
  const unreadable: UnreadableRecord[] = [];
  for (const name of names.filter((each) => each.endsWith(suffix)).sort()) {
    const file = path.join(folder, name);
    try {
      const text = textOf(file);
      if (text !== null) records.push(parse(file, text));
    } catch (error) {
      unreadable.push({ file, reason: error instanceof Error ? error.message : String(error) });
    }
  }
  return { records, unreadable };
}

/**
 * The lowest position that a follower stands at: Infinity when there is no follower, null when a record cannot be read and
 * nobody knows.
 */
export function lowestPosition({ records, unreadable }: FollowerRecords): number | null {
  if (unreadable.length > 0) return null;
  return records.reduce((lowest, { position }) => Math.min(lowest, position), Infinity);
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
  } catch {
    throw new Error(`${file} is not JSON`);
  }
  const flaw = flawOf(record);
  if (flaw !== null) throw new Error(`${file} is no record of a follower: ${flaw}`);
  // Checked field by field just now.
  const known = record as FollowerRecord;
  if (known.name + suffix !== path.basename(file)) throw new Error(`${file} is the record of follower "${known.name}"`);
  return known;
}

/** What is wrong with a record; null when nothing is. */
function flawOf(record: unknown): string | null {
  if (typeof record !== 'object' || record === null) return 'it is no object';
  const { name, position, checkLow, checkHigh, timeMs, state } = record as Record<keyof FollowerRecord, unknown>;
  if (typeof name !== 'string' || !namePattern.test(name)) return 'name is not lower-case letters, digits and dashes';
  if (!isCount(position)) return 'position is no whole number from 0';
  if (!isWord(checkLow) || !isWord(checkHigh)) return 'checkLow and checkHigh are not unsigned 32-bit numbers';
  if (!isCount(timeMs)) return 'timeMs is no whole number from 0';
  if (!followerStates.some((known) => known === state)) return `state is none of ${followerStates.join(', ')}`;
  return null;
}

function isCount(value: unknown): boolean {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}

function isWord(value: unknown): boolean {
  return isCount(value) && Number(value) < 2 ** 32;
}

function syncFolder(folder: string): void {
  const descriptor = fs.openSync(folder, 'r');
  try {
    fs.fsyncSync(descriptor);
  } finally {
    fs.closeSync(descriptor);
  }
}
