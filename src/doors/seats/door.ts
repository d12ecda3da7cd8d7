/**
 * The seats dialect: events with numbered seats, booked one by one or the best together. DESIGN.md
 * tells what differs.
 */
import type { Door } from '../../http/door.ts';
import type { Node } from '../../node/node.ts';
import { Operations } from '../kit/operations.ts';
import type { Shares } from '../kit/shares.ts';
import { dialect, failed } from './errors.ts';
import { bookingRoutes, eventRoutes, infoRoute, seatRoutes, userRoutes } from './routes.ts';
import { errorAnswer } from './schemas.ts';

export function seatsDoor(node: Node, shares: Shares | null = null): Door {
  const operations = new Operations(node, dialect);
  return {
    name: 'seats',
    routes: [
      infoRoute(operations),
      ...userRoutes(operations),
      ...eventRoutes(operations),
      ...bookingRoutes(operations),
      ...seatRoutes(operations, shares),
    ],
    // Unknown paths below /api are left to the door for the rest of the port. It answers in this
    // dialect's shape, or with a page.
    prefixes: [],
    anyCase: true,
    failed,
    errors: { contentType: 'application/json', schema: errorAnswer },
  };
}
