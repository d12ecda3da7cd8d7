/**
 * What is known of a card that travelled lately, 92 bytes: its open journey, its last tap, the
 * chain that an interchange may go on with, and what it paid on each of the last eight days. A card
 * that has rested for long has no row here.
 *
 * Times are the lowest 32 bits of ms since the epoch: with the row's newest day at hand, that is
 * enough for 24 days to both sides.
 */
import { WordColumn } from '../base/columns.ts';
import type { Ref } from '../base/ref.ts';
import { noRef, refOf, rowOf } from '../base/ref.ts';
import type { CardTable } from './cards.ts';
import type { Stored, Table } from './table.ts';

export const dayMs = 86_400_000;
/** Days for which the sums are kept, the newest one included. */
export const ringDays = 8;

/** Bits of `bits`; 8-15 and 16-23 are the highest bits of the open journey and of the chain. */
const openBit = 1;
const lastBit = 2;
const lastOutBit = 4;
/** An exit that an interchange may go on from. */
const chainBit = 8;
/** The open journey goes on with the chain. */
const chainedBit = 16;
/** The row is in use. */
const liveBit = 32;
const journeyHighShift = 8;
const chainHighShift = 16;

/** Words of a row: side by side, since a tap needs most of them and a row is rarely in a cache. */
const rowWords = 23;
const word = {
  card: 0,
  /** The newest day of an applied tap. */
  day: 1,
  bits: 2,
  openGate: 3,
  openAt: 4,
  /** Stations: of the open journey's entry (bits 0-15), of the last tap (16-31). */
  stations: 5,
  openJourney: 6,
  lastAt: 7,
  /** Number of the chain's first journey, and its entry. */
  chainJourney: 8,
  chainAt: 9,
  chainExitAt: 10,
  /** Stations: of the chain's first entry (bits 0-15), of its last exit (16-31). */
  chainStations: 11,
  chainBase: 12,
  /** Link to the sums of the ranges of zones, besides the one of all zones. */
  rings: 13,
  /** Link to what is noted of single days (`day-notes.ts`); in a free row, to the next free one. */
  notes: 14,
  /** Fares that count towards caps, of the day with this number modulo eight. */
  counted: 15,
} as const;

/** Words of a ring: its range of zones, the card's next ring, and the sums of eight days. */
const ringWords = 10;
const ringWord = { range: 0, next: 1, counted: 2 } as const;

interface TravelHead {
  readonly travelRows: number;
  readonly travelLive: number;
  readonly travelFree: number;
  readonly ringRows: number;
  readonly ringFree: number;
}

export class TravelTable implements Table<TravelHead> {
  rows = 0;
  /** Rows in use. */
  live = 0;
  private free = noRef;
  private readonly words = new WordColumn();

  ringRows = 0;
  private ringFree = noRef;
  private readonly rings = new WordColumn();

  /** A row for a card whose first tap is of this day. */
  add(card: number, day: number): number {
    let row = rowOf(this.free);
    if (row < 0) {
      row = this.rows;
      this.rows += 1;
    } else {
      this.free = this.notesOf(row);
    }
    this.live += 1;
    const { words } = this;
    const at = row * rowWords;
    for (let index = 0; index < rowWords; index += 1) words.set(at + index, 0);
    words.set(at + word.card, card);
    words.set(at + word.day, day);
    words.set(at + word.bits, liveBit);
    return row;
  }

  /** Frees a row without notes. */
  remove(row: number): void {
    for (let ring = this.ringsOf(row); ring !== noRef;) {
      const next = this.nextRing(ring);
      this.rings.set(rowOf(ring) * ringWords + ringWord.next, this.ringFree);
      this.ringFree = ring;
      ring = next;
    }
    this.set(row, word.rings, noRef);
    this.set(row, word.bits, 0);
    this.setNotes(row, this.free);
    this.free = refOf(row);
    this.live -= 1;
  }

  private get(row: number, index: number): number {
    return this.words.get(row * rowWords + index);
  }

  private set(row: number, index: number, value: number): void {
    this.words.set(row * rowWords + index, value);
  }

  /** Row of the card. */
  cardOf(row: number): number {
    return this.get(row, word.card);
  }

  /** The first note of a day. */
  notesOf(row: number): Ref {
    return this.get(row, word.notes) as Ref;
  }

  setNotes(row: number, first: Ref): void {
    this.set(row, word.notes, first);
  }

  /** Whether the row is in use. */
  isLive(row: number): boolean {
    return (this.get(row, word.bits) & liveBit) !== 0;
  }

  /** The newest day of an applied tap, days since 1970-01-01 in the tariff's time zone. */
  newestDay(row: number): number {
    return this.get(row, word.day) | 0;
  }

