/** The records that a store begins with, and those by which a start changes what lasts. */
import { randomInt } from 'node:crypto';
import type { Genesis, SeedDefinition, SettingsChange } from '../engine/commands/running.ts';
import { Command, kinds } from '../engine/command.ts';
import { engineVersion } from '../engine/state.ts';
import type { Node } from '../node/node.ts';

/** Most idempotency keys kept at a time, where nothing else is said: some 3 GiB of them. */
export const defaultMaxKeys = 50_000_000;

/** Orders are remembered for a day, a hold's operations until ten minutes after its end. */
export function genesis(maxKeys: number | null): Genesis {
  const word = (): number => randomInt(2 ** 32);
  return {
    engineVersion,
    cell: 0,
    hashKey: [word(), word(), word(), word()],
    orderKeyRetentionMs: 24 * 3600 * 1000,
    holdKeyRetentionMs: 10 * 60 * 1000,
    sweepLimit: 1000,
    maxKeys: maxKeys ?? defaultMaxKeys,
  };
}

/**
 * A setting that lasts is a record: a changed flag is logged, once, and so is that this program's
 * rules hold from here on, where an older program wrote the log. Null leaves what the log says.
 */
export async function applySettings(node: Node, maxKeys: number | null): Promise<void> {
  const { settings, version } = node.engine.state;
  const change: SettingsChange = {
    ...(maxKeys === null || maxKeys === settings.maxKeys ? {} : { maxKeys }),
    ...(version < engineVersion ? { engineVersion } : {}),
  };
  if (Object.keys(change).length === 0) return;
  const command = new Command().reset(kinds.settings);
  command.body = change;
  await node.submit(command, () => undefined, undefined);
}

/** Stocks a store, once: done again, it has no effect. Returns whether it had one. */
export async function stock(node: Node, seed: SeedDefinition): Promise<boolean> {
  const command = new Command().reset(kinds.seed);
  command.body = seed;
  return await node.submit(command, (outcome) => outcome.row.code === 'OK', undefined);
}
