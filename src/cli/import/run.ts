/** How an import runs: it opens its target, tells what is wrong with a file, and how far it is. */
import { requireLog } from '../flags.ts';
import type { Place } from './arguments.ts';
import type { Flaw, Reading } from './flaws.ts';
import { spellFlaw } from './flaws.ts';
import { FolderTarget } from './folder-target.ts';
import { StoreClient } from './store-client.ts';
import type { Target } from './target.ts';
import { UrlTarget } from './url-target.ts';

const tellMs = 2000;

/** `mayMake`: whether a folder that has no store in it yet gets one. @throws UserError */
export async function openTarget(place: Place, mayMake: boolean): Promise<Target> {
  if (place.kind === 'url') return new UrlTarget(new StoreClient(place.url, place.operatorKey));
  if (!mayMake) requireLog(place.folder);
  return FolderTarget.open(place.folder);
}

/** A file or a plan had flaws: each was told, nothing was done. */
export class FlawsError extends Error {
  override readonly name = 'FlawsError';
}

/** The value of a reading. @throws FlawsError after telling each flaw */
export function soundOr<Value>(file: string, reading: Reading<Value>): Value {
  if (reading.ok) return reading.value;
  tellFlaws(file, reading.flaws);
  throw new FlawsError();
}

function tellFlaws(file: string, flaws: readonly Flaw[]): void {
  const lines = flaws.map((flaw) => spellFlaw(file, flaw));
  const count = flaws.length === 1 ? 'one flaw' : `${flaws.length} flaws`;
  process.stderr.write(`${lines.join('\n')}\nholdfast: ${file} has ${count}; nothing was imported\n`);
}

/** Runs what may throw a FlawsError; returns the exit code. */
export async function exitCodeOf(run: () => Promise<void>): Promise<number> {
  try {
    await run();
    return 0;
  } catch (error) {
    if (error instanceof FlawsError) return 1;
    throw error;
  }
}

/** Tells every two seconds how far something is. */
export class Progress {
  done = 0;
  private readonly timer: ReturnType<typeof setInterval>;

  constructor(total: number, noun: string) {
    this.timer = setInterval(() => console.error(`${this.done} of ${total} ${noun} so far`), tellMs);
  }

  stop(): void {
    clearInterval(this.timer);
  }
}

/** `1 event`, `2 events`. */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

/** What an import came to, as a sentence. `there`: how many of them were there before. */
export function summary(file: string, total: number, there: number, noun: string): string {
  if (there === 0) return `${file}: ${counted(total, noun)} imported`;
  if (there === total) {
    const all = total === 1 ? `its ${noun} was` : `all ${counted(total, noun)} were`;
    return `${file}: ${all} there already; nothing changed`;
  }
  return `${file}: ${counted(total - there, noun)} imported, ${there} ${there === 1 ? 'was' : 'were'} there already`;
}
