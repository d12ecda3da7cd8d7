/** `holdfast follow`: keeps the SQL views up to date, in a process of its own. `serve` starts one; it may as well run by itself. */
import fs from 'node:fs';
import os from 'node:os';
import type { FollowerProgress } from '../followers/progress.ts';
import { loadProgress, saveProgress, tidyProgress } from '../followers/progress.ts';
import type { FollowerView } from '../followers/sql/follower.ts';
import { SqlFollower } from '../followers/sql/follower.ts';
import { openSqlStore } from '../followers/sql/open.ts';
import { RepairNeededError } from '../followers/sql/place-in-log.ts';
import { ConstraintError, SchemaError } from '../followers/sql/store.ts';
import type { Logger } from '../http/logging.ts';
import { createLogger } from '../http/logging.ts';
import { FileLogReader } from '../log/file/reader.ts';
import { LogDamagedError } from '../log/log.ts';
import { DivergedError } from '../replica/outcome-checks.ts';
import type { CliCommand } from './command.ts';
import { programFolder } from './command.ts';
import { exitNeedsSomebody, sqlFollowerName } from './follower-process.ts';
import { requireLog } from './folder.ts';
import { environmentOf, readSqlSettings } from './settings.ts';

/** The note of how far it is, is written at most so often, ms. */
const progressMs = 250;

export const follow: CliCommand = {
  summary: 'Keep the SQL views up to date',
  usage: `holdfast follow [--data ./data] [--sql sqlite] [--log-level info]

  Reads the log of a data folder and writes sales, holds, orders and customers into tables, exactly once, whatever kills it.
  \`serve\` starts one by itself: start another only beside \`serve --sql none\`. Ends by a signal.
  --sql sqlite        views.sqlite in the data folder; or file:PATH, or postgres://USER:PASSWORD@HOST/DATABASE
  --until-stdin-ends  ends with whoever holds the other end of its stdin`,
  run: async (args) => {
    const settings = readSqlSettings(args, environmentOf(programFolder), ['until-stdin-ends']);
    const { dataFolder } = settings;
    const logger = createLogger(settings.logLevel);
    giveWay(logger);
    requireLog(dataFolder);
    const ending = new AbortController();
    endBySignal(ending);
    if (settings.flags['until-stdin-ends'] === true) endByStdin(ending);
    const notes = new Notes(dataFolder, logger);
    try {
      const follower = await SqlFollower.start({
        folder: dataFolder,
        log: new FileLogReader({ folder: dataFolder }),
        openStore: () => openSqlStore(settings.sql),
        onNotice: (message) => logger.info({}, message),
        onProgress: (view) => notes.take(view),
        signal: ending.signal,
      });
      logger.info({ position: follower.view().position }, 'following into SQL');
      try {
        await follower.run();
      } finally {
        await follower.close();
      }
    } catch (error) {
      if (!ending.signal.aborted) return stopped(error, notes, logger);
    } finally {
      // Open, it would keep a process alive that has nothing left to do.
      process.stdin.destroy();
    }
    notes.write();
    return 0;
  },
};

/** The sale comes first: whatever it leaves of the processors is enough to follow. */
function giveWay(logger: Logger): void {
  const low = os.constants.priority.PRIORITY_LOW;
  try {
    os.setPriority(low);
  } catch (error) {
    logger.warn({ error: String(error) }, 'the priority could not be lowered');
  }
  // On Linux a priority is a thread's: the runtime has started some by now, the compiler's among them. Later ones inherit it.
  if (process.platform !== 'linux') return;
  for (const thread of fs.readdirSync('/proc/self/task')) {
    try {
      os.setPriority(Number(thread), low);
    } catch {
      // It has ended meanwhile.
    }
  }
}

function endBySignal(ending: AbortController): void {
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => ending.abort());
}

/** The kernel closes the other end however the process at it dies. */
function endByStdin(ending: AbortController): void {
  const end = (): void => ending.abort();
  process.stdin.on('end', end).on('close', end).on('error', end).resume();
}

/** What only a person can mend, in one sentence; anything else may be gone at the next start. */
function stopped(error: unknown, notes: Notes, logger: Logger): number {
  const message = error instanceof Error ? error.message : String(error);
  const lasting = [RepairNeededError, ConstraintError, SchemaError, DivergedError, LogDamagedError].some(
    (type) => error instanceof type,
  );
  const known = notes.stop(message);
  // Started again by `serve`, it is told once and not each time.
  const fields = lasting || !(error instanceof Error) ? {} : { stack: error.stack };
  if (known) logger.debug(fields, message);
  else logger.fatal(fields, `the SQL views are not kept up to date: ${message}`);
  return lasting ? exitNeedsSomebody : 1;
}

/** Writes how far the follower is: changes of its state at once, positions now and then. */
class Notes {
  private readonly folder: string;
  private readonly logger: Logger;
  /** What the one before left: it holds while this one does not know yet how far its store is. */
  private readonly previous: FollowerProgress | null;
  private latest: FollowerView = { state: 'starting', position: 0, durablePosition: 0, logTimeMs: 0, message: null };
  private writtenState: FollowerView['state'] | null = null;
  private writtenMs = -Infinity;
  /** The file says what `latest` says. */
  private isWritten = false;

  constructor(folder: string, logger: Logger) {
    this.folder = folder;
    this.logger = logger;
    tidyProgress(folder, sqlFollowerName);
    this.previous = loadProgress(folder, sqlFollowerName);
  }

  take(view: FollowerView): void {
    const { state, position, durablePosition, message } = this.latest;
    const same =
      view.state === state &&
      view.position === position &&
      view.durablePosition === durablePosition &&
      view.message === message;
    this.latest = view;
    if (same && this.isWritten) return;
    this.isWritten = false;
    if (view.state !== this.writtenState || performance.now() - this.writtenMs >= progressMs) this.write();
  }

  write(): void {
    const { latest, previous } = this;
    const known = latest.position > 0 || previous === null ? latest : previous;
    const { position, durablePosition, logTimeMs } = known;
    const { state, message } = latest;
    this.writtenState = state;
    this.isWritten = true;
    this.writtenMs = performance.now();
    const note = { state, position, durablePosition, logTimeMs, message, pid: process.pid, writtenAtMs: Date.now() };
    try {
      saveProgress(this.folder, sqlFollowerName, note);
    } catch (error) {
      // Somebody reads an older note for a while; the tables are what matters.
      this.logger.debug({ error: String(error) }, 'how far it is could not be noted');
    }
  }

  /** Whether the one before stopped for the same reason. */
  stop(message: string): boolean {
    this.latest = { ...this.latest, state: 'stopped', message };
    this.write();
    return this.previous?.state === 'stopped' && this.previous.message === message;
  }
}
