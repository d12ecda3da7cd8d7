/** The riders of the crowd: where each is, and who taps next. */

/** How long a rider who was kept out does something else, ms. */
const restMs = 5000;

/** No rider is tapped again before the store has answered for them. */
export class Commuters {
  /** Numbers of their cards. */
  readonly cards: Uint32Array;
  /** 1 while they are inside, by the outcomes. */
  private readonly inside: Uint8Array;
  private readonly waits: Uint8Array;
  /** Until when each rests, by the page's clock. */
  private readonly restsUntilMs: Float64Array;
  private turn = 0;

  constructor(cards: readonly number[]) {
    this.cards = Uint32Array.from(cards);
    this.inside = new Uint8Array(cards.length);
    this.waits = new Uint8Array(cards.length);
    this.restsUntilMs = new Float64Array(cards.length);
  }

  get count(): number {
    return this.cards.length;
  }

  /**
   * The next rider, who then waits for the outcome; -1 if all wait or rest. `isLeaving`: only those
   * inside.
   */
  next(isLeaving: boolean): number {
    const nowMs = performance.now();
    for (let looked = 0; looked < this.count; looked += 1) {
      const rider = this.turn;
      this.turn = (this.turn + 1) % this.count;
      if (this.waits[rider] === 1 || this.restsUntilMs[rider]! > nowMs || (isLeaving && this.inside[rider] !== 1))
        continue;
      this.waits[rider] = 1;
      return rider;
    }
    return -1;
  }

  goesOut(rider: number): boolean {
    return this.inside[rider] === 1;
  }

  /** The store has answered. `isInside`: null when the tap did not count. */
  settle(rider: number, isInside: boolean | null): void {
    this.waits[rider] = 0;
    if (isInside !== null) this.inside[rider] = isInside ? 1 : 0;
  }

  /** Was kept out: taps again after a while. */
  rest(rider: number): void {
    this.restsUntilMs[rider] = performance.now() + restMs;
  }

  /** After a cut nobody waits any more. */
  release(): void {
    this.waits.fill(0);
  }
}
