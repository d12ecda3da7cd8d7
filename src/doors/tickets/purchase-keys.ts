/**
 * Idempotency keys, as sent, of many orders. The engine keeps none of them as text. An index tells
 * those that it has got to by now, in one question; the others are read from the log, a record
 * each.
 */
import type { State } from '../../engine/state.ts';
import type { Node } from '../../node/node.ts';

/**
 * Tells keys by the order's id (row + 1), of those orders that it has. Rejects when it cannot be
 * read.
 */
export interface KeyIndex {
  keysOfOrders(ids: readonly number[]): Promise<{ readonly keys: ReadonlyMap<number, string> }>;
}

/** An index that takes longer is not waited for: the log has all that it would tell. */
const indexWithinMs = 250;

/**
 * The keys of orders by their rows; null where an order has none, or the log keeps it no more. That
 * holds for what the index has too: an answer does not depend on whether the index can be read.
 */
export async function keysOf(
  node: Node,
  index: KeyIndex | null,
  orders: ReadonlySet<number>,
): Promise<ReadonlyMap<number, string | null>> {
  const { state } = node.engine;
  const kept = [...orders].filter((order) => positionOf(state, order) >= node.keptFrom);
  // One record is read as soon as the index is asked.
  const indexed = index === null || kept.length < 2 ? noKeys : await indexedKeys(index, kept);
  const keys = kept.map(async (order) => {
    const key = indexed.get(order + 1) ?? (await node.keyAt(positionOf(state, order)));
    return [order, key] as const;
  });
  return new Map(await Promise.all(keys));
}

const noKeys: ReadonlyMap<number, string> = new Map();

async function indexedKeys(index: KeyIndex, orders: readonly number[]): Promise<ReadonlyMap<number, string>> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<null>((resolve) => {
    timer = setTimeout(() => resolve(null), indexWithinMs);
  });
  try {
    const told = await Promise.race([index.keysOfOrders(orders.map((order) => order + 1)), late]);
    return told?.keys ?? noKeys;
  } catch {
    // Why is the follower's to say, in the log and under /readyz: it is the same database.
    return noKeys;
  } finally {
    clearTimeout(timer);
  }
}

function positionOf({ orders }: State, order: number): number {
  return orders.position.get(order);
}
