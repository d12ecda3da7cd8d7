/**
 * The follower that `serve` starts: a process of its own, which dies with this one and is started
 * again when it dies first.
 *
 *     running --ends, and may be started again--> resting (0.5 s, then longer, at most 30 s) --> running
 *        |----says that somebody has to do something first--> resting (a minute) --> running
 *     any of them --stop--> stopped
 *
 * It holds a pipe of ours as its stdin and reads nothing from it: the kernel closes the pipe
 * however this process dies, and the follower ends.
 */
import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { SqlPlace } from '../followers/sql/open.ts';
import type { Logger, LogLevel } from '../http/logging.ts';
import { reasonOf } from '../reason.ts';
import { programFolder } from './command.ts';

/**
 * Exit code of a follower when somebody has to do something first: starting it again soon is no
 * use.
 */
export const exitNeedsOperator = 3;

const minRestMs = 500;
const maxRestMs = 30_000;
/** After a failure that a new start cannot mend. */
const needsOperatorRestMs = 60_000;
/** Who ran so long did not die of its start. */
const longRunMs = 60_000;
/** How long it may take to end when it is asked to, ms. */
const graceMs = 5000;

/**
 * The runtime and our program on it, with nothing of the folder that this process was started in:
 * as `bin/holdfast` starts it.
 */
const ownCommand = [
  process.execPath,
  '--no-env-file',
  '--no-install',
  `--config=${path.join(programFolder, 'bunfig.toml')}`,
  fileURLToPath(new URL('./main.ts', import.meta.url)),
] as const;

export interface FollowerProcessOptions {
  readonly dataFolder: string;
  readonly sql: SqlPlace;
  /** It writes a snapshot after so many records. */
  readonly snapshotEvery: number;
  readonly logLevel: LogLevel;
  readonly logger: Logger;
  /** For tests: what is run in the place of our own program, with its arguments. */
  readonly command?: readonly [string, ...string[]];
  readonly minRestMs?: number;
}

export class FollowerProcess {
  /** How often it was started. */
  starts = 0;
  private readonly options: FollowerProcessOptions;
  private child: ChildProcess | null = null;
  private timer: ReturnType<typeof setTimeout> | null = null;
  private restMs: number;
  private isStopped = false;
  private exited: Promise<void> = Promise.resolve();

  constructor(options: FollowerProcessOptions) {
    this.options = options;
    this.restMs = options.minRestMs ?? minRestMs;
    this.start();
  }

  /** Null while none runs. */
  get pid(): number | null {
    return this.child?.pid ?? null;
  }

  /** Resolves when it is gone. */
  async stop(): Promise<void> {
    this.isStopped = true;
    if (this.timer !== null) clearTimeout(this.timer);
    const { child } = this;
    if (child === null) return;
    child.kill('SIGTERM');
    const impatience = setTimeout(() => child.kill('SIGKILL'), graceMs);
    await this.exited;
    clearTimeout(impatience);
  }

  private start(): void {
    const { dataFolder, sql, snapshotEvery, logLevel } = this.options;
    const [file, ...args] = this.options.command ?? ownCommand;
    const startedMs = performance.now();
    this.starts += 1;
    const flags = ['--data', dataFolder, '--snapshot-every', String(snapshotEvery), '--log-level', logLevel];
    let child: ChildProcess;
    try {
      child = spawn(file, [...args, 'follow', ...flags, '--until-stdin-ends'], {
        stdio: ['pipe', 'ignore', 'inherit'],
        env: { ...process.env, ...environmentOf(sql) },
      });
    } catch (error) {
      // Out of descriptors or processes the runtime throws on the spot. The sale does without a
      // follower for a while.
      this.rest(reasonOf(error), null, 0);
      return;
    }
    this.child = child;
    // A pipe whose reader is gone is no news: the exit is.
    child.stdin?.on('error', () => undefined);
    this.exited = new Promise((resolve) => {
      const ended = (how: string, code: number | null): void => {
        if (this.child !== child) return;
        this.child = null;
        resolve();
        this.rest(how, code, performance.now() - startedMs);
      };
      child.once('error', (error) => ended(error.message, null));
      child.once('exit', (code, signal) => ended(signal === null ? `exit code ${code}` : `signal ${signal}`, code));
    });
  }

  private rest(how: string, code: number | null, ranMs: number): void {
    if (this.isStopped) return;
    const { logger } = this.options;
    if (ranMs >= longRunMs) this.restMs = this.options.minRestMs ?? minRestMs;
    const lasting = code === exitNeedsOperator;
    const waitMs = lasting ? needsOperatorRestMs : this.restMs;
    if (!lasting) this.restMs = Math.min(2 * this.restMs, maxRestMs);
    // One that needs somebody has said why itself, once; one that was told to end was told by
    // somebody.
    if (lasting || code === 0) logger.debug({ how, waitMs }, 'the SQL follower ended');
    else logger.warn({ how, waitMs }, 'the SQL follower ended and is started again; the sale goes on');
    this.timer = setTimeout(() => this.start(), waitMs);
  }
}

/**
 * An address may hold a password: it is passed on where other users of the machine do not see it.
 */
function environmentOf(sql: SqlPlace): Record<string, string> {
  const { HOLDFAST_SQL, PGSSLMODE } =
    sql.kind === 'sqlite'
      ? { HOLDFAST_SQL: pathToFileURL(sql.file).href, PGSSLMODE: '' }
      : { HOLDFAST_SQL: sql.url, PGSSLMODE: sql.sslMode ?? '' };
  return { HOLDFAST_SQL, PGSSLMODE, HOLDFAST_DATA: '', DATABASE_URL: '' };
}
