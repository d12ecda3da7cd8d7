/**
 * The log on a disk in memory: the same code as the log in files, but nothing survives the process.
 */
import { openFileLog } from '../file/file-log.ts';
import type { FileLog, FileLogOptions } from '../file/file-log.ts';
import { MemoryDisk } from './memory-disk.ts';

export type MemoryLogOptions = Omit<FileLogOptions, 'folder' | 'disk'> & { readonly disk?: MemoryDisk };

/** Opens a log on `disk`, or on a new, empty one. */
export function openMemoryLog(options: MemoryLogOptions = {}): Promise<FileLog> {
  return openFileLog({ ...options, folder: '/log', disk: options.disk ?? new MemoryDisk() });
}
