/** Commands that add, change and remove seats. Cold: JSON in the log. */
export interface SeatsAddition {
  /** Sale index. */
  readonly sale: number;
  /** 1 to 1,000. */
  readonly seats: readonly SeatAddition[];
}

export interface SeatAddition {
  readonly section: string;
  readonly row: string;
  readonly number: string;
  /** 1 to 4,096; left out: the number's value, or the place after the row's last seat. */
  readonly place?: number;
  /** 0 is best; left out: the row's rank. */
  readonly rank?: number;
  readonly accessible?: boolean;
  readonly blocked?: boolean;
}

export interface SeatChange {
  /** Sale index. */
  readonly sale: number;
  /** Seat index. */
  readonly seat: number;
  readonly section?: string;
  readonly row?: string;
  readonly number?: string;
  readonly place?: number;
  readonly rank?: number;
  readonly accessible?: boolean;
  readonly blocked?: boolean;
}

export interface SeatRemoval {
  /** Sale index. */
  readonly sale: number;
  /** Seat index. */
  readonly seat: number;
}
