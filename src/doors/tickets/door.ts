/**
 * The tickets dialect: one sale at a time to a crowd, each purchase with a key. DESIGN.md lists
 * what differs from the original.
 */
import type { Door } from '../../http/door.ts';
import type { Node } from '../../node/node.ts';
import { Operations } from '../kit/operations.ts';
import { dialect, failed } from './errors.ts';
import type { KeyIndex } from './purchase-keys.ts';
import { recordRoutes } from './record-routes.ts';
import { isPurchase, rushRoutes } from './rush.ts';
import { errorAnswer } from './schemas.ts';
import { Statistics } from './statistics.ts';

/** `index`: where keys of purchases are looked up before the log; null for none. */
export function ticketsDoor(node: Node, index: KeyIndex | null): Door {
  const operations = new Operations(node, dialect);
  const statistics = new Statistics();
  return {
    name: 'tickets',
    routes: [...rushRoutes(operations, statistics), ...recordRoutes(operations, statistics, index)],
    prefixes: ['/api/v1'],
    anyCase: true,
    failed,
    errors: { contentType: 'application/json', schema: errorAnswer },
    answered: (call, status, ms) => statistics.count(isPurchase(call.route), status, ms),
  };
}
