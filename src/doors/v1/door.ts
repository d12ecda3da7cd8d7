/**
 * The native API: sales, holds, orders, customers. Everything made through a dialect is visible
 * here.
 */
import type { Door } from '../../http/door.ts';
import { Operations } from '../kit/operations.ts';
import { Owners } from '../kit/owners.ts';
import type { Tokens } from '../kit/tokens.ts';
import type { Node } from '../../node/node.ts';
import type { Shares } from '../kit/shares.ts';
import { customerRoutes } from './customers.ts';
import { dialect, problemAnswer } from '../kit/native-errors.ts';
import { problem } from '../kit/native-schemas.ts';
import { holdRoutes } from './holds.ts';
import type { Lists } from './lists.ts';
import { listRoutes } from './lists.ts';
import { orderRoutes } from './orders.ts';
import { saleRoutes } from './sales.ts';
import { SeatMaps } from './seat-map.ts';
import { seatRoutes } from './seats.ts';
import type { StreamReaders, StreamTimes } from './stream-readers.ts';
import { streamRoutes, Streams } from './stream.ts';
import { waitlistRoutes } from './waitlist.ts';

export interface V1Door extends Door {
  readonly readers: StreamReaders;
}

/** `lists`: the index of orders and holds by customer; null without one. */
export function v1Door(
  node: Node,
  tokens: Tokens,
  times: Partial<StreamTimes> = {},
  lists: Lists | null = null,
  shares: Shares | null = null,
): V1Door {
  const operations = new Operations(node, dialect);
  const owners = new Owners(node, tokens);
  const maps = new SeatMaps();
  const streams = new Streams(node, owners, maps, times);
  return {
    name: 'v1',
    routes: [
      ...saleRoutes(operations),
      ...seatRoutes(operations, maps),
      ...orderRoutes(operations, owners),
      ...holdRoutes(operations, owners, shares),
      ...waitlistRoutes(operations, owners),
      ...customerRoutes(operations, owners),
      ...listRoutes(operations, lists),
      ...streamRoutes(operations, streams),
    ],
    prefixes: ['/v1'],
    failed: (failure) => problemAnswer(failure.row, failure.detail, failure.errors),
    errors: { contentType: 'application/problem+json', schema: problem },
    sign: tokens.sign,
    close: () => streams.close(),
    readers: streams.readers,
  };
}
