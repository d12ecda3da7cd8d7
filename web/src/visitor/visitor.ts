/**
 * The visitor: a name, chosen once, that others see beside purchases, and an id that only this
 * browser knows.
 */
import { HoldfastError } from '../../../sdk/src/index.ts';
import { isRecord, keep, onKeptElsewhere, randomId, recall } from '../shared/keep.ts';
import { Signal } from '../shared/signal.ts';
import { api } from '../store/backend.ts';

export interface Visitor {
  readonly id: string;
  readonly name: string;
}

export const visitor = new Signal<Visitor | null>(recalled());
onKeptElsewhere('visitor', () => visitor.set(recalled()));

/** The id that was registered with the store in this visit. */
let registeredId: string | null = null;

function recalled(): Visitor | null {
  const kept = recall('visitor');
  if (!isRecord(kept) || typeof kept['id'] !== 'string' || typeof kept['name'] !== 'string') return null;
  return { id: kept['id'], name: kept['name'] };
}

/** Registers a name under a new id. Earlier purchases keep the old id. @throws HoldfastError */
export async function chooseName(name: string): Promise<void> {
  const chosen: Visitor = { id: `web-${randomId()}`, name: name.trim() };
  await register(chosen);
  visitor.set(chosen);
  keep('visitor', chosen);
}

/**
 * Makes sure that the store knows the visitor, since the store may have been emptied meanwhile.
 * @throws HoldfastError
 */
export async function ensureRegistered(who: Visitor): Promise<void> {
  if (registeredId !== who.id) await register(who);
}

async function register(who: Visitor): Promise<void> {
  try {
    await api.customers.create({ id: who.id, name: who.name }, { key: `register-${who.id}` });
  } catch (error) {
    // It exists, and it is ours: only this browser knows the id.
    const isKnown = error instanceof HoldfastError && ['CUSTOMER_EXISTS', 'TOKEN_REQUIRED'].includes(error.code);
    if (!isKnown) throw error;
  }
  registeredId = who.id;
}
