/** A node on a log in memory; the test controls its disk, clock and log. */
import type { Kind } from '../../../src/engine/command.ts';
import { termsOf } from '../../../src/engine/commands/holds.ts';
import { linesOf } from '../../../src/engine/commands/lines.ts';
import type { SaleDefinition } from '../../../src/engine/commands/sales.ts';
import { Command, kinds, scopes } from '../../../src/engine/command.ts';
import { fingerprintQuantity } from '../../../src/engine/fingerprint.ts';
import type { AppendBatch } from '../../../src/log/log.ts';
import { MemoryDisk } from '../../../src/log/memory/memory-disk.ts';
import { openMemoryLog } from '../../../src/log/memory/memory-log.ts';
import type { NodeOptions } from '../../../src/node/node.ts';
import { Node } from '../../../src/node/node.ts';
import { PassingLog } from '../../log/support/passing-log.ts';

/** A caller's answer: the outcome's code, and whether it is a replay. */
export interface Told {
  readonly code: string;
  readonly thing: number;
  readonly position: number;
  readonly replayed: boolean;
}

const genesis = {
  engineVersion: 1,
  cell: 0,
  hashKey: [1, 2, 3, 4],
  orderKeyRetentionMs: 3_600_000,
  holdKeyRetentionMs: 600_000,
  sweepLimit: 1000,
  maxKeys: 1000,
} as const;

export class Harness {
  readonly disk: MemoryDisk;
  readonly log: WatchedLog;
  readonly node: Node;
  readonly failures: readonly Error[];

  private constructor(disk: MemoryDisk, log: WatchedLog, node: Node, failures: readonly Error[]) {
    this.disk = disk;
    this.log = log;
    this.node = node;
    this.failures = failures;
  }

  static async open(
    options: Partial<NodeOptions> = {},
    disk = new MemoryDisk(),
    settings: object = {},
  ): Promise<Harness> {
    const log = new WatchedLog(await openMemoryLog({ disk, firstSegmentBytes: 256 * 1024 }));
    const failures: Error[] = [];
    const node = await Node.start({ ...options, log, onFailure: (error) => failures.push(error) });
    if (node.engine.isEmpty) await node.begin({ ...genesis, ...settings });
    return new Harness(disk, log, node, failures);
  }

  submit(command: Command): Promise<Told> {
    return Promise.resolve(
      this.node.submit(
        command,
        ({ row, thing, position, replayed }) => ({ code: row.code, thing, position, replayed }),
        undefined,
      ),
    );
  }

  async sale(capacity: number, more: Partial<SaleDefinition> = {}): Promise<number> {
    const command = new Command().reset(kinds.createSale);
    command.body = { ...plainSale, capacity, ...more };
    return (await this.submit(command)).thing;
  }

  order(sale: number, quantity: number, key = ''): Promise<Told> {
    return this.submit(line(kinds.order, sale, quantity, key));
  }

  hold(sale: number, quantity: number, holdMs: number): Promise<Told> {
    const command = line(kinds.hold, sale, quantity, '');
    termsOf(command).holdMs = holdMs;
    return this.submit(command);
  }

  sold(sale: number): number {
    return this.node.engine.state.sales.sold.get(sale);
  }

  held(sale: number): number {
    return this.node.engine.state.sales.held.get(sale);
  }

  async close(): Promise<void> {
    this.disk.onOperation = null;
    this.log.open();
    await this.node.close();
    await this.log.close();
  }
}

const plainSale: SaleDefinition = {
  name: 'A',
  kind: 'counted',
  capacity: 0,
  price: null,
  opensAtMs: null,
  closesAtMs: null,
  holdMs: 60_000,
  maxHoldMs: 600_000,
  maxPerOrder: null,
  maxPerCustomer: null,
  refusals: 'forget',
  door: 0,
};

export function line(kind: Kind, sale: number, quantity: number, key: string): Command {
  const command = new Command().reset(kind);
  if (key !== '') command.setKey(scopes.sale, sale, key);
  linesOf(command).add(sale, quantity);
  fingerprintQuantity(command, quantity, 0);
  return command;
}

/** The log as it is, with a gate before each append, and a count. */
export class WatchedLog extends PassingLog {
  readonly sizes: number[] = [];
  private gate: Promise<void> | null = null;
  private lift: () => void = () => {};
  private appending = 0;

  /** From now on appends wait, as on a disk that hangs, until `open`. */
  shut(): void {
    this.gate = new Promise((resolve) => (this.lift = resolve));
  }

  open(): void {
    this.lift();
    this.gate = null;
  }

  override async append(batch: AppendBatch): Promise<void> {
    this.appending += 1;
    if (this.appending > 1) throw new Error('two appends at a time');
    // The node may reuse its buffer once append has returned; this one returns at the gate.
    const kept = { ...batch, records: batch.records.slice() };
    try {
      if (this.gate !== null) await this.gate;
      await this.inner.append(kept);
      this.sizes.push(batch.count);
    } finally {
      this.appending -= 1;
    }
  }
}

/** Opens, uses, closes. */
export async function withNode(options: Partial<NodeOptions>, use: (harness: Harness) => Promise<void>): Promise<void> {
  const harness = await Harness.open(options);
  try {
    await use(harness);
  } finally {
    await harness.close();
  }
}

export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
