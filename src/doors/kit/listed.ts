/** Lists that are read from the SQL views, which may be behind the log. */
import { HttpFailure, problems } from '../../http/problems.ts';

export interface ListPage {
  /** Only ids below this one; null for the newest. */
  readonly before: number | null;
  readonly limit: number;
}

/** What was found, and how far the views were. */
interface ListedAt {
  /** The log position at which it is true; 0 for none. */
  readonly position: number;
}

/** How long a list waits for the position in `?at=`, ms, and how often it polls. */
const reachWithinMs = 2000;
const lookMs = 25;

/** Reads a list repeatedly until it has reached a position. @throws HttpFailure 503 */
export async function reached<Found extends ListedAt>(position: number, read: () => Promise<Found>): Promise<Found> {
  const untilMs = performance.now() + reachWithinMs;
  for (;;) {
    const found = await readable(read);
    if (found.position >= position) return found;
    if (performance.now() >= untilMs) throw new HttpFailure(problems.LISTS_BEHIND);
    await new Promise((resolve) => setTimeout(resolve, lookMs));
  }
}

async function readable<Found>(read: () => Promise<Found>): Promise<Found> {
  try {
    return await read();
  } catch {
    // The reason is in the log and under /readyz, from the follower of the same database.
    throw new HttpFailure(problems.LISTS_BEHIND);
  }
}
