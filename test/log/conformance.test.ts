/** The conformance suite of the log, on the file log over the real disk and over one in memory. */
import { rmSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openFileLog } from '../../src/log/file/file-log.ts';
import { MemoryDisk } from '../../src/log/memory/memory-disk.ts';
import { openMemoryLog } from '../../src/log/memory/memory-log.ts';
import { logConformance } from '../conformance/log.ts';

const sizes = { firstSegmentBytes: 4096, maxSegmentBytes: 8192 };

logConformance('in files of the real disk', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-log-'));
  return {
    open: () => openFileLog({ folder, ...sizes }),
    dispose: async () => rmSync(folder, { recursive: true }),
  };
});

logConformance('in files of a disk in memory', async () => {
  const disk = new MemoryDisk();
  return { open: () => openFileLog({ folder: '/some/folder', disk, ...sizes }), dispose: async () => {} };
});

logConformance('in memory', async () => {
  const disk = new MemoryDisk();
  return { open: () => openMemoryLog({ disk, ...sizes }), dispose: async () => {} };
});
