/**
 * The command that sets a tariff: fares as tables, with all that depends on a time zone's data or
 * on decimals resolved by the caller. Cold: JSON in the log.
 */
export interface TariffDefinition {
  /** Civil time from which journeys are charged by it, ms; null for that of the record. */
  readonly effectiveFromMs: number | null;
  /** ISO 4217. All tariffs and balances of a store share one. */
  readonly currency: string;
  readonly stations: readonly StationDefinition[];
  readonly fares: FareTable;
  /** A live entry needs this balance, minor units. */
  readonly minimumBalance: number;
  /** The fare of a journey without its other end; never counts towards a cap. */
  readonly maximumFare: number;
  /**
   * Max duration of a journey, minutes, by zones crossed: the first for one zone, the last for all
   * further ones. Empty for no limit.
   */
  readonly journeyMinutes: readonly number[];
  /** A second tap in the same direction at the same station within it is passback; 0 for none. */
  readonly passbackSeconds: number;
  readonly caps: readonly Cap[];
  readonly peaks: readonly Peak[];
  /** IANA name, for people. */
  readonly timeZone: string;
  /**
   * The zone's offsets: from a time on, ms, local time is that many minutes ahead of UTC.
   * Ascending; the first holds for all earlier times too.
   */
  readonly offsets: readonly (readonly [fromMs: number, minutes: number])[];
  /** Rider categories besides `adult`, which pays in full. */
  readonly categories: Readonly<Record<string, Share>>;
  readonly sameStation: SameStation | null;
  readonly interchanges: readonly Interchange[];
}

export interface StationDefinition {
  readonly id: string;
  /**
   * In binary taps, 1 to 65,534; null keeps the number that its id has, or gives the next free one.
   */
  readonly number: number | null;
  readonly name: string;
  /** From 1. */
  readonly zone: number;
}

/** Minor units. */
export type FareTable =
  /** Row: zone of the entry - 1, column: zone of the exit - 1. */
  | { readonly zones: readonly (readonly number[])[] }
  /** Entry and exit as indexes into `stations`; a pair that is missing has no fare. */
  | { readonly pairs: readonly (readonly [from: number, to: number, amount: number])[] };

/** A part of each amount, in whole minor units: amount * numerator / denominator, rounded. */
export interface Share {
  readonly numerator: number;
  readonly denominator: number;
  readonly round: 'down' | 'up' | 'nearest';
}

export interface Cap {
  readonly amount: number;
  /** `day`, `week` (Monday to Sunday), or a number of days that end with the journey's, 2 to 8. */
  readonly window: 'day' | 'week' | number;
  /** Counts and caps journeys within these zones alone; null for all. */
  readonly zones: readonly [lowest: number, highest: number] | null;
}

/** Other fares for journeys that begin in the window. Windows of one day do not overlap. */
export interface Peak {
  /** 1 Monday to 7 Sunday, local time. */
  readonly days: readonly number[];
  /** Minutes of the local day; the end is not within. */
  readonly fromMinute: number;
  readonly toMinute: number;
  readonly fares: FareTable;
}

/** Entry and exit at one station. */
export interface SameStation {
  /** Until then it costs `graceFee`… */
  readonly graceSeconds: number;
  readonly graceFee: number;
  /** …until then `fee`; later it is an entry and an exit without their other ends. */
  readonly untilMinutes: number;
  readonly fee: number;
}

/** An exit at `from` and an entry at `to` within so many minutes go on with the same chain. */
export interface Interchange {
  /** Indexes into `stations`. */
  readonly from: number;
  readonly to: number;
  readonly minutes: number;
}

/** What one tariff may hold. */
export const tariffLimits = {
  stations: 2_000,
  zones: 256,
  /** Over all of its tables. */
  pairs: 40_000,
  /** Peak windows and caps have five bits each in the rule of a fare. */
  peaks: 31,
  caps: 31,
  interchanges: 10_000,
  offsets: 64,
  /** Days of a cap that rolls. */
  rollingDays: 8,
  /** A share's denominator. */
  denominator: 1_000_000,
  /** A tap may cost two of them, and a fare is one signed word. */
  maximumFare: 0x3fffffff,
  /** Of each time limit: a week. */
  minutes: 10_080,
} as const;

/** Station numbers, in binary taps too, are 1 to this. */
export const maxStationNumber = 65_534;
export const minutesPerDay = 1440;
