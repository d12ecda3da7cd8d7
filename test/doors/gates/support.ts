/** What the tests of cards and gates share: making things, and reading what came of them. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
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

/** Three stations in three zones; fares are 100 for one zone and 50 more for each further one. */
export const tariff = {
  currency: 'EUR',
  stations: [
    { id: 'north', number: 1, name: 'North', zone: 1 },
    { id: 'centre', number: 2, name: 'Centre', zone: 2 },
    { id: 'south', number: 3, name: 'South', zone: 3 },
  ],
  fares: {
    zones: [
      [100, 150, 200],
      [150, 100, 150],
      [200, 150, 100],
    ],
  },
  minimumBalance: 100,
  maximumFare: 300,
  passbackSeconds: 60,
};

/** A tariff, a gate at each station (`north-1` has the number 1), and cards with 10 euros each. */
export async function makeCity(store: TestStore, cards: readonly string[] = ['ann']): Promise<void> {
  const set = await store.ask('PUT', '/v1/tariff', { json: tariff, headers: asOperator });
  assert.equal(set.status, 200, set.text);
  for (const { id } of tariff.stations) await makeGate(store, { id: `${id}-1`, station: id });
  for (const id of cards) await makeCard(store, { id, balance: euros(1000) });
}

export async function makeGate(store: TestStore, gate: object): Promise<Answer> {
  const made = await store.post('/v1/gates', gate, null, asOperator);
  assert.equal(made.status, 201, made.text);
  return made;
}

interface GateKey {
  readonly key: string;
  readonly id: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** Makes a gate's key known. */
export async function makeKey(store: TestStore, gates: readonly string[]): Promise<GateKey> {
  keysMade += 1;
  const key = `a-gate-key-of-the-tests-${keysMade}`;
  const hash = createHash('sha256').update(key).digest('hex');
  const made = await store.post('/v1/keys', { hash, gates, label: `key ${keysMade}` }, null, asOperator);
  assert.equal(made.status, 201, made.text);
  return { key, id: made.string('id'), headers: { Authorization: `Bearer ${key}` } };
}

let keysMade = 0;

export interface TapJson {
  readonly gate?: string;
  readonly epoch?: number;
  readonly sequence: number;
  readonly card?: string;
  readonly station?: string;
  readonly direction?: 'in' | 'out';
  readonly at?: string;
  readonly decided?: 'opened' | 'denied';
}

/** A tap in at `north-1`, but for what is given. */
export function tapJson(tap: TapJson): Required<Pick<TapJson, 'gate' | 'card' | 'direction' | 'at'>> & TapJson {
  return { gate: 'north-1', card: 'ann', direction: 'in', at: '2026-06-01T12:00:00.000Z', ...tap };
}

export function sendTaps(
  store: TestStore,
  taps: unknown,
  headers: Readonly<Record<string, string>> = asOperator,
): Promise<Answer> {
  return store.ask('POST', '/v1/taps', { json: taps, headers });
}

export type OutcomeJson = Readonly<Record<string, unknown>>;

export function outcomesIn(answer: Answer): readonly OutcomeJson[] {
  assert.equal(answer.status, 200, answer.text);
  return answer.body['outcomes'] as OutcomeJson[];
}

/** The outcomes of taps, which must be taken. */
export async function tapped(store: TestStore, taps: TapJson | readonly TapJson[]): Promise<readonly OutcomeJson[]> {
  const json = Array.isArray(taps) ? (taps as TapJson[]).map(tapJson) : tapJson(taps as TapJson);
  return outcomesIn(await sendTaps(store, json));
}

/** Of each outcome: result, and reason or flags. */
export function brief(outcomes: readonly OutcomeJson[]): unknown[] {
  return outcomes.map(({ result, reason, flags }) => [result, reason ?? (flags as string[]).join(' ')]);
}

export interface Totals {
  readonly taps: number;
  readonly open: number;
  readonly denied: number;
  readonly explained: boolean;
  readonly balances: { readonly amount: number };
}

export async function totalsOf(store: TestStore): Promise<Totals> {
  return (await store.get('/v1/taps/totals', asOperator)).body as unknown as Totals;
}
