/**
 * What is known of a card that travelled lately, 92 bytes: its open journey, its last tap, the
 * chain that an interchange may go on with, and what it paid on each of the last eight days. A card
 * that has rested for long has no row here.
 *
 * Times are the lowest 32 bits of ms since the epoch: with the row's newest day at hand, that is
 * enough for 24 days to both sides.
 */
import { WordColumn } from '../base/columns.ts';
import type { Ref, RefColumn } from '../base/ref.ts';
import { noRef, refOf, rowOf } from '../base/ref.ts';
import type { CardTable } from './cards.ts';
import type { Stored, Table } from './table.ts';
import { stored } from './table.ts';

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

  /** Row of the card. */
  readonly card = new WordColumn();
  /** `newestDay` */
  private readonly day = new WordColumn();
  readonly bits = new WordColumn();
  readonly openGate = new WordColumn();
  readonly openAt = new WordColumn();
  readonly lastAt = new WordColumn();
  /** Stations: of the open journey's entry (bits 0-15), of the last tap (16-31). */
  readonly stations = new WordColumn();
  readonly openJourney = new WordColumn();
  /** Number of the chain's first journey, and its entry. */
  readonly chainJourney = new WordColumn();
  readonly chainAt = new WordColumn();
  readonly chainExitAt = new WordColumn();
  /** Stations: of the chain's first entry (bits 0-15), of its last exit (16-31). */
  readonly chainStations = new WordColumn();
  /** The fare of the chain so far, before caps. */
  readonly chainBase = new WordColumn();
  /** Sums of the ranges of zones, besides the one of all zones. */
  readonly rings = new WordColumn() as RefColumn;
  /** What is noted of single days (`day-notes.ts`). */
  readonly notes = new WordColumn() as RefColumn;
  /** Fares that count towards caps: eight words a row, by day modulo eight. */
  readonly counted = new WordColumn();

  ringRows = 0;
  private ringFree = noRef;
  readonly ringRange = new WordColumn();
  readonly ringNext = new WordColumn() as RefColumn;
  readonly ringCounted = new WordColumn();

  /** A row for a card whose first tap is of this day. */
  add(card: number, day: number): number {
    let row = rowOf(this.free);
    if (row < 0) {
      row = this.rows;
      this.rows += 1;
    } else {
      this.free = this.notes.get(row);
    }
    this.live += 1;
    this.card.set(row, card);
    this.day.set(row, day);
    this.bits.set(row, liveBit);
    this.openGate.set(row, 0);
    this.openAt.set(row, 0);
    this.lastAt.set(row, 0);
    this.stations.set(row, 0);
    this.openJourney.set(row, 0);
    this.chainJourney.set(row, 0);
    this.chainAt.set(row, 0);
    this.chainExitAt.set(row, 0);
    this.chainStations.set(row, 0);
    this.chainBase.set(row, 0);
    this.rings.set(row, noRef);
    this.notes.set(row, noRef);
    for (let at = 0; at < ringDays; at += 1) this.counted.set(row * ringDays + at, 0);
    return row;
  }

  /** Frees a row without notes. */
  remove(row: number): void {
    for (let ring = this.rings.get(row); ring !== noRef;) {
      const next = this.ringNext.get(rowOf(ring));
      this.ringNext.set(rowOf(ring), this.ringFree);
      this.ringFree = ring;
      ring = next;
    }
    this.rings.set(row, noRef);
    this.bits.set(row, 0);
    this.notes.set(row, this.free);
    this.free = refOf(row);
    this.live -= 1;
  }

  /** Whether the row is in use. */
  isLive(row: number): boolean {
    return (this.bits.get(row) & liveBit) !== 0;
  }

  /** The newest day of an applied tap, days since 1970-01-01 in the tariff's time zone. */
  newestDay(row: number): number {
    return this.day.get(row) | 0;
  }

  /** The time of which `low` has the lowest bits, ms. */
  private timeOf(row: number, low: number): number {
    const middleMs = this.newestDay(row) * dayMs;
    return middleMs + ((low - (middleMs % 0x1_0000_0000)) | 0);
  }

  // --- the open journey ---

  isOpen(row: number): boolean {
    return (this.bits.get(row) & openBit) !== 0;
  }

  openStation(row: number): number {
    return this.stations.get(row) & 0xffff;
  }

  openAtMs(row: number): number {
    return this.timeOf(row, this.openAt.get(row));
  }

  /** Number of the open journey. */
  openNumber(row: number): number {
    return this.openJourney.get(row) + ((this.bits.get(row) >>> journeyHighShift) & 0xff) * 0x1_0000_0000;
  }

  /** Whether the open journey goes on with the chain. */
  isChained(row: number): boolean {
    return (this.bits.get(row) & chainedBit) !== 0;
  }

  open(row: number, gate: number, station: number, atMs: number, number: number, chained: boolean): void {
    const high = Math.floor(number / 0x1_0000_0000);
    const kept = this.bits.get(row) & ~(openBit | chainedBit | (0xff << journeyHighShift));
    this.bits.set(row, kept | openBit | (chained ? chainedBit : 0) | (high << journeyHighShift));
    this.openGate.set(row, gate);
    this.openAt.set(row, atMs % 0x1_0000_0000);
    this.openJourney.set(row, number % 0x1_0000_0000);
    this.stations.set(row, (this.stations.get(row) & 0xffff0000) | station);
  }

  close(row: number): void {
    this.bits.set(row, this.bits.get(row) & ~(openBit | chainedBit));
  }

  // --- the last tap ---

  hasLast(row: number): boolean {
    return (this.bits.get(row) & lastBit) !== 0;
  }

  lastAtMs(row: number): number {
    return this.timeOf(row, this.lastAt.get(row));
  }

  lastStation(row: number): number {
    return this.stations.get(row) >>> 16;
  }

  lastDirection(row: number): number {
    return (this.bits.get(row) & lastOutBit) === 0 ? 0 : 1;
  }

  setLast(row: number, station: number, direction: number, atMs: number): void {
    const kept = this.bits.get(row) & ~lastOutBit;
    this.bits.set(row, kept | lastBit | (direction === 0 ? 0 : lastOutBit));
    this.lastAt.set(row, atMs % 0x1_0000_0000);
    this.stations.set(row, (this.stations.get(row) & 0xffff) | (station << 16));
  }

  // --- the chain ---

  hasChain(row: number): boolean {
    return (this.bits.get(row) & chainBit) !== 0;
  }

  chainFrom(row: number): number {
    return this.chainStations.get(row) & 0xffff;
  }

  chainExit(row: number): number {
    return this.chainStations.get(row) >>> 16;
  }

  chainAtMs(row: number): number {
    return this.timeOf(row, this.chainAt.get(row));
  }

  chainExitAtMs(row: number): number {
    return this.timeOf(row, this.chainExitAt.get(row));
  }

  /** Number of the chain's first journey. */
  chainNumber(row: number): number {
    return this.chainJourney.get(row) + ((this.bits.get(row) >>> chainHighShift) & 0xff) * 0x1_0000_0000;
  }

  /** Begins a chain with the journey that ends now. */
  beginChain(row: number, number: number, from: number, atMs: number): void {
    const high = Math.floor(number / 0x1_0000_0000);
    this.bits.set(row, (this.bits.get(row) & ~(0xff << chainHighShift)) | chainBit | (high << chainHighShift));
    this.chainJourney.set(row, number % 0x1_0000_0000);
    this.chainAt.set(row, atMs % 0x1_0000_0000);
    this.chainStations.set(row, from);
    this.chainBase.set(row, 0);
  }

  /** The chain's last exit, and what all of it costs before caps. */
  extendChain(row: number, exit: number, exitAtMs: number, base: number): void {
    this.chainExitAt.set(row, exitAtMs % 0x1_0000_0000);
    this.chainStations.set(row, (this.chainStations.get(row) & 0xffff) | (exit << 16));
    this.chainBase.set(row, base);
  }

  endChain(row: number): void {
    this.bits.set(row, this.bits.get(row) & ~chainBit);
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
    for (let passed = Math.max(newest + 1, day - ringDays + 1); passed <= day; passed += 1) {
      this.counted.set(row * ringDays + (passed & 7), 0);
      for (let ring = this.rings.get(row); ring !== noRef; ring = this.ringNext.get(rowOf(ring))) {
        this.ringCounted.set(rowOf(ring) * ringDays + (passed & 7), 0);
      }
    }
    if (day - newest > ringDays) this.bits.set(row, this.bits.get(row) & ~(chainBit | lastBit | lastOutBit));
    this.day.set(row, day);
  }

  /** The sum of the fares that count for a range of zones from one day to another. */
  countedBetween(row: number, range: number, from: number, to: number): number {
    const ring = range === 0 ? noRef : this.ringOf(row, range);
    if (range !== 0 && ring === noRef) return 0;
    let sum = 0;
    for (let day = from; day <= to; day += 1) {
      if (!this.keepsDay(row, day)) continue;
      const at = day & 7;
      sum += ring === noRef ? this.counted.get(row * ringDays + at) : this.ringCounted.get(rowOf(ring) * ringDays + at);
    }
    return sum;
  }

  count(row: number, range: number, day: number, amount: number): void {
    if (!this.keepsDay(row, day)) return;
    const at = day & 7;
    if (range === 0) {
      this.counted.set(row * ringDays + at, this.counted.get(row * ringDays + at) + amount);
      return;
    }
    const ring = rowOf(this.ringOf(row, range) || this.addRing(row, range));
    this.ringCounted.set(ring * ringDays + at, this.ringCounted.get(ring * ringDays + at) + amount);
  }

  private ringOf(row: number, range: number): Ref {
    let ring = this.rings.get(row);
    while (ring !== noRef && this.ringRange.get(rowOf(ring)) !== range) ring = this.ringNext.get(rowOf(ring));
    return ring;
  }

  private addRing(row: number, range: number): Ref {
    let ring = rowOf(this.ringFree);
    if (ring < 0) {
      ring = this.ringRows;
      this.ringRows += 1;
    } else {
      this.ringFree = this.ringNext.get(ring);
    }
    this.ringRange.set(ring, range);
    this.ringNext.set(ring, this.rings.get(row));
    for (let at = 0; at < ringDays; at += 1) this.ringCounted.set(ring * ringDays + at, 0);
    this.rings.set(row, refOf(ring));
    return refOf(ring);
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
      ...stored(
        this.rows,
        [this.card, this.day, this.bits, this.openGate, this.openAt, this.lastAt, this.stations, this.openJourney],
        [this.chainJourney, this.chainAt, this.chainExitAt, this.chainStations, this.chainBase, this.rings, this.notes],
      ),
      ...stored(this.rows * ringDays, [this.counted]),
      ...stored(this.ringRows, [this.ringRange, this.ringNext]),
      ...stored(this.ringRows * ringDays, [this.ringCounted]),
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
    gate: travel.openGate.get(row),
    station: travel.openStation(row),
    atMs: travel.openAtMs(row),
    chain: travel.isChained(row) ? travel.chainNumber(row) : number,
  };
}
