/**
 * The processes and folders that a proof makes. However the proof ends, each process is ended by
 * its id and each folder is removed.
 */
import type { Spawn, Subprocess } from 'bun';
import { mkdtempSync, rmSync, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { processTree } from './process-stats.ts';

export const root = fileURLToPath(new URL('../../..', import.meta.url));

const children = new Set<Subprocess>();
const folders = new Set<string>();
let watching = false;

/** File systems in memory, by their type number in statfs(2): tmpfs and ramfs. */
const inMemory: readonly number[] = [0x01021994, 0x858458f6];

/** How long a process may take to stop when asked. */
const patienceMs = 15_000;

type SpawnOptions = Omit<Spawn.SpawnOptions<Spawn.Writable, Spawn.Readable, Spawn.Readable>, 'cmd'>;

/** Starts a program, which ends with this process at the latest. */
export function spawnChild(command: readonly string[], options: SpawnOptions): Subprocess {
  watch();
  const { onExit } = options;
  const child = Bun.spawn([...command], {
    cwd: root,
    ...options,
    onExit: (ended, code, signal, error) => {
      children.delete(ended);
      return onExit?.(ended, code, signal, error);
    },
  });
  children.add(child);
  return child;
}

/** Starts one of our own programs on the Bun that runs us. */
export function spawnBun(args: readonly string[], options: SpawnOptions): Subprocess {
  return spawnChild([process.execPath, '--no-env-file', '--no-install', ...args], options);
}

/** Calls back with each line that a process prints on stdout, and drains the stream. */
export function linesOf(child: Subprocess, onLine: (line: string) => void): Promise<void> {
  const { stdout } = child;
  if (!(stdout instanceof ReadableStream)) throw new Error('the process was started without a pipe for its output');
  return readLines(stdout, onLine);
}

async function readLines(stream: ReadableStream<Uint8Array>, onLine: (line: string) => void): Promise<void> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const chunk of stream) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) onLine(line);
  }
}

/** An empty folder of its own, removed when this process ends. */
export function temporaryFolder(prefix = 'holdfast-bench-'): string {
  watch();
  const folder = mkdtempSync(join(tmpdir(), prefix));
  folders.add(folder);
  return folder;
}

export function removeFolder(folder: string): void {
  folders.delete(folder);
  // A server that was killed a moment ago may still be letting go of its files.
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
}

/** Keeps a folder for inspection. */
export function keepFolder(folder: string): void {
  folders.delete(folder);
}

/**
 * Whether temporary folders lie in memory, where making data durable costs nothing and proves
 * nothing.
 */
export function temporaryIsMemory(): boolean {
  return inMemory.includes(statfsSync(tmpdir()).type);
}

/**
 * Asks a process to stop, which tells its own children, and kills it after a while. Resolves when
 * it is gone.
 */
export async function stop(child: Subprocess): Promise<void> {
  child.kill('SIGTERM');
  const late = setTimeout(() => signalTree(child.pid, 'SIGKILL'), patienceMs);
  await child.exited;
  clearTimeout(late);
}

/** Ends a process and all its descendants with SIGKILL. Resolves when it is gone. */
export async function kill(child: Subprocess): Promise<void> {
  signalTree(child.pid, 'SIGKILL');
  await child.exited;
}

/** By their ids, children first: none is adopted by another process in between. */
export function signalTree(pid: number, signal: NodeJS.Signals): void {
  for (const each of processTree(pid).reverse()) {
    try {
      process.kill(each, signal);
    } catch {
      // It has ended already.
    }
  }
}

function watch(): void {
  if (watching) return;
  watching = true;
  process.on('exit', () => {
    for (const child of children) signalTree(child.pid, 'SIGKILL');
    for (const folder of folders) rmSync(folder, { recursive: true, force: true });
  });
}

/**
 * A signal ends this process, and so all that it has started. Only for programs: a test's process
 * has its own signal handlers.
 */
export function endOnSignals(): void {
  process.once('SIGINT', () => process.exit(130));
  process.once('SIGTERM', () => process.exit(143));
  process.once('SIGHUP', () => process.exit(129));
}
