/** Times as people and databases write them. */
import { beyondYears, timeFlaw, timeMsOf } from '../doors/kit/times.ts';

/**
 * RFC 3339, and what databases print: a blank for the T, no seconds, a zone of hours alone, without
 * a colon, or in letters.
 */
const form = /^(\d{4}-\d\d-\d\d)(?:[Tt ](\d\d:\d\d)(:\d\d(?:\.\d{1,9})?)? ?(Z|UTC|GMT|[+-]\d\d(?::?\d\d)?))?$/i;
const withoutZone = /^\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d(:\d\d(\.\d+)?)?$/;
/**
 * Day, month and year in some order, in digits or with the month in letters, and perhaps a time
 * after them.
 */
const otherForms = [
  /^\d{1,4} ?[-./] ?\d{1,2} ?[-./] ?\d{1,4}\b/,
  /^\d{1,2}(st|nd|rd|th)?[-./ ]+\p{L}{3,9}[-./, ]+\d{2,4}\b/iu,
  /^(\p{L}{2,9}[., ]+)?\p{L}{3,9}[-./ ]+\d{1,2}(st|nd|rd|th)?[-./, ]+(\d\d:\d\d:\d\d .*)?\d{2,4}\b/iu,
  /^(\p{L}{2,9}[., ]+)\d{1,2}[-./ ]+(\p{L}{3,9}|\d{1,2})[-./, ]+\d{2,4}\b/iu,
  /^(19|20)\d\d(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])(T?\d{4,6}(Z|[+-]\d{2,4})?)?$/i,
  /^\d{4}-W\d\d(-\d)?$/i,
];

/**
 * Ms of a time with its zone, such as 2026-01-31T19:30:00Z. Null for any other text, and for a day
 * that the month does not have.
 */
export function parseTime(text: string): number | null {
  return /^\d{4}-\d\d-\d\d$/.test(text) ? null : parseDateOrTime(text);
}

/** The same, or a date alone, which means its first moment in UTC. */
export function parseDateOrTime(text: string): number | null {
  const full = fullForm(text);
  return full === null ? null : timeMsOf(full);
}

/** In the form of RFC 3339; null for an unknown form. */
function fullForm(text: string): string | null {
  const [, date = '', time = '00:00', seconds = ':00', zone = 'Z'] = form.exec(text) ?? [];
  return date === '' ? null : `${date}T${time}${seconds}${offsetOf(zone)}`;
}

/** `+01`, `+0100` and `UTC` in the form of RFC 3339. */
function offsetOf(zone: string): string {
  if (!/^[+-]/.test(zone)) return 'Z';
  return `${zone.slice(0, 3)}:${zone.slice(3).replace(':', '') || '00'}`;
}

/**
 * Why a text is not read, as the predicate of a sentence for its author. It may be a date in
 * another form.
 */
export function whyNoTime(text: string): string {
  if (withoutZone.test(text)) return 'is a time without its zone';
  const full = fullForm(text);
  if (full === null)
    return otherForms.some((each) => each.test(text)) ? 'is a date in another form' : 'is not a valid date';
  return timeFlaw(full) === beyondYears ? beyondYears : 'is not a valid date';
}