  /** The time of which `low` has the lowest bits, ms. */
  private timeOf(row: number, low: number): number {
    const middleMs = this.newestDay(row) * dayMs;
    return middleMs + ((low - (middleMs | 0)) | 0);
  }

  // --- the open journey ---

  isOpen(row: number): boolean {
    return (this.get(row, word.bits) & openBit) !== 0;
  }

  openStation(row: number): number {
    return this.get(row, word.stations) & 0xffff;
  }

  openGate(row: number): number {
    return this.get(row, word.openGate);
  }

  openAtMs(row: number): number {
    return this.timeOf(row, this.get(row, word.openAt));
  }

  /** Number of the open journey. */
  openNumber(row: number): number {
    return this.get(row, word.openJourney) + ((this.get(row, word.bits) >>> journeyHighShift) & 0xff) * 0x1_0000_0000;
  }

  /** Whether the open journey goes on with the chain. */
  isChained(row: number): boolean {
    return (this.get(row, word.bits) & chainedBit) !== 0;
  }

  open(row: number, gate: number, station: number, atMs: number, number: number, chained: boolean): void {
    const high = Math.floor(number / 0x1_0000_0000);
    const kept = this.get(row, word.bits) & ~(openBit | chainedBit | (0xff << journeyHighShift));
    this.set(row, word.bits, kept | openBit | (chained ? chainedBit : 0) | (high << journeyHighShift));
    this.set(row, word.openGate, gate);
    this.set(row, word.openAt, atMs | 0);
    this.set(row, word.openJourney, number | 0);
    this.set(row, word.stations, (this.get(row, word.stations) & 0xffff0000) | station);
  }

  close(row: number): void {
    this.set(row, word.bits, this.get(row, word.bits) & ~(openBit | chainedBit));
  }

  // --- the last tap ---

  hasLast(row: number): boolean {
    return (this.get(row, word.bits) & lastBit) !== 0;
  }

  lastAtMs(row: number): number {
    return this.timeOf(row, this.get(row, word.lastAt));
  }

  lastStation(row: number): number {
    return this.get(row, word.stations) >>> 16;
  }

  lastDirection(row: number): number {
    return (this.get(row, word.bits) & lastOutBit) === 0 ? 0 : 1;
  }

  setLast(row: number, station: number, direction: number, atMs: number): void {
    const kept = this.get(row, word.bits) & ~lastOutBit;
    this.set(row, word.bits, kept | lastBit | (direction === 0 ? 0 : lastOutBit));
    this.set(row, word.lastAt, atMs | 0);
    this.set(row, word.stations, (this.get(row, word.stations) & 0xffff) | (station << 16));
  }

  // --- the chain ---

  hasChain(row: number): boolean {
    return (this.get(row, word.bits) & chainBit) !== 0;
  }

  chainFrom(row: number): number {
    return this.get(row, word.chainStations) & 0xffff;
  }

  chainExit(row: number): number {
    return this.get(row, word.chainStations) >>> 16;
  }

  chainAtMs(row: number): number {
    return this.timeOf(row, this.get(row, word.chainAt));
  }

  chainExitAtMs(row: number): number {
    return this.timeOf(row, this.get(row, word.chainExitAt));
  }

  /** The fare of the chain so far, before caps. */
  chainBase(row: number): number {
    return this.get(row, word.chainBase);
  }

  /** Number of the chain's first journey. */
  chainNumber(row: number): number {
    return this.get(row, word.chainJourney) + ((this.get(row, word.bits) >>> chainHighShift) & 0xff) * 0x1_0000_0000;
  }

  /** Begins a chain with the journey that ends now. */
  beginChain(row: number, number: number, from: number, atMs: number): void {
    const high = Math.floor(number / 0x1_0000_0000);
    this.set(
      row,
      word.bits,
      (this.get(row, word.bits) & ~(0xff << chainHighShift)) | chainBit | (high << chainHighShift),
    );
    this.set(row, word.chainJourney, number | 0);
    this.set(row, word.chainAt, atMs | 0);
    this.set(row, word.chainStations, from);
    this.set(row, word.chainBase, 0);
  }

  /** The chain's last exit, and what all of it costs before caps. */
  extendChain(row: number, exit: number, exitAtMs: number, base: number): void {
    this.set(row, word.chainExitAt, exitAtMs | 0);
    this.set(row, word.chainStations, (this.get(row, word.chainStations) & 0xffff) | (exit << 16));
    this.set(row, word.chainBase, base);
  }

  endChain(row: number): void {
    this.set(row, word.bits, this.get(row, word.bits) & ~chainBit);
  }

  // --- what was paid ---

  /** Whether the sum of that day is kept. */
  keepsDay(row: number, day: number): boolean {
    const newest = this.newestDay(row);
    return day <= newest && day > newest - ringDays;
  }

