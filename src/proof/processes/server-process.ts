/**
 * A running `holdfast serve`: a child process, started, killed and stopped by its id. None outlives
 * this process, however it ends. It takes no setting from our environment: a limit or a key meant
 * for another server would change what is proved.
 */
import type { Subprocess } from 'bun';
import fs from 'node:fs';
import path from 'node:path';
import { linesOf, root, signalTree, spawnChild } from './children.ts';

const readyWithinMs = 120_000;

/** As a user starts it, through the launcher. */
export const launched: readonly string[] = [path.join(root, 'bin', 'holdfast'), 'serve'];

/** The program itself: a signal reaches the server directly. */
export function direct(program: string | null): readonly string[] {
  const bun = [process.execPath, '--no-env-file', '--no-install'];
  return program === null
    ? [...bun, path.join(root, 'src', 'cli', 'main.ts'), 'serve']
    : [...bun, path.resolve(program)];
}

export interface ServerOptions {
  readonly command: readonly string[];
  readonly dataFolder: string;
  readonly operatorKey: string | null;
  /** Port of the drops dialect; 0 for none. */
  readonly dropsPort?: number;
  /** The database of its follower; none by default. */
  readonly sql?: 'none' | 'sqlite';
  /** Receives the server's stderr; by default it goes to ours. */
  readonly logFile?: string;
}

/** How a process ended. */
export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** The server ended, or stayed silent, instead of becoming ready. */
export class NotReadyError extends Error {
  override readonly name = 'NotReadyError';
}

export class ServerProcess {
  readonly ended: Promise<Ended>;
  /** Set when the process has ended. */
  end: Ended | null = null;
  private readonly child: Subprocess;
  private readonly logFile: string | null;
  private readonly isLaunched: boolean;
  private readonly urlSaid: Promise<string>;

  /** Starts it without waiting. */
  constructor(options: ServerOptions) {
    const { command, dataFolder, logFile } = options;
    this.logFile = logFile ?? null;
    this.isLaunched = command === launched;
    const flags = ['--port', '0', '--no-demo', '--log-level', 'warn', '--data', dataFolder];
    const stderr = logFile === undefined ? 'inherit' : fs.openSync(logFile, 'a');
    this.child = spawnChild([...command, ...flags], { stdio: ['ignore', 'pipe', stderr], env: environmentOf(options) });
    if (typeof stderr === 'number') fs.closeSync(stderr);
    this.ended = this.child.exited.then(() => {
      const { exitCode: code, signalCode: signal } = this.child;
      const end = { code, signal: signal as NodeJS.Signals | null };
      this.end = end;
      return end;
    });
    this.urlSaid = new Promise((resolve) => {
      void linesOf(this.child, (line) => {
        const url = /^holdfast ready (http:\/\/[^\s/]+)/.exec(line)?.[1];
        if (url !== undefined) resolve(url);
      });
    });
  }

  get pid(): number {
    return this.child.pid;
  }

  /** The address it listens at, as soon as it answers. @throws NotReadyError */
  async ready(): Promise<string> {
    const first = await withPatience<string | Ended>([this.urlSaid, this.ended]);
    if (typeof first === 'string') return first;
    const how = first === null ? `said nothing within ${readyWithinMs / 1000} s` : `ended with ${endText(first)}`;
    const said = this.logFile === null ? 'its own words are above' : `it printed: ${this.lastPrinted()}`;
    throw new NotReadyError(`the server ${how} instead of becoming ready; ${said}`);
  }

  /** `kill -9`, at any moment. Resolves when it is gone. */
  async kill(): Promise<void> {
    // The launcher's server is its child. Without the launcher the signal goes to the server alone,
    // and no descendants need to be found.
    if (this.isLaunched) signalTree(this.pid, 'SIGKILL');
    else this.child.kill('SIGKILL');
    await this.ended;
  }

  /** Asks it to stop, as an operator does. @throws when it does not */
  async stop(): Promise<Ended> {
    this.child.kill('SIGTERM');
    const ended = await withPatience([this.ended]);
    if (ended !== null) return ended;
    signalTree(this.pid, 'SIGKILL');
    await this.ended;
    throw new Error(`the server did not stop within ${readyWithinMs / 1000} s of SIGTERM`);
  }

  /** The last part of its stderr, where that goes into a file. */
  lastPrinted(): string {
    const { logFile } = this;
    const text = logFile !== null && fs.existsSync(logFile) ? fs.readFileSync(logFile, 'utf8') : '';
    return text.trim().split('\n').slice(-3).join(' | ').slice(-1500) || '(nothing)';
  }
}

export function endText({ code, signal }: Ended): string {
  return signal === null ? `exit code ${code}` : `signal ${signal}`;
}

/** The first to resolve, or null after a while. */
async function withPatience<Value>(some: readonly Promise<Value>[]): Promise<Value | null> {
  const late = Promise.withResolvers<null>();
  const timer = setTimeout(() => late.resolve(null), readyWithinMs);
  try {
    return await Promise.race([...some, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}

/**
 * The settings that a server takes from the environment or from `.env`; `.env.example` names the
 * same.
 */
export const settingNames: readonly string[] = [
  'PORT LOG_LEVEL CORS_ORIGIN FRONTEND_URL DATABASE_URL PGSSLMODE',
  'HOLDFAST_HOST HOLDFAST_DATA HOLDFAST_LOG HOLDFAST_SQL HOLDFAST_SNAPSHOT_EVERY HOLDFAST_TRIM HOLDFAST_DOORS',
  'HOLDFAST_DROPS_PORT HOLDFAST_CURRENCY HOLDFAST_OPEN HOLDFAST_DEMO HOLDFAST_MAX_KEYS HOLDFAST_ACCEPT_CLOCK',
  'HOLDFAST_IDLE_SECONDS HOLDFAST_FREE_RATE HOLDFAST_FREE_BURST HOLDFAST_HELD_BY_CUSTOMER HOLDFAST_HELD_BY_ADDRESS',
  'HOLDFAST_OPERATOR_KEY HOLDFAST_SECRET HOLDFAST_SECRET_PREVIOUS HOLDFAST_TRUSTED_PROXIES HOLDFAST_PUBLIC_HOSTS',
].flatMap((names) => names.split(' '));

function environmentOf({
  operatorKey,
  dropsPort = 0,
  sql = 'none',
}: ServerOptions): Record<string, string | undefined> {
  const own = Object.keys(process.env).filter((name) => name.startsWith('HOLDFAST_'));
  // Set to nothing rather than left out, since the environment wins over `.env`.
  const cleared = Object.fromEntries([...settingNames, ...own].map((name) => [name, '']));
  return {
    ...process.env,
    ...cleared,
    HOLDFAST_OPERATOR_KEY: operatorKey ?? '',
    HOLDFAST_DROPS_PORT: String(dropsPort),
    HOLDFAST_SQL: sql,
  };
}
