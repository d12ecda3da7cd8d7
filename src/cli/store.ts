/** Opens a data folder: log, newest snapshot, recovery, genesis, demonstration. Used by `serve` and by what works on a stopped folder. */
import { randomBytes, randomInt } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import type { Genesis } from '../engine/command.ts';
import { Command, kinds } from '../engine/command.ts';
import { engineVersion } from '../engine/state.ts';
import type { Engine } from '../engine/engine.ts';
import { lowestStartingPosition, readFollowerRecords } from '../followers/positions.ts';
import type { Disk } from '../log/disk.ts';
import { openFileLog } from '../log/file/file-log.ts';
import type { Log } from '../log/log.ts';
import { openMemoryLog } from '../log/memory/memory-log.ts';
import type { TimeSource } from '../node/clock.ts';
import { Node } from '../node/node.ts';
import { loadNewestSnapshot, saveSnapshot, snapshotPositions } from '../snapshots/snapshot-files.ts';
import { UserError } from './command.ts';
import { demonstration } from './demonstration.ts';

export interface StoreOptions {
  readonly dataFolder: string;
  readonly log: 'file' | 'memory';
  readonly demo: 'fresh' | 'yes' | 'no';
  /** Most keys kept at a time; null keeps what the log says. */
  readonly maxKeys: number | null;
  readonly onNotice: (message: string) => void;
  readonly onFailure?: (error: Error) => void;
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
    const node = await Node.start({
      log,
      ...(engine === undefined ? {} : { engine }),
      ...(options.time === undefined ? {} : { time: options.time }),
      ...(options.maxWaitMs === undefined ? {} : { maxWaitMs: options.maxWaitMs }),
      ...(options.onFailure === undefined ? {} : { onFailure: options.onFailure }),
    });
    const fresh = node.engine.isEmpty;
    if (fresh) await node.begin(genesis(options.maxKeys ?? defaultMaxKeys));
    else if (options.maxKeys !== null) await applySettings(node, options.maxKeys);
    if (options.demo === 'yes' || (options.demo === 'fresh' && fresh)) await stock(node);
    return { node, log, fresh, snapshot, close: () => close(node, log, onFile ? dataFolder : null) };
  } catch (error) {
    await log.close();
    throw error;
  }
}

/** A folder that no server holds, as the other commands open it: nothing is stocked, and settings stay as they are. */
export function openStopped(dataFolder: string): Promise<Store> {
  const onNotice = (message: string): void => console.error(message);
  return openStore({ dataFolder, log: 'file', demo: 'no', maxKeys: null, onNotice });
}

/** Some 3 GiB of keys. */
export const defaultMaxKeys = 50_000_000;

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

/** A setting that lasts is a record: a changed flag is logged, once. */
async function applySettings(node: Node, maxKeys: number): Promise<void> {
  if (node.engine.state.settings.maxKeys === maxKeys) return;
  const command = new Command().reset(kinds.settings);
  command.body = { maxKeys };
  await node.submit(command, () => undefined, undefined);
}

/** Stocks the demonstration; without effect where it was done before. Returns whether it had one. */
export async function stock(node: Node): Promise<boolean> {
  const command = new Command().reset(kinds.seed);
  command.body = demonstration;
  return await node.submit(command, (outcome) => outcome.row.code === 'OK', undefined);
}

async function close(node: Node, log: Log, dataFolder: string | null): Promise<void> {
  await node.close();
  const { engine } = node;
  if (dataFolder !== null && node.failureReason === null && !engine.isEmpty) {
    const [newest] = snapshotPositions(dataFolder);
    if (newest !== engine.position)
      saveSnapshot(dataFolder, engine, lowestStartingPosition(readFollowerRecords(dataFolder)));
  }
  await log.close();
}

const secretName = 'secret';

/** The secret that signs tokens: given, or made once in the data folder, readable by its owner only. */
export function deploymentSecret(given: string | null, dataFolder: string | null): string {
  if (given !== null) return given;
  if (dataFolder === null) return randomBytes(32).toString('base64url');
  const file = path.join(dataFolder, secretName);
  if (!fs.existsSync(file)) makeSecret(file);
  const secret = fs.readFileSync(file, 'utf8').trim();
  if (secret.length < 32)
    throw new Error(
      `${file} does not hold a secret of at least 32 characters; restore it, or remove it to have a new one made`,
    );
  return secret;
}

/** The file is there whole or not at all, whenever the process is killed, and before any token was given. */
function makeSecret(file: string): void {
  const unfinished = `${file}.tmp`;
  const descriptor = fs.openSync(unfinished, 'w', 0o600);
  fs.writeSync(descriptor, randomBytes(32).toString('base64url'));
  fs.fsyncSync(descriptor);
  fs.closeSync(descriptor);
  fs.renameSync(unfinished, file);
  const folder = fs.openSync(path.dirname(file), 'r');
  fs.fsyncSync(folder);
  fs.closeSync(folder);
}
