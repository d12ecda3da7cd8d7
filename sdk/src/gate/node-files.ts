/**
 * The file system of Node and Bun, where there is one. Not imported: the same modules run in
 * browsers, and are bundled for them.
 */

/** What is used of `node:fs`. */
export interface NodeFiles {
  openSync(path: string, flags: string): number;
  closeSync(fd: number): void;
  fsyncSync(fd: number): void;
  readFileSync(path: string): Uint8Array;
  writeFileSync(path: string, bytes: Uint8Array | string, options?: { readonly flag?: string }): void;
  renameSync(from: string, to: string): void;
  linkSync(from: string, to: string): void;
  unlinkSync(path: string): void;
  statSync(path: string): { readonly mtimeMs: number };
  utimesSync(path: string, atime: Date, mtime: Date): void;
  realpathSync(path: string): string;
  write(fd: number, bytes: Uint8Array, offset: number, length: number, at: null, done: Written): void;
  fdatasync(fd: number, done: (error: Error | null) => void): void;
}

type Written = (error: Error | null, written: number) => void;

/** What is used of `node:path` and `node:os`, and of the process. */
export interface NodeMachine {
  readonly pid: number;
  readonly host: string;
  folderOf(path: string): string;
  nameOf(path: string): string;
  isRunning(pid: number): boolean;
}

interface NodeProcess {
  readonly pid: number;
  getBuiltinModule?(name: string): unknown;
  kill(pid: number, signal: 0): boolean;
}

/** @throws Error where there is no file system */
export function nodeFiles(): NodeFiles {
  // The border: the module has what the interface names, since Node 20.16 and Bun 1.2.
  return builtin('node:fs') as NodeFiles;
}

/** @throws Error where there is no file system */
export function nodeMachine(): NodeMachine {
  const path = builtin('node:path') as { dirname(path: string): string; basename(path: string): string };
  const os = builtin('node:os') as { hostname(): string };
  const { process } = globalThis as { readonly process?: NodeProcess };
  if (process === undefined) throw noFiles();
  return {
    pid: process.pid,
    host: os.hostname(),
    folderOf: (of) => path.dirname(of),
    nameOf: (of) => path.basename(of),
    isRunning: (pid) => isRunning(process, pid),
  };
}

function builtin(name: string): unknown {
  const { process } = globalThis as { readonly process?: NodeProcess };
  const found = process?.getBuiltinModule?.(name);
  if (found === undefined) throw noFiles();
  return found;
}

function noFiles(): Error {
  return new Error('a file for the queue needs Node 20.16 or later, or Bun: there is no file system here');
}

function isRunning(process: NodeProcess, pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // It runs, but is somebody else's.
    return codeOf(error) === 'EPERM';
  }
}

/** The code of a system error, such as ENOENT; null for any other. */
export function codeOf(error: unknown): string | null {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : null;
}

/** Writes a whole file so that a crash leaves the old one or the new one, never a part. */
export function replaceFile(files: NodeFiles, path: string, bytes: Uint8Array | string, folder: string): void {
  const draft = `${path}.new`;
  files.writeFileSync(draft, bytes);
  sync(files, draft, 'r+');
  files.renameSync(draft, path);
  syncFolder(files, folder);
}

/** Makes a new name in a folder durable. Windows opens no folders, and needs none. */
function syncFolder(files: NodeFiles, folder: string): void {
  try {
    sync(files, folder, 'r');
  } catch (error) {
    if (!['EPERM', 'EISDIR', 'EACCES', 'EINVAL'].includes(codeOf(error) ?? '')) throw error;
  }
}

function sync(files: NodeFiles, path: string, flags: string): void {
  const fd = files.openSync(path, flags);
  try {
    files.fsyncSync(fd);
  } finally {
    files.closeSync(fd);
  }
}
