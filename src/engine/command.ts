/**
 * What goes into the engine. One `Command` object is reused for every command, on the way in (a door fills it, `record.ts`
 * encodes it) and on the way out (`record.ts` decodes into it, the engine applies it): no object is made per command on the
 * hot path. Text stays bytes: a range of `text`, UTF-8, since the engine only hashes and stores it.
 *
 * Cold commands (a handful per sale) carry a typed body instead; it is JSON in the log.
 */

export const kinds = {
  genesis: 1,
  tick: 2,
  settings: 3,
  seed: 4,
  started: 5,
  setClock: 6,
  createSale: 10,
  updateSale: 11,
  createCustomer: 12,
  removeSale: 13,
  changeCustomer: 14,
  removeCustomer: 15,
  addSeats: 16,
  changeSeat: 17,
  removeSeat: 18,
  order: 20,
  hold: 21,
  confirm: 22,
  extend: 23,
  release: 24,
  cancel: 25,
  joinWaitlist: 26,
  leaveWaitlist: 27,
} as const;

/** What costs nothing and stays: anybody can make any number of it. */
export function isFree(kind: number): boolean {
  return kind === kinds.createCustomer || kind === kinds.joinWaitlist;
}

export type KindName = keyof typeof kinds;
export type Kind = (typeof kinds)[KindName];

const kindNames: string[] = [];
for (const [name, number] of Object.entries(kinds)) kindNames[number] = name;

export function kindName(kind: number): string {
  return kindNames[kind] ?? `kind ${kind}`;
}

/** What an idempotency key is scoped to: the target as the client names it. */
export const scopes = {
  none: 0,
  /** `scopeId`: sale index. */
  sale: 1,
  /** `scopeId`: hold index. */
  hold: 2,
  /** `scopeId`: order index. */
  order: 3,
  /** The command's customer; without one, a scope of its own. */
  caller: 4,
  /** `scopeId`: door number. */
  door: 5,
  /** Whoever runs the store: creating sales. */
  operator: 6,
} as const;

export interface Price {
  /** Integer minor units. */
  readonly amount: number;
  /** ISO 4217, three capital letters. */
  readonly currency: string;
}

/** How refusals of keyed commands are treated: forgotten (a retry may succeed) or pinned to the key. */
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

/** A sale as it is created; every default is resolved, so that the log alone decides. Times are ms since the epoch. */
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
  /** How good, 0 best; left out: the row's. */
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

export interface CustomerDefinition {
  /** The caller's id; null asks the engine for one. */
  readonly id: string | null;
  readonly name: string | null;
  readonly email: string | null;
  /** Door number whose namespace of small ids the customer joins; left out for none. */
  readonly door?: number;
  /** Refuses an e-mail that another customer of the same door has; left out for no. */
  readonly uniqueEmail?: boolean;
  /** Refuses an id that anything has made known, registered or not; left out for no. */
  readonly onlyNew?: boolean;
}

export interface CustomerChange {
  /** Customer index. */
  readonly customer: number;
  readonly name?: string | null;
  readonly email?: string | null;
}

export interface CustomerRemoval {
  /** Customer index. */
  readonly customer: number;
}

/** Demonstration data: one command, with effect only as the first of its kind. */
export interface SeedDefinition {
  readonly sales: readonly SaleDefinition[];
  readonly customers: readonly CustomerDefinition[];
}

/** What lasts and what every replica must agree on: the first record of every log. */
export interface Genesis extends Settings {
  readonly engineVersion: number;
  readonly cell: number;
  /** 128-bit key of the hash of ids and idempotency keys, four unsigned 32-bit words. */
  readonly hashKey: readonly [number, number, number, number];
}