  /**
   * Moves on to a later day: sums of days that are too old go, and after a long rest the chain and
   * the last tap with them.
   */
  advance(row: number, day: number): void {
    const newest = this.newestDay(row);
    if (day <= newest) return;
    const rings = this.ringsOf(row);
    for (let passed = Math.max(newest + 1, day - ringDays + 1); passed <= day; passed += 1) {
      const index = passed & 7;
      this.set(row, word.counted + index, 0);
      for (let ring = rings; ring !== noRef; ring = this.nextRing(ring)) this.setRing(ring, index, 0);
    }
    if (day - newest > ringDays)
      this.set(row, word.bits, this.get(row, word.bits) & ~(chainBit | lastBit | lastOutBit));
    this.set(row, word.day, day);
  }

  /** The sum of the fares that count for a range of zones from one day to another. */
  countedBetween(row: number, range: number, from: number, to: number): number {
    const newest = this.newestDay(row);
    const last = Math.min(to, newest);
    const ring = range === 0 ? noRef : this.ringOf(row, range);
    if (range !== 0 && ring === noRef) return 0;
    const first = range === 0 ? row * rowWords + word.counted : rowOf(ring) * ringWords + ringWord.counted;
    const column = range === 0 ? this.words : this.rings;
    let sum = 0;
    for (let day = Math.max(from, newest - ringDays + 1); day <= last; day += 1) sum += column.get(first + (day & 7));
    return sum;
  }

  count(row: number, range: number, day: number, amount: number): void {
    if (!this.keepsDay(row, day)) return;
    const index = day & 7;
    if (range === 0) {
      this.set(row, word.counted + index, this.get(row, word.counted + index) + amount);
      return;
    }
    const known = this.ringOf(row, range);
    const ring = known === noRef ? this.addRing(row, range) : known;
    const at = rowOf(ring) * ringWords + ringWord.counted + index;
    this.rings.set(at, this.rings.get(at) + amount);
  }

  private ringsOf(row: number): Ref {
    return this.get(row, word.rings) as Ref;
  }

  private nextRing(ring: Ref): Ref {
    return this.rings.get(rowOf(ring) * ringWords + ringWord.next) as Ref;
  }

  private setRing(ring: Ref, index: number, amount: number): void {
    this.rings.set(rowOf(ring) * ringWords + ringWord.counted + index, amount);
  }

  private ringOf(row: number, range: number): Ref {
    let ring = this.ringsOf(row);
    while (ring !== noRef && this.rings.get(rowOf(ring) * ringWords + ringWord.range) !== range) {
      ring = this.nextRing(ring);
    }
    return ring;
  }

  private addRing(row: number, range: number): Ref {
    let ring = this.ringFree;
    if (ring === noRef) {
      ring = refOf(this.ringRows);
      this.ringRows += 1;
    } else {
      this.ringFree = this.nextRing(ring);
    }
    const at = rowOf(ring) * ringWords;
    this.rings.set(at + ringWord.range, range);
    this.rings.set(at + ringWord.next, this.ringsOf(row));
    for (let index = 0; index < ringDays; index += 1) this.setRing(ring, index, 0);
    this.set(row, word.rings, ring);
    return ring;
  }

  // --- snapshots ---

  head(): TravelHead {
    const { rows, live, free, ringRows, ringFree } = this;
    return { travelRows: rows, travelLive: live, travelFree: free, ringRows, ringFree };
  }

  restore(head: Partial<TravelHead>): void {
    this.rows = head.travelRows ?? 0;
    this.live = head.travelLive ?? 0;
    this.free = (head.travelFree ?? 0) as Ref;
    this.ringRows = head.ringRows ?? 0;
    this.ringFree = (head.ringFree ?? 0) as Ref;
  }

  columns(): Stored[] {
    return [
      [this.words, this.rows * rowWords],
      [this.rings, this.ringRows * ringWords],
    ];
  }
}

/** The tables that this reads. */
interface Travels {
  readonly cards: CardTable;
  readonly travel: TravelTable;
}

export interface OpenJourney {
  readonly number: number;
  readonly gate: number;
  /** Number of the station. */
  readonly station: number;
  readonly atMs: number;
  /** Number of the chain's first journey: its own when it goes on with none. */
  readonly chain: number;
}

/** The journey that a card is on; null for none. */
export function openJourneyOf({ cards, travel }: Travels, card: number): OpenJourney | null {
  const row = rowOf(cards.travel.get(card));
  if (row < 0 || !travel.isOpen(row)) return null;
  const number = travel.openNumber(row);
  return {
    number,
    gate: travel.openGate(row),
    station: travel.openStation(row),
    atMs: travel.openAtMs(row),
    chain: travel.isChained(row) ? travel.chainNumber(row) : number,
  };
}
