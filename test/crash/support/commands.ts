/** The few commands that tests give to a node without a door. */
import type { Genesis } from '../../../src/engine/commands/running.ts';
import { Command, kinds, scopes } from '../../../src/engine/command.ts';
import { linesOf } from '../../../src/engine/commands/lines.ts';
import { fingerprintQuantity } from '../../../src/engine/fingerprint.ts';
import { Outcome } from '../../../src/engine/outcome.ts';
import { engineVersion } from '../../../src/engine/state.ts';
import type { Node } from '../../../src/node/node.ts';

export const genesis: Genesis = {
  engineVersion,
  cell: 0,
  hashKey: [1, 2, 3, 4],
  orderKeyRetentionMs: 24 * 3600 * 1000,
  holdKeyRetentionMs: 10 * 60 * 1000,
  sweepLimit: 1000,
  maxKeys: 1_000_000,
};

/** Submits a command and keeps its outcome. */
export function outcomeOf(node: Node, command: Command): Promise<Outcome> {
  return Promise.resolve(node.submit(command, (outcome) => new Outcome().copyFrom(outcome), undefined));
}

/** Returns the sale's row. */
export async function makeSale(node: Node, capacity: number): Promise<number> {
  const command = new Command().reset(kinds.createSale);
  command.body = {
    name: 'Concert',
    kind: 'counted',
    capacity,
    price: null,
    opensAtMs: null,
    closesAtMs: null,
    holdMs: 300_000,
    maxHoldMs: 900_000,
    maxPerOrder: null,
    maxPerCustomer: null,
    refusals: 'forget',
    door: 0,
  };
  return (await outcomeOf(node, command)).thing;
}

export function buy(node: Node, sale: number, key: string, quantity: number): Promise<Outcome> {
  const command = new Command().reset(kinds.order);
  command.setKey(scopes.sale, sale, key);
  linesOf(command).add(sale, quantity);
  fingerprintQuantity(command, quantity, 0);
  return outcomeOf(node, command);
}
