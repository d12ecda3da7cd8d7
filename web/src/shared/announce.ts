/**
 * What a screen reader is told: the visitor's own affairs, never each number that moves. Sentences
 * that come at once are one.
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
    // The same sentence twice would be no change, and so not be spoken.
    const text = gathered.join(' ');
    announcement.set(announcement.get() === text ? `${text}\u00a0` : text);
    gathered = [];
    timer = null;
  }, gatherMs);
}
