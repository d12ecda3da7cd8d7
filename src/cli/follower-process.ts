/**
 * The follower that `serve` starts: a process of its own. It ends with this one, and is restarted
 * when it ends first.
 *
 *     running --ends, a restart may help--> resting (0.5 s, then longer, at most 30 s) --> running
 *        |----needs an operator to act first--> resting (a minute) --> running
 *     any of them --stop--> stopped
 *
 * Its stdin is a pipe of ours that carries no data. The kernel closes the pipe however this process
 * dies, and then the follower ends.
 */
import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { SqlPlace } from '../followers/sql/open.ts';
import type { Logger, LogLevel } from '../http/logging.ts';
import { reasonOf } from '../reason.ts';
import { programFolder } from './command.ts';

/** Exit code: an operator must act; do not restart at once. */
export const exitNeedsOperator = 3;

const minRestMs = 500;
const maxRestMs = 30_000;
/** Pause after a failure that a restart cannot mend, ms. */
const needsOperatorRestMs = 60_000;
/** A follower that ran this long did not fail at its start, ms. */
const longRunMs = 60_000;
/** How long it may take to stop, ms. */
const graceMs = 5000;

/**
 * The runtime and our program, started as `bin/holdfast` does it: without settings from the current
 * folder.
 */
export const ownCommand = [
  process.execPath,
  '--no-env-file',
  '--no-install',
  `--config=${path.join(programFolder, 'bunfig.toml')}`,
  fileURLToPath(new URL('./main.ts', import.meta.url)),
] as const;

export interface FollowerProcessOptions {
  readonly dataFolder: string;
  readonly sql: SqlPlace;
  /** It writes a snapshot after this many records. */
  readonly snapshotEvery: number;
  readonly logLevel: LogLevel;
  readonly logger: Logger;
  /** For tests: a command to run in place of our own program. */
  readonly command?: readonly [string, ...string[]];
  readonly minRestMs?: number;
}

export class FollowerProcess {
  /** Number of starts. */
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
      // Without free descriptors or processes the runtime throws at once. The sale goes on without
      // a follower for a while.
      this.rest(reasonOf(error), null, 0);
      return;
    }
    this.child = child;
    // A pipe without a reader needs no report: the exit gets one.
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
    // A follower that needs an operator has said why itself, once. One with code 0 was asked to
    // end.
    if (lasting || code === 0) logger.debug({ how, waitMs }, 'the SQL follower ended');
    else logger.warn({ how, waitMs }, 'the SQL follower ended and is started again; the sale goes on');
    this.timer = setTimeout(() => this.start(), waitMs);
  }
}

/**
 * An address may hold a password, so it goes into the environment, where other users of the machine
 * cannot see it.
 */
function environmentOf(sql: SqlPlace): Record<string, string> {
  const { HOLDFAST_SQL, PGSSLMODE } =
    sql.kind === 'sqlite'
      ? { HOLDFAST_SQL: pathToFileURL(sql.file).href, PGSSLMODE: '' }
      : { HOLDFAST_SQL: sql.url, PGSSLMODE: sql.sslMode ?? '' };
  return { HOLDFAST_SQL, PGSSLMODE, HOLDFAST_DATA: '', DATABASE_URL: '' };
}
