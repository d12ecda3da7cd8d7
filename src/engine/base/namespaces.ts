import { WordColumn } from './columns.ts';

/**
 * A dialect's own small numbers, from 1: they count the things of one kind that belong to one door,
 * in order of creation.
 */
export class Namespaces {
  private readonly rows: WordColumn[] = [];
  private readonly counts: number[] = [];

  /** Gives a row the next number of a door; 0 where there is no door. */
  add(door: number, row: number): number {
    if (door === 0) return 0;
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
    return number >= 1 && number <= count ? this.rows[door]!.get(number - 1) : -1;
  }

  count(door: number): number {
    return this.counts[door] ?? 0;
  }
}
