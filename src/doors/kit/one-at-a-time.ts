/**
 * Makes something one at a time. Who asks while one is being made shares the next, which begins
 * after they asked: however many ask, one is being made, and nobody is given what was made from an
 * earlier state than they asked in.
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
