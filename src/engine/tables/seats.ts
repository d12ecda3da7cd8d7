/**
 * The seats of seated sales, the rows and sections they stand in, and the lists of seats that holds
 * and order lines name.
 *
 *     available <--> held --confirmed--> sold --cancelled--> available
 *         |  ^--------sold directly-------^
 *         +--> blocked --> available
 *
 *     available or blocked --changed or taken away--> removed
 *
 * A seat's label, place, rank and accessibility never change: changing a seat retires its row and
 * makes a new one, so an old order shows the seat as it was sold. Invariants: `index` has the
 * labels of the standing seats of each sale; a held seat's holder is its hold + 1, a sold one's its
 * order line + 1.
 */
import type { Ref, RefColumn } from '../base/ref.ts';
import { noRef } from '../base/ref.ts';
import { Arena } from '../base/arena.ts';
import { ByteColumn, NumberColumn, WordColumn } from '../base/columns.ts';
import { Hall, HallRow } from './hall.ts';
import { HashIndex } from '../base/hash-index.ts';
import type { KeyedHash } from '../base/keyed-hash.ts';
import { seatTag } from '../base/tags.ts';
import { Namespaces } from '../base/namespaces.ts';
import type { SaleTable } from './sales.ts';
import type { Stored, Table } from './table.ts';
import { fill, stored } from './table.ts';

export const seatStates = { available: 0, held: 1, sold: 2, blocked: 3, removed: 4 } as const;
export type SeatState = keyof typeof seatStates;

interface SeatHead {
  readonly seats: number;
  readonly listed: number;
  readonly seatArenaUsed: number;
  readonly sectionSales: readonly number[];
  readonly sectionNames: readonly string[];
  readonly rowSections: readonly number[];
  readonly rowNames: readonly string[];
  readonly rowRanks: readonly number[];
}

interface Sales {
  readonly sales: SaleTable;
}

const encoder = new TextEncoder();

export class SeatTable implements Table<SeatHead, Sales> {
  count = 0;
  readonly sale = new WordColumn();
  /** Index of its row in the hall. */
  readonly row = new WordColumn();
  readonly place = new WordColumn();
  readonly rank = new WordColumn();
  readonly accessible = new ByteColumn();
  readonly state = new ByteColumn();
  /** Its state when it was made: available or blocked. */
  readonly madeState = new ByteColumn();
  /** Held: the hold; sold: the line; else none. */
  readonly holder = new WordColumn() as RefColumn;
  /** Position of the last change. */
  readonly changedAt = new NumberColumn();
  readonly createdAtMs = new NumberColumn();
  /** Number within the door of its sale, from 1; a changed seat's new row has its old row's. */
  readonly doorNumber = new WordColumn();
  readonly namespaces = new Namespaces();
  /** Arena reference of the number. */
  readonly numberText = new NumberColumn();
  readonly arena = new Arena();
  readonly index = new HashIndex();

  readonly sectionSale: number[] = [];
  readonly sectionName: string[] = [];
  readonly rowSection: number[] = [];
  readonly rowName: string[] = [];
  readonly rowRank: number[] = [];

  /**
   * Seats of holds and order lines, one list after another. A list is named by where it begins; the
   * hold or line that has it knows its length.
   */
  readonly lists = new WordColumn();
  listed = 0;

  /** Derived. */
  private readonly halls = new Map<number, Hall>();
  private readonly sections = new Map<string, number>();
  private readonly rows = new Map<string, number>();
  private readonly hallRows: HallRow[] = [];
  private readonly hash: KeyedHash;
  private labelBytes = new Uint8Array(512);

  constructor(hash: KeyedHash) {
    this.hash = hash;
  }

  /** @throws when the sale has no hall. */
  hall(sale: number): Hall {
    const hall = this.halls.get(sale);
    if (hall === undefined) throw new Error(`sale ${sale} has no hall`);
    return hall;
  }

  hallRow(seat: number): HallRow {
    return this.hallRows[this.row.get(seat)]!;
  }

