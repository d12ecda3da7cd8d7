/** Access keys of gates: made known and removed. */
import type { Command } from '../command.ts';
import type { KeyDefinition, KeyRemoval } from '../commands/access-keys.ts';
import type { Outcome } from '../outcome.ts';
import type { OutcomeRow } from '../outcomes.ts';
import { outcomes } from '../outcomes.ts';
import type { State } from '../state.ts';

export function refusalOfKey({ gates }: State, { gates: named }: KeyDefinition): OutcomeRow | null {
  return named.some((id) => gates.find(id) < 0) ? outcomes.UNKNOWN_GATE : null;
}

/** A key that opens already stays as it is. */
export function addKey(state: State, command: Command, outcome: Outcome): void {
  const { hash, gates, label } = command.body as KeyDefinition;
  const { accessKeys, civilMs, position } = state;
  const known = accessKeys.find(hash);
  if (known >= 0) outcome.row = outcomes.NO_EFFECT;
  outcome.thing = known >= 0 ? known : accessKeys.add({ hash, gates, label, createdAtMs: civilMs, position });
}

export function refusalOfRemoval({ accessKeys }: State, { key }: KeyRemoval): OutcomeRow | null {
  return key >= accessKeys.count || accessKeys.isRemoved(key) ? outcomes.UNKNOWN_KEY : null;
}

export function removeKey({ accessKeys }: State, { key }: KeyRemoval): number {
  accessKeys.remove(key);
  return key;
}
