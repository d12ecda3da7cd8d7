/** Opens a data folder: log, newest snapshot, recovery, genesis, demonstration. Used by `serve` and by what works on a stopped folder. */
import { randomBytes, randomInt } from 'node:crypto';
import type { Genesis, SettingsChange } from '../engine/command.ts';
import { Command, kinds } from '../engine/command.ts';
import { engineVersion } from '../engine/state.ts';
import type { Engine } from '../engine/engine.ts';
import { lowestStartingPosition, readFollowerRecords } from './follower-records.ts';
import type { Disk } from '../log/disk.ts';
import { isNoRoom } from '../log/disk.ts';
import { openFileLog } from '../log/file/file-log.ts';
import type { Log } from '../log/log.ts';
import { openMemoryLog } from '../log/memory/memory-log.ts';
import type { TimeSource } from '../node/clock.ts';
import { systemTime } from '../node/clock.ts';
import { Node } from '../node/node.ts';
import { loadNewestSnapshot, saveSnapshot, snapshotPositions } from './snapshot-files.ts';
import { programFolder, UserError } from '../cli/command.ts';
import { demonstration } from '../cli/demonstration.ts';
import { Ground, requireNothingLost } from './ground.ts';
import { checkClock } from './heartbeat.ts';
import { defaultMaxKeys, environmentOf, truthOf } from '../cli/settings.ts';

export interface StoreOptions {
  readonly dataFolder: string;
  readonly log: 'file' | 'memory';
  readonly demo: 'fresh' | 'yes' | 'no';
  /** Most keys kept at a time; null keeps what the log says. */
  readonly maxKeys: number | null;
  /** Leaves the folder as it is where nothing is submitted: the start is logged with the first record. */
  readonly mayWriteNothing?: boolean;
  readonly onNotice: (message: string) => void;
  readonly onFailure?: (error: Error) => void;
  /** The clock of this machine is right, however far it is ahead of when the store ran last. */
  readonly acceptClock?: boolean;
  /** For tests: what stands in for the real disk, or around the real parts. */
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
  /** Lets what is in flight finish, writes a snapshot, lets go of the folder. */
  close(): Promise<void>;
}

/** @throws LogLockedError, LogDamagedError, DivergedError; errors of the file system as they are */
export async function openStore(options: StoreOptions): Promise<Store> {
  const { dataFolder, onNotice } = options;
  const onFile = options.log === 'file';
  if (onFile && options.disk === undefined) requireNothingLost(dataFolder);
  const opened = onFile
    ? await openFileLog({ folder: dataFolder, onNotice, ...(options.disk === undefined ? {} : { disk: options.disk }) })
    : await openMemoryLog({ onNotice });
  const log = options.wrapLog?.(opened) ?? opened;
  try {
    const end = await log.end();
    const [newest = 0] = onFile ? snapshotPositions(dataFolder) : [];
    if (newest >= end) {
      throw new UserError(
        `the folder ${dataFolder} has a snapshot at position ${newest}, but its log ends at ${end - 1}: a part of the log is missing. ` +
          'Nothing was changed. Restore the log from a copy, or move the folder aside',
      );
    }
    const engine = options.makeEngine?.() ?? (onFile ? loadNewestSnapshot(dataFolder, onNotice) : undefined);
    if ((engine?.position ?? 0) + 1 < log.start()) {
      throw new UserError(
        `the log in ${dataFolder} begins at position ${log.start()}, since what lay before was trimmed, and no snapshot reaches so far that ` +
          'this program can use. Nothing was changed. Start the program version that wrote the snapshots, or restore a backup',
      );
    }
    const snapshot = engine?.position ?? 0;
    const time = options.time ?? systemTime;
    if (onFile && end > 1) {
      const isAccepted = options.acceptClock ?? false;
      const clock = { wallMs: time.wallMs(), lastTimeMs: log.lastTimeMs(), isStoppedCleanly: newest === end - 1 };
      checkClock({ folder: dataFolder, ...clock, isAccepted, onNotice });
    }
    const node = await Node.start({
      log,
      ...(engine === undefined ? {} : { engine }),
      time,
      ...(options.maxWaitMs === undefined ? {} : { maxWaitMs: options.maxWaitMs }),
      ...(options.onFailure === undefined ? {} : { onFailure: options.onFailure }),
      onNotice,
    });
    const fresh = node.engine.isEmpty;
    if (fresh) await node.begin(genesis(options.maxKeys ?? defaultMaxKeys));
    const epoch = randomBytes(6).toString('hex');
    if (options.mayWriteNothing === true) {
      node.announceLater(epoch);
    } else {
      await node.announceStart(epoch);
      await applySettings(node, options.maxKeys);
    }
    if (options.demo === 'yes' || (options.demo === 'fresh' && fresh)) await stock(node);
    const ground = onFile ? await Ground.stand(dataFolder, opened, node, time) : null;
    return { node, log, fresh, snapshot, close: () => close(node, log, ground, onNotice) };
  } catch (error) {
    await log.close();
    throw error;
  }
}

