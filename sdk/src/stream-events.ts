/** What a stream delivers, and how it is read from what the server sends. */
import { objectOf } from './attempt.ts';
import type { SeatState } from './seat-shapes.ts';
import type { HoldStatus, Sale, WaitlistStatus } from './shapes.ts';

export interface Purchase {
  readonly sale: string;
  readonly order: string;
  /** The display name the buyer registered with. */
  readonly name: string | null;
  readonly quantity: number;
  readonly at: string;
}

export interface HoldNews {
  readonly id: string;
  readonly status: HoldStatus;
  readonly expiresAt: string;
}

export interface WaitlistNews {
  readonly id: string;
  readonly sale: string;
  readonly status: WaitlistStatus;
  /** 1 is next; null when it does not wait. */
  readonly position: number | null;
  /** The offer. Its token comes with `waitlist.get`, not here: everybody may read a stream. */
  readonly hold: { readonly id: string; readonly expiresAt: string } | null;
}

export interface SeatsNews {
  readonly sale: string;
  /** What it is true at. */
  readonly position: string;
  /**
   * The seats that changed, by name. Missing where there is too much to tell: read the map again.
   */
  readonly seats?: Readonly<Record<string, SeatState>>;
  readonly reload?: true;
}

export type StreamEvent =
  /** A sale as it is now; those in between may be left out, the last is not. */
  | { readonly type: 'sale'; readonly sale: Sale }
  /** A sale is not there any more. */
  | { readonly type: 'removed'; readonly sale: string }
  /**
   * Seats of the hall that the reader follows have changed; `SeatMap.take` takes it. First of all
   * it says to read the map.
   */
  | { readonly type: 'seats'; readonly news: SeatsNews }
  /** Somebody bought; in a rush only the last few are told. */
  | { readonly type: 'purchase'; readonly purchase: Purchase }
  /** One of the holds that the reader follows. */
  | { readonly type: 'hold'; readonly hold: HoldNews }
  /** One of the places in line that the reader follows. */
  | { readonly type: 'waitlist'; readonly entry: WaitlistNews }
  /** All of the present state was told; once on every connection. */
  | { readonly type: 'ready'; readonly position: string }
  /** What was missed can not be told any more: forget what you have, the present state follows. */
  | { readonly type: 'reset'; readonly reason: string };

/** The server's time, ms since the epoch, of a `time` event; null when it is none. */
export function timeOf(text: string): number | null {
  const value = objectOf(text);
  const ms = value !== null && 'now' in value && typeof value.now === 'string' ? Date.parse(value.now) : NaN;
  return Number.isNaN(ms) ? null : ms;
}

/**
 * An event by its name and JSON text; null for names of a later version, and for what does not have
 * the documented form. Checked is what tells the thing apart; its other fields are what the store
 * documents.
 */
export function eventOf(name: string, text: string): StreamEvent | null {
  const value = objectOf(text);
  if (value === null) return null;
  switch (name) {
    case 'sale':
      return hasText(value, 'id', 'position') ? { type: name, sale: value as unknown as Sale } : null;
    case 'removed':
      return hasText(value, 'id') ? { type: name, sale: value.id } : null;
    case 'seats':
      return hasText(value, 'sale', 'position') ? { type: name, news: value as unknown as SeatsNews } : null;
    case 'purchase':
      return hasText(value, 'sale', 'order') ? { type: name, purchase: value as unknown as Purchase } : null;
    case 'hold':
      return hasText(value, 'id', 'status') ? { type: name, hold: value as unknown as HoldNews } : null;
    case 'waitlist':
      return hasText(value, 'id', 'status') ? { type: name, entry: value as unknown as WaitlistNews } : null;
    case 'ready':
      return hasText(value, 'position') ? { type: name, position: value.position } : null;
    case 'reset':
      return { type: name, reason: hasText(value, 'reason') ? value.reason : '' };
    default:
      return null;
  }
}

function hasText<Name extends string>(value: object, ...names: Name[]): value is { [Each in Name]: string } {
  return names.every((name) => typeof (value as Readonly<Record<string, unknown>>)[name] === 'string');
}
