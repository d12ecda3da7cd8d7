/**
 * Opens a data folder, or a log in memory, as a store that sells: log, newest snapshot, recovery,
 * genesis.
 */
import { randomBytes } from 'node:crypto';
import type { Engine } from '../engine/engine.ts';
import type { Disk } from '../log/disk.ts';
import { isNoRoom } from '../log/disk.ts';
import type { FileLog } from '../log/file/file-log.ts';
import { openFileLog } from '../log/file/file-log.ts';
import type { Log } from '../log/log.ts';
import { openMemoryLog } from '../log/memory/memory-log.ts';
import type { TimeSource } from '../node/clock.ts';
import { systemTime } from '../node/clock.ts';
import { Node } from '../node/node.ts';
import { lowestStartingPosition, readFollowerRecords } from './follower-records.ts';
import type { Demonstration } from './genesis.ts';
import { applySettings, genesis, stock } from './genesis.ts';
import { FolderGuard, requireNothingLost } from './folder-guard.ts';
import { checkClock } from './heartbeat.ts';
import type { LogPlace } from './log-place.ts';
import { folderOf } from './log-place.ts';
import { loadNewestSnapshot, saveSnapshot, snapshotPositions } from './snapshot-files.ts';
import { UserError } from './user-error.ts';

export interface StoreOptions {
  readonly place: LogPlace;
  /**
   * Demonstration data to stock once: only when this start makes the log, or always. Default: none.
   */
  readonly stock?: { readonly seed: Demonstration; readonly when: 'fresh' | 'always' } | null;
  /** Max idempotency keys kept at a time; null keeps the log's setting. */
  readonly maxKeys: number | null;
  /**
   * Leaves the folder unchanged when nothing is submitted: the start is logged with the first
   * record.
   */
  readonly mayWriteNothing?: boolean;
  readonly onNotice: (message: string) => void;
  readonly onFailure?: (error: Error) => void;
  /** The operator confirms this machine's clock, however far it is ahead of the last run. */
  readonly acceptClock?: boolean;
  /** For tests: a disk instead of the real one, or wrappers of the real parts. */
  readonly disk?: Disk;
  readonly wrapLog?: (log: Log) => Log;
  readonly makeEngine?: () => Engine;
  readonly time?: TimeSource;
  readonly maxWaitMs?: number;
}

export interface Store {
  readonly node: Node;
  readonly log: Log;
  /** Whether this start made the log. */
  readonly fresh: boolean;
  /** Position of the snapshot that it began with; 0 for none. */
  readonly snapshot: number;
  /** Lets commands in flight finish, writes a snapshot, releases the folder. */
  close(): Promise<void>;
}

/**
 * @throws UserError, LogLockedError, LogDamagedError, DivergedError; errors of the file system as
 * they are
 */
export async function openStore(options: StoreOptions): Promise<Store> {
  const { place, onNotice } = options;
  const folder = folderOf(place);
  if (folder !== null && options.disk === undefined) requireNothingLost(folder);
  const opened = await openLog(options);
  const log = options.wrapLog?.(opened) ?? opened;
  try {
    const time = options.time ?? systemTime;
    const engine = folder === null ? options.makeEngine?.() : await recover(folder, log, options);
    const snapshot = engine?.position ?? 0;
    if (folder !== null) await lookAtClock(folder, log, time, options);
    const node = await Node.start({
      log,
      ...(engine === undefined ? {} : { engine }),
      time,
      ...(options.maxWaitMs === undefined ? {} : { maxWaitMs: options.maxWaitMs }),
      ...(options.onFailure === undefined ? {} : { onFailure: options.onFailure }),
      onNotice,
    });
    const fresh = node.engine.isEmpty;
    await begin(node, options);
    const guard = folder === null ? null : await FolderGuard.begin(folder, opened, node, time);
    return { node, log, fresh, snapshot, close: () => close(node, log, guard, onNotice) };
  } catch (error) {
    await log.close();
    throw error;
  }
}

function openLog({ place, disk, onNotice }: StoreOptions): Promise<FileLog> {
  if (place.kind === 'memory') return openMemoryLog({ onNotice });
  return openFileLog({ folder: place.folder, onNotice, ...(disk === undefined ? {} : { disk }) });
}

/**
 * The engine of the newest usable snapshot.
 * @throws UserError when snapshot and log leave a gap
 */
async function recover(folder: string, log: Log, { makeEngine, onNotice }: StoreOptions): Promise<Engine> {
  const end = await log.end();
  const [newest = 0] = snapshotPositions(folder);
  if (newest >= end) {
    throw new UserError(
      `the folder ${folder} has a snapshot at position ${newest}, but its log ends at ${end - 1}: a part of the log is missing. ` +
        'Nothing was changed. Restore the log from a copy, or move the folder aside',
    );
  }
  const engine = makeEngine?.() ?? loadNewestSnapshot(folder, onNotice);
  if (engine.position + 1 < log.start()) {
    throw new UserError(
      `the log in ${folder} begins at position ${log.start()}, since what lay before was trimmed, and no snapshot reaches so far that ` +
        'this program can use. Nothing was changed. Start the program version that wrote the snapshots, or restore a backup',
    );
  }
  return engine;
}

/** @throws UserError when the operator must check the clock first */
async function lookAtClock(folder: string, log: Log, time: TimeSource, options: StoreOptions): Promise<void> {
  const end = await log.end();
  if (end === 1) return;
  const [newest = 0] = snapshotPositions(folder);
  checkClock({
    folder,
    wallMs: time.wallMs(),
    lastTimeMs: log.lastTimeMs(),
    isStoppedCleanly: newest === end - 1,
    isAccepted: options.acceptClock ?? false,
    onNotice: options.onNotice,
  });
}

/** Writes the records of a start, before any request is served. */
async function begin(node: Node, options: StoreOptions): Promise<void> {
  const { maxKeys, stock: wanted } = options;
  const fresh = node.engine.isEmpty;
  if (fresh) await node.begin(genesis(maxKeys));
  const epoch = randomBytes(6).toString('hex');
  if (options.mayWriteNothing === true) {
    node.announceLater(epoch);
  } else {
    await node.announceStart(epoch);
    await applySettings(node, maxKeys);
  }
  if (wanted != null && (wanted.when === 'always' || fresh)) await stock(node, wanted.seed);
}

/** `guard`: null for a log in memory. */
async function close(
  node: Node,
  log: Log,
  guard: FolderGuard | null,
  onNotice: (message: string) => void,
): Promise<void> {
  await node.close();
  const { engine } = node;
  const isClean = node.failureReason === null;
  if (guard !== null && isClean && !engine.isEmpty) {
    const { folder } = guard;
    const [newest] = snapshotPositions(folder);
    if (newest !== engine.position) leaveSnapshot(folder, engine, onNotice);
  }
  await log.close();
  await guard?.end(isClean);
}

/**
 * Writes a snapshot that spares the next start the replay of the log. Without room for it the next
 * start takes longer, but nothing is lost.
 */
function leaveSnapshot(folder: string, engine: Engine, onNotice: (message: string) => void): void {
  try {
    saveSnapshot(folder, engine, lowestStartingPosition(readFollowerRecords(folder)));
  } catch (error) {
    if (!isNoRoom(error)) throw error;
    onNotice(`no room for a snapshot in ${folder}: the next start replays the log instead`);
  }
}
