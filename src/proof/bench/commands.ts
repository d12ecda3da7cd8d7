/**
 * Commands for benchmarks that need no server: a log that begins as every log does, and purchases
 * with unique keys.
 */
import type { Genesis } from '../../engine/commands/running.ts';
import type { SaleDefinition } from '../../engine/commands/sales.ts';
import { Command, kinds, scopes } from '../../engine/command.ts';
import { termsOf } from '../../engine/commands/holds.ts';
import { linesOf } from '../../engine/commands/lines.ts';
import { fingerprintQuantity } from '../../engine/fingerprint.ts';
import { engineVersion } from '../../engine/state.ts';
import { KeySource, keyLength } from '../load/keys.ts';
import { plenty } from './shop.ts';

const dayMs = 24 * 3600 * 1000;
const holdMs = 600_000;
const sale = 0;

const genesis: Genesis = {
  engineVersion,
  cell: 0,
  hashKey: [0x9e3779b9, 0x7f4a7c15, 0xf39cc060, 0x5cedc834],
  orderKeyRetentionMs: dayMs,
  holdKeyRetentionMs: holdMs,
  sweepLimit: 1000,
  maxKeys: 50_000_000,
};

const definition: SaleDefinition = {
  name: 'Benchmark',
  kind: 'counted',
  capacity: plenty,
  price: null,
  opensAtMs: null,
  closesAtMs: null,
  holdMs,
  maxHoldMs: holdMs,
  maxPerOrder: null,
  maxPerCustomer: null,
  refusals: 'forget',
  door: 0,
};

/** Fills one reused command, over and over. */
export class Commands {
  readonly command = new Command();
  private readonly keys = new KeySource();

  /** The first record of a log. */
  genesis(): Command {
    const command = this.command.reset(kinds.genesis);
    command.body = genesis;
    return command;
  }

  /** The second: a sale with plenty of stock. */
  sale(): Command {
    const command = this.command.reset(kinds.createSale);
    command.body = definition;
    return command;
  }

  /** One unit, with a fresh key. */
  purchase(): Command {
    const command = this.command.reset(kinds.order);
    this.setFreshKey(command, scopes.sale, sale);
    linesOf(command).add(sale, 1);
    fingerprintQuantity(command, 1, 0);
    return command;
  }

  hold(): Command {
    const command = this.command.reset(kinds.hold);
    this.setFreshKey(command, scopes.sale, sale);
    linesOf(command).add(sale, 1);
    termsOf(command).holdMs = holdMs;
    fingerprintQuantity(command, 1, holdMs);
    return command;
  }

  private setFreshKey(command: Command, scope: number, scopeId: number): void {
    command.scope = scope;
    command.scopeId = scopeId;
    command.keyStart = 0;
    command.keyLength = keyLength;
    this.keys.write(command.text, 0);
  }
}
