/** How far a stream has come: what its events tell, and where the next connection goes on. */
import type { ServerClock } from './clock.ts';
import { Delivered } from './delivered.ts';
import type { SseEvent } from './sse.ts';
import type { StreamEvent } from './stream-events.ts';
import { eventOf, timeOf } from './stream-events.ts';

export class StreamProgress {
  /**
   * The last id: everything up to there was told, and what comes behind it may have been. Null as
   * long as a connection would have to begin with the present state.
   */
  position: string | null;
  /**
   * What the next connection goes on from. After a reset still the old one, until there is another:
   * then it is told `reset` again.
   */
  resumeFrom: string | null;
  private readonly clock: ServerClock;
  private readonly delivered = new Delivered();

  constructor(clock: ServerClock, since: string | null) {
    this.clock = clock;
    this.position = since;
    this.resumeFrom = since;
  }

  /** A new connection begins. */
  reconnected(): void {
    this.delivered.reconnected();
  }

  /** The news in an event; null when it brings none. */
  take({ event: name, data, lastEventId, hasId }: SseEvent): StreamEvent | null {
    if (name === 'time') {
      const serverMs = timeOf(data);
      if (serverMs !== null) this.clock.observe(serverMs);
      return null;
    }
    const event = eventOf(name, data);
    if (event?.type === 'reset') return this.forget(event.reason);
    const isNews = event !== null && this.delivered.take(event, data);
    if (hasId) {
      this.delivered.passed();
      this.position = lastEventId === '' ? null : lastEventId;
      this.resumeFrom = this.position;
    }
    return isNews ? event : null;
  }

  /** Nothing of what was told counts any more. */
  forget(reason: string): StreamEvent {
    this.delivered.clear();
    this.position = null;
    return { type: 'reset', reason };
  }
}
