/** What a client of the tickets dialect does, as its documents show it. */
import assert from 'node:assert/strict';
import type { Answer } from '../../http/support/client.ts';
import type { Options, TestStore } from '../../http/support/store.ts';
import { withStore } from '../../http/support/store.ts';

let keys = 0;

export function freshKey(): string {
  keys += 1;
  return `key-${keys}`;
}

/** The header as the original's own load test writes it. */
export function buy(store: TestStore, quantity: unknown, key: string = freshKey()): Promise<Answer> {
  return store.ask('POST', '/api/v1/purchase', { json: { quantity }, headers: { 'Idempotency-key': key } });
}

/** Makes the newest event; returns its id. */
export async function openEvent(store: TestStore, totalSeats: number, name = 'A night'): Promise<string> {
  const made = await store.post('/api/v1/events', { name, totalSeats }, null);
  assert.equal(made.status, 201, made.text);
  return (made.body['data'] as { id: string }).id;
}

export function withEvent(
  totalSeats: number,
  use: (store: TestStore) => Promise<void>,
  options: Options = {},
): Promise<void> {
  return withStore(options, async (store) => {
    await openEvent(store, totalSeats);
    await use(store);
  });
}

export function data(answer: Answer): unknown {
  const names = ['success', 'data', 'message', 'isNewPurchase'];
  assert.ok(
    Object.keys(answer.body).every((name) => names.includes(name)),
    answer.text,
  );
  assert.equal(answer.body['success'], true);
  return answer.body['data'];
}

export async function counts(store: TestStore): Promise<unknown> {
  return (await store.get('/api/v1/event')).json;
}
