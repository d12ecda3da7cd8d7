/** Bodies: read within limits of size and time, and JSON that means one thing only. */
import { HttpFailure, problems } from './problems.ts';

export const maxBodyBytes = 64 * 1024;
/** Deeper than any documented request by far. */
const maxNesting = 32;
const sweepMs = 250;

/** A byte order mark is kept, and then is no JSON: RFC 8259 forbids to send one. */
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

export function tooLarge(limit: number = maxBodyBytes): HttpFailure {
  return new HttpFailure(problems.BODY_TOO_LARGE, `The body is larger than ${limit} bytes.`);
}

/**
 * The value of a JSON text. Refused beside what is no JSON: too deep nesting, and a name that stands twice in one object, which
 * two readers of the same request may take differently. @throws HttpFailure 400, 413
 */
export function parseJson(bytes: Uint8Array): unknown {
  if (bytes.length > maxBodyBytes) throw tooLarge();
  const names = countNames(bytes);
  let value: unknown;
  try {
    value = JSON.parse(decoder.decode(bytes));
  } catch {
    throw new HttpFailure(problems.INVALID_JSON);
  }
  // What was parsed has fewer names than the text when a later one took the place of an earlier one.
  if (countFields(value) !== names) throw new HttpFailure(problems.INVALID_JSON, 'The body names a field twice.');
  return value;
}

const quote = 0x22;
const backslash = 0x5c;
const colon = 0x3a;

/** How many names a JSON text has: its colons outside of strings. @throws HttpFailure 400 when it is nested too deep */
function countNames(bytes: Uint8Array): number {
  let names = 0;
  let depth = 0;
  let inString = false;
  for (let i = 0; i < bytes.length; i += 1) {
    const byte = bytes[i]!;
    if (inString) {
      if (byte === backslash) i += 1;
      else if (byte === quote) inString = false;
    } else if (byte === quote) {
      inString = true;
    } else if (byte === colon) {
      names += 1;
    } else if (byte === 0x7b || byte === 0x5b) {
      depth += 1;
      if (depth > maxNesting) {
        throw new HttpFailure(problems.INVALID_JSON, `The body is nested more than ${maxNesting} levels deep.`);
      }
    } else if (byte === 0x7d || byte === 0x5d) {
      depth -= 1;
    }
  }
  return names;
}

function countFields(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  const inner = Object.values(value);
  let fields = Array.isArray(value) ? 0 : inner.length;
  for (const one of inner) fields += countFields(one);
  return fields;
}

interface BodyRead {
  readonly untilMs: number;
  readonly giveUp: (failure: HttpFailure) => void;
}

/** Reads bodies in bounded time. One timer looks after all of them: a timer for each would cost more than the request. */
export class BodyReader {
  private readonly timeoutMs: number;
  private readonly reading = new Set<BodyRead>();
  private sweeping: ReturnType<typeof setInterval> | null = null;

  constructor(timeoutMs: number) {
    this.timeoutMs = timeoutMs;
  }

  /** The whole body, at most `limit` bytes. @throws HttpFailure 400, 408, 413 */
  read(request: Request, limit: number = maxBodyBytes): Promise<Uint8Array> {
    const announced = request.headers.get('content-length');
    if (announced !== null && Number(announced) > limit) return Promise.reject(tooLarge(limit));
    return new Promise((resolve, reject) => {
      const read: BodyRead = { untilMs: performance.now() + this.timeoutMs, giveUp: reject };
      this.reading.add(read);
      this.sweeping ??= this.startSweeping();
      request.bytes().then(
        (bytes) => {
          this.reading.delete(read);
          if (bytes.length > limit) reject(tooLarge(limit));
          else resolve(bytes);
        },
        () => {
          this.reading.delete(read);
          reject(new HttpFailure(problems.INVALID_REQUEST, 'The body did not arrive whole.'));
        },
      );
    });
  }

  close(): void {
    if (this.sweeping !== null) clearInterval(this.sweeping);
  }

  private startSweeping(): ReturnType<typeof setInterval> {
    const timer = setInterval(
      () => {
        const nowMs = performance.now();
        for (const read of this.reading) {
          if (read.untilMs > nowMs) continue;
          this.reading.delete(read);
          read.giveUp(new HttpFailure(problems.BODY_TIMEOUT, undefined, [], { Connection: 'close' }));
        }
      },
      Math.min(sweepMs, this.timeoutMs),
    );
    timer.unref();
    return timer;
  }
}
