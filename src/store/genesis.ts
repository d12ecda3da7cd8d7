/** The records that a store begins with, and those by which a start changes durable settings. */
import { randomInt } from 'node:crypto';
import type { Genesis, SeedDefinition, SettingsChange } from '../engine/commands/running.ts';
import { Command, kinds } from '../engine/command.ts';
import { engineVersion } from '../engine/state.ts';
import type { Node } from '../node/node.ts';

/** Default limit of idempotency keys kept at a time: some 3 GiB of memory. */
export const defaultMaxKeys = 50_000_000;

/**
 * Keys of orders are kept for a day, keys of a hold's operations until ten minutes after its end.
 */
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
 * Durable settings are records: a changed flag is logged once. So is the engine version, when an
 * older program wrote the log: this program's rules then apply from here on. Null keeps the log's
 * setting.
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

/** Stocks a store. A second time has no effect. Returns whether it had one. */
export async function stock(node: Node, seed: SeedDefinition): Promise<boolean> {
  const command = new Command().reset(kinds.seed);
  command.body = seed;
  return await node.submit(command, (outcome) => outcome.row.code === 'OK', undefined);
}
