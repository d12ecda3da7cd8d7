/** The pages' client with an operator's key, which stays in memory: a reload asks for it again. */
import { Holdfast } from '../../../sdk/src/index.ts';
import { Signal } from '../shared/signal.ts';
import { api } from '../store/backend.ts';

/** Null until somebody gives one; a store on this machine may need none. */
export const operatorKey = new Signal<string | null>(null);

let keyed: { readonly key: string; readonly client: Holdfast } | null = null;

/** The client of whoever taps here. @throws TypeError for a key that no header can carry */
export function desk(): Holdfast {
  const key = operatorKey.get();
  if (key === null) return api;
  if (keyed?.key !== key) {
    keyed = { key, client: new Holdfast({ operatorKey: key, deadlineMs: 8000, attemptMs: 4000 }) };
  }
  return keyed.client;
}