export interface Settings {
  /** How long the keys of orders and creates are kept, ms of log time. */
  readonly orderKeyRetentionMs: number;
  /** How long the keys of a hold's operations are kept after its end, ms of log time. */
  readonly holdKeyRetentionMs: number;
  /** Most holds that one record expires. */
  readonly sweepLimit: number;
  /** Most idempotency keys kept at a time; beyond it new keyed commands get KEYS_FULL. From version 2 on those of free calls are apart. */
  readonly maxKeys: number;
  /** Most keys of free calls (`isFree`) kept at a time, from version 2 on; left out: an eighth of `maxKeys`. */
  readonly maxFreeKeys?: number;
  /** Most entries that wait for a sale, for each unit of its capacity, from version 2 on; left out: 10. */
  readonly waitingPerUnit?: number;
}

export interface SettingsChange extends Partial<Settings> {
  /** Raises the engine version; a lower one has no effect. */
  readonly engineVersion?: number;
}

/** A process has opened the log and goes on with it: the first record of each start. */
export interface Started {
  /** Random, 12 lower-case hexadecimal digits: which history this is from here (`epochs.ts`). */
  readonly epoch: string;
  /** As in `ClockChange`; left out where civil time goes on as it was. */
  readonly offsetMs?: number;
}

export interface ClockChange {
  /** Civil time is log time plus this, ms, from here on; may be negative. */
  readonly offsetMs: number;
}

export type ColdBody =
  | Genesis
  | Started
  | ClockChange
  | SettingsChange
  | SeedDefinition
  | SaleDefinition
  | SaleChange
  | SaleRemoval
  | CustomerDefinition
  | CustomerChange
  | CustomerRemoval
  | SeatsAddition
  | SeatChange
  | SeatRemoval;

/** Dialects with a namespace of their own. Numbers are in the log and never change. */
export const doors = { v1: 0, tickets: 1, drops: 2, seats: 3, flash: 4, gates: 5 } as const;

export const maxLines = 64;
/** Seats that one command can name. */
export const maxSeats = 512;

/** What a line asks for: so many units, seats by index, or the best available. */
export const asks = { count: 0, named: 1, best: 2 } as const;
/** Bytes of key and customer that a command's own `text` can hold: 255 characters each, at most 3 bytes of UTF-8 a unit. */
export const textBytes = 2 * 255 * 3 + 64;

export class Command {
  kind: number = kinds.tick;
  /** The latest log time, ms, at which the command may still take effect; Infinity for none. */
  notAfterMs = Infinity;

  scope: number = scopes.none;
  scopeId = 0;
  text: Uint8Array = new Uint8Array(textBytes);
  /** Idempotency key: `keyLength` bytes of `text` from `keyStart`; length 0 for none. */
  keyStart = 0;
  keyLength = 0;
  /** Hash of what the client named, two unsigned 32-bit halves (see `fingerprint.ts`). */
  fingerprintLow = 0;
  fingerprintHigh = 0;
  /** Customer id: `customerLength` bytes of `text` from `customerStart`; length 0 for none. */
  customerStart = 0;
  customerLength = 0;

  /** order, hold, joinWaitlist: what is asked of which sale (index). Only an order has several. */
  lineCount = 0;
  readonly lineSale = new Uint32Array(maxLines);
  readonly lineQuantity = new Uint32Array(maxLines);
  /** order, hold: what a line asks for (`asks`); all `count` unless `asksSeats`. */
  asksSeats = false;
  readonly lineAsk = new Uint8Array(maxLines);
  /** Best: index of the section (`state.seats`) + 1; 0 for any. */
  readonly lineSection = new Uint32Array(maxLines);
  readonly lineAccessible = new Uint8Array(maxLines);
  readonly lineSplit = new Uint8Array(maxLines);
  /** Named: seat indexes, line after line, as many as each line's quantity. */
  seatCount = 0;
  readonly seats = new Uint32Array(maxSeats);
  /** order: take what there is, and wait for the rest. */
  partial = false;
  /** confirm, extend, release: hold index; cancel: order index; leaveWaitlist: entry index. */
  target = 0;
  /** hold: how long it lasts, ms. */
  holdMs = 0;
  /** hold: the most units of the sale that its customer, and its client's address, may hold at a time; 0 for no limit. */
  mostOfCustomer = 0;
  mostOfAddress = 0;
  /** hold: a keyed hash of the client's address, never 0 where there is a limit. */
  address = 0;
  /** extend: the new deadline asked for, ms since the epoch. */
  untilMs = 0;
  /** cancel: the lines to cancel; 0 of them means all. */
  cancelCount = 0;
  readonly cancelLine = new Uint32Array(maxLines);

