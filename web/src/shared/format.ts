/** Numbers, money and times in the words of the reader's language. */
import { formatPrice } from '../../../sdk/src/index.ts';
import type { Price } from '../../../sdk/src/index.ts';

const whole = new Intl.NumberFormat();
const relative = new Intl.RelativeTimeFormat(undefined, { numeric: 'auto', style: 'narrow' });
const ordinalRules = new Intl.PluralRules('en', { type: 'ordinal' });
const ordinalEndings: Readonly<Record<string, string>> = { one: 'st', two: 'nd', few: 'rd', other: 'th' };

export function count(value: number): string {
  return whole.format(value);
}

/** A price, without cents where there are none. */
export function money(price: Price | null): string {
  return price === null ? 'Free' : formatPrice(price);
}

/** The price of several units. */
export function times(price: Price, quantity: number): Price {
  return { ...price, amount: price.amount * quantity };
}

/** A span in the form of a countdown: 9, 1:05, 2:03:00. */
export function span(ms: number): string {
  const seconds = Math.max(0, Math.ceil(ms / 1000));
  const two = (value: number): string => String(value).padStart(2, '0');
  if (seconds < 60) return String(seconds);
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes}:${two(seconds % 60)}`;
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return `${hours}:${two(minutes % 60)}:${two(seconds % 60)}`;
  return `${Math.floor(hours / 24)} days`;
}

/** The same for screen readers: "1 minute 5 seconds". */
export function spokenSpan(ms: number): string {
  const seconds = Math.max(0, Math.ceil(ms / 1000));
  const part = (value: number, unit: string): string =>
    value === 0 ? '' : `${value} ${unit}${value === 1 ? '' : 's'}`;
  if (seconds >= 3600)
    return `${part(Math.floor(seconds / 3600), 'hour')} ${part(Math.floor((seconds % 3600) / 60), 'minute')}`.trim();
  return `${part(Math.floor(seconds / 60), 'minute')} ${part(seconds % 60, 'second')}`.trim() || 'no time';
}

export function ago(ms: number): string {
  const seconds = Math.round(ms / 1000);
  if (seconds < 5) return 'just now';
  if (seconds < 60) return relative.format(-seconds, 'second');
  if (seconds < 3600) return relative.format(-Math.round(seconds / 60), 'minute');
  if (seconds < 86_400) return relative.format(-Math.round(seconds / 3600), 'hour');
  return relative.format(-Math.round(seconds / 86_400), 'day');
}

export function ordinal(place: number): string {
  return `${count(place)}${ordinalEndings[ordinalRules.select(place)] ?? 'th'}`;
}

const clockTime = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit', second: '2-digit' });
const dayAndTime = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' });

export function timeOfDay(ms: number): string {
  return clockTime.format(ms);
}

export function dateAndTime(ms: number): string {
  return dayAndTime.format(ms);
}
