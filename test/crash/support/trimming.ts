/**
 * Shared by the tests of trimming: a folder with something to trim, and `serve` with its log in a
 * file.
 */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import { createInterface } from 'node:readline';
import type { TestContext } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { readFileLog } from '../../../src/log/file/reader.ts';
import { SmallStore } from '../../support/small-store.ts';
import { program } from './servers.ts';

export interface Server {
  readonly url: string;
  readonly child: ChildProcess;
}

export async function serve(t: TestContext, data: string, logFile: string, ...flags: string[]): Promise<Server> {
  const log = fs.openSync(logFile, 'a');
  const args = ['--no-env-file', program, 'serve', '--port', '0', '--drops-port', '0', '--no-demo', '--data', data];
  const child = spawn(process.execPath, [...args, ...flags], {
    stdio: ['ignore', 'pipe', log],
    env: { ...process.env, HOLDFAST_OPERATOR_KEY: '', HOLDFAST_TRIM: '' },
  });
  fs.closeSync(log);
  t.after(() => child.kill('SIGKILL'));
  assert.ok(child.stdout !== null);
  const line = await createInterface({ input: child.stdout })[Symbol.asyncIterator]().next();
  const url = /^holdfast ready (\S+)/.exec(String(line.value))?.[1];
  assert.ok(url !== undefined, `it did not become ready: ${fs.readFileSync(logFile, 'utf8')}`);
  return { url, child };
}

export async function end({ child }: Server, signal: NodeJS.Signals): Promise<void> {
  const ended = once(child, 'exit');
  child.kill(signal);
  await ended;
}

/** A store of many segments with two snapshots, and no server on it. */
export async function storeToTrim(data: string): Promise<{ older: number; newer: number }> {
  const store = await SmallStore.open(data);
  await store.sell(3000);
  const older = store.snapshot();
  await store.sell(3000);
  const newer = store.snapshot();
  await store.sell(1000);
  await store.close();
  return { older, newer };
}

export interface Line {
  readonly level: string;
  readonly msg: string;
  readonly reason?: string;
}

/** The first line of a log with such a message. */
export async function said(logFile: string, message: RegExp): Promise<Line> {
  const untilMs = performance.now() + 30_000;
  for (;;) {
    const lines = fs.readFileSync(logFile, 'utf8').split('\n').slice(0, -1);
    const found = lines.map((line) => JSON.parse(line) as Line).find(({ msg }) => message.test(msg));
    if (found !== undefined) return found;
    assert.ok(performance.now() < untilMs, `not said: ${message}`);
    await pause(20);
  }
}

export async function startOf(data: string): Promise<number> {
  return (await readFileLog({ folder: data, from: Number.MAX_SAFE_INTEGER })).start;
}
