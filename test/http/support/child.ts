/**
 * The store as a process of its own, for what only a process can show: signals, sudden ends, what
 * it prints.
 */
import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Answer, Asked } from './client.ts';
import { ask } from './client.ts';

const main = fileURLToPath(new URL('../../../src/cli/main.ts', import.meta.url));

export class ChildStore {
  readonly port: number;
  readonly pid: number;
  /** Resolves with the exit code, or the signal that ended it. */
  readonly ended: Promise<number | string>;
  private readonly child: ChildProcess;
  private readonly errors: () => string;

  private constructor(child: ChildProcess, port: number, ended: Promise<number | string>, errors: () => string) {
    this.child = child;
    this.pid = child.pid ?? 0;
    this.port = port;
    this.ended = ended;
    this.errors = errors;
  }

  /** `prefix`: what runs it, such as a shell that sets a limit. */
  static async start(
    folder: string,
    args: readonly string[] = [],
    environment: Record<string, string> = {},
    program = main,
    prefix: readonly string[] = [],
  ): Promise<ChildStore> {
    const flags = ['serve', '--port', '0', '--drops-port', '0', '--data', folder, '--no-demo', ...args];
    const [first = '', ...rest] = [...prefix, process.execPath, program, ...flags];
    const child = spawn(first, rest, {
      env: { PATH: process.env['PATH'], HOLDFAST_SQL: 'none', ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let printed = '';
    let errors = '';
    child.stderr.on('data', (bytes: Buffer) => (errors += bytes.toString()));
    const ended = new Promise<number | string>((resolve) => {
      child.on('close', (code, signal) => resolve(code ?? signal ?? 'unknown'));
    });
    const ready = new Promise<number>((resolve) => {
      child.stdout.on('data', (bytes: Buffer) => {
        printed += bytes.toString();
        const port = /^holdfast ready http:\/\/127\.0\.0\.1:(\d+) /m.exec(printed)?.[1];
        if (port !== undefined) resolve(Number(port));
      });
    });
    const port = await Promise.race([ready, ended.then(() => 0)]);
    if (port === 0) throw new Error(`the store ended before it was ready: ${errors}`);
    return new ChildStore(child, port, ended, () => errors);
  }

  /** What it has written to stderr so far. */
  get logged(): string {
    return this.errors();
  }

  ask(method: string, target: string, asked: Asked = {}): Promise<Answer> {
    return ask(this.port, method, target, asked);
  }

  async kill(signal: NodeJS.Signals): Promise<number | string> {
    this.child.kill(signal);
    return await this.ended;
  }
}

/** A folder of its own for one test. */
export async function withDataFolder(use: (folder: string) => Promise<void>): Promise<void> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'holdfast-http-'));
  try {
    await use(folder);
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
}
