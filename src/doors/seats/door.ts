/** The seats dialect: events with numbered seats, booked one by one or the best together. DESIGN.md tells what differs. */
import type { Door } from '../../http/door.ts';
import type { Node } from '../../node/node.ts';
import { Bookings } from './bookings.ts';
import { Cancellations } from './cancellations.ts';
import { Context } from './context.ts';
import { failed } from './errors.ts';
import { Events } from './events.ts';
import { bookingRoutes, eventRoutes, infoRoute, seatRoutes, userRoutes } from './routes.ts';
import type { Shares } from '../kit/shares.ts';
import { errorAnswer } from './schemas.ts';
import { Seats } from './seats.ts';
import { Users } from './users.ts';

export function seatsDoor(node: Node, shares: Shares | null = null): Door {
  const context = new Context(node, shares);
  return {
    name: 'seats',
    routes: [
      infoRoute(),
      ...userRoutes(new Users(context)),
      ...eventRoutes(new Events(context)),
      ...bookingRoutes(new Bookings(context), new Cancellations(context)),
      ...seatRoutes(new Seats(context)),
    ],
    // Unknown paths below /api are answered by whoever answers for the rest of the port: in this dialect's shape, or as a page.
    prefixes: [],
    anyCase: true,
    failed,
    errors: { contentType: 'application/json', schema: errorAnswer },
  };
}
