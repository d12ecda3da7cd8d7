/**
 * The processes and folders that a benchmark makes. Whatever way it ends, each process is ended by its id and each folder is
 * removed.
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

/** The file systems in memory, by their number in statfs(2): tmpfs and ramfs. */
const inMemory: readonly number[] = [0x01021994, 0x858458f6];

/** How long a process may take to stop when asked. */
const patienceMs = 15_000;

type SpawnOptions = Omit<Spawn.SpawnOptions<Spawn.Writable, Spawn.Readable, Spawn.Readable>, 'cmd'>;

/** Starts a program; it ends with us at the latest. */
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

/** An empty folder of its own, gone when we are. */
export function temporaryFolder(): string {
  watch();
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-bench-'));
  folders.add(folder);
  return folder;
}

export function removeFolder(folder: string): void {
  folders.delete(folder);
  rmSync(folder, { recursive: true, force: true });
}

/** Whether temporary folders lie in memory, where making something durable costs nothing and proves nothing. */
export function temporaryIsMemory(): boolean {
  return inMemory.includes(statfsSync(tmpdir()).type);
}

/** Asks a process to stop, which tells its own children; after a while it is ended. Resolves when it is gone. */
export async function stop(child: Subprocess): Promise<void> {
  child.kill('SIGTERM');
  const late = setTimeout(() => killTree(child.pid), patienceMs);
  await child.exited;
  clearTimeout(late);
}

/** Ends a process and all its descendants with SIGKILL. Resolves when it is gone. */
export async function kill(child: Subprocess): Promise<void> {
  killTree(child.pid);
  await child.exited;
}

/** By their ids, children first, so that none is adopted by another process in between. */
function killTree(pid: number): void {
  for (const each of processTree(pid).reverse()) {
    try {
      process.kill(each, 'SIGKILL');
    } catch {
      // It has ended by itself.
    }
  }
}

function watch(): void {
  if (watching) return;
  watching = true;
  process.on('exit', () => {
    for (const child of children) killTree(child.pid);
    for (const folder of folders) rmSync(folder, { recursive: true, force: true });
  });
}

/** A signal ends the process, and so all that it has started. For programs; a test's process has signals of its own. */
export function endOnSignals(): void {
  process.on('SIGINT', () => process.exit(130));
  process.on('SIGTERM', () => process.exit(143));
}
