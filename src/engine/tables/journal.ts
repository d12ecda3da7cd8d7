/**
 * What the applied records did to cards, one row for each tap, each movement of money and each
 * journey that ended. The state keeps their numbers alone: the rows are read by who answers the
 * taps, and by followers, and then dropped. Not state, but for the numbers.
 *
 * Rows are numbered from 0 over the whole log. Without a reader (`collecting`) only those of the
 * record that was applied last are kept.
 */
import type { Table } from './table.ts';

export const entryKinds = { opening: 0, topUp: 1, fare: 2, refund: 3, adjustment: 4 } as const;

export const journeyStates = { complete: 0, incomplete: 1 } as const;

/** No number: "none" in a column of numbers of journeys, or of taps. */
export const noNumber = 0;

abstract class Rows {
  /** Number of the first row that is kept, from 0, and how many are kept. */
  first = 0;
  count = 0;
  protected capacity = 0;

  /** How many there were in the whole log. */
  get total(): number {
    return this.first + this.count;
  }

  /** Where the row with a number is in the columns. */
  at(number: number): number {
    return number - this.first;
  }

  /** Drops the rows that are kept. */
  clear(): void {
    this.first += this.count;
    this.count = 0;
  }

  /** The place of a new row. */
  protected next(): number {
    if (this.count === this.capacity) {
      this.capacity = Math.max(1024, 2 * this.capacity);
      this.grow(this.capacity);
    }
    this.count += 1;
    return this.count - 1;
  }

  protected abstract grow(capacity: number): void;
}

/** A tap with its outcome. */
export class TapRows extends Rows {
  gate = new Uint32Array(0);
  epoch = new Uint32Array(0);
  sequence = new Uint32Array(0);
  /** Row of the card; `noCard` for none. For a replay, that of the first tap. */
  card = new Uint32Array(0);
  /** Number of the station; 0 for none. */
  station = new Uint16Array(0);
  /** As in the command: direction, and what the gate decided. */
  bits = new Uint8Array(0);
  atMs = new Float64Array(0);
  result = new Uint8Array(0);
  reason = new Uint8Array(0);
  flags = new Uint16Array(0);
  /** 1 when it only repeats an earlier one: nothing was applied. */
  replayed = new Uint8Array(0);
  /** What the tap charged, minor units. */
  fare = new Int32Array(0);
  balance = new Int32Array(0);
  /** Number of the journey; 0 for none. */
  journey = new Float64Array(0);
  /** gap: the sequence that is expected. */
  expected = new Uint32Array(0);
  ruleTerms = new Uint32Array(0);
  ruleEnds = new Uint32Array(0);
  cappedBy = new Uint32Array(0);
  /** Log position of its record, and civil time, ms. */
  position = new Float64Array(0);
  bookedAtMs = new Float64Array(0);

  /** A new row, all of whose columns the caller sets. */
  add(): number {
    return this.next();
  }

  protected grow(capacity: number): void {
    this.gate = grown(this.gate, new Uint32Array(capacity));
    this.epoch = grown(this.epoch, new Uint32Array(capacity));
    this.sequence = grown(this.sequence, new Uint32Array(capacity));
    this.card = grown(this.card, new Uint32Array(capacity));
    this.station = grown(this.station, new Uint16Array(capacity));
    this.bits = grown(this.bits, new Uint8Array(capacity));
    this.atMs = grown(this.atMs, new Float64Array(capacity));
    this.result = grown(this.result, new Uint8Array(capacity));
    this.reason = grown(this.reason, new Uint8Array(capacity));
    this.flags = grown(this.flags, new Uint16Array(capacity));
    this.replayed = grown(this.replayed, new Uint8Array(capacity));
    this.fare = grown(this.fare, new Int32Array(capacity));
    this.balance = grown(this.balance, new Int32Array(capacity));
    this.journey = grown(this.journey, new Float64Array(capacity));
    this.expected = grown(this.expected, new Uint32Array(capacity));
    this.ruleTerms = grown(this.ruleTerms, new Uint32Array(capacity));
    this.ruleEnds = grown(this.ruleEnds, new Uint32Array(capacity));
    this.cappedBy = grown(this.cappedBy, new Uint32Array(capacity));
    this.position = grown(this.position, new Float64Array(capacity));
    this.bookedAtMs = grown(this.bookedAtMs, new Float64Array(capacity));
  }
}

/** A movement of money on a card. The amounts of a card add up to its balance. */
export class EntryRows extends Rows {
  kind = new Uint8Array(0);
  card = new Uint32Array(0);
  /** Added to the balance: negative for a fare. Minor units. */
  amount = new Float64Array(0);
  /** Right after it. */
  balance = new Int32Array(0);
  position = new Float64Array(0);
  /** Civil time of its record; ms. */
  bookedAtMs = new Float64Array(0);
  /** fare, refund: number of the journey; 0 for none. */
  journey = new Float64Array(0);
  /** fare: device time of the tap that charged it, ms. */
  atMs = new Float64Array(0);
  /** fare, adjustment: the day it is of, days since 1970-01-01 in the tariff's time zone. */
  day = new Int32Array(0);
  /** fare: whether it counts towards caps. */
  counts = new Uint8Array(0);
  /** adjustment: of which run. */
  run = new Uint32Array(0);
  ruleTerms = new Uint32Array(0);
  ruleEnds = new Uint32Array(0);
  cappedBy = new Uint32Array(0);

