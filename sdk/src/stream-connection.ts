/** One connection of a stream: opened with fetch, read until it ends, breaks or falls silent. */
import type { Fetch } from './attempt.ts';
import { failureOf, messageOf } from './attempt.ts';
import type { Failure } from './errors.ts';
import { errorOf, HoldfastError, networkFailure } from './errors.ts';
import { after, throwIfAborted } from './retry.ts';
import type { SseEvent, SseParser } from './sse.ts';

export interface Connection {
  readonly fetch: Fetch;
  readonly url: string;
  readonly headers: Headers;
  /** Ends the connection. */
  readonly signal: AbortSignal;
  /** Maximum time without a byte, ms. Only waiting for the server counts, not a slow consumer. */
  readonly silenceMs: number;
  readonly parser: SseParser;
}

/**
 * The events of one connection; ends when the server ends it. @throws HoldfastError when it is
 * refused, NetworkError when it breaks or is silent, the signal's reason
 */
export async function* readEvents(connection: Connection): AsyncGenerator<SseEvent, void> {
  const { signal, parser } = connection;
  throwIfAborted(signal);
  const controller = new AbortController();
  const onAbort = (): void => controller.abort();
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    const body = await open(connection, controller);
    const reader = body.getReader();
    for (;;) {
      const { done, value } = await heard(reader.read(), connection, controller);
      if (done) return;
      yield* parser.push(value);
    }
  } finally {
    signal.removeEventListener('abort', onAbort);
    controller.abort();
  }
}

async function open(connection: Connection, controller: AbortController): Promise<ReadableStream<Uint8Array>> {
  const { fetch, url, headers } = connection;
  const asked = fetch(url, { headers, signal: controller.signal, cache: 'no-store' });
  const response = await heard(asked, connection, controller);
  if (!response.ok) throw refused(failureOf(response, await heard(response.text(), connection, controller)));
  const type = response.headers.get('Content-Type') ?? 'nothing';
  if (response.body !== null && type.startsWith('text/event-stream')) return response.body;
  throw refused(networkFailure('BAD_ANSWER', `the stream is ${type}: something else answers at ${url}`));
}

/** Waits for bytes from the server. @throws NetworkError, the signal's reason */
async function heard<Value>(
  something: Promise<Value>,
  { signal, silenceMs }: Connection,
  controller: AbortController,
): Promise<Value> {
  let stop = (): void => {};
  const silence = new Promise<never>((_, reject) => {
    stop = after(silenceMs, () => {
      reject(refused(networkFailure('NETWORK', `nothing was heard for ${silenceMs} ms`)));
      controller.abort();
    });
  });
  try {
    return await Promise.race([something, silence]);
  } catch (error) {
    throwIfAborted(signal);
    throw error instanceof HoldfastError ? error : refused(networkFailure('NETWORK', messageOf(error), error));
  } finally {
    stop();
  }
}

function refused(failure: Failure): Error {
  return errorOf(failure, { key: null, attempts: 1, resultUnknown: false });
}