  /** Cold commands. */
  body: ColdBody | null = null;

  /** Back to an empty command of this kind. */
  reset(kind: Kind): this {
    this.kind = kind;
    this.notAfterMs = Infinity;
    this.scope = scopes.none;
    this.scopeId = 0;
    this.keyStart = 0;
    this.keyLength = 0;
    this.fingerprintLow = 0;
    this.fingerprintHigh = 0;
    this.customerStart = 0;
    this.customerLength = 0;
    this.lineCount = 0;
    this.asksSeats = false;
    this.seatCount = 0;
    this.partial = false;
    this.target = 0;
    this.holdMs = 0;
    this.mostOfCustomer = 0;
    this.mostOfAddress = 0;
    this.address = 0;
    this.untilMs = 0;
    this.cancelCount = 0;
    this.body = null;
    return this;
  }

  /** Writes the key into the command's own text. The text must not be a decoded record's. */
  setKey(scope: number, scopeId: number, key: string): void {
    this.scope = scope;
    this.scopeId = scopeId;
    this.keyStart = 0;
    this.keyLength = writeText(this.text, 0, key);
    // The customer lies behind the longest possible key, so that the two may be set in either order.
  }

  setCustomer(id: string): void {
    this.customerStart = customerOffset;
    this.customerLength = writeText(this.text, customerOffset, id);
  }

  addLine(sale: number, quantity: number): void {
    if (this.lineCount >= maxLines) throw new Error(`an order has at most ${maxLines} lines`);
    this.lineSale[this.lineCount] = sale;
    this.lineQuantity[this.lineCount] = quantity;
    this.lineAsk[this.lineCount] = asks.count;
    this.lineCount += 1;
  }

  /** A line for the best available. `section`: index + 1, 0 for any; 0xffffffff for one that is not there. */
  addBestLine(sale: number, quantity: number, section: number, accessible: boolean, split: boolean): void {
    this.addLine(sale, quantity);
    const line = this.lineCount - 1;
    this.asksSeats = true;
    this.lineAsk[line] = asks.best;
    this.lineSection[line] = section;
    this.lineAccessible[line] = accessible ? 1 : 0;
    this.lineSplit[line] = split ? 1 : 0;
  }

  /** A line for seats by index; 0xffffffff for one that is not there. */
  addSeatsLine(sale: number, seats: readonly number[]): void {
    if (this.seatCount + seats.length > maxSeats) throw new Error(`a command names at most ${maxSeats} seats`);
    this.addLine(sale, seats.length);
    const line = this.lineCount - 1;
    this.asksSeats = true;
    this.lineAsk[line] = asks.named;
    for (const seat of seats) {
      this.seats[this.seatCount] = seat;
      this.seatCount += 1;
    }
  }
}

const customerOffset = 255 * 3;
const encoder = new TextEncoder();

/** UTF-8 bytes of `value` into `into` at `at`; returns their number. The common case, ASCII, needs no encoder. */
function writeText(into: Uint8Array, at: number, value: string): number {
  const length = value.length;
  if (length > 255) throw new Error('keys and customer ids have at most 255 characters');
  for (let i = 0; i < length; i += 1) {
    const unit = value.charCodeAt(i);
    if (unit > 127) return encoder.encodeInto(value, into.subarray(at)).written;
    into[at + i] = unit;
  }
  return length;
}
