/**
 * A running `holdfast serve`: a child process, started, killed and stopped by its id. None outlives
 * us, whatever way we end. It takes no setting from our environment: a limit or a key that is meant
 * for another server would change what is proved.
 */
import type { Subprocess } from 'bun';
import fs from 'node:fs';
import path from 'node:path';
import { linesOf, root, signalTree, spawnChild } from './children.ts';

const readyWithinMs = 120_000;

/** As a user starts it, with everything that its start needs. */
export const launched: readonly string[] = [path.join(root, 'bin', 'holdfast'), 'serve'];

/** The program itself, so that a signal meets the server and nothing before it. */
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
  /** Where the drops dialect listens; 0 for nowhere. */
  readonly dropsPort?: number;
  /** What its follower writes into; none when not said. */
  readonly sql?: 'none' | 'sqlite';
  /** Takes what the server prints on stderr; ours when not said. */
  readonly logFile?: string;
}

/** How a process ended. */
export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** The server ended, or stayed silent, where it should have become ready. */
export class NotReadyError extends Error {
  override readonly name = 'NotReadyError';
}

export class ServerProcess {
  readonly ended: Promise<Ended>;
  /** Set when the process is no more. */
  end: Ended | null = null;
  private readonly child: Subprocess;
  private readonly logFile: string | null;
  private readonly isLaunched: boolean;
  private readonly urlSaid: Promise<string>;

  /** Starts it, and does not wait. */
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

  /** The address it listens at, once it can answer. @throws NotReadyError */
  async ready(): Promise<string> {
    const first = await withPatience<string | Ended>([this.urlSaid, this.ended]);
    if (typeof first === 'string') return first;
    const how = first === null ? `said nothing within ${readyWithinMs / 1000} s` : `ended with ${endText(first)}`;
    const said = this.logFile === null ? 'its own words are above' : `it printed: ${this.lastPrinted()}`;
    throw new NotReadyError(`the server ${how} instead of becoming ready; ${said}`);
  }

  /** `kill -9`: at once, whatever it is doing. Resolves when it is gone. */
  async kill(): Promise<void> {
    // What was started by the launcher is its child; without it, the signal goes to the server
    // alone and needs no looking around.
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

  /** The end of what it printed on stderr, where that goes into a file. */
  lastPrinted(): string {
    const { logFile } = this;
    const text = logFile !== null && fs.existsSync(logFile) ? fs.readFileSync(logFile, 'utf8') : '';
    return text.trim().split('\n').slice(-3).join(' | ').slice(-1500) || '(nothing)';
  }
}

export function endText({ code, signal }: Ended): string {
  return signal === null ? `exit code ${code}` : `signal ${signal}`;
}

/** The first to be there, or null after a while. */
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
 * What may set a server by the environment or by a file of settings; `.env.example` names the same.
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
  // Set to nothing rather than left out, since what is set wins over a file of settings.
  const cleared = Object.fromEntries([...settingNames, ...own].map((name) => [name, '']));
  return {
    ...process.env,
    ...cleared,
    HOLDFAST_OPERATOR_KEY: operatorKey ?? '',
    HOLDFAST_DROPS_PORT: String(dropsPort),
    HOLDFAST_SQL: sql,
  };
}
