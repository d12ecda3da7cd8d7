/**
 * Rates a period of a data folder again, by reading alone, also beside a running server. The log is
 * read from the last snapshot before the days that matter, or from its beginning.
 */
import { Engine } from '../engine/engine.ts';
import type { State } from '../engine/state.ts';
import { FileLogReader } from '../log/file/reader.ts';
import type { Batch } from '../log/log.ts';
import { loadNewestSnapshot, snapshotPositions } from '../store/snapshot-files.ts';
import { UserError } from '../store/user-error.ts';
import type { Rating, RatingTerms } from './rating.ts';
import { RatingInProgress } from './rating.ts';
import { contextDaysOf } from './tariffs-then.ts';

export interface RateOptions extends RatingTerms {
  readonly folder: string;
  readonly onNotice?: (message: string) => void;
  /** Called with the store's state at the end of the log, before anything is rated. May throw. */
  readonly onRead?: (state: State) => void;
  /** Called now and then with the position and how many taps are kept. */
  readonly onProgress?: (position: number, taps: number) => void;
}

const progressMs = 1000;

/** @throws UserError when the log does not reach back so far, with the first day that is left */
export async function rate(options: RateOptions): Promise<Rating> {
  const { folder, onProgress } = options;
  const reader = new FileLogReader({ folder });
  const engine = await startOf(reader, options);
  const rating = new RatingInProgress(engine, options);
  let spokenMs = performance.now();
  await reader.read(engine.position + 1, (batch: Batch) => {
    rating.take(batch);
    if (onProgress === undefined || performance.now() - spokenMs < progressMs) return;
    spokenMs = performance.now();
    onProgress(engine.position, rating.taps);
  });
  if (engine.isEmpty) throw new UserError(`${folder} has no store in it`);
  options.onRead?.(engine.state);
  return rating.finish();
}

/** An engine before the first record that matters. */
async function startOf(reader: FileLogReader, options: RateOptions): Promise<Engine> {
  const { folder, from, tariff, onNotice = () => {} } = options;
  const { start } = await reader.read(Number.MAX_SAFE_INTEGER, () => {});
  const newest = loadNewestSnapshot(folder, onNotice);
  const isWhole = start === 1;
  if (newest.isEmpty) {
    if (isWhole) return newest;
    throw new UserError(`the log in ${folder} begins at position ${start}, and no snapshot stands for what lay before`);
  }
  const context = contextDays(newest.state, tariff);
  const before = newest.state.days.startOf(from - context) - 1;
  const engine = newest.position <= before ? newest : loadNewestSnapshot(folder, onNotice, before);
  if (!engine.isEmpty && engine.position + 1 >= start) return engine;
  if (isWhole) return new Engine();
  throw new UserError(
    `the log in ${folder} was trimmed: it begins at position ${start}, and of days before ${firstDayLeft(newest.state, continued(folder, start), context)} ` +
      'it does not have all that matters',
  );
}

function contextDays({ tariffs }: State, tariff: RatingTerms['tariff']): number {
  const definitions = tariffs.versions.map(({ definition }) => definition);
  return contextDaysOf(tariff === null ? definitions : [...definitions, tariff]);
}

/** Position of the oldest snapshot that the log goes on from. */
function continued(folder: string, start: number): number {
  return snapshotPositions(folder).findLast((position) => position + 1 >= start) ?? start;
}

/** The first day that can be rated by what came after a position, as a date. */
function firstDayLeft({ days }: State, after: number, context: number): string {
  const [first] = days.starts.find(([, position]) => position > after) ?? days.starts.at(-1) ?? [0];
  return dateOf(first + context);
}

/** A local day as YYYY-MM-DD. */
export function dateOf(day: number): string {
  return new Date(day * 86_400_000).toISOString().slice(0, 10);
}
