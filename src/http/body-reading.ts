/**
 * Bodies that are read while they arrive: those of unknown length, and long ones.
 *
 * The route's limit holds for the bytes so far, so a body that never ends costs no more than one
 * that does. All waiting bytes together have a budget. The first bytes of each body are exempt, so
 * buyers are never refused for it.
 */
import { gunzipSync, inflateRawSync, inflateSync } from 'node:zlib';
import { tooLarge } from './body.ts';
import { HttpFailure, problems } from './problems.ts';

/**
 * This much of each body is outside of the budget: more than any purchase needs. The limit of
 * connections bounds its sum.
 */
export const freeBodyBytes = 4096;
/**
 * A thousand of the largest ordinary bodies, or sixty halls: far more than ever wait at once, far
 * less than a machine has.
 */
const defaultBudgetBytes = 64 * 1024 * 1024;
/** Strangers leave this part to operators. */
const operatorsShare = 0.25;

/** Budget of the bodies that are still arriving. */
export class BodyBudget {
  readonly bytes: number;
  private taken = 0;

  constructor(bytes: number = defaultBudgetBytes) {
    this.bytes = bytes;
  }

  get takenBytes(): number {
    return this.taken;
  }

  /** Whether this many bytes were free. */
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

/** The part of a stream's reader that is used. */
interface ChunkReader {
  read(): Promise<{ readonly done: boolean; readonly value?: Uint8Array | undefined }>;
  cancel(): Promise<void>;
}

/**
 * A body as it arrives. Chunks are copied into one growing buffer: kept as it is, a chunk of one
 * byte would cost a hundred.
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
   * The whole body.
   * @throws HttpFailure 413 as soon as it is too large, 503 when the budget is spent; errors of the
   * stream
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

  /** Abandons the rest. */
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

/** Codings of a body, besides none. */
const codings = ['gzip', 'x-gzip', 'deflate'] as const;
type Coding = (typeof codings)[number];

/**
 * The coding that a Content-Encoding names; null for none.
 * @throws HttpFailure 415 for one that is not supported
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
 * The decompressed body, at most `limit` bytes; no more is ever produced.
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

/** By the standard, deflate has a zlib header; some programs leave it out. */
function decoderOf(bytes: Uint8Array, coding: Coding): typeof gunzipSync {
  if (coding !== 'deflate') return gunzipSync;
  const [first = 0, second = 0] = bytes;
  return (first & 0x0f) === 8 && ((first << 8) | second) % 31 === 0 ? inflateSync : inflateRawSync;
}
