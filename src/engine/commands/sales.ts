/** What makes, changes and removes a sale. Cold: JSON in the log. */
export interface Price {
  /** Integer minor units. */
  readonly amount: number;
  /** ISO 4217, three capital letters. */
  readonly currency: string;
}

/**
 * How refusals of keyed commands are treated: forgotten (a retry may succeed) or pinned to the key.
 */
export type Refusals = 'forget' | 'remember';

/** A seat as a hall gives it: its number, or what more there is to say. */
export type SeatDefinition =
  | string
  | {
      readonly number: string;
      readonly accessible?: boolean;
      /** How good, 0 best; left out: the row's. */
      readonly rank?: number;
    };

/** A row as a hall gives it. */
export interface RowDefinition {
  readonly name: string;
  /** How good, 0 best; left out: the rows of the hall before it, plus 1. */
  readonly rank?: number;
  /** The n-th stands at place n. A range is the whole numbers from..to, both included. */
  readonly seats: readonly SeatDefinition[] | { readonly from: number; readonly to: number };
}

/** The seats of a sale: labels (`section-row-number`) are unique. */
export interface HallDefinition {
  readonly sections: readonly { readonly name: string; readonly rows: readonly RowDefinition[] }[];
}

/**
 * A sale as it is created; every default is resolved, so that the log alone decides. Times are ms
 * since the epoch.
 */
export interface SaleDefinition {
  readonly name: string;
  readonly kind: 'counted' | 'seated';
  /** Units, 0 to 1e9; for a seated sale the seats of its hall. */
  readonly capacity: number;
  /** Seated sales; not kept with the sale as it was made, since the seats are rows of their own. */
  readonly hall?: HallDefinition;
  /** Seated sales: each seat is a line of its own in an order, and can be cancelled by itself. */
  readonly linePerSeat?: boolean;
  readonly price: Price | null;
  readonly opensAtMs: number | null;
  readonly closesAtMs: number | null;
  /** How long a hold lasts when the request names no time. */
  readonly holdMs: number;
  /** The longest a hold can last, extensions included. */
  readonly maxHoldMs: number;
  readonly maxPerOrder: number | null;
  readonly maxPerCustomer: number | null;
  readonly refusals: Refusals;
  /** Door number (`doors`) whose namespace of small ids the sale joins; 0 for none. */
  readonly door: number;
  /** Address of a picture; left out for none. */
  readonly image?: string | null;
  /** What a dialect keeps with its sale, as text; left out for nothing. */
  readonly attributes?: Attributes;
}

export type Attributes = Readonly<Record<string, string>>;

export interface SaleRemoval {
  /** Sale index. */
  readonly sale: number;
}

export interface SaleChange {
  /** Sale index. */
  readonly sale: number;
  readonly name?: string;
  readonly image?: string | null;
  readonly price?: Price | null;
  readonly opensAtMs?: number | null;
  readonly closesAtMs?: number | null;
  readonly status?: 'open' | 'paused' | 'closed';
  readonly capacity?: number;
  /** Replaces all of them. */
  readonly attributes?: Attributes;
}