  add(): number {
    return this.next();
  }

  protected grow(capacity: number): void {
    this.kind = grown(this.kind, new Uint8Array(capacity));
    this.card = grown(this.card, new Uint32Array(capacity));
    this.amount = grown(this.amount, new Float64Array(capacity));
    this.balance = grown(this.balance, new Int32Array(capacity));
    this.position = grown(this.position, new Float64Array(capacity));
    this.bookedAtMs = grown(this.bookedAtMs, new Float64Array(capacity));
    this.journey = grown(this.journey, new Float64Array(capacity));
    this.atMs = grown(this.atMs, new Float64Array(capacity));
    this.day = grown(this.day, new Int32Array(capacity));
    this.counts = grown(this.counts, new Uint8Array(capacity));
    this.run = grown(this.run, new Uint32Array(capacity));
    this.ruleTerms = grown(this.ruleTerms, new Uint32Array(capacity));
    this.ruleEnds = grown(this.ruleEnds, new Uint32Array(capacity));
    this.cappedBy = grown(this.cappedBy, new Uint32Array(capacity));
  }
}

/** A journey that ended. One end may be missing: its station is 0 then. */
export class JourneyRows extends Rows {
  /** The journey's own number, from 1: given when it begins. */
  number = new Float64Array(0);
  card = new Uint32Array(0);
  category = new Uint8Array(0);
  entryGate = new Uint32Array(0);
  entryStation = new Uint16Array(0);
  entryAtMs = new Float64Array(0);
  exitGate = new Uint32Array(0);
  exitStation = new Uint16Array(0);
  exitAtMs = new Float64Array(0);
  fare = new Int32Array(0);
  /** Number of the first journey of its chain: its own when it goes on with none. */
  chain = new Float64Array(0);
  /** `journeyStates` */
  state = new Uint8Array(0);
  ruleTerms = new Uint32Array(0);
  ruleEnds = new Uint32Array(0);
  cappedBy = new Uint32Array(0);
  position = new Float64Array(0);

  add(): number {
    return this.next();
  }

  protected grow(capacity: number): void {
    this.number = grown(this.number, new Float64Array(capacity));
    this.card = grown(this.card, new Uint32Array(capacity));
    this.category = grown(this.category, new Uint8Array(capacity));
    this.entryGate = grown(this.entryGate, new Uint32Array(capacity));
    this.entryStation = grown(this.entryStation, new Uint16Array(capacity));
    this.entryAtMs = grown(this.entryAtMs, new Float64Array(capacity));
    this.exitGate = grown(this.exitGate, new Uint32Array(capacity));
    this.exitStation = grown(this.exitStation, new Uint16Array(capacity));
    this.exitAtMs = grown(this.exitAtMs, new Float64Array(capacity));
    this.fare = grown(this.fare, new Int32Array(capacity));
    this.chain = grown(this.chain, new Float64Array(capacity));
    this.state = grown(this.state, new Uint8Array(capacity));
    this.ruleTerms = grown(this.ruleTerms, new Uint32Array(capacity));
    this.ruleEnds = grown(this.ruleEnds, new Uint32Array(capacity));
    this.cappedBy = grown(this.cappedBy, new Uint32Array(capacity));
    this.position = grown(this.position, new Float64Array(capacity));
  }
}

function grown<Column extends { set(from: Column): void }>(from: Column, into: Column): Column {
  into.set(from);
  return into;
}

interface JournalHead {
  readonly taps: number;
  readonly entries: number;
  readonly endedJourneys: number;
  readonly begunJourneys: number;
  readonly appliedTaps: number;
  readonly openedTaps: number;
  readonly deniedTaps: number;
}

export class Journal implements Table<JournalHead> {
  readonly taps = new TapRows();
  readonly entries = new EntryRows();
  readonly journeys = new JourneyRows();
  /** Journeys that began: the last number given. */
  begunJourneys = 0;
  /** Taps that moved their gate's mark, and what they came to. */
  applied = 0;
  opened = 0;
  denied = 0;
  /** Number of the first tap of the record that was applied last. */
  firstTap = 0;
  /** On only while there is a reader, which calls `clear`. */
  collecting = false;

  /** Called before each record that has to do with cards. */
  begin(): void {
    if (!this.collecting) this.clear();
    this.firstTap = this.taps.total;
  }

  /** Counts a tap that moved a mark. */
  countTap(opened: boolean): void {
    this.applied += 1;
    if (opened) this.opened += 1;
    else this.denied += 1;
  }

  /** Drops the rows that are kept. */
  clear(): void {
    this.taps.clear();
    this.entries.clear();
    this.journeys.clear();
  }

  head(): JournalHead {
    const { taps, entries, journeys, begunJourneys, applied, opened, denied } = this;
    return {
      taps: taps.total,
      entries: entries.total,
      endedJourneys: journeys.total,
      begunJourneys,
      appliedTaps: applied,
      openedTaps: opened,
      deniedTaps: denied,
    };
  }

  restore({ taps = 0, entries = 0, endedJourneys = 0, begunJourneys = 0, ...counts }: Partial<JournalHead>): void {
    this.taps.first = taps;
    this.entries.first = entries;
    this.journeys.first = endedJourneys;
    this.begunJourneys = begunJourneys;
    this.applied = counts.appliedTaps ?? 0;
    this.opened = counts.openedTaps ?? 0;
    this.denied = counts.deniedTaps ?? 0;
  }
}
