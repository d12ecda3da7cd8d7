/** Keeps a command's idempotency key with its outcome, and replays that outcome. */
import type { Command } from '../command.ts';
import { scopes } from '../command.ts';
import type { Outcome } from '../outcome.ts';
import { outcomeOf, outcomes } from '../outcomes.ts';
import type { State } from '../state.ts';
import { keyIsOfHold } from './kinds.ts';

/** Keeps the key whose hash `findKey` left in `keyHash`, with the outcome of its command. */
export function keepKey(state: State, command: Command, outcome: Outcome): void {
  const { keys, keyHash, holds } = state;
  const row = keys.add(keyHash.h0, keyHash.h1, keyHash.h2, keyHash.h3);
  keys.fingerprintLow.set(row, command.fingerprintLow);
  keys.fingerprintHigh.set(row, command.fingerprintHigh);
  keys.position.set(row, state.position);
  keys.seconds.set(row, Math.ceil(state.keyTimeMs / 1000));
  keys.remaining.set(row, outcome.remaining);
  keys.thing.set(row, outcome.thing);
  keys.settle(row, outcome.kind, outcome.row.number);
  if (outcome.ok && keyIsOfHold(command.kind)) {
    const hold = outcome.thing;
    holds.firstKey.set(hold, keys.keepWithHold(row, holds.firstKey.get(hold)));
  } else if (command.scope === scopes.hold) {
    keys.keepEnded(row);
  } else {
    keys.keepLasting(row);
  }
}

/**
 * Fills the outcome with that of the key in a row; KEY_REUSED when the command has another
 * fingerprint.
 */
export function replay(state: State, command: Command, row: number, outcome: Outcome): void {
  const { keys } = state;
  if (
    keys.fingerprintLow.get(row) !== command.fingerprintLow >>> 0 ||
    keys.fingerprintHigh.get(row) !== command.fingerprintHigh >>> 0
  ) {
    outcome.row = outcomes.KEY_REUSED;
    return;
  }
  outcome.row = outcomeOf(keys.outcome.get(row));
  outcome.kind = keys.kind.get(row);
  outcome.position = keys.position.get(row);
  outcome.thing = keys.thing.get(row);
  outcome.remaining = keys.remaining.get(row);
  outcome.replayed = true;
}
