/**
 * A server on a disk that reports a sync but keeps writes in the memory of the process for a while.
 * kill -9 loses them, as a power cut loses what a real disk has in its cache.
 */
import { runServer } from '../../../src/cli/serve.ts';
import { readSettings } from '../../../src/cli/settings.ts';
import type { DiskFile } from '../../../src/log/disk.ts';
import { RealDisk } from '../../../src/log/file/real-disk.ts';

const unwritten: { file: LyingFile; bytes: Uint8Array; offset: number }[] = [];

class LyingFile implements DiskFile {
  readonly path: string;
  readonly file: DiskFile;

  constructor(file: DiskFile) {
    this.path = file.path;
    this.file = file;
  }

  size(): number {
    return this.file.size();
  }

  read(into: Uint8Array, offset: number): number {
    writeAll();
    return this.file.read(into, offset);
  }

  write(bytes: Uint8Array, offset: number): void {
    unwritten.push({ file: this, bytes: bytes.slice(), offset });
  }

  sync(): void {}

  isInPlace(): boolean {
    return this.file.isInPlace();
  }

  close(): void {
    writeAll();
    this.file.close();
  }
}

class LyingDisk extends RealDisk {
  override open(path: string, mode: 'read' | 'write'): DiskFile {
    const file = super.open(path, mode);
    return mode === 'write' ? new LyingFile(file) : file;
  }
}

function writeAll(): void {
  for (const { file, bytes, offset } of unwritten.splice(0)) file.file.write(bytes, offset);
}

setInterval(writeAll, 60);
const settings = readSettings(process.argv.slice(2), process.env);
process.exitCode = await runServer(settings, { disk: new LyingDisk() });
process.exit();
