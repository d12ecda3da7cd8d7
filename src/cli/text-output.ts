/**
 * Long text to stdout or into a file, in pieces and in order. A file appears when it is whole:
 * until then it is called FILE.part.
 */
import fs from 'node:fs';
import { reasonOf } from '../reason.ts';
import { UserError } from '../store/user-error.ts';

const pieceLength = 64 * 1024;
const stdout = 1;

export class TextOutput {
  private readonly file: string | null;
  private readonly descriptor: number;
  private pending = '';

  private constructor(file: string | null, descriptor: number) {
    this.file = file;
    this.descriptor = descriptor;
  }

  /** @throws UserError when the file cannot be made */
  static to(file: string | undefined): TextOutput {
    if (file === undefined) return new TextOutput(null, stdout);
    try {
      return new TextOutput(file, fs.openSync(partOf(file), 'w'));
    } catch (error) {
      throw new UserError(`${file} cannot be written: ${reasonOf(error)}`);
    }
  }

  write(text: string): void {
    this.pending += text;
    if (this.pending.length >= pieceLength) this.flush();
  }

  end(): void {
    this.flush();
    if (this.file === null) return;
    fs.fsyncSync(this.descriptor);
    fs.closeSync(this.descriptor);
    fs.renameSync(partOf(this.file), this.file);
  }

  /** Takes a file back that will not be whole. */
  discard(): void {
    if (this.file === null) return;
    try {
      fs.closeSync(this.descriptor);
    } catch {
      // It was closed by `end`, whose own failure is told.
    }
    fs.rmSync(partOf(this.file), { force: true });
  }

  private flush(): void {
    const bytes = Buffer.from(this.pending);
    this.pending = '';
    for (let at = 0; at < bytes.length;) {
      try {
        at += fs.writeSync(this.descriptor, bytes, at);
      } catch (error) {
        // Whoever reads the pipe is behind.
        if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error;
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
      }
    }
  }
}

function partOf(file: string): string {
  return `${file}.part`;
}
