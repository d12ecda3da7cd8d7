/** The halls of this visit, with the chosen seats of each: a hall is found again as it was left. */
import { LiveHall } from '../store/live-hall.ts';
import { Chooser } from './chooser.ts';

interface Visit {
  readonly live: LiveHall;
  readonly chooser: Chooser;
}

const visits = new Map<string, Visit>();

export function visitOf(sale: string): Visit {
  let visit = visits.get(sale);
  if (visit === undefined) {
    const live = new LiveHall(sale);
    visits.set(sale, (visit = { live, chooser: new Chooser(live) }));
  }
  return visit;
}
