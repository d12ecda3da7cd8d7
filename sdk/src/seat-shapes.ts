/** The JSON of halls and their seats. */

/** The hall of a new sale: at most 100,000 seats. */
export interface Hall {
  readonly sections: readonly { readonly name: string; readonly rows: readonly HallRow[] }[];
}

export interface HallRow {
  readonly name: string;
  /** Quality, 0 is best; by default the number of rows before it in the hall, plus 1. */
  readonly rank?: number | undefined;
  /** The n-th seat has place n. A range is the whole numbers from..to, both included. */
  readonly seats: readonly (string | HallSeat)[] | { readonly from: number; readonly to: number };
}

export interface HallSeat {
  readonly number: string;
  readonly accessible?: boolean | undefined;
  /** Quality, 0 is best; by default the row's. */
  readonly rank?: number | undefined;
}

/** `removed` occurs only in lists of changes. */
export type SeatState = 'available' | 'held' | 'sold' | 'blocked' | 'removed';

export interface Seat {
  /** Its name within the sale: section-row-number. */
  readonly id: string;
  readonly section: string;
  readonly row: string;
  readonly number: string;
  /** Quality, 0 is best. */
  readonly rank: number;
  readonly accessible: boolean;
  readonly state: SeatState;
}

export interface SeatList {
  readonly items: readonly Seat[];
  /** The log position at which this is true; as `since` it asks for the changes after it. */
  readonly position: string;
  /** Present when changes were asked for, but all seats came instead: no others exist. */
  readonly whole?: true;
}

/** The whole map in few bytes; `SeatMap` reads it. */
export interface CompactSeats {
  readonly sale: string;
  readonly position: string;
  readonly form: 'compact';
  readonly sections: readonly { readonly name: string; readonly rows: readonly CompactRow[] }[];
  /**
   * Base64 with two bits a seat, in the order of the rows, the first seat in the lowest bits: 0
   * available, 1 held, 2 sold, 3 blocked.
   */
  readonly states: string;
}

export interface CompactRow {
  readonly name: string;
  /** Rank of the row's seats, without `ranks`. */
  readonly rank: number;
  readonly numbers: readonly string[] | { readonly from: number; readonly to: number };
  /** Place of each seat, if they are not 1, 2, 3, … */
  readonly places?: readonly number[];
  /** Indexes of the accessible seats in the row, from 0. */
  readonly accessible?: readonly number[];
  /** Rank of each seat, if any differs from the row's. */
  readonly ranks?: readonly number[];
}

export interface NewSeat {
  readonly section: string;
  readonly row: string;
  readonly number: string;
  /**
   * 1 to 4,096; seats whose places differ by one are neighbours. By default the seat's number, or
   * after the row's last seat.
   */
  readonly place?: number | undefined;
  readonly rank?: number | undefined;
  readonly accessible?: boolean | undefined;
  /** Not for sale. */
  readonly blocked?: boolean | undefined;
}

/** At least one of them. */
export type SeatChange = { readonly [Name in keyof NewSeat]?: NewSeat[Name] | undefined };
