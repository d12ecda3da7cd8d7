/**
 * What cards paid for days, and what is due: a table by (card, day) with open addressing, in typed
 * arrays.
 */

/** Of one card and day, minor units. */
export interface DaySum {
  /** Row of the card. */
  readonly card: number;
  /** Local day, days since 1970-01-01. */
  readonly day: number;
  /** Fares, less what adjustments gave back. */
  readonly booked: number;
  /** Of that what re-ratings gave back. */
  readonly rerated: number;
  readonly due: number;
}

const firstSlots = 4096;

export class DaySums {
  readonly from: number;
  readonly to: number;
  private readonly days: number;
  private used = 0;
  /** The card and the day, from 1; 0 in a free slot. */
  private keys = new Uint32Array(firstSlots);
  private booked = new Float64Array(firstSlots);
  private rerated = new Float64Array(firstSlots);
  private due = new Float64Array(firstSlots);

  /** For the days `from` to `to`; others are passed over. */
  constructor(from: number, to: number) {
    this.from = from;
    this.to = to;
    this.days = to - from + 1;
  }

  get count(): number {
    return this.used;
  }

  addBooked(card: number, day: number, amount: number): void {
    if (day < this.from || day > this.to) return;
    const slot = this.slotOf(card, day);
    this.booked[slot] = this.booked[slot]! + amount;
  }

  /** What a re-rating gave back; it is booked, too. */
  addRerated(card: number, day: number, amount: number): void {
    if (day < this.from || day > this.to) return;
    const slot = this.slotOf(card, day);
    this.rerated[slot] = this.rerated[slot]! + amount;
    this.booked[slot] = this.booked[slot]! - amount;
  }

  addDue(card: number, day: number, amount: number): void {
    if (day < this.from || day > this.to) return;
    const slot = this.slotOf(card, day);
    this.due[slot] = this.due[slot]! + amount;
  }

  /** The sums of a card and day; zeros when there is nothing. */
  of(card: number, day: number): DaySum {
    const slot = day < this.from || day > this.to ? -1 : this.find(this.keyOf(card, day));
    if (slot < 0 || this.keys[slot] === 0) return { card, day, booked: 0, rerated: 0, due: 0 };
    return this.at(slot);
  }

  /** All sums, by card and day. */
  *rows(): Generator<DaySum> {
    const keys = this.keys.filter((key) => key !== 0).sort();
    for (const key of keys) yield this.at(this.find(key));
  }

  private at(slot: number): DaySum {
    const { booked, rerated, due, days, from } = this;
    const place = this.keys[slot]! - 1;
    const card = Math.floor(place / days);
    return {
      card,
      day: from + place - card * days,
      booked: booked[slot]!,
      rerated: rerated[slot]!,
      due: due[slot]!,
    };
  }

  private keyOf(card: number, day: number): number {
    const key = card * this.days + (day - this.from) + 1;
    if (key > 0xffffffff) throw new Error(`the days of ${card} cards are too many for one table`);
    return key;
  }

  private slotOf(card: number, day: number): number {
    const key = this.keyOf(card, day);
    const slot = this.find(key);
    if (this.keys[slot] === key) return slot;
    if (2 * this.used >= this.keys.length) {
      this.grow();
      return this.slotOf(card, day);
    }
    this.keys[slot] = key;
    this.used += 1;
    return slot;
  }

  /** The slot of a key, or the free one that it would get. */
  private find(key: number): number {
    const mask = this.keys.length - 1;
    let slot = (Math.imul(key, 0x9e3779b1) >>> 7) & mask;
    while (this.keys[slot] !== 0 && this.keys[slot] !== key) slot = (slot + 1) & mask;
    return slot;
  }

  private grow(): void {
    const { keys, booked, rerated, due } = this;
    const slots = 2 * keys.length;
    this.keys = new Uint32Array(slots);
    this.booked = new Float64Array(slots);
    this.rerated = new Float64Array(slots);
    this.due = new Float64Array(slots);
    for (let from = 0; from < keys.length; from += 1) {
      if (keys[from] === 0) continue;
      const slot = this.find(keys[from]!);
      this.keys[slot] = keys[from]!;
      this.booked[slot] = booked[from]!;
      this.rerated[slot] = rerated[from]!;
      this.due[slot] = due[from]!;
    }
  }
}
