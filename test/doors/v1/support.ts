/** What the tests of the native API share: making things, and how a refusal looks. */
import assert from 'node:assert/strict';
import type { OutcomeCode } from '../../../src/engine/outcomes.ts';
import { outcomes } from '../../../src/engine/outcomes.ts';
import { problems } from '../../../src/http/problems.ts';
import type { Answer } from '../../http/support/client.ts';
import type { Options, TestStore } from '../../http/support/store.ts';
import { operatorKey, withStore } from '../../http/support/store.ts';

/** Log time at the start of a store with a manual clock. */
export const noon = '2026-06-01T12:00:00.000Z';

export function timeAt(secondsAfterNoon: number): string {
  return new Date(Date.parse(noon) + secondsAfterNoon * 1000).toISOString();
}

let keys = 0;

export function freshKey(): string {
  keys += 1;
  return `key-${keys}`;
}

/** A store whose clock stands at noon until the test moves it. */
export function atNoon(use: (store: TestStore) => Promise<void>, options: Options = {}): Promise<void> {
  return withStore({ manualTime: true, ...options }, use);
}

/** A store with an operator key, so callers without it need tokens. */
export function guarded(use: (store: TestStore) => Promise<void>): Promise<void> {
  return atNoon(use, { environment: { HOLDFAST_OPERATOR_KEY: operatorKey } });
}

export const asOperator = { Authorization: `Bearer ${operatorKey}` };

/** Creates a sale; returns its id. */
export async function makeSale(
  store: TestStore,
  capacity: number,
  more: Record<string, unknown> = {},
): Promise<string> {
  const body = { name: 'A sale', kind: 'counted', capacity, ...more };
  const made = await store.post('/v1/sales', body, null, asOperator);
  assert.equal(made.status, 201, made.text);
  return made.string('id');
}

export async function changeSale(store: TestStore, sale: string, change: Record<string, unknown>): Promise<Answer> {
  return await store.ask('PATCH', `/v1/sales/${sale}`, { json: change, headers: asOperator });
}

export function order(store: TestStore, sale: string, body: object, key: string = freshKey()): Promise<Answer> {
  return store.post(`/v1/sales/${sale}/orders`, body, key);
}

export function hold(store: TestStore, sale: string, body: object, key: string = freshKey()): Promise<Answer> {
  return store.post(`/v1/sales/${sale}/holds`, body, key);
}

/** Public quantities of a sale. */
/** A read's view of an order without cancellations, from the answer to its creation. */
export function standing(made: Answer): Record<string, unknown> {
  const { token: _, ...order } = made.body;
  const total = (order['total'] ?? { amount: 0, currency: null }) as { amount: number; currency: string | null };
  const lines = order['lines'] as { quantity: number; seats?: string[] }[];
  const seats = lines.flatMap((line) => line.seats ?? []);
  const quantity = lines.reduce((sum, line) => sum + line.quantity, 0);
  return {
    ...order,
    total,
    active: { quantity, ...(seats.length > 0 ? { seats } : {}), total },
    cancelledTotal: { ...total, amount: 0 },
    cancelledAt: null,
  };
}

export async function stock(
  store: TestStore,
  sale: string,
): Promise<{ sold: unknown; held: unknown; available: unknown }> {
  const { sold, held, available } = (await store.get(`/v1/sales/${sale}`)).body;
  return { sold, held, available };
}

/** The answer is this refusal, with exactly the documented members. */
export function assertProblem(answer: Answer, code: OutcomeCode | keyof typeof problems, detail?: RegExp): void {
  const rows: Readonly<Record<string, { status: number; retryable: boolean; sentence: string }>> = {
    ...outcomes,
    ...problems,
  };
  const row = rows[code];
  assert.ok(row !== undefined);
  assert.equal(answer.body['code'], code, answer.text);
  assert.equal(answer.status, row.status);
  assert.equal(answer.headers['content-type'], 'application/problem+json');
  const { detail: given, errors, ...rest } = answer.body;
  assert.deepEqual(rest, {
    type: `urn:holdfast:problem:${code.toLowerCase().replaceAll('_', '-')}`,
    title: row.sentence,
    status: row.status,
    code,
    retryable: row.retryable,
  });
  assert.match(String(given), detail ?? /^[A-Z/].*\.$/s);
  if (errors === undefined) return;
  assert.equal(code, 'INVALID_REQUEST');
  assert.ok(Array.isArray(errors) && errors.length > 0);
  for (const error of errors as Record<string, unknown>[]) {
    assert.deepEqual(Object.keys(error), ['path', 'message']);
    assert.ok(typeof error['path'] === 'string' && typeof error['message'] === 'string' && error['message'] !== '');
  }
}
