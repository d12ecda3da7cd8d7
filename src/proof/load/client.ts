/** The few plain calls that a benchmark makes beside its load: to set up, to count, to replay. */
import { freshKey } from './keys.ts';

export interface Answer {
  readonly status: number;
  readonly text: string;
}

/** A whole answer did not come, or was not what its document promises. */
export class CallError extends Error {
  override readonly name = 'CallError';
}

const timeoutMs = 10_000;

export async function call(method: 'GET' | 'POST', url: string, body?: string, key?: string): Promise<Answer> {
  const headers: Record<string, string> = { accept: 'application/json' };
  if (body !== undefined) headers['content-type'] = 'application/json';
  if (key !== undefined) headers['idempotency-key'] = key;
  try {
    const signal = AbortSignal.timeout(timeoutMs);
    const response = await fetch(
      url,
      body === undefined ? { method, headers, signal } : { method, headers, body, signal },
    );
    return { status: response.status, text: await response.text() };
  } catch (error) {
    throw new CallError(`${method} ${url} was not answered: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** A call that must succeed with a JSON object. */
export async function callObject(
  method: 'GET' | 'POST',
  url: string,
  body?: unknown,
): Promise<Record<string, unknown>> {
  const sent = body === undefined ? undefined : JSON.stringify(body);
  const { status, text } = await call(method, url, sent, sent === undefined ? undefined : freshKey());
  if (status >= 300) throw new CallError(`${method} ${url} answered ${status}: ${text.slice(0, 200)}`);
  return parseObject(text, `${method} ${url}`);
}

export function parseObject(text: string, from: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    if (isObject(value)) return value;
  } catch {
    // Said below, with what was there instead.
  }
  throw new CallError(`${from} did not answer a JSON object: ${text.slice(0, 200)}`);
}

/** A member that must be an object itself. */
export function objectOf(value: unknown): Record<string, unknown> {
  if (isObject(value)) return value;
  throw new CallError(`an answer holds no object where one is due: ${JSON.stringify(value)}`);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function numberOf(object: Record<string, unknown>, name: string): number {
  const value = object[name];
  if (typeof value !== 'number') throw new CallError(`an answer's ${name} is not a number: ${JSON.stringify(object)}`);
  return value;
}

export function textOf(object: Record<string, unknown>, name: string): string {
  const value = object[name];
  if (typeof value !== 'string') throw new CallError(`an answer's ${name} is not a text: ${JSON.stringify(object)}`);
  return value;
}
