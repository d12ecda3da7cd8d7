/**
 * A plain client: one request at a time on a keep-alive connection, and single calls beside a load.
 */
import { reasonOf } from '../../reason.ts';
import type { Answers } from './connection.ts';
import { Connection } from './connection.ts';
import type { Json } from './json.ts';
import { parseObject, ShapeError } from './json.ts';
import { freshKey } from './keys.ts';

/**
 * Where a server listens. `url`, without a slash at its end, may change while clients live: with
 * each start of the server.
 */
export interface Address {
  readonly url: string;
  /** The server's operator key; null where it has none. */
  readonly operatorKey: string | null;
}

export interface HttpRequest {
  readonly method: 'GET' | 'POST' | 'DELETE';
  readonly path: string;
  readonly body: string | null;
  readonly key: string | null;
  /** Grants access to a hold or an order; the operator has a key instead. */
  readonly token: string | null;
  readonly byOperator: boolean;
}

export interface HttpAnswer {
  readonly status: number;
  readonly body: string;
  /** The first header of that name; null where there is none. */
  readonly header: (name: string) => string | null;
}

/** An answer did not come, or was not as documented. */
export class CallError extends Error {
  override readonly name: string = 'CallError';
}

/** No whole answer came. The result of the request is unknown. */
export class NoAnswerError extends CallError {
  override readonly name = 'NoAnswerError';
}

/** Longer than the server makes any request wait. */
const patienceSeconds = 20;

const encoder = new TextEncoder();

export class HttpClient implements Answers {
  private readonly address: Address;
  private readonly connection = new Connection(this);
  private connectedTo = '';
  private waiting: PromiseWithResolvers<HttpAnswer> | null = null;

  constructor(address: Address) {
    this.address = address;
  }

  /** Sends one request and waits for its answer. @throws NoAnswerError */
  request(asked: HttpRequest): Promise<HttpAnswer> {
    if (this.waiting !== null) return Promise.reject(new Error('one request at a time'));
    const waiting = Promise.withResolvers<HttpAnswer>();
    this.waiting = waiting;
    void this.deliver(encode(asked, this.address), waiting);
    return waiting.promise;
  }

  close(): void {
    this.connection.close();
    this.settle()?.reject(new NoAnswerError('the connection was closed before the answer'));
  }

  onAnswer(status: number, bytes: Uint8Array, bodyStart: number, end: number): void {
    const { buffer, byteOffset } = bytes;
    const text = Buffer.from(buffer, byteOffset, end);
    const head = text.toString('latin1', 0, bodyStart);
    const header = (name: string): string | null =>
      new RegExp(`\r\n${name}: *([^\r]*?) *\r`, 'i').exec(head)?.[1] ?? null;
    this.settle()?.resolve({ status, body: text.toString('utf8', bodyStart, end), header });
  }

  onLost(_waiting: boolean, fault: Error | null): void {
    this.settle()?.reject(fault ?? new NoAnswerError('the connection was lost before the answer'));
  }

  private async deliver(bytes: Uint8Array, waiting: PromiseWithResolvers<HttpAnswer>): Promise<void> {
    try {
      await this.connect();
    } catch (error) {
      if (this.waiting === waiting) this.settle()?.reject(new NoAnswerError(`no connection: ${reasonOf(error)}`));
      return;
    }
    // It may have been closed meanwhile.
    if (this.waiting === waiting) this.connection.send(bytes);
    else this.connection.close();
  }

  private async connect(): Promise<void> {
    const { url } = this.address;
    if (this.connection.isOpen && this.connectedTo === url) return;
    this.connection.close();
    const { hostname, port } = new URL(url);
    await this.connection.connect(hostname, Number(port), patienceSeconds);
    this.connectedTo = url;
  }

  private settle(): PromiseWithResolvers<HttpAnswer> | null {
    const { waiting } = this;
    this.waiting = null;
    return waiting;
  }
}

function encode(asked: HttpRequest, { url, operatorKey }: Address): Uint8Array {
  const { method, path, body, key, token, byOperator } = asked;
  const lines = [`${method} ${path} HTTP/1.1`, `Host: ${url.slice(url.indexOf('//') + 2)}`, 'Accept: application/json'];
  if (body !== null) lines.push('Content-Type: application/json');
  if (method !== 'GET') lines.push(`Content-Length: ${Buffer.byteLength(body ?? '')}`);
  if (key !== null) lines.push(`Idempotency-Key: ${key}`);
  if (token !== null) lines.push(`Holdfast-Token: ${token}`);
  if (byOperator && operatorKey !== null) lines.push(`Authorization: Bearer ${operatorKey}`);
  return encoder.encode(`${lines.join('\r\n')}\r\n\r\n${body ?? ''}`);
}

/** Members that are left out are null, or false. */
type CallRequest = Pick<HttpRequest, 'method' | 'path'> & Partial<HttpRequest>;

/** One call on a connection of its own. @throws CallError */
export async function call(address: Address, asked: CallRequest): Promise<HttpAnswer> {
  const client = new HttpClient(address);
  try {
    return await client.request({ body: null, key: null, token: null, byOperator: false, ...asked });
  } catch (error) {
    throw new CallError(`${asked.method} ${address.url}${asked.path} was not answered: ${reasonOf(error)}`);
  } finally {
    client.close();
  }
}

/** A call by the operator that must succeed with a JSON object. @throws CallError */
export async function callObject(
  address: Address,
  method: 'GET' | 'POST',
  path: string,
  content?: unknown,
): Promise<Json> {
  const sent = content === undefined ? {} : { body: JSON.stringify(content), key: freshKey() };
  const { status, body } = await call(address, { method, path, byOperator: true, ...sent });
  const from = `${method} ${address.url}${path}`;
  if (status >= 300) throw new CallError(`${from} answered ${status}: ${body.slice(0, 200)}`);
  try {
    return parseObject(body);
  } catch (error) {
    if (!(error instanceof ShapeError)) throw error;
    throw new CallError(`${from} did not answer a JSON object: ${error.message}`);
  }
}
