/**
 * Makes something one at a time. Requests that come while one is being made share the next, which
 * begins after them. So at most one is in the making, and no request gets a state from before it
 * came.
 */
export class OneAtATime<Made> {
  private readonly make: () => Promise<Made>;
  private running: Promise<Made> | null = null;
  private next: Promise<Made> | null = null;

  constructor(make: () => Promise<Made>) {
    this.make = make;
  }

  get(): Promise<Made> {
    if (this.running === null) return this.start();
    const again = (): Promise<Made> => {
      this.next = null;
      return this.start();
    };
    this.next ??= this.running.then(again, again);
    return this.next;
  }

  private start(): Promise<Made> {
    const made = this.make();
    this.running = made;
    const over = (): void => {
      if (this.running === made) this.running = null;
    };
    made.then(over, over);
    return made;
  }
}
