/** How long a body may take to arrive. */
import type { BodyBudget } from './body-reading.ts';
import { HttpFailure, problems } from './problems.ts';

const sweepMs = 250;

/** A request whose body has not arrived yet. */
export interface BodyWait {
  bodyDueMs: number;
  earlierBody: BodyWait | null;
  laterBody: BodyWait | null;
  /** Its time is up. */
  bodyLate(failure: HttpFailure): void;
}

/**
 * Requests that wait for their body, oldest first. All have the same time, so the overdue ones are
 * at the front. It is a list linked through the requests with one timer: a timer or a set entry for
 * each would cost more than reading the body.
 */
export class BodyDeadlines {
  readonly budget: BodyBudget;
  private readonly timeoutMs: number;
  private first: BodyWait | null = null;
  private last: BodyWait | null = null;
  private sweeping: ReturnType<typeof setInterval> | null = null;

  constructor(timeoutMs: number, budget: BodyBudget) {
    this.timeoutMs = timeoutMs;
    this.budget = budget;
  }

  add(wait: BodyWait): void {
    wait.bodyDueMs = performance.now() + this.timeoutMs;
    wait.earlierBody = this.last;
    if (this.last === null) this.first = wait;
    else this.last.laterBody = wait;
    this.last = wait;
    this.sweeping ??= this.startSweeping();
  }

  /** Does nothing for a removed request: an overdue request ends too, in one way or the other. */
  remove(wait: BodyWait): void {
    if (wait.bodyDueMs === 0) return;
    wait.bodyDueMs = 0;
    const { earlierBody, laterBody } = wait;
    if (earlierBody === null) this.first = laterBody;
    else earlierBody.laterBody = laterBody;
    if (laterBody === null) this.last = earlierBody;
    else laterBody.earlierBody = earlierBody;
    wait.earlierBody = null;
    wait.laterBody = null;
  }

  close(): void {
    if (this.sweeping !== null) clearInterval(this.sweeping);
  }

  private startSweeping(): ReturnType<typeof setInterval> {
    const sweep = (): void => {
      const nowMs = performance.now();
      for (let wait = this.first; wait !== null && wait.bodyDueMs <= nowMs; wait = this.first) {
        this.remove(wait);
        wait.bodyLate(new HttpFailure(problems.BODY_TIMEOUT, undefined, [], { Connection: 'close' }));
      }
    };
    const timer = setInterval(sweep, Math.min(sweepMs, this.timeoutMs));
    timer.unref();
    return timer;
  }
}
