/** What a client of the drops dialect does, as its documents show it. */
import assert from 'node:assert/strict';
import type { Answer } from '../../http/support/client.ts';
import type { Options, TestStore } from '../../http/support/store.ts';
import { withStore } from '../../http/support/store.ts';

/** Whatever answers: a store in this process, or one of its own. */
export interface Asker {
  ask(method: string, path: string, asked?: { json?: unknown; headers?: Record<string, string> }): Promise<Answer>;
}

export interface Made {
  readonly name?: string;
  readonly price?: number;
  readonly totalStock?: number;
  readonly dropStartTime?: string;
  readonly holdSeconds?: number;
}

/** A store with this door alone. */
export function withDrops(use: (store: TestStore) => Promise<void>, options: Options = {}): Promise<void> {
  return withStore({ ...options, args: ['--doors', 'drops', ...(options.args ?? [])] }, use);
}

function keyed(key: string | undefined): Record<string, string> {
  return key === undefined ? {} : { 'Idempotency-Key': key };
}

export function reserve(store: Asker, drop: unknown, userId: unknown, key?: string): Promise<Answer> {
  return store.ask('POST', `/api/reserve/${String(drop)}`, { json: { userId }, headers: keyed(key) });
}

export function purchase(store: Asker, reservation: unknown, userId: unknown, key?: string): Promise<Answer> {
  return store.ask('POST', `/api/purchase/${String(reservation)}`, { json: { userId }, headers: keyed(key) });
}

/** Makes a user; returns the small id. */
export async function addUser(store: Asker, username: string): Promise<number> {
  const made = await store.ask('POST', '/api/users', { json: { username } });
  assert.equal(made.status, 201, made.text);
  return idIn(made, 'user');
}

/** Makes a drop; returns the small id. */
export async function addDrop(store: Asker, drop: Made = {}): Promise<number> {
  const made = await store.ask('POST', '/api/drops', {
    json: { name: 'A pair', price: 200, totalStock: 100, ...drop },
  });
  assert.equal(made.status, 201, made.text);
  return idIn(made, 'drop');
}

/** Reserves, which must succeed; returns the reservation's small id. */
export async function reserved(store: Asker, drop: number, userId: number): Promise<number> {
  const answer = await reserve(store, drop, userId);
  assert.equal(answer.status, 201, answer.text);
  return idIn(answer, 'reservation');
}

export function part(answer: Answer, name: string): Readonly<Record<string, unknown>> {
  const value = answer.body[name];
  assert.ok(typeof value === 'object' && value !== null, `no ${name} in ${answer.text}`);
  return value as Record<string, unknown>;
}

export function idIn(answer: Answer, name: string): number {
  const { id } = part(answer, name);
  assert.ok(typeof id === 'number', answer.text);
  return id;
}

export async function dropNow(store: Asker, drop: number): Promise<Readonly<Record<string, unknown>>> {
  const answer = await store.ask('GET', `/api/drops/${drop}`);
  assert.equal(answer.status, 200, answer.text);
  return answer.body;
}

export async function available(store: Asker, drop: number): Promise<number> {
  return Number((await dropNow(store, drop))['availableStock']);
}

export function refusal(answer: Answer): string {
  assert.deepEqual(Object.keys(answer.body), ['error'], answer.text);
  return `${answer.status} ${answer.string('error')}`;
}

/** How many answers have each status, or each error. */
export function tally(answers: readonly Answer[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const answer of answers) {
    const name = answer.status < 300 ? String(answer.status) : refusal(answer);
    counts[name] = (counts[name] ?? 0) + 1;
  }
  return counts;
}

export async function eventually(holds: () => boolean | Promise<boolean>, withinMs = 10_000): Promise<void> {
  const untilMs = performance.now() + withinMs;
  while (!(await holds())) {
    assert.ok(performance.now() < untilMs, `not so within ${withinMs} ms: ${holds.toString()}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
