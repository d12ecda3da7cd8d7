/** Commands that create, change and remove a sale. Cold: JSON in the log. */
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

/** A seat of a hall definition: its number alone, or with more fields. */
export type SeatDefinition =
  | string
  | {
      readonly number: string;
      readonly accessible?: boolean;
      /** 0 is best; left out: the row's rank. */
      readonly rank?: number;
    };

/** A row of a hall definition. */
export interface RowDefinition {
  readonly name: string;
  /** 0 is best; left out: the number of rows of the hall before it, plus 1. */
  readonly rank?: number;
  /** The n-th stands at place n. A range is the whole numbers from..to, both included. */
  readonly seats: readonly SeatDefinition[] | { readonly from: number; readonly to: number };
}

/** The seats of a sale: labels (`section-row-number`) are unique. */
export interface HallDefinition {
  readonly sections: readonly { readonly name: string; readonly rows: readonly RowDefinition[] }[];
}

/**
 * A sale as it is created. Every default is resolved, so the log alone decides. Times are ms since
 * the epoch.
 */
export interface SaleDefinition {
  readonly name: string;
  readonly kind: 'counted' | 'seated';
  /** Units, 0 to 1e9; for a seated sale the seats of its hall. */
  readonly capacity: number;
  /** Seated sales. Not kept in the sale's definition: the seats are rows of their own. */
  readonly hall?: HallDefinition;
  /** Seated sales: each seat is an order line of its own and can be cancelled alone. */
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
  /** A dialect's own fields of the sale, as text; left out for none. */
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
  /** Replaces all attributes. */
  readonly attributes?: Attributes;
}
