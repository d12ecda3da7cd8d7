/**
 * The JSON of the native API's requests and answers. Ids and positions are opaque; times are RFC
 * 3339 in UTC.
 */

import type { Hall } from './seat-shapes.ts';

/** A time in a request: RFC 3339 text with seconds and an offset, or a Date. */
export type TimeInput = string | Date;

export interface Price {
  /**
   * Minor units, such as cents: a whole number of at least 0. `toMinorUnits` and `formatPrice`
   * convert.
   */
  readonly amount: number;
  /** ISO 4217 code, such as `USD`. A new price must use a code of the list. */
  readonly currency: string;
}

/** `seated`: a hall of numbered seats. */
export type SaleKind = 'counted' | 'seated';
export type SaleStatus = 'scheduled' | 'open' | 'paused' | 'closed' | 'sold_out';

export interface Sale {
  readonly id: string;
  readonly name: string;
  readonly kind: SaleKind;
  readonly status: SaleStatus;
  readonly capacity: number;
  readonly sold: number;
  readonly held: number;
  readonly available: number;
  readonly price: Price | null;
  readonly opensAt: string | null;
  readonly closesAt: string | null;
  readonly holdSeconds: number;
  readonly maxHoldSeconds: number;
  readonly maxPerOrder: number | null;
  readonly maxPerCustomer: number | null;
  readonly refusals: 'forget' | 'remember';
  /** Address of a picture. */
  readonly image: string | null;
  /** The dialect that made it, or `v1`. */
  readonly door: string;
  readonly createdAt: string;
  /** The log position at which this is true. */
  readonly position: string;
}

export type NewSale = NewCountedSale | NewSeatedSale;

export interface NewCountedSale extends NewSaleTerms {
  readonly kind: 'counted';
  readonly capacity: number;
}

export interface NewSeatedSale extends NewSaleTerms {
  readonly kind: 'seated';
  /** The hall; its seats are the capacity. */
  readonly hall: Hall;
}

export interface NewSaleTerms {
  readonly name: string;
  readonly price?: Price | null | undefined;
  readonly opensAt?: TimeInput | null | undefined;
  readonly closesAt?: TimeInput | null | undefined;
  /** How long a hold lasts by default, s. */
  readonly holdSeconds?: number | undefined;
  /** The maximum duration of a hold, with extensions, s. */
  readonly maxHoldSeconds?: number | undefined;
  readonly maxPerOrder?: number | null | undefined;
  readonly maxPerCustomer?: number | null | undefined;
  /**
   * Whether the key of a refused request stays refused (`remember`) or may be retried (`forget`,
   * the default).
   */
  readonly refusals?: 'forget' | 'remember' | undefined;
  readonly image?: string | null | undefined;
}

/** At least one of them. */
export interface SaleChange {
  readonly name?: string | undefined;
  readonly price?: Price | null | undefined;
  readonly opensAt?: TimeInput | null | undefined;
  readonly closesAt?: TimeInput | null | undefined;
  readonly status?: 'open' | 'paused' | 'closed' | undefined;
  /** Never below the units sold and held; not for a seated sale. */
  readonly capacity?: number | undefined;
  readonly image?: string | null | undefined;
}

export interface OrderLine {
  readonly sale: string;
  readonly quantity: number;
  /** For a seated sale: the seats, by their names at that time. */
  readonly seats?: readonly string[];
  /** Price of one unit at the time of purchase. */
  readonly price: Price | null;
  readonly status: 'confirmed' | 'cancelled';
}

interface OrderCore {
  readonly id: string;
  /** Repeated from the line for an order on one sale, and so are `quantity` and `seats`. */
  readonly sale?: string;
  readonly quantity?: number;
  readonly seats?: readonly string[];
  readonly lines: readonly OrderLine[];
  readonly customer: string | null;
  readonly createdAt: string;
  /** The log position of its creation. */
  readonly position: string;
}

/** An order in the answer to its creation, and to each retry of that. */
export interface MadeOrder extends OrderCore {
  readonly status: 'confirmed';
  /** Null when it is free. */
  readonly total: Price | null;
  /** Grants access to this order without an operator key; the client remembers it. */
  readonly token?: string;
}

