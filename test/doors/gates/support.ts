/** What the tests of cards and gates share: making things, and reading what came of them. */
import assert from 'node:assert/strict';
import type { Answer } from '../../http/support/client.ts';
import type { Options, TestStore } from '../../http/support/store.ts';
import { operatorKey, withStore } from '../../http/support/store.ts';

export const asOperator = { Authorization: `Bearer ${operatorKey}` };
/** A caller without a key is no operator. */
export const guarded = { HOLDFAST_OPERATOR_KEY: operatorKey };

/** A store whose clock stands at noon until the test moves it, with the gates alone. */
export function atNoon(use: (store: TestStore) => Promise<void>, options: Options = {}): Promise<void> {
  return withStore({ manualTime: true, args: ['--doors', 'gates'], ...options }, use);
}

export function euros(amount: number): { amount: number; currency: string } {
  return { amount, currency: 'EUR' };
}

export async function makeCard(store: TestStore, card: object = {}): Promise<Answer> {
  const made = await store.post('/v1/cards', card, null, asOperator);
  assert.equal(made.status, 201, made.text);
  return made;
}
