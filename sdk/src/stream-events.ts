/** The events of a stream, and how they are read from the server's bytes. */
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
  /** 1 is next; null when it no longer waits. */
  readonly position: number | null;
  /** The offer. Its token comes with `waitlist.get`, not here, since a stream is public. */
  readonly hold: { readonly id: string; readonly expiresAt: string } | null;
}

export interface SeatsNews {
  readonly sale: string;
  /** The position at which it is true. */
  readonly position: string;
  /** The changed seats, by name. Missing when there are too many: read the map again. */
  readonly seats?: Readonly<Record<string, SeatState>>;
  readonly reload?: true;
}

export type StreamEvent =
  /** A sale's present state. States in between may be left out, the last one never is. */
  | { readonly type: 'sale'; readonly sale: Sale }
  /** A sale was removed. */
  | { readonly type: 'removed'; readonly sale: string }
  /**
   * Seats of the followed hall have changed; pass it to `SeatMap.take`. The first such event says
   * to read the map.
   */
  | { readonly type: 'seats'; readonly news: SeatsNews }
  /** A purchase; in a rush only the last few are sent. */
  | { readonly type: 'purchase'; readonly purchase: Purchase }
  /** News of a followed hold. */
  | { readonly type: 'hold'; readonly hold: HoldNews }
  /** News of a followed place in line. */
  | { readonly type: 'waitlist'; readonly entry: WaitlistNews }
  /** The present state is complete; once on every connection. */
  | { readonly type: 'ready'; readonly position: string }
  /** The missed events are no longer available: forget what you have, the present state follows. */
  | { readonly type: 'reset'; readonly reason: string };

/** The server's time in a `time` event, ms since the epoch; null if it is malformed. */
export function timeOf(text: string): number | null {
  const value = objectOf(text);
  const ms = value !== null && 'now' in value && typeof value.now === 'string' ? Date.parse(value.now) : NaN;
  return Number.isNaN(ms) ? null : ms;
}

/**
 * Reads an event from its name and JSON text. Null for names of a later version, and for an
 * undocumented form. Only the fields that identify the thing are checked; the others are trusted to
 * be as documented.
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
