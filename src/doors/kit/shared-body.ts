/**
 * Large bodies with many readers: made once, compressed once, and sent in chunks, each after the
 * one before it was taken. A reader that takes nothing costs one chunk and its share of the common
 * bytes; `new Response(bytes)` would copy the whole for each.
 */
import zlib from 'node:zlib';
import type { Answer, AnswerSink, AnswerStream } from '../../http/answer.ts';
import type { Call } from '../../http/call.ts';
import type { Kept, SlowReader, UnsentBytes } from './unsent.ts';
import { unsentBytes } from './unsent.ts';

/** Smaller bodies are sent at once: they cost no more than a connection. */
const smallBytes = 64 * 1024;
/** Below this, compression gains too little. */
const minCompressedBytes = 1024;
const chunkBytes = 64 * 1024;
/** Maximum written in one turn of the event loop: a fast reader takes megabytes at once. */
const turnBytes = 512 * 1024;
/** Ten megabytes of a map take 30 ms of a thread, and shrink to one. */
const compression = { level: 1, chunkSize: 256 * 1024 };

const encoder = new TextEncoder();

type Bytes = Uint8Array<ArrayBuffer>;

/** A compressed text without its end, which may still be any text. */
class Compressed implements Kept {
  readonly keptBytes: number;
  private readonly parts: readonly Bytes[];
  private readonly crc: number;
  private readonly plainBytes: number;

  constructor(parts: readonly Bytes[], crc: number, plainBytes: number) {
    this.parts = parts;
    this.crc = crc;
    this.plainBytes = plainBytes;
    this.keptBytes = lengthOf(parts);
  }

  /** As gzip, with an end of less than 64 KiB, stored uncompressed. */
  *endedBy(end: Bytes): Generator<Bytes> {
    yield gzipHead;
    for (const part of this.parts) for (let at = 0; at < part.length; at += chunkBytes) yield sliceOf(part, at);
    const last = new Uint8Array(5 + end.length + 8);
    const view = new DataView(last.buffer);
    last[0] = 1;
    view.setUint16(1, end.length, true);
    view.setUint16(3, ~end.length & 0xffff, true);
    last.set(end, 5);
    view.setUint32(5 + end.length, zlib.crc32(end, this.crc), true);
    view.setUint32(9 + end.length, this.plainBytes + end.length, true);
    yield last;
  }
}

const gzipHead = Uint8Array.of(0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff);

export class SharedBody implements Kept {
  readonly keptBytes: number;
  private readonly size: number;
  private readonly chunks: () => Iterable<Bytes>;
  private compressing: Promise<Compressed> | null = null;
  private isCompressed = false;

  /**
   * `chunks`: everything except the end, in parts of some 64 KiB, generated for each reader;
   * `keptBytes`: the memory behind them, if only this body holds it.
   */
  constructor(size: number, keptBytes: number, chunks: () => Iterable<Bytes>) {
    this.size = size;
    this.keptBytes = keptBytes;
    this.chunks = chunks;
  }

  /** Compresses it for clients that accept that; later calls get the same result. */
  async compress(call: Pick<Call, 'header'>): Promise<void> {
    if (this.isCompressedFor(call)) await this.compressed();
  }

  /** The body with this end. */
  async answer(
    call: Pick<Call, 'header'>,
    end: string,
    headers: Readonly<Record<string, string>>,
    unsent: UnsentBytes = unsentBytes,
  ): Promise<Answer> {
    const last = encoder.encode(end);
    const varying = { ...headers, Vary: 'Accept-Encoding' };
    if (!this.isCompressedFor(call)) {
      const plain = withEnd(this.chunks(), last);
      return sent(plain, this.size + last.length, this, varying, unsent);
    }
    const compressed = await this.compressed();
    const gzip = { ...varying, 'Content-Encoding': 'gzip' };
    return sent(compressed.endedBy(last), compressed.keptBytes, compressed, gzip, unsent);
  }

  /** Whether the answer to a call is complete as it is. */
  isReadyFor(call: Pick<Call, 'header'>): boolean {
    return this.isCompressed || !this.isCompressedFor(call);
  }

  private isCompressedFor(call: Pick<Call, 'header'>): boolean {
    return this.size >= minCompressedBytes && takesGzip(call.header('accept-encoding'));
  }

  private async compressed(): Promise<Compressed> {
    this.compressing ??= compressed(this.chunks());
    const made = await this.compressing;
    this.isCompressed = true;
    return made;
  }
}

