/**
 * A window onto a file: reads a long range at once and hands out views of it. A scan costs one
 * system call for megabytes and copies nothing.
 *
 * Invariant: `bytes[i]` is what the file held at `offset + i` when the window was last filled, for
 * i below `length`. The file may have grown more frames since; `refill` looks again.
 */
import type { DiskFile } from '../disk.ts';

export const windowBytes = 1024 * 1024;

export class Window {
  bytes = new Uint8Array(0);
  view = new DataView(this.bytes.buffer);
  /** How often it read a file. */
  fills = 0;
  private file: DiskFile | null = null;
  private offset = 0;
  private length = 0;
  private readonly usualBytes: number;

  /** Reads `usualBytes` at a time; less from smaller files, more for a larger frame. */
  constructor(usualBytes = windowBytes) {
    this.usualBytes = usualBytes;
  }

  /**
   * Makes `bytes` bytes of the file from `offset` readable and returns where in `bytes` they begin;
   * -1 when the file ends before. May overwrite what an earlier call returned.
   */
  at(file: DiskFile, offset: number, bytes: number): number {
    const inside = file === this.file && offset >= this.offset && offset + bytes <= this.offset + this.length;
    if (inside) return offset - this.offset;
    return this.refill(file, offset, bytes);
  }

  /** Like `at`, but reads the file again. */
  refill(file: DiskFile, offset: number, bytes: number): number {
    this.reserve(file, bytes);
    this.fills += 1;
    this.file = file;
    this.offset = offset;
    this.length = file.read(this.bytes, offset);
    return this.length < bytes ? -1 : 0;
  }

  private reserve(file: DiskFile, bytes: number): void {
    if (this.bytes.length >= Math.max(bytes, this.usualBytes)) return;
    const capacity = Math.max(bytes, Math.min(this.usualBytes, file.size()));
    if (capacity <= this.bytes.length) return;
    this.bytes = new Uint8Array(capacity);
    this.view = new DataView(this.bytes.buffer);
  }

  /** How many bytes from `offset` are readable without reading the file again. */
  readable(file: DiskFile, offset: number): number {
    if (file !== this.file || offset < this.offset) return 0;
    return Math.max(0, this.offset + this.length - offset);
  }
}