/** A folder that no server holds, as the other commands open it: nothing is stocked, and settings stay as they are. */
export function openStopped(dataFolder: string): Promise<Store> {
  const onNotice = (message: string): void => console.error(message);
  const acceptClock = truthOf(environmentOf(programFolder), 'HOLDFAST_ACCEPT_CLOCK') ?? false;
  const opened = { dataFolder, log: 'file', demo: 'no', maxKeys: null, mayWriteNothing: true } as const;
  return openStore({ ...opened, acceptClock, onNotice });
}

/** Orders are remembered for a day, a hold's operations until ten minutes after its end. */
function genesis(maxKeys: number): Genesis {
  const word = (): number => randomInt(2 ** 32);
  return {
    engineVersion,
    cell: 0,
    hashKey: [word(), word(), word(), word()],
    orderKeyRetentionMs: 24 * 3600 * 1000,
    holdKeyRetentionMs: 10 * 60 * 1000,
    sweepLimit: 1000,
    maxKeys,
  };
}

/**
 * A setting that lasts is a record: a changed flag is logged, once, and so is that this program's rules hold from here on,
 * where an older program wrote the log. Null leaves what the log says.
 */
async function applySettings(node: Node, maxKeys: number | null): Promise<void> {
  const { settings, version } = node.engine.state;
  const change: SettingsChange = {
    ...(maxKeys === null || maxKeys === settings.maxKeys ? {} : { maxKeys }),
    ...(version < engineVersion ? { engineVersion } : {}),
  };
  if (Object.keys(change).length === 0) return;
  const command = new Command().reset(kinds.settings);
  command.body = change;
  await node.submit(command, () => undefined, undefined);
}

/** Stocks the demonstration; without effect where it was done before. Returns whether it had one. */
export async function stock(node: Node): Promise<boolean> {
  const command = new Command().reset(kinds.seed);
  command.body = demonstration;
  return await node.submit(command, (outcome) => outcome.row.code === 'OK', undefined);
}

/** `ground`: null for a log in memory. */
/** Spares the next start the replay of the log. Without room for it, that start takes longer: nothing is lost. */
function leaveSnapshot(folder: string, engine: Engine, onNotice: (message: string) => void): void {
  try {
    saveSnapshot(folder, engine, lowestStartingPosition(readFollowerRecords(folder)));
  } catch (error) {
    if (!isNoRoom(error)) throw error;
    onNotice(`no room for a snapshot in ${folder}: the next start replays the log instead`);
  }
}

async function close(node: Node, log: Log, ground: Ground | null, onNotice: (message: string) => void): Promise<void> {
  await node.close();
  const { engine } = node;
  const isClean = node.failureReason === null;
  if (ground !== null && isClean && !engine.isEmpty) {
    const { folder } = ground;
    const [newest] = snapshotPositions(folder);
    if (newest !== engine.position) leaveSnapshot(folder, engine, onNotice);
  }
  await log.close();
  await ground?.leave(isClean);
}
