/**
 * Announcements for screen readers: only the visitor's own affairs, never each changing number.
 * Sentences that come at once are joined.
 */
import { Signal } from './signal.ts';

/** Sentences within this time are spoken together, ms. */
const gatherMs = 400;

export const announcement = new Signal('');
let gathered: string[] = [];
let timer: ReturnType<typeof setTimeout> | null = null;

export function announce(sentence: string): void {
  if (gathered.at(-1) !== sentence) gathered.push(sentence);
  timer ??= setTimeout(() => {
    // The same sentence twice would not be a change, and would not be spoken.
    const text = gathered.join(' ');
    announcement.set(announcement.get() === text ? `${text}\u00a0` : text);
    gathered = [];
    timer = null;
  }, gatherMs);
}
