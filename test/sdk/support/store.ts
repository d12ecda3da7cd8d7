/**
 * A store of its own for a test: a child process that can be killed and started again at the same
 * address.
 */
import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../../', import.meta.url));
/** The store runs on Bun, on either runtime of the test. */
const bun = process.versions['bun'] === undefined ? path.join(root, 'node_modules/bun/bin/bun.exe') : process.execPath;

export const operatorKey = 'the-key-of-the-operator';

export class Store {
  /** Where it is; the same after a restart. */
  url = '';
  readonly folder = fs.mkdtempSync(path.join(os.tmpdir(), 'holdfast-sdk-'));
  private child: ChildProcess | null = null;
  private readonly key: string | null;

  /** `key`: the operator's; null for a store where everybody on this machine is one. */
  constructor(key: string | null = operatorKey) {
    this.key = key;
  }

  /** Starts it; again after a kill. */
  async start(): Promise<void> {
    const port = this.url === '' ? '0' : new URL(this.url).port;
    const flags = [
      'serve',
      '--port',
      port,
      '--data',
      this.folder,
      '--doors',
      'v1,seats,gates',
      '--no-demo',
      '--log-level',
      'warn',
    ];
    const child = spawn(bun, ['--no-env-file', path.join(root, 'src/cli/main.ts'), ...flags], {
      env: {
        PATH: process.env['PATH'],
        HOLDFAST_SQL: 'none',
        ...(this.key === null ? {} : { HOLDFAST_OPERATOR_KEY: this.key }),
      },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    this.child = child;
    let printed = '';
    this.url = await new Promise((resolve, reject) => {
      child.once('exit', () => reject(new Error(`the store ended before it was ready: ${printed}`)));
      child.stdout.on('data', (bytes: Buffer) => {
        printed += bytes.toString();
        const url = /^holdfast ready (http:\S+)/m.exec(printed)?.[1];
        if (url !== undefined) resolve(url);
      });
    });
  }

  /** `kill -9`; resolves when it is gone. */
  async kill(): Promise<void> {
    const { child } = this;
    if (child === null || child.exitCode !== null || child.signalCode !== null) return;
    const gone = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGKILL');
    await gone;
  }

  async end(): Promise<void> {
    await this.kill();
    fs.rmSync(this.folder, { recursive: true, force: true });
  }
}

/** Runs a test with a store, which is gone afterwards. */
export async function withStore(use: (store: Store) => Promise<void>, key?: null): Promise<void> {
  const store = new Store(key);
  try {
    await store.start();
    await use(store);
  } finally {
    await store.end();
  }
}