  number(seat: number): string {
    return this.arena.text(this.numberText.get(seat));
  }

  section(seat: number): string {
    return this.sectionName[this.rowSection[this.row.get(seat)]!]!;
  }

  rowOf(seat: number): string {
    return this.rowName[this.row.get(seat)]!;
  }

  /** `section-row-number`: what a seat is called within its sale. */
  label(seat: number): string {
    return labelOf(this.section(seat), this.rowOf(seat), this.number(seat));
  }

  /** Standing seat of a sale by its label, or -1. Leaves the label's hash in `hash`. */
  find(sale: number, label: string): number {
    const length = this.encode(label);
    this.hash.prefixed(seatTag, sale, this.labelBytes, 0, length);
    const { h0, h1, h2, h3 } = this.hash;
    return this.index.find(h0, h1, h2, h3);
  }

  /** Section of a sale by name, or -1. */
  findSection(sale: number, name: string): number {
    return this.sections.get(`${sale}/${name}`) ?? -1;
  }

  /** Row of a sale's hall by section and name, or null. */
  findRow(sale: number, section: string, name: string): HallRow | null {
    const index = this.rows.get(`${this.findSection(sale, section)}/${name}`);
    return index === undefined ? null : this.hallRows[index]!;
  }

  addHall(sale: number): void {
    this.halls.set(sale, new Hall());
  }

  /** The section with this name, added when it is new. */
  addSection(sale: number, name: string): number {
    const known = this.findSection(sale, name);
    if (known >= 0) return known;
    const section = this.sectionName.length;
    this.sectionSale.push(sale);
    this.sectionName.push(name);
    this.sections.set(`${sale}/${name}`, section);
    return section;
  }

  /**
   * Adds a row that the hall does not have yet. `rank` left out: the number of rows before it, plus
   * 1.
   */
  addRow(sale: number, section: number, name: string, rank?: number): HallRow {
    this.rowSection.push(section);
    this.rowName.push(name);
    this.rowRank.push(rank ?? this.hall(sale).rows.length + 1);
    return this.linkRow(this.rowName.length - 1);
  }

  /**
   * Makes the row of a seat and its label. Its place must be free and its label new. The seat is
   * blocked until it is moved.
   */
  add(row: HallRow, number: string, place: number, rank: number, accessible: boolean): number {
    const seat = this.count;
    const sale = this.sectionSale[row.section]!;
    if (this.find(sale, labelOf(this.sectionName[row.section]!, this.rowName[row.row]!, number)) >= 0) {
      throw new Error(`seat ${number} of row ${row.row} would stand twice`);
    }
    this.count += 1;
    this.index.insert(seat, this.hash.h0, this.hash.h1, this.hash.h2, this.hash.h3);
    this.sale.set(seat, sale);
    this.row.set(seat, row.row);
    this.place.set(seat, place);
    this.rank.set(seat, rank);
    this.accessible.set(seat, accessible ? 1 : 0);
    this.state.set(seat, seatStates.blocked);
    this.holder.set(seat, noRef);
    const length = this.encode(number);
    this.numberText.set(seat, this.arena.add(this.labelBytes, 0, length));
    row.place(place, seat, rank);
    this.hall(sale).layout += 1;
    return seat;
  }

  /** Removes a blocked seat from the hall and frees its label. */
  retire(seat: number): void {
    if (this.state.get(seat) !== seatStates.blocked) throw new Error(`seat ${seat} is in use`);
    this.state.set(seat, seatStates.removed);
    this.index.remove(seat);
    this.hallRow(seat).clear(this.place.get(seat));
    this.hall(this.sale.get(seat)).layout += 1;
  }

  /** Moves a seat to another state, in columns and bitset. */
  move(seat: number, to: number, holder: Ref): void {
    const from = this.state.get(seat);
    this.state.set(seat, to);
    this.holder.set(seat, holder);
    if ((from === seatStates.available) === (to === seatStates.available)) return;
    const row = this.hallRow(seat);
    row.setAvailable(this.place.get(seat), this.accessible.get(seat) === 1, to === seatStates.available);
    this.hall(this.sale.get(seat)).touch(row);
  }

