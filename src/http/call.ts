/** One request on its way through a door. */
import type { Server } from 'bun';
import { HttpFailure, problems } from './problems.ts';
import type { Route } from './route.ts';

export const maxBodyBytes = 64 * 1024;
/** How long a body may take to arrive, ms. */
const bodyTimeoutMs = 15_000;

const decoder = new TextDecoder('utf-8', { fatal: true });

/** What Bun's router adds to a request. */
export type RoutedRequest = Request & { readonly params: Readonly<Record<string, string>> };

export class Call {
  readonly request: RoutedRequest;
  readonly server: Server<undefined>;
  readonly route: Route | null;
  /** True for the operator: by key, or by being on this machine when there is no key. */
  isOperator = false;
  /** performance.now() at arrival; 0 when nobody asks for it. */
  startedMs = 0;
  private parsedUrl: URL | null = null;
  private givenId: string | null = null;

  constructor(request: RoutedRequest, server: Server<undefined>, route: Route | null) {
    this.request = request;
    this.server = server;
    this.route = route;
  }

  get url(): URL {
    this.parsedUrl ??= new URL(this.request.url);
    return this.parsedUrl;
  }

  /** Made when first asked for: only errors and debug lines carry it. */
  get id(): string {
    this.givenId ??= crypto.randomUUID();
    return this.givenId;
  }

  header(name: string): string | null {
    return this.request.headers.get(name);
  }

  param(name: string): string {
    const value = this.request.params[name];
    if (value === undefined) throw new Error(`the route has no parameter ${name}`);
    return value;
  }

  /** The body, at most `maxBodyBytes` and within the time limit. @throws HttpFailure 408, 413 */
  readBytes(): Promise<Uint8Array> {
    const announced = this.request.headers.get('content-length');
    if (announced !== null && Number(announced) > maxBodyBytes) return Promise.reject(tooLarge());
    return inTime(this.request);
  }

  /** The body as JSON. @throws HttpFailure 400, 408, 413 */
  async readJson(): Promise<unknown> {
    return parseJson(await this.readBytes());
  }
}

function tooLarge(): HttpFailure {
  return new HttpFailure(problems.BODY_TOO_LARGE, `The body is larger than ${maxBodyBytes} bytes.`);
}

/** @throws HttpFailure 400 when the bytes are no JSON in valid UTF-8, 413 when they are too many. */
export function parseJson(bytes: Uint8Array): unknown {
  if (bytes.length > maxBodyBytes) throw tooLarge();
  try {
    return JSON.parse(decoder.decode(bytes));
  } catch {
    throw new HttpFailure(problems.INVALID_JSON);
  }
}

/** Bodies that are being read. One timer looks after all of them: a timer for each would cost more than the request. */
const reading = new Set<BodyRead>();
let sweeping: ReturnType<typeof setInterval> | null = null;

interface BodyRead {
  readonly untilMs: number;
  readonly giveUp: (failure: HttpFailure) => void;
}

function inTime(request: Request): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    const read: BodyRead = { untilMs: performance.now() + bodyTimeoutMs, giveUp: reject };
    reading.add(read);
    sweeping ??= startSweeping();
    request.bytes().then(
      (bytes) => {
        reading.delete(read);
        resolve(bytes);
      },
      () => {
        reading.delete(read);
        reject(new HttpFailure(problems.INVALID_REQUEST, 'The body did not arrive whole.'));
      },
    );
  });
}

function startSweeping(): ReturnType<typeof setInterval> {
  const timer = setInterval(() => {
    const nowMs = performance.now();
    for (const read of reading) {
      if (read.untilMs > nowMs) continue;
      reading.delete(read);
      read.giveUp(new HttpFailure(problems.BODY_TIMEOUT, undefined, [], { Connection: 'close' }));
    }
  }, 1000);
  timer.unref();
  return timer;
}
