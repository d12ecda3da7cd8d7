/** Ids of the native API, which carry their cell: `sale_0_17`. Opaque to clients. */
import { sayableMs } from './times.ts';

export type Noun = 'sale' | 'hold' | 'order' | 'waitlist' | 'key';

/** `row` counts from 0; ids count from 1. */
export function formatId(noun: Noun, cell: number, row: number): string {
  return `${noun}_${cell}_${row + 1}`;
}

/** The row of an id, or -1 when it is not an id of this noun and cell. */
export function parseId(noun: Noun, cell: number, id: string): number {
  const prefix = `${noun}_${cell}_`;
  if (!id.startsWith(prefix)) return -1;
  const digits = id.slice(prefix.length);
  if (!/^[1-9]\d{0,9}$/.test(digits)) return -1;
  const row = Number(digits) - 1;
  return row < 0xffffffff ? row : -1;
}

let lastMs = NaN;
let lastText = '';

/**
 * RFC 3339 in UTC with milliseconds. All records of a batch have the same time, so the last text is
 * nearly always right.
 */
export function formatTime(ms: number): string {
  if (ms !== lastMs) {
    lastText = new Date(sayableMs(ms)).toISOString();
    lastMs = ms;
  }
  return lastText;
}

/** A time that may be missing: infinite in the engine, null outside. */
export function formatTimeOrNull(ms: number): string | null {
  return Number.isFinite(ms) ? formatTime(ms) : null;
}
