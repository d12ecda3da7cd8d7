/** The JSON of a tariff: fares as tables, and the rules around them. Amounts are minor units. */
import type { TimeInput } from './shapes.ts';

export interface Station {
  readonly id: string;
  /** In binary taps. */
  readonly number: number;
  readonly name: string;
  /** From 1. */
  readonly zone: number;
}

export interface NewStation extends Omit<Station, 'number' | 'name'> {
  /** By default its id. */
  readonly name?: string | undefined;
  /** By default the one that its id has, or the next free one. */
  readonly number?: number | undefined;
}

/** By zones: row entry, column exit. By pairs: `entry|exit`, by the ids of stations. */
export type Fares =
  | { readonly zones: readonly (readonly number[])[] }
  | { readonly pairs: Readonly<Record<string, number>> };

/** `day`, Monday to Sunday, or a number of days that end with the journey's. */
export type CapWindow = 'day' | 'calendarWeek' | { readonly rollingDays: number };

export interface FareCap {
  readonly amount: number;
  readonly window: CapWindow;
  /** The lowest and the highest zone that it counts; by default all. */
  readonly zones?: readonly number[] | undefined;
}

/** Other fares for journeys that begin in the window. */
export interface PeakFares {
  /** 1 Monday to 7 Sunday. */
  readonly days: readonly number[];
  /** Local time, such as `06:30`. The end is not within. */
  readonly from: string;
  readonly to: string;
  readonly fares: Fares;
}

export interface CategoryShare {
  /** Of each amount: from 0 to 1, or a fraction such as `1/3`. */
  readonly share: number | string;
  /** By default down; an answer always says it. */
  readonly round?: 'down' | 'up' | 'nearest' | undefined;
}

export interface SameStationFare {
  readonly graceSeconds: number;
  /** What it costs within the grace; by default nothing. */
  readonly graceFee?: number | undefined;
  readonly fee: number;
  readonly untilMinutes: number;
}

/** An exit at `from` and an entry at `to` within so many minutes go on with the same journey. */
export interface StationInterchange {
  readonly from: string;
  readonly to: string;
  readonly minutes: number;
}

/** What a tariff says, both ways. */
interface TariffRules {
  readonly currency: string;
  readonly fares: Fares;
  /** A live entry needs it. */
  readonly minimumBalance: number;
  /** The fare of a journey without its other end. */
  readonly maximumFare: number;
  /** For all journeys, or by zones crossed, from one zone on. */
  readonly journeyMinutes?: number | readonly number[] | null | undefined;
  readonly passbackSeconds?: number | undefined;
  readonly caps?: readonly FareCap[] | undefined;
  readonly peaks?: readonly PeakFares[] | undefined;
  /** Of days and peaks, as the IANA names it; by default UTC. */
  readonly timeZone?: string | undefined;
  readonly categories?: Readonly<Record<string, CategoryShare>> | undefined;
  readonly sameStation?: SameStationFare | null | undefined;
  readonly interchanges?: readonly StationInterchange[] | undefined;
}

export interface NewTariff extends TariffRules {
  /** It holds for journeys that begin at or after this; by default from now on. */
  readonly effectiveFrom?: TimeInput | null | undefined;
  readonly stations: readonly NewStation[];
  /** Short for one cap of a day. */
  readonly dailyCap?: number | null | undefined;
  /** As an answer has it; it says nothing here. */
  readonly position?: string | undefined;
}

/** A tariff that the store has. */
export interface Tariff extends TariffRules {
  readonly effectiveFrom: string;
  readonly stations: readonly Station[];
  readonly position: string;
}
