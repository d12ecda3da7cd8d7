/**
 * Taps that happened: somebody passed. They are gathered in the order of the log and given back in
 * the order of their rated times; of two with the same time the one that was logged first comes
 * first. 10 bytes a tap: a day of a metropolis fits into memory.
 */
const hourMs = 3_600_000;
/** Above the time within the hour, which has 22 bits. */
const directionBit = 22;
const timeMask = (1 << directionBit) - 1;
const firstCapacity = 1024;
/** A time and the place of its tap make one exact number. */
const places = 2 ** 30;

/** Called for each tap. `direction`: as in a command. */
export type OnTap = (card: number, atMs: number, station: number, direction: number) => void;

/** The taps of an hour, in the order of the log. */
class Hour {
  count = 0;
  /** Whether their times never go back. */
  isOrdered = true;
  card = new Uint32Array(firstCapacity);
  /** Time within the hour, ms, and above it the direction. */
  what = new Uint32Array(firstCapacity);
  station = new Uint16Array(firstCapacity);
  private lastMs = 0;

  add(card: number, withinMs: number, station: number, direction: number): void {
    if (this.count === this.card.length) this.grow(2 * this.count);
    this.card[this.count] = card;
    this.what[this.count] = withinMs | (direction << directionBit);
    this.station[this.count] = station;
    this.count += 1;
    if (withinMs < this.lastMs) this.isOrdered = false;
    this.lastMs = withinMs;
  }

  /** The places of the taps by their times; null when they are in order. */
  order(): Float64Array | null {
    if (this.isOrdered) return null;
    const keys = new Float64Array(this.count);
    for (let at = 0; at < this.count; at += 1) keys[at] = (this.what[at]! & timeMask) * places + at;
    return keys.sort();
  }

  private grow(capacity: number): void {
    const { card, what, station } = this;
    this.card = new Uint32Array(capacity);
    this.what = new Uint32Array(capacity);
    this.station = new Uint16Array(capacity);
    this.card.set(card);
    this.what.set(what);
    this.station.set(station);
  }
}

export class Happened {
  count = 0;
  private readonly beginMs: number;
  private readonly endMs: number;
  private readonly hours: (Hour | undefined)[] = [];

  /** Keeps taps from `beginMs` to before `endMs`, rated times, and passes over all others. */
  constructor(beginMs: number, endMs: number) {
    this.beginMs = beginMs;
    this.endMs = endMs;
  }

  add(card: number, atMs: number, station: number, direction: number): void {
    if (atMs < this.beginMs || atMs >= this.endMs) return;
    const sinceMs = atMs - this.beginMs;
    const number = Math.floor(sinceMs / hourMs);
    const hour = (this.hours[number] ??= new Hour());
    hour.add(card, sinceMs - number * hourMs, station, direction);
    this.count += 1;
  }

  /** Each card of a tap, as often as it has taps, in no order. */
  eachCard(use: (card: number) => void): void {
    for (const hour of this.hours) {
      for (let at = 0; at < (hour?.count ?? 0); at += 1) use(hour!.card[at]!);
    }
  }

  /** Gives all taps back, in order, and forgets them. */
  drain(onTap: OnTap): void {
    for (let number = 0; number < this.hours.length; number += 1) {
      const hour = this.hours[number];
      if (hour === undefined) continue;
      this.hours[number] = undefined;
      const order = hour.order();
      const beginMs = this.beginMs + number * hourMs;
      for (let rank = 0; rank < hour.count; rank += 1) {
        const at = order === null ? rank : order[rank]! % places;
        const what = hour.what[at]!;
        onTap(hour.card[at]!, beginMs + (what & timeMask), hour.station[at]!, what >>> directionBit);
      }
    }
    this.count = 0;
  }
}
