/** The progress of a stream: the news in its events, and where the next connection resumes. */
import type { ServerClock } from './clock.ts';
import { Delivered } from './delivered.ts';
import type { SseEvent } from './sse.ts';
import type { StreamEvent } from './stream-events.ts';
import { eventOf, timeOf } from './stream-events.ts';

export class StreamProgress {
  /**
   * The last id: everything up to there was delivered, and later events may have been. Null while a
   * connection would have to begin with the present state.
   */
  position: string | null;
  /**
   * Where the next connection resumes. After a reset it is the old position until there is a new
   * one; a connection from there gets `reset` again.
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

  /** The news in an event; null without any. */
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

  /** Forgets everything that was delivered. */
  forget(reason: string): StreamEvent {
    this.delivered.clear();
    this.position = null;
    return { type: 'reset', reason };
  }
}
