/**
 * Servers for the tests: each a process with its own folder. They end with the test, even when it
 * fails.
 */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import { direct, ServerProcess } from '../../../src/proof/processes/server-process.ts';

export interface RunningServer {
  readonly url: string;
  readonly port: number;
  readonly process: ServerProcess;
}

export function temporaryFolder(t: TestContext): string {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'holdfast-crash-'));
  t.after(() => fs.rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));
  return folder;
}

/** A server on `folder/data`, at the start of its life. */
export function spawnServer(t: TestContext, folder: string): ServerProcess {
  const server = new ServerProcess({
    command: direct(null),
    dataFolder: path.join(folder, 'data'),
    operatorKey: null,
    logFile: path.join(folder, 'server.log'),
  });
  t.after(() => server.kill());
  return server;
}

export async function startServer(t: TestContext, folder: string): Promise<RunningServer> {
  const server = spawnServer(t, folder);
  const url = await server.ready();
  return { url, port: Number(new URL(url).port), process: server };
}

export const program = fileURLToPath(new URL('../../../src/cli/main.ts', import.meta.url));

export interface Finished {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a holdfast command to its end. */
export async function runToEnd(args: readonly string[], prefix: readonly string[] = []): Promise<Finished> {
  const child = Bun.spawn([...prefix, process.execPath, '--no-env-file', program, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, HOLDFAST_OPERATOR_KEY: '', PORT: '' },
  });
  const [stdout, stderr] = await Promise.all([new Response(child.stdout).text(), new Response(child.stderr).text()]);
  return { code: await child.exited, stdout, stderr };
}
