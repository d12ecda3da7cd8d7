/**
 * Bodies that are read while they arrive: those of which nobody said how long they get, and those
 * that are long.
 *
 * The limit of the route holds for what has arrived so far, so a body that never ends costs no more
 * than one that does. All that waits together has a budget; the first bytes of each are free of it,
 * so that those who buy are never refused for it.
 */
import { gunzipSync, inflateRawSync, inflateSync } from 'node:zlib';
import { tooLarge } from './body.ts';
import { HttpFailure, problems } from './problems.ts';

/**
 * So much of each body is in no budget: more than any purchase needs. How many there can be is
 * bounded by the connections.
 */
export const freeBodyBytes = 4096;
/**
 * A thousand of the largest ordinary bodies, or sixty halls: far more than wait at a time, far less
 * than a machine has.
 */
const defaultBudgetBytes = 64 * 1024 * 1024;
/** Strangers leave this part to operators. */
const operatorsShare = 0.25;

/** What bodies that wait to be whole may take together. */
export class BodyBudget {
  readonly bytes: number;
  private taken = 0;

  constructor(bytes: number = defaultBudgetBytes) {
    this.bytes = bytes;
  }

  get takenBytes(): number {
    return this.taken;
  }

  /** Whether so many bytes were there to take. */
  take(bytes: number, isOperator: boolean): boolean {
    const most = isOperator ? this.bytes : this.bytes * (1 - operatorsShare);
    if (this.taken + bytes > most) return false;
    this.taken += bytes;
    return true;
  }

  giveBack(bytes: number): void {
    this.taken -= bytes;
  }
}

/** What is used of a stream's reader. */
interface ChunkReader {
  read(): Promise<{ readonly done: boolean; readonly value?: Uint8Array | undefined }>;
  cancel(): Promise<void>;
}

/**
 * A body that arrives. Its chunks are copied into one buffer, which grows with it: a chunk of one
 * byte would cost a hundred if it was kept.
 */
export class ArrivingBody {
  private readonly reader: ChunkReader;
  private readonly limit: number;
  private readonly budget: BodyBudget;
  private readonly isOperator: boolean;
  private buffer = new Uint8Array(freeBodyBytes);
  private length = 0;
  private ended = false;

  constructor(stream: ReadableStream<Uint8Array>, limit: number, budget: BodyBudget, isOperator: boolean) {
    this.reader = stream.getReader();
    this.limit = limit;
    this.budget = budget;
    this.isOperator = isOperator;
  }

  /**
   * The whole of it.
   * @throws HttpFailure 413 as soon as it is too large, 503 when too much waits
   * already; errors of the stream
   */
  async bytes(): Promise<Uint8Array> {
    try {
      for (;;) {
        const { done, value } = await this.reader.read();
        if (this.ended) throw new Error('the body was given up');
        if (done || value === undefined) return this.buffer.subarray(0, this.length);
        this.add(value);
      }
    } catch (error) {
      this.cancel();
      throw error;
    } finally {
      this.end();
    }
  }

  /** Nobody waits for the rest. */
  cancel(): void {
    this.end();
    this.reader.cancel().catch(() => undefined);
  }

  private add(chunk: Uint8Array): void {
    const length = this.length + chunk.length;
    if (length > this.limit) throw tooLarge(this.limit);
    if (length > this.buffer.length) this.grow(length);
    this.buffer.set(chunk, this.length);
    this.length = length;
  }

  private grow(least: number): void {
    const size = Math.max(least, Math.min(2 * this.buffer.length, this.limit));
    if (!this.budget.take(size - this.buffer.length, this.isOperator)) {
      throw new HttpFailure(
        problems.NOT_TAKEN,
        'Too many large bodies are on their way. Nothing was done. Retry later.',
      );
    }
    const grown = new Uint8Array(size);
    grown.set(this.buffer.subarray(0, this.length));
    this.buffer = grown;
  }

  private end(): void {
    if (this.ended) return;
    this.ended = true;
    this.budget.giveBack(this.buffer.length - freeBodyBytes);
  }
}

/** How a body may come beside as it is. */
const codings = ['gzip', 'x-gzip', 'deflate'] as const;
type Coding = (typeof codings)[number];

/**
 * The coding that a Content-Encoding names; null for none.
 * @throws HttpFailure 415 for one that is
 * not read
 */
export function codingOf(header: string | null): Coding | null {
  if (header === null) return null;
  const name = header.trim().toLowerCase();
  if (name === '' || name === 'identity') return null;
  const coding = codings.find((one) => one === name);
  if (coding !== undefined) return coding;
  throw new HttpFailure(problems.UNSUPPORTED_ENCODING, undefined, [], { 'Accept-Encoding': 'gzip, deflate' });
}

/**
 * What was compressed, at most `limit` bytes of it: no more than that is ever made.
 * @throws HttpFailure 400, 413
 */
export function decoded(bytes: Uint8Array, coding: Coding, limit: number): Uint8Array {
  try {
    return decoderOf(bytes, coding)(bytes, { maxOutputLength: limit });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') throw tooLarge(limit);
    throw new HttpFailure(problems.INVALID_JSON, `The body is not what Content-Encoding: ${coding} says.`);
  }
}

/** By the standard deflate has a header of zlib; some programs leave it out. */
function decoderOf(bytes: Uint8Array, coding: Coding): typeof gunzipSync {
  if (coding !== 'deflate') return gunzipSync;
  const [first = 0, second = 0] = bytes;
  return (first & 0x0f) === 8 && ((first << 8) | second) % 31 === 0 ? inflateSync : inflateRawSync;
}
