import { WordColumn } from './columns.ts';

/**
 * A dialect's own small numbers, from 1: they count the things of one kind that belong to one door,
 * in order of creation.
 */
export class Namespaces {
  private readonly rows: WordColumn[] = [];
  private readonly counts: number[] = [];
  private readonly firstDoor: number;

  /** `firstDoor`: doors below it have no numbers. Only sales of the native door, 0, have some. */
  constructor(firstDoor = 1) {
    this.firstDoor = firstDoor;
  }

  /** Gives a row the next number of a door; 0 where the door has none. */
  add(door: number, row: number): number {
    if (door < this.firstDoor) return 0;
    const rows = (this.rows[door] ??= new WordColumn());
    const count = this.counts[door] ?? 0;
    rows.set(count, row);
    this.counts[door] = count + 1;
    return count + 1;
  }

  /** Gives a row the number that another row had; 0 asks for the next one. */
  take(door: number, row: number, number: number): number {
    if (number === 0 || number > this.count(door)) return this.add(door, row);
    this.rows[door]!.set(number - 1, row);
    return number;
  }

  /** Row of a number, or -1. */
  row(door: number, number: number): number {
    const count = this.counts[door] ?? 0;
    const isGiven = Number.isInteger(number) && number >= 1 && number <= count;
    return isGiven ? this.rows[door]!.get(number - 1) : -1;
  }

  count(door: number): number {
    return this.counts[door] ?? 0;
  }

  /** Row of the newest number of a door, or -1. */
  newest(door: number): number {
    return this.row(door, this.count(door));
  }

  /** The rows of a door from a number on, in order of their numbers. */
  rowsOf(door: number, first = 1): number[] {
    const numbers = Math.max(0, this.count(door) - first + 1);
    return Array.from({ length: numbers }, (_, i) => this.row(door, first + i));
  }
}
