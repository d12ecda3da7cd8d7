/**
 * A server that writes and never syncs. kill -9 alone cannot tell it from an honest one: the kernel
 * keeps what was written.
 */
import { runServer } from '../../../src/cli/serve.ts';
import { readSettings } from '../../../src/cli/settings.ts';
import type { DiskFile } from '../../../src/log/disk.ts';
import { RealDisk } from '../../../src/log/file/real-disk.ts';

class CarelessDisk extends RealDisk {
  override open(path: string, mode: 'read' | 'write'): DiskFile {
    return Object.assign(super.open(path, mode), { sync: () => {} });
  }
}

const settings = readSettings(process.argv.slice(2), process.env);
process.exitCode = await runServer(settings, { disk: new CarelessDisk() });
