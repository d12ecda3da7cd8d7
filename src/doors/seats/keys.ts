/** Keys of the dialect. Scope and fingerprints are in the log and never change. */
import type { Command } from '../../engine/command.ts';
import { doors, kinds, scopes } from '../../engine/command.ts';
import { fingerprintText } from '../../engine/fingerprint.ts';

/**
 * Puts a key into a command. `named`: what the client asked for, which the key stands for. It is
 * hashed with one kind for all commands: the same request may come to a command of another kind
 * later.
 */
export function setKey(command: Command, key: string, named: unknown): void {
  command.setKey(scopes.door, doors.seats, key);
  fingerprintText(command, JSON.stringify(named), kinds.tick);
}
