/** Keys of the dialect. Scope and fingerprints are in the log and never change. */
import type { Command } from '../../engine/command.ts';
import { doors, kinds, scopes } from '../../engine/command.ts';
import { fingerprintText } from '../../engine/fingerprint.ts';

/**
 * Puts a key into a command. `named`: the request that the key stands for. It is hashed with one
 * kind for all commands, since a retry may come to a command of another kind.
 */
export function setKey(command: Command, key: string, named: unknown): void {
  command.setKey(scopes.door, doors.seats, key);
  fingerprintText(command, JSON.stringify(named), kinds.tick);
}