export function takesGzip(accepted: string | null): boolean {
  if (accepted === null) return false;
  return accepted.split(',').some((part) => {
    const [coding = '', ...parameters] = part.split(';').map((each) => each.trim().toLowerCase());
    return coding === 'gzip' && !parameters.some((parameter) => /^q=0(?:\.0*)?$/.test(parameter));
  });
}

function* withEnd(chunks: Iterable<Bytes>, end: Bytes): Generator<Bytes> {
  yield* chunks;
  yield end;
}

/** In a thread of the runtime, with a turn of the event loop between chunks. */
async function compressed(chunks: Iterable<Bytes>): Promise<Compressed> {
  const deflate = zlib.createDeflateRaw(compression);
  const parts: Bytes[] = [];
  let crc = 0;
  let plainBytes = 0;
  deflate.on('data', (part: Buffer) => parts.push(new Uint8Array(part)));
  const failed = new Promise<never>((_, reject) => deflate.once('error', reject));
  for (const chunk of chunks) {
    crc = zlib.crc32(chunk, crc);
    plainBytes += chunk.length;
    await Promise.race([new Promise<void>((resolve) => deflate.write(chunk, () => resolve())), failed]);
  }
  await Promise.race([new Promise<void>((resolve) => deflate.flush(zlib.constants.Z_SYNC_FLUSH, resolve)), failed]);
  deflate.close();
  return new Compressed(parts, crc, plainBytes);
}

function sent(
  chunks: Generator<Bytes>,
  size: number,
  kept: Kept,
  headers: Readonly<Record<string, string>>,
  unsent: UnsentBytes,
): Answer {
  if (size > smallBytes) return new ChunkedAnswer(chunks, kept, headers, unsent).answer;
  const parts = [...chunks];
  const whole = new Uint8Array(lengthOf(parts));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return { status: 200, headers, body: whole };
}

/**
 * One answer in progress: opening --pulled by the server--> sending <--taken / not taken at once-->
 * waiting
 *                                                              |                                      |
 *                                                              +--- all sent, cut, or reader left ----+--> closed
 */
class ChunkedAnswer implements SlowReader, AnswerStream {
  readonly answer: Answer;
  private readonly unsent: UnsentBytes;
  private readonly kept: Kept;
  private chunks: Generator<Bytes> | null;
  private settle: { resolve(): void; reject(): void } | null = null;

  constructor(chunks: Generator<Bytes>, kept: Kept, headers: Readonly<Record<string, string>>, unsent: UnsentBytes) {
    this.chunks = chunks;
    this.kept = kept;
    this.unsent = unsent;
    this.answer = { status: 200, headers, body: this };
  }

  /** A truncated answer must not look complete: the connection is reset. */
  cut(): void {
    const { settle } = this;
    this.close();
    settle?.reject();
  }

  begin(sink: AnswerSink): Promise<void> {
    this.unsent.enter(this, 2 * chunkBytes, this.kept);
    return new Promise((resolve, reject) => {
      // Without a reason, which would be written to the terminal.
      // oxlint-disable-next-line prefer-promise-reject-errors
      this.settle = { resolve, reject: () => reject() };
      if (this.chunks === null) this.settle.reject();
      else this.send(sink);
    });
  }

  private send(sink: AnswerSink): void {
    const goOn = (): void => this.send(sink);
    for (let turn = 0; turn < turnBytes;) {
      const next = this.chunks?.next();
      if (next === undefined) return;
      if (next.done === true) {
        const { settle } = this;
        this.close();
        sink.close();
        settle?.resolve();
        return;
      }
      turn += next.value.length;
      // A promise if the chunk exceeds the system's buffers; it resolves when the chunk is sent.
      const written: number | Promise<number> = sink.write(next.value);
      void sink.flush();
      if (typeof written === 'number') continue;
      written.then(goOn, goOn);
      return;
    }
    setImmediate(goOn);
  }

  cancel(): void {
    this.close();
  }

  private close(): void {
    this.chunks = null;
    this.settle = null;
    this.unsent.leave(this);
  }
}

function lengthOf(parts: readonly Bytes[]): number {
  return parts.reduce((sum, { length }) => sum + length, 0);
}

function sliceOf(part: Bytes, at: number): Bytes {
  return part.subarray(at, Math.min(part.length, at + chunkBytes));
}
