/**
 * A real store on a real folder, without doors. Its segments are small: a few thousand orders fill
 * many of them.
 */
import { loadNewestSnapshot, saveSnapshot } from '../../src/store/snapshot-files.ts';
import { openFileLog } from '../../src/log/file/file-log.ts';
import type { FileLog } from '../../src/log/file/file-log.ts';
import { Node } from '../../src/node/node.ts';
import { buy, genesis, makeSale } from '../crash/support/commands.ts';

/** The number of orders in a full batch. */
const atOnce = 512;

export class SmallStore {
  readonly folder: string;
  readonly log: FileLog;
  readonly node: Node;
  private sale = 0;
  private sold = 0;

  private constructor(folder: string, log: FileLog, node: Node) {
    this.folder = folder;
    this.log = log;
    this.node = node;
  }

  static async open(folder: string, segmentBytes = 64 * 1024): Promise<SmallStore> {
    const log = await openFileLog({ folder, firstSegmentBytes: segmentBytes, maxSegmentBytes: segmentBytes });
    const engine = loadNewestSnapshot(folder, () => {});
    const node = await Node.start({ log, engine });
    const store = new SmallStore(folder, log, node);
    if (node.engine.isEmpty) {
      await node.begin(genesis);
      store.sale = await makeSale(node, 10_000_000);
    }
    store.sold = node.engine.state.sales.sold.get(store.sale);
    return store;
  }

  get position(): number {
    return this.node.engine.position;
  }

  /**
   * Sells one unit `count` times, under the keys `order-0`, `order-1`, …; returns the last
   * position.
   */
  async sell(count: number): Promise<number> {
    for (let left = count; left > 0; left -= atOnce) {
      const orders = Array.from({ length: Math.min(left, atOnce) }, () => {
        const key = `order-${this.sold}`;
        this.sold += 1;
        return buy(this.node, this.sale, key, 1);
      });
      for (const outcome of await Promise.all(orders)) if (!outcome.ok) throw new Error(outcome.row.code);
    }
    return this.position;
  }

  /** Writes a snapshot of the present state; returns its position. */
  snapshot(): number {
    saveSnapshot(this.folder, this.node.engine, null);
    return this.position;
  }

  /** Without a snapshot. */
  async close(): Promise<void> {
    await this.node.close();
    await this.log.close();
  }
}
