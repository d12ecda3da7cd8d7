/** The server under proof: a child process, started, killed and stopped by its id. None outlives us, whatever way we end. */
import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import readline from 'node:readline';
import { fileURLToPath } from 'node:url';
import { patience } from '../verify/clock.ts';

const ownProgram = [fileURLToPath(new URL('../../cli/main.ts', import.meta.url)), 'serve'];
const readyWithinMs = 60_000;
/** Settings that the environment or a file may hold and that the proof decides itself. */
const settled = [
  'HOST',
  'DATA',
  'LOG',
  'TRIM',
  'DOORS',
  'OPEN',
  'DEMO',
  'MAX_KEYS',
  'ACCEPT_CLOCK',
  'SECRET',
  'SECRET_PREVIOUS',
];

const children = new Set<ChildProcess>();
let watching = false;

export interface ServerOptions {
  /** Null: our own. */
  readonly program: string | null;
  readonly dataFolder: string;
  readonly operatorKey: string;
  /** Takes what the server prints on stderr. */
  readonly logFile: string;
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
  private readonly child: ChildProcess;
  private readonly options: ServerOptions;
  private readonly portSaid: Promise<number>;

  /** Starts it, and does not wait. */
  constructor(options: ServerOptions) {
    this.options = options;
    const log = fs.openSync(options.logFile, 'a');
    const program = options.program === null ? ownProgram : [path.resolve(options.program)];
    const flags = ['--port', '0', '--data', options.dataFolder, '--no-demo', '--log-level', 'warn'];
    this.child = spawn(process.execPath, ['--no-env-file', '--no-install', ...program, ...flags], {
      stdio: ['ignore', 'pipe', log],
      env: environment(options.operatorKey),
    });
    fs.closeSync(log);
    watch(this.child);
    this.ended = new Promise((resolve) => {
      this.child.once('exit', (code, signal) => {
        children.delete(this.child);
        this.end = { code, signal };
        resolve(this.end);
      });
    });
    this.portSaid = new Promise((resolve) => {
      const { stdout } = this.child;
      if (stdout === null) throw new Error('the server was started without a pipe for its output');
      readline.createInterface({ input: stdout }).on('line', (line) => {
        const port = /^holdfast ready http:\/\/[^\s/]+:(\d+)/.exec(line)?.[1];
        if (port !== undefined) resolve(Number(port));
      });
    });
  }

  /** The port it listens on, once it can answer. @throws NotReadyError */
  async ready(): Promise<number> {
    const first = await Promise.race([this.portSaid, this.ended, patience(readyWithinMs)]);
    if (typeof first === 'number') return first;
    const how = first === undefined ? `said nothing within ${readyWithinMs / 1000} s` : `ended with ${endText(first)}`;
    throw new NotReadyError(`the server ${how} instead of becoming ready; it printed: ${this.lastPrinted()}`);
  }

  /** `kill -9`: at once, whatever it is doing. Resolves when it is gone. */
  async kill(): Promise<void> {
    this.child.kill('SIGKILL');
    await this.ended;
  }

  /** Asks it to stop, as an operator does. */
  async stop(): Promise<Ended> {
    this.child.kill('SIGTERM');
    const ended = await Promise.race([this.ended, patience(readyWithinMs)]);
    if (ended !== undefined) return ended;
    await this.kill();
    throw new Error(`the server did not stop within ${readyWithinMs / 1000} s of SIGTERM`);
  }

  /** The end of what it printed on stderr. */
  lastPrinted(): string {
    const text = fs.existsSync(this.options.logFile) ? fs.readFileSync(this.options.logFile, 'utf8') : '';
    return text.trim().split('\n').slice(-3).join(' | ').slice(-1500) || '(nothing)';
  }
}

export function endText({ code, signal }: Ended): string {
  return signal === null ? `exit code ${code}` : `signal ${signal}`;
}

/** Ours, without what would change the server; empty means not set, and wins over a file of settings. */
function environment(operatorKey: string): NodeJS.ProcessEnv {
  const cleared = Object.fromEntries(settled.map((name) => [`HOLDFAST_${name}`, '']));
  const ports = { PORT: '', HOLDFAST_DROPS_PORT: '0' };
  // What is proved is the sale; SQL is behind it, and `reconcile` proves that.
  const alone = { HOLDFAST_SQL: 'none' };
  return {
    ...process.env,
    ...cleared,
    ...ports,
    ...alone,
    LOG_LEVEL: '',
    CORS_ORIGIN: '',
    HOLDFAST_OPERATOR_KEY: operatorKey,
  };
}

function watch(child: ChildProcess): void {
  children.add(child);
  if (watching) return;
  watching = true;
  process.on('exit', killAll);
}

/** Ends by their ids whatever we started and is still there. */
export function killAll(): void {
  for (const child of children) child.kill('SIGKILL');
}
