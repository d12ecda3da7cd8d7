/** Runs an import: opens its target, prints the flaws of a file, and shows the progress. */
import { LogLockedError } from '../../log/log.ts';
import { UserError } from '../../store/user-error.ts';
import { requireLog } from '../folder-flags.ts';
import type { Store } from '../../store/open.ts';
import { openStopped } from '../opened.ts';
import type { Place } from './arguments.ts';
import type { StoreAddress } from './client.ts';
import { StoreClient } from './client.ts';
import type { Flaw, Reading } from './flaws.ts';
import { spellFlaw } from './flaws.ts';
import { serveToOurselves } from './own-listener.ts';
import { Target } from './target.ts';

const tellMs = 2000;

/**
 * Uses the store at a place. `mayMake`: whether a folder without a store gets one.
 * @throws UserError
 */
export function withTarget<Result>(
  place: Place,
  mayMake: boolean,
  use: (target: Target) => Promise<Result>,
): Promise<Result> {
  return withStoreAt(place, mayMake, (address) => use(new Target(new StoreClient(address))));
}

/** The same, for a client of one's own. @throws UserError */
export async function withStoreAt<Result>(
  place: Place,
  mayMake: boolean,
  use: (address: StoreAddress) => Promise<Result>,
): Promise<Result> {
  if (place.kind === 'url') return use(place);
  if (!mayMake) requireLog(place.folder);
  return onFolder(place.folder, use);
}

/**
 * Opens a folder, uses it, and closes it in any case. @throws UserError while a server holds the
 * folder
 */
async function onFolder<Result>(folder: string, use: (address: StoreAddress) => Promise<Result>): Promise<Result> {
  const store = await opened(folder);
  let result: Result;
  try {
    const listener = serveToOurselves(store.node);
    try {
      result = await use(listener);
    } finally {
      await listener.close();
    }
  } catch (error) {
    // The first failure is the one to report. With a full disk, closing fails too.
    await store.close().catch(() => undefined);
    throw error;
  }
  await store.close();
  return result;
}

async function opened(folder: string): Promise<Store> {
  try {
    return await openStopped(folder);
  } catch (error) {
    if (!(error instanceof LogLockedError)) throw error;
    throw new UserError(`${error.message}. A running store takes it with --url, such as --url http://127.0.0.1:3000`);
  }
}

/** A file or a plan had flaws. Each was printed; nothing was done. */
export class FlawsError extends Error {
  override readonly name = 'FlawsError';
}

/** The value of a reading. @throws FlawsError after printing each flaw */
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

/** Runs an import that may throw a FlawsError; returns the exit code. */
export async function exitCodeOf(run: () => Promise<void>): Promise<number> {
  try {
    await run();
    return 0;
  } catch (error) {
    if (error instanceof FlawsError) return 1;
    throw error;
  }
}

/** Prints progress every two seconds. */
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

/** The result of an import, as a sentence. `there`: how many existed before. */
export function summary(file: string, total: number, there: number, noun: string): string {
  if (there === 0) return `${file}: ${counted(total, noun)} imported`;
  if (there === total) {
    const all = total === 1 ? `its ${noun} was` : `all ${counted(total, noun)} were`;
    return `${file}: ${all} there already; nothing changed`;
  }
  return `${file}: ${counted(total - there, noun)} imported, ${there} ${there === 1 ? 'was' : 'were'} there already`;
}
