/**
 * `holdfast follow`: keeps the SQL views up to date and writes snapshots, in a process of its own.
 * `serve` starts one; it can also be started by itself.
 */
import fs from 'node:fs';
import os from 'node:os';
import type { FollowerView } from '../store/follower-records.ts';
import { SnapshotFollower } from '../followers/snapshots/snapshot-follower.ts';
import { SnapshotWriter } from '../followers/snapshots/snapshot-writer.ts';
import { SqlFollower } from '../followers/sql/follower.ts';
import { followerNameOf, openSqlDatabase } from '../followers/sql/open.ts';
import { RepairNeededError } from '../followers/sql/place-in-log.ts';
import { ConstraintError, SchemaError } from '../followers/sql/database.ts';
import type { Logger } from '../http/logging.ts';
import { createLogger } from '../http/logging.ts';
import { FileLogReader } from '../log/file/reader.ts';
import { LogDamagedError } from '../log/log.ts';
import { DivergedError } from '../replica/outcome-checks.ts';
import { reasonOf } from '../reason.ts';
import type { CliCommand } from './command.ts';
import { programFolder } from './command.ts';
import { FollowerNotes } from './follower-notes.ts';
import { exitNeedsOperator } from './follower-process.ts';
import { requireLog } from './folder-flags.ts';
import type { FollowSettings } from './settings.ts';
import { environmentOf, readFollowSettings } from './settings.ts';

/** The record's name for a follower without a database. */
const snapshotsName = 'snapshots';

export const follow: CliCommand = {
  summary: 'Keep the SQL views up to date, and write snapshots',
  usage: `holdfast follow [--data ./data] [--sql sqlite] [--snapshot-every 1000000] [--log-level info]

  Reads the log of a data folder and writes sales, orders, cards, taps and all else into tables, exactly once, whatever kills it. Now and
  then it writes a snapshot, from which a start is quick. \`serve\` starts one by itself: start another only beside \`serve --sql none\`.
  Ends by a signal.
  --sql sqlite        views.sqlite in the data folder; or file:PATH, or postgres://USER:PASSWORD@HOST/DATABASE; or none: snapshots alone
  --snapshot-every N  a snapshot after so many records, or after five minutes and 10000
  --until-stdin-ends  ends with whoever holds the other end of its stdin`,
  run: async (args) => {
    const settings = readFollowSettings(args, environmentOf(programFolder));
    const { dataFolder, sql } = settings;
    const logger = createLogger(settings.logLevel);
    giveWay(logger);
    requireLog(dataFolder);
    const ending = new AbortController();
    endBySignal(ending);
    if (settings.flags['until-stdin-ends'] === true) endByStdin(ending);
    const name = sql === null ? snapshotsName : followerNameOf(sql, dataFolder);
    const onTrouble = (reason: string): void => logger.debug({ reason }, 'how far it is could not be noted');
    const notes = new FollowerNotes({ folder: dataFolder, name, onTrouble });
    try {
      await pursueLog(settings, notes, logger, ending.signal);
    } catch (error) {
      if (!ending.signal.aborted)
        return stopped(
          error,
          sql === null ? 'no snapshots are written' : 'the SQL views are not kept up to date',
          notes,
          logger,
        );
    } finally {
      // If left open, it would keep a finished process alive.
      process.stdin.destroy();
    }
    notes.end('stopped', null);
    // The next follower starts from the newest snapshot, so nothing has to be kept for this one.
    if (sql === null) notes.forget();
    return 0;
  },
};

/** Follows until the signal. */
async function pursueLog(
  { dataFolder, sql, snapshotEvery }: FollowSettings,
  notes: FollowerNotes,
  logger: Logger,
  signal: AbortSignal,
): Promise<void> {
  const onNotice = (message: string): void => logger.info({}, message);
  const parts = {
    folder: dataFolder,
    log: new FileLogReader({ folder: dataFolder }),
    snapshots: new SnapshotWriter({ dataFolder, everyRecords: snapshotEvery, onNotice }),
    onNotice,
    onProgress: (view: FollowerView) => notes.take(view),
    signal,
  };
  if (sql === null) {
    const follower = new SnapshotFollower(parts);
    logger.info({ position: follower.engine.position }, 'following, for snapshots alone');
    return await follower.run();
  }
  const follower = await SqlFollower.start({ ...parts, openDatabase: () => openSqlDatabase(sql) });
  logger.info({ position: follower.view().position }, 'following into SQL');
  try {
    await follower.run();
  } finally {
    await follower.close();
  }
}

/** The sale comes first: the CPU time that it leaves is enough to follow. */
function giveWay(logger: Logger): void {
  const low = os.constants.priority.PRIORITY_LOW;
  try {
    os.setPriority(low);
  } catch (error) {
    logger.warn({ error: String(error) }, 'the priority could not be lowered');
  }
  // On Linux each thread has its own priority. The runtime has started some threads by now, such as
  // the compiler's; later ones inherit the priority.
  if (process.platform !== 'linux') return;
  for (const thread of fs.readdirSync('/proc/self/task')) {
    try {
      os.setPriority(Number(thread), low);
    } catch {
      // The thread has ended meanwhile.
    }
  }
}

function endBySignal(ending: AbortController): void {
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => ending.abort());
}

/** The kernel closes the other end, however that process dies. */
function endByStdin(ending: AbortController): void {
  const end = (): void => ending.abort();
  process.stdin.on('end', end).on('close', end).on('error', end).resume();
}

/**
 * Reports why the follower stopped: one sentence for a fault that only an operator can mend. Any
 * other fault may be gone at the next start.
 */
function stopped(error: unknown, what: string, notes: FollowerNotes, logger: Logger): number {
  const message = reasonOf(error);
  const lasting = [RepairNeededError, ConstraintError, SchemaError, DivergedError, LogDamagedError].some(
    (type) => error instanceof type,
  );
  const known = notes.end(error instanceof DivergedError ? 'diverged' : 'stopped', message);
  // `serve` restarts it again and again; the reason is logged once.
  const fields = lasting || !(error instanceof Error) ? {} : { stack: error.stack };
  if (known) logger.debug(fields, message);
  else logger.fatal(fields, `${what}: ${message}`);
  return lasting ? exitNeedsOperator : 1;
}
