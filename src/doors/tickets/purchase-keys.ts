/**
 * Idempotency keys, as sent, of many orders. The engine does not keep them as text. An index gives
 * those that it has, in one query; the others are read from the log, one record each.
 */
import type { State } from '../../engine/state.ts';
import type { Node } from '../../node/node.ts';

/**
 * Returns keys by order id (row + 1), of the orders that it has. Rejects when it cannot be read.
 */
export interface KeyIndex {
  keysOfOrders(ids: readonly number[]): Promise<{ readonly keys: ReadonlyMap<number, string> }>;
}

/** A slower index is not waited for: the log has the same keys. */
const indexWithinMs = 250;

/**
 * The keys of orders by their rows; null if an order has none, or if the log no longer keeps it.
 * The latter holds for keys in the index too: an answer does not depend on whether the index can be
 * read.
 */
export async function keysOf(
  node: Node,
  index: KeyIndex | null,
  orders: ReadonlySet<number>,
): Promise<ReadonlyMap<number, string | null>> {
  const { state } = node.engine;
  const kept = [...orders].filter((order) => positionOf(state, order) >= node.keptFrom);
  // One record is read as fast as the index.
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
    const found = await Promise.race([index.keysOfOrders(orders.map((order) => order + 1)), late]);
    return found?.keys ?? noKeys;
  } catch {
    // The reason is in the log and under /readyz, from the follower of the same database.
    return noKeys;
  } finally {
    clearTimeout(timer);
  }
}

function positionOf({ orders }: State, order: number): number {
  return orders.position.get(order);
}
