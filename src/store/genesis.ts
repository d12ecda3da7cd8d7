/** The records that a store begins with, and those by which a start changes durable settings. */
import { randomInt } from 'node:crypto';
import type { Genesis, SeedDefinition, SettingsChange } from '../engine/commands/running.ts';
import type { CardDefinition } from '../engine/commands/cards.ts';
import type { GateDefinition } from '../engine/commands/gates.ts';
import type { TariffDefinition } from '../engine/commands/tariff.ts';
import type { Kind } from '../engine/command.ts';
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

/** What a new store shows: sales and customers in one record, and a city with gates. */
export interface Demonstration extends SeedDefinition {
  readonly city: CityDefinition;
}

interface CityDefinition {
  readonly tariff: TariffDefinition;
  readonly gates: readonly GateDefinition[];
  readonly cards: readonly CardDefinition[];
}

/**
 * Stocks a store with what it lacks of it. A second time has no effect. Returns whether it had one.
 */
export async function stock(node: Node, { city, ...seed }: Demonstration): Promise<boolean> {
  const hadSales = await submit(node, kinds.seed, seed);
  const hadCity = await stockCity(node, city);
  return hadSales || hadCity;
}

/** A store with another tariff has a city of its own. */
async function stockCity(node: Node, { tariff, gates, cards }: CityDefinition): Promise<boolean> {
  const { tariffs } = node.engine.state;
  if (tariffs.currency !== null && tariffs.currency !== tariff.currency) return false;
  if (tariffs.count === 0) await submit(node, kinds.setTariff, tariff);
  else if (tariff.stations.some(({ id, number }) => tariffs.stationNumber(id) !== number)) return false;
  // All of them in a few batches; those that are there are refused.
  const made = await Promise.all([
    ...gates.map((gate) => submit(node, kinds.addGate, gate)),
    ...cards.map((card) => submit(node, kinds.createCard, card)),
  ]);
  return made.includes(true);
}

/** Whether the command had its effect. */
async function submit(node: Node, kind: Kind, body: object): Promise<boolean> {
  const command = new Command().reset(kind);
  command.body = body;
  return await node.submit(command, (outcome) => outcome.row.code === 'OK', undefined);
}