export type OrderStatus = 'confirmed' | 'partially_cancelled' | 'cancelled';

/** The sum of some lines. */
export interface Sum {
  /** Minor units; 0 if no line has a price. */
  readonly amount: number;
  /** Null if no line has a price. */
  readonly currency: string | null;
}

/** An order in its present state. */
export interface Order extends OrderCore {
  readonly status: OrderStatus;
  /** The sum of all lines, cancelled or not. */
  readonly total: Sum;
  /** The lines that are not cancelled. */
  readonly active: {
    readonly quantity: number;
    readonly seats?: readonly string[];
    readonly total: Sum;
  };
  readonly cancelledTotal: Sum;
  /** Time of the latest cancellation; null without one, and for cancellations by older versions. */
  readonly cancelledAt: string | null;
}

/**
 * What to buy or hold: units of a counted sale; for a seated sale, named seats or the best ones.
 */
export type Ask = UnitsAsk | SeatsAsk | BestAsk;

export interface UnitsAsk {
  readonly quantity: number;
}

export interface SeatsAsk {
  /** 1 to 512 names, such as `A-12-7`. */
  readonly seats: readonly string[];
}

export interface BestAsk {
  readonly best: Best;
}

/** The best free seats, next to each other. */
export interface Best {
  readonly quantity: number;
  readonly section?: string | undefined;
  /** Only accessible seats. */
  readonly accessible?: boolean | undefined;
  /** Allows separate seats if there are not enough next to each other. */
  readonly split?: boolean | undefined;
}

export type NewOrder = Ask & {
  /** An id of your own; it is not checked. */
  readonly customer?: string | undefined;
};

export type NewLine = Ask & { readonly sale: string };

export interface NewBasket {
  /** 1 to 64 lines; all are bought or none. */
  readonly lines: readonly NewLine[];
  readonly customer?: string | undefined;
}

export type HoldStatus = 'active' | 'confirmed' | 'released' | 'expired';

export interface Hold {
  readonly id: string;
  readonly sale: string;
  readonly quantity: number;
  /** For a seated sale: the seats, by their names at that time. */
  readonly seats?: readonly string[];
  readonly customer: string | null;
  readonly status: HoldStatus;
  /** Id of the order that confirmed it. */
  readonly order: string | null;
  readonly expiresAt: string;
  readonly createdAt: string;
  /** Grants access to this hold without an operator key; the client remembers it. */
  readonly token?: string;
}

export type NewHold = Ask & {
  readonly customer?: string | undefined;
  /** Its duration, s; capped by the sale. */
  readonly seconds?: number | undefined;
};

export interface Customer {
  readonly id: string;
  readonly name: string | null;
  readonly email: string | null;
  readonly createdAt: string;
}

export interface NewCustomer {
  /** By default the store makes one. */
  readonly id?: string | undefined;
  /** Shown publicly beside their purchases. */
  readonly name?: string | null | undefined;
  readonly email?: string | null | undefined;
}

export type WaitlistStatus = 'waiting' | 'offered' | 'left' | 'served';

export interface WaitlistEntry {
  readonly id: string;
  readonly sale: string;
  readonly customer: string;
  readonly quantity: number;
  /** 1 is next; null when it no longer waits. */
  readonly position: number | null;
  readonly status: WaitlistStatus;
  /** The offer: a hold to confirm before it expires. Its token is remembered by the client. */
  readonly hold: { readonly id: string; readonly expiresAt: string; readonly token?: string } | null;
  readonly createdAt: string;
  readonly token?: string;
}

export interface NewWaitlistEntry {
  readonly quantity: number;
  readonly customer: string;
}

export interface Buyer {
  /** The display name the customer registered with. */
  readonly name: string | null;
  readonly quantity: number;
  readonly at: string;
}

/** A page of a list that lags behind the sale. */
export interface ListPage<Item> extends Page<Item> {
  /** The log position at which the list is true. */
  readonly position: string;
}

export interface Page<Item> {
  readonly items: readonly Item[];
  /** Cursor of the next page; null on the last one. */
  readonly next: string | null;
}
