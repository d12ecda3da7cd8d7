/**
 * What a tap comes to. Numbers are in the log's outcome hashes, so they never change; new ones are
 * added.
 */
export const tapResults = { open: 0, deny: 1, gap: 2, unknown: 3 } as const;

/** Why a tap was denied. */
export const tapReasons = {
  UNKNOWN_GATE: 1,
  UNKNOWN_CARD: 2,
  UNKNOWN_STATION: 3,
  /** The tap names another station than its gate stands at. */
  STATION_MISMATCH: 4,
  NO_TARIFF: 5,
  CARD_BLOCKED: 6,
  LOW_BALANCE: 7,
  PASSBACK: 8,
  /** Device time more than 2 minutes ahead. */
  TIME_AHEAD: 9,
  /** Device time more than 8 days back. */
  TIME_TOO_OLD: 10,
  /** The gate kept shut while it was away. */
  DENIED_BY_GATE: 11,
  /** A gate may begin its counter anew only so often. */
  TOO_MANY_EPOCHS: 12,
  /** The tariff in force has no fare for the pair. */
  NO_FARE: 13,
} as const;

/** Bits. What was odd about a tap that was applied, or why we would have denied one that opened. */
export const tapFlags = {
  UNKNOWN_CARD: 1,
  UNKNOWN_STATION: 2,
  STATION_MISMATCH: 4,
  CARD_BLOCKED: 8,
  LOW_BALANCE: 0x10,
  PASSBACK: 0x20,
  TIME_AHEAD: 0x40,
  TIME_TOO_OLD: 0x80,
  /** An exit without an entry. */
  NO_ENTRY: 0x100,
  /** Older than the card's last tap: the day's settlement charges it. */
  OUT_OF_ORDER: 0x200,
  /** At another station less than a minute after the last tap. */
  DISTANT: 0x400,
  /** The journey took longer than allowed. */
  OVERTIME: 0x800,
  NO_TARIFF: 0x1000,
  /** The balance cannot be lower: less than the fare was charged. */
  BALANCE_LIMIT: 0x2000,
  /** It ended an earlier journey that had no exit. */
  UNFINISHED: 0x4000,
  NO_FARE: 0x8000,
} as const;

/** What a fare is made of. */
export const fareBases = {
  none: 0,
  /** By the zones of entry and exit. */
  zones: 1,
  /** By the pair of stations. */
  stations: 2,
  /** A journey without its other end. */
  maximum: 3,
  /** Entry and exit at one station: within the grace, and later. */
  grace: 4,
  sameStation: 5,
  /** Two maximum fares: entry and exit too far apart. */
  overtime: 6,
} as const;

/** The rule that made a fare, in three words. Reused: read it before the next fare. */
export class FareRule {
  /**
   * Bits 0-3: base; 4-8: number of the peak window, 0 for none; 9-13: number of the cap that bound,
   * 0 for none; 14: the difference on a chain; 16-23: category.
   */
  terms = 0;
  /** Entry and exit, 16 bits each: zones, or numbers of stations where the base is `stations`. */
  ends = 0;
  /** What the cap took off, minor units. */
  cappedBy = 0;

  copyFrom({ terms, ends, cappedBy }: Readonly<Pick<FareRule, 'terms' | 'ends' | 'cappedBy'>>): void {
    this.terms = terms;
    this.ends = ends;
    this.cappedBy = cappedBy;
  }

  clear(): void {
    this.terms = 0;
    this.ends = 0;
    this.cappedBy = 0;
  }
}

export const peakShift = 4;
export const capShift = 9;
export const chainedBit = 1 << 14;
export const categoryShift = 16;
