/**
 * The JSON of the native API, as it is sent and answered. Ids and positions are opaque; times are
 * RFC 3339 in UTC.
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
  /** ISO 4217, such as `USD`; one that the list has, where it is new. */
  readonly currency: string;
}

/** `seated`: of numbered seats, which stand in a hall. */
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
  /** Where in the log this is true. */
  readonly position: string;
}

export type NewSale = NewCountedSale | NewSeatedSale;

export interface NewCountedSale extends NewSaleTerms {
  readonly kind: 'counted';
  readonly capacity: number;
}

export interface NewSeatedSale extends NewSaleTerms {
  readonly kind: 'seated';
  /** Its capacity follows the seats. */
  readonly hall: Hall;
}

export interface NewSaleTerms {
  readonly name: string;
  readonly price?: Price | null | undefined;
  readonly opensAt?: TimeInput | null | undefined;
  readonly closesAt?: TimeInput | null | undefined;
  /** How long a hold lasts that names no time of its own, s. */
  readonly holdSeconds?: number | undefined;
  /** The longest a hold may be made to last, s. */
  readonly maxHoldSeconds?: number | undefined;
  readonly maxPerOrder?: number | null | undefined;
  readonly maxPerCustomer?: number | null | undefined;
  /**
   * Whether a key that was refused stays refused (`remember`) or may be tried again (`forget`, the
   * default).
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
  /** Never below what is sold and held; not of a seated sale. */
  readonly capacity?: number | undefined;
  readonly image?: string | null | undefined;
}

export interface OrderLine {
  readonly sale: string;
  readonly quantity: number;
  /** Of a seated sale: the seats, by the names they had. */
  readonly seats?: readonly string[];
  /** Of one unit, when it was bought. */
  readonly price: Price | null;
  readonly status: 'confirmed' | 'cancelled';
}

interface OrderCore {
  readonly id: string;
  /**
   * Repeated from the line when the order was made on one sale, and so are `quantity` and `seats`.
   */
  readonly sale?: string;
  readonly quantity?: number;
  readonly seats?: readonly string[];
  readonly lines: readonly OrderLine[];
  readonly customer: string | null;
  readonly createdAt: string;
  /** Where in the log it was made. */
  readonly position: string;
}

/** An order as the answer to its creation has it, and to each retry of that. */
export interface MadeOrder extends OrderCore {
  readonly status: 'confirmed';
  /** Null when it is free. */
  readonly total: Price | null;
  /** Opens this order to who is no operator; the client remembers it. */
  readonly token?: string;
}

export type OrderStatus = 'confirmed' | 'partially_cancelled' | 'cancelled';

/** What so many lines come to. */
export interface Sum {
  /** Minor units; 0 where nothing has a price. */
  readonly amount: number;
  /** Null where nothing has a price. */
  readonly currency: string | null;
}

/** An order as it stands. */
export interface Order extends OrderCore {
  readonly status: OrderStatus;
  /** Of what was bought, cancelled or not. */
  readonly total: Sum;
  /** What of it stands. */
  readonly active: {
    readonly quantity: number;
    readonly seats?: readonly string[];
    readonly total: Sum;
  };
  readonly cancelledTotal: Sum;
  /**
   * Of the latest cancellation; null without one, and where a version before this one cancelled.
   */
  readonly cancelledAt: string | null;
}

/**
 * What is bought or held: so many units of a counted sale; of a seated one, named seats or the best
 * there are.
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

/** The best seats that are left, next to each other. */
export interface Best {
  readonly quantity: number;
  readonly section?: string | undefined;
  /** Only accessible seats. */
  readonly accessible?: boolean | undefined;
  /** Apart, where so many next to each other are not left. */
  readonly split?: boolean | undefined;
}

export type NewOrder = Ask & {
  /** An id of your own, not checked against anything. */
  readonly customer?: string | undefined;
};

export type NewLine = Ask & { readonly sale: string };

export interface NewBasket {
  /** 1 to 64 of them; all are bought or none. */
  readonly lines: readonly NewLine[];
  readonly customer?: string | undefined;
}

export type HoldStatus = 'active' | 'confirmed' | 'released' | 'expired';

export interface Hold {
  readonly id: string;
  readonly sale: string;
  readonly quantity: number;
  /** Of a seated sale: the seats, by the names they had. */
  readonly seats?: readonly string[];
  readonly customer: string | null;
  readonly status: HoldStatus;
  /** The order it became. */
  readonly order: string | null;
  readonly expiresAt: string;
  readonly createdAt: string;
  /** Opens this hold to who is no operator; the client remembers it. */
  readonly token?: string;
}

export type NewHold = Ask & {
  readonly customer?: string | undefined;
  /** How long it lasts, s; capped by the sale. */
  readonly seconds?: number | undefined;
};

export interface Customer {
  readonly id: string;
  readonly name: string | null;
  readonly email: string | null;
  readonly createdAt: string;
}

export interface NewCustomer {
  /** Left out: the store makes one. */
  readonly id?: string | undefined;
  /** Shown to everybody beside what they bought. */
  readonly name?: string | null | undefined;
  readonly email?: string | null | undefined;
}

export type WaitlistStatus = 'waiting' | 'offered' | 'left' | 'served';

export interface WaitlistEntry {
  readonly id: string;
  readonly sale: string;
  readonly customer: string;
  readonly quantity: number;
  /** 1 is next; null when it does not wait. */
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

/** A page of a list that is written behind the sale. */
export interface ListPage<Item> extends Page<Item> {
  /** What the list is true at. */
  readonly position: string;
}

export interface Page<Item> {
  readonly items: readonly Item[];
  /** Cursor of the next page; null behind the last one. */
  readonly next: string | null;
}
