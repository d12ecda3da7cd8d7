/** The JSON of halls and their seats. */

/** A hall as it is given with a new sale: at most 100,000 seats. */
export interface Hall {
  readonly sections: readonly { readonly name: string; readonly rows: readonly HallRow[] }[];
}

export interface HallRow {
  readonly name: string;
  /** How good, 0 best; by default the rows of the hall before it, plus 1. */
  readonly rank?: number | undefined;
  /** The n-th stands at place n; a range is the whole numbers from..to, both included. */
  readonly seats: readonly (string | HallSeat)[] | { readonly from: number; readonly to: number };
}

export interface HallSeat {
  readonly number: string;
  readonly accessible?: boolean | undefined;
  /** How good, 0 best; by default the row's. */
  readonly rank?: number | undefined;
}

/** `removed` only where changes are asked for. */
export type SeatState = 'available' | 'held' | 'sold' | 'blocked' | 'removed';

export interface Seat {
  /** section-row-number: its name within the sale. */
  readonly id: string;
  readonly section: string;
  readonly row: string;
  readonly number: string;
  /** How good, 0 best. */
  readonly rank: number;
  readonly accessible: boolean;
  readonly state: SeatState;
}

export interface SeatList {
  readonly items: readonly Seat[];
  /** Where in the log this is true; as `since` it asks for what changed after it. */
  readonly position: string;
  /** Changes were asked for, and these are all seats instead: no others stand. */
  readonly whole?: true;
}

/** The whole map in few bytes; `SeatMap` reads it. */
export interface CompactSeats {
  readonly sale: string;
  readonly position: string;
  readonly form: 'compact';
  readonly sections: readonly { readonly name: string; readonly rows: readonly CompactRow[] }[];
  /**
   * Base64: two bits a seat, in the order of the rows, the first in the lowest bits: 0 available, 1
   * held, 2 sold, 3 blocked.
   */
  readonly states: string;
}

export interface CompactRow {
  readonly name: string;
  /** Of the row's seats, where `ranks` is missing. */
  readonly rank: number;
  readonly numbers: readonly string[] | { readonly from: number; readonly to: number };
  /** Of each seat, where they are not 1, 2, 3, … */
  readonly places?: readonly number[];
  /** Which seats of the row, counted from 0. */
  readonly accessible?: readonly number[];
  /** Of each seat, where any differs from the row's. */
  readonly ranks?: readonly number[];
}

export interface NewSeat {
  readonly section: string;
  readonly row: string;
  readonly number: string;
  /**
   * 1 to 4,096; seats whose places differ by one are neighbours. By default what the number says,
   * or behind the row's last.
   */
  readonly place?: number | undefined;
  readonly rank?: number | undefined;
  readonly accessible?: boolean | undefined;
  /** Not for sale. */
  readonly blocked?: boolean | undefined;
}

/** At least one of them. */
export type SeatChange = { readonly [Name in keyof NewSeat]?: NewSeat[Name] | undefined };