  /** Appends a list; returns where it begins, + 1. */
  list(seats: Uint32Array, start: number, count: number): number {
    const first = this.listed;
    for (let i = 0; i < count; i += 1) this.lists.set(first + i, seats[start + i]!);
    this.listed += count;
    return first + 1;
  }

  /** Seat number `at`, from 0, of a list. */
  listedSeat(list: number, at: number): number {
    return this.lists.get(list - 1 + at);
  }

  /**
   * Writes the UTF-8 of a text into `labelBytes`, which may be a new array after it; returns its
   * length. No object for each text: a hall has a hundred thousand of them.
   */
  private encode(text: string): number {
    if (3 * text.length > this.labelBytes.length) this.labelBytes = new Uint8Array(6 * text.length);
    return encoder.encodeInto(text, this.labelBytes).written;
  }

  private linkRow(index: number): HallRow {
    const section = this.rowSection[index]!;
    const row = new HallRow(index, section, this.rowRank[index]!);
    this.hallRows.push(row);
    this.rows.set(`${section}/${this.rowName[index]!}`, index);
    this.hall(this.sectionSale[section]!).add(row);
    return row;
  }

  head(): SeatHead {
    return {
      seats: this.count,
      listed: this.listed,
      seatArenaUsed: this.arena.used,
      sectionSales: this.sectionSale,
      sectionNames: this.sectionName,
      rowSections: this.rowSection,
      rowNames: this.rowName,
      rowRanks: this.rowRank,
    };
  }

  restore(head: Partial<SeatHead>): void {
    this.count = head.seats ?? 0;
    this.listed = head.listed ?? 0;
    this.arena.used = head.seatArenaUsed ?? 1;
    fill(this.sectionSale, head.sectionSales ?? []);
    fill(this.sectionName, head.sectionNames ?? []);
    fill(this.rowSection, head.rowSections ?? []);
    fill(this.rowName, head.rowNames ?? []);
    fill(this.rowRank, head.rowRanks ?? []);
  }

  columns(): Stored[] {
    return [
      ...stored(
        this.count,
        [this.sale, this.row, this.place, this.rank, this.accessible, this.state],
        [this.madeState, this.holder, this.changedAt, this.createdAtMs, this.doorNumber, this.numberText],
      ),
      ...stored(this.count * 4, [this.index.hashes]),
      ...stored(this.listed, [this.lists]),
    ];
  }

  arenas(): Arena[] {
    return [this.arena];
  }

  /** Rebuilds halls, names and index. */
  rebuild({ sales }: Sales): void {
    for (let sale = 0; sale < sales.count; sale += 1) if (sales.seated.get(sale) === 1) this.addHall(sale);
    this.sectionName.forEach((name, section) => this.sections.set(`${this.sectionSale[section]!}/${name}`, section));
    for (let row = 0; row < this.rowName.length; row += 1) this.linkRow(row);
    const stands = (seat: number): boolean => this.state.get(seat) !== seatStates.removed;
    this.index.rebuild(this.count, stands);
    for (let seat = 0; seat < this.count; seat += 1) {
      this.namespaces.take(sales.door.get(this.sale.get(seat)), seat, this.doorNumber.get(seat));
      if (!stands(seat)) continue;
      const row = this.hallRow(seat);
      row.place(this.place.get(seat), seat, this.rank.get(seat));
      if (this.state.get(seat) !== seatStates.available) continue;
      row.setAvailable(this.place.get(seat), this.accessible.get(seat) === 1, true);
    }
  }
}

export function labelOf(section: string, row: string, number: string): string {
  return `${section}-${row}-${number}`;
}

/** The seats of a list, as long as its hold or line says; none for list 0. */
export function listedSeats(state: { readonly seats: SeatTable }, list: number, quantity: number): number[] {
  if (list === 0) return [];
  return Array.from({ length: quantity }, (_, at) => state.seats.listedSeat(list, at));
}
