/** The city as the store has it: stations, gates, and the latest cards. */
import type { Card, Holdfast, KnownGate, Station, Tariff } from '../../../sdk/src/index.ts';
import { HoldfastError } from '../../../sdk/src/index.ts';
import { Signal } from '../shared/signal.ts';
import { desk, operatorKey } from './desk.ts';

export interface City {
  readonly tariff: Tariff;
  /** Stations that have gates, in the tariff's order. */
  readonly stations: readonly Station[];
  readonly gates: readonly KnownGate[];
  /** The newest ones. */
  readonly cards: readonly Card[];
}

export type CityState =
  | { readonly kind: 'loading' }
  | { readonly kind: 'city'; readonly city: City }
  /** There is no tariff, no gate at a station, or no card. */
  | { readonly kind: 'empty' }
  /** `isWrong`: a key was given, and is not the operator's. */
  | { readonly kind: 'key'; readonly isWrong: boolean }
  /** The store was started without this dialect. */
  | { readonly kind: 'closed' }
  | { readonly kind: 'failed' };

/** Pages of gates that are read: five hundred gates. */
const mostPages = 5;

export const cityState = new Signal<CityState>({ kind: 'loading' });

export async function loadCity(): Promise<void> {
  if (cityState.get().kind !== 'city') cityState.set({ kind: 'loading' });
  cityState.set(await read().catch(stateAfter));
}

async function read(): Promise<CityState> {
  const store = desk();
  const [gates, cards] = await Promise.all([readGates(store), store.cards.list({ limit: 100 })]);
  const tariff = await store.tariff.get().catch((error: unknown) => {
    if (error instanceof HoldfastError && error.status === 404) return null;
    throw error;
  });
  if (tariff === null) return { kind: 'empty' };
  const standing = gates.filter(({ station }) => station !== null);
  const stations = tariff.stations.filter(({ id }) => standing.some(({ station }) => station === id));
  if (stations.length === 0 || cards.items.length === 0) return { kind: 'empty' };
  return { kind: 'city', city: { tariff, stations, gates: standing, cards: cards.items } };
}

async function readGates(store: Holdfast): Promise<KnownGate[]> {
  const gates: KnownGate[] = [];
  let cursor: string | undefined;
  for (let page = 0; page < mostPages; page += 1) {
    const { items, next } = await store.gates.list({ limit: 100, cursor });
    gates.push(...items);
    if (next === null) break;
    cursor = next;
  }
  return gates.toSorted((one, other) => one.number - other.number);
}

function stateAfter(error: unknown): CityState {
  if (!(error instanceof HoldfastError)) return { kind: 'failed' };
  if (error.status === 401 || error.status === 403) return { kind: 'key', isWrong: operatorKey.get() !== null };
  return { kind: error.code === 'NOT_FOUND' ? 'closed' : 'failed' };
}
