/** A store on a real folder that sells in this process, and followers of its log. */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { TestContext } from 'node:test';
import type { SaleDefinition } from '../../../src/engine/commands/sales.ts';
import { Command, doors, kinds, scopes } from '../../../src/engine/command.ts';
import { termsOf } from '../../../src/engine/commands/holds.ts';
import { linesOf } from '../../../src/engine/commands/lines.ts';
import { fingerprintQuantity } from '../../../src/engine/fingerprint.ts';
import type { SnapshotWriter } from '../../../src/followers/snapshots/snapshot-writer.ts';
import { SqlFollower } from '../../../src/followers/sql/follower.ts';
import type { Reconciled } from '../../../src/followers/sql/reconcile.ts';
import type { Difference } from '../../../src/followers/sql/table-comparison.ts';
import { reconcile } from '../../../src/followers/sql/reconcile.ts';
import { openSqliteDatabase } from '../../../src/followers/sql/sqlite/database.ts';
import type { SqlDatabase } from '../../../src/followers/sql/database.ts';
import { openFileLog } from '../../../src/log/file/file-log.ts';
import type { FileLog } from '../../../src/log/file/file-log.ts';
import { FileLogReader } from '../../../src/log/file/reader.ts';
import { Node } from '../../../src/node/node.ts';
import { loadNewestSnapshot, saveSnapshot } from '../../../src/store/snapshot-files.ts';
import { genesis, outcomeOf } from '../../crash/support/commands.ts';

const definition: SaleDefinition = {
  name: 'Concert',
  kind: 'counted',
  capacity: 1_000_000,
  price: { amount: 2500, currency: 'EUR' },
  opensAtMs: null,
  closesAtMs: null,
  holdMs: 60_000,
  maxHoldMs: 600_000,
  maxPerOrder: null,
  maxPerCustomer: null,
  refusals: 'forget',
  door: doors.tickets,
};

export function temporaryFolder(t: TestContext): string {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'holdfast-follow-'));
  t.after(() => fs.rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));
  return folder;
}

/** Small segments, so there is something to trim. */
const firstSegmentBytes = 16 * 1024;
const maxSegmentBytes = 64 * 1024;
let bought = 0;

export class Shop {
  readonly folder: string;
  readonly log: FileLog;
  readonly node: Node;

  private constructor(folder: string, log: FileLog, node: Node) {
    this.folder = folder;
    this.log = log;
    this.node = node;
  }

  static async open(t: TestContext, folder = temporaryFolder(t)): Promise<Shop> {
    const log = await openFileLog({ folder, firstSegmentBytes, maxSegmentBytes });
    const node = await Node.start({ log, engine: loadNewestSnapshot(folder, () => {}) });
    if (node.engine.isEmpty) {
      const hashKey = [1, 2, 3, 4].map(() => Math.floor(Math.random() * 2 ** 32)) as [number, number, number, number];
      await node.begin({ ...genesis, hashKey });
    }
    const shop = new Shop(folder, log, node);
    t.after(() => shop.close());
    return shop;
  }

  get position(): number {
    return this.node.engine.position;
  }

  async sale(change: Partial<SaleDefinition> = {}): Promise<number> {
    const command = new Command().reset(kinds.createSale);
    command.body = { ...definition, ...change };
    return (await outcomeOf(this.node, command)).thing;
  }

  /** One order; returns its row. */
  async buy(sale: number, customer = '', key = ''): Promise<number> {
    const command = new Command().reset(kinds.order);
    bought += 1;
    command.setKey(scopes.sale, sale, key === '' ? `key-${bought}` : key);
    if (customer !== '') command.setCustomer(customer);
    linesOf(command).add(sale, 1);
    fingerprintQuantity(command, 1, 0);
    const outcome = await outcomeOf(this.node, command);
    if (!outcome.ok) throw new Error(`the order was refused: ${outcome.row.code}`);
    return outcome.thing;
  }

  /** Orders in as many records, in a few batches. */
  async buyMany(sale: number, count: number): Promise<void> {
    await Promise.all(Array.from({ length: count }, (_, i) => this.buy(sale, i % 3 === 0 ? `customer ${i % 50}` : '')));
  }

  async hold(sale: number, customer = '', holdMs = 60_000): Promise<number> {
    const command = new Command().reset(kinds.hold);
    if (customer !== '') command.setCustomer(customer);
    linesOf(command).add(sale, 1);
    termsOf(command).holdMs = holdMs;
    return (await outcomeOf(this.node, command)).thing;
  }

  async target(kind: typeof kinds.confirm | typeof kinds.release | typeof kinds.cancel, target: number): Promise<void> {
    const command = new Command().reset(kind);
    command.target = target;
    const outcome = await outcomeOf(this.node, command);
    if (!outcome.ok) throw new Error(`it was refused: ${outcome.row.code}`);
  }

  snapshot(): void {
    saveSnapshot(this.folder, this.node.engine);
  }

  async close(): Promise<void> {
    await this.node.close();
    await this.log.close();
  }
}

export function viewsIn(folder: string): string {
  return path.join(folder, 'views.sqlite');
}

export interface Following {
  readonly follower: SqlFollower;
  readonly notices: readonly string[];
  /** Positions from which batches were read. */
  readonly reads: readonly number[];
  /** Follows until the log's end, as of now. */
  readonly catchUp: () => Promise<void>;
  /** Ends it, as a signal would. */
  readonly end: () => Promise<void>;
}

/**
 * A follower in this process. `open` stands in for opening the SQLite file of the folder; with
 * `snapshots` it writes some.
 */
export async function follow(
  t: TestContext,
  folder: string,
  open: () => Promise<SqlDatabase> = async () => openSqliteDatabase(viewsIn(folder)),
  snapshots?: SnapshotWriter,
): Promise<Following> {
  const notices: string[] = [];
  const reads: number[] = [];
  const ending = new AbortController();
  const reader = new FileLogReader({ folder });
  const follower = await SqlFollower.start({
    folder,
    log: {
      read: (from, onBatch, stopped) => {
        reads.push(from);
        return reader.read(from, onBatch, stopped);
      },
    },
    openDatabase: open,
    ...(snapshots === undefined ? {} : { snapshots }),
    onNotice: (message) => notices.push(message),
    signal: ending.signal,
  });
  let ended = false;
  const end = async (): Promise<void> => {
    if (ended) return;
    ended = true;
    ending.abort();
    await follower.close();
  };
  t.after(end);
  return {
    follower,
    notices,
    reads,
    end,
    catchUp: async () => {
      while (await follower.step());
      await follower.written();
    },
  };
}

/** What `reconcile` finds between a folder's log and its SQLite file. */
export async function reconciled(folder: string): Promise<Reconciled & { readonly found: readonly Difference[] }> {
  const database = openSqliteDatabase(viewsIn(folder));
  try {
    const found: Difference[] = [];
    const replica = { folder, log: new FileLogReader({ folder }), onNotice: () => {} };
    return { ...(await reconcile(replica, database, (difference) => found.push(difference))), found };
  } finally {
    await database.close();
  }
}
