/** Reckons what a data folder's store has to settle, by reading alone, also beside its server. */
import { FileLogReader } from '../log/file/reader.ts';
import { Replay } from '../replica/replay.ts';
import { loadNewestSnapshot } from '../store/snapshot-files.ts';
import type { RateOptions } from './rate.ts';
import { rate } from './rate.ts';
import type { Settlement } from './settlement.ts';
import { settlementsOf, settlementTerms } from './settlement.ts';

export interface Reckoning {
  readonly settlements: readonly Settlement[];
  /** The log was read up to here. */
  readonly position: number;
}

/** @throws UserError when the log does not reach back so far */
export async function reckon(options: Pick<RateOptions, 'folder' | 'onNotice' | 'onProgress'>): Promise<Reckoning> {
  const { folder, onNotice = () => {} } = options;
  const engine = loadNewestSnapshot(folder, onNotice);
  const replay = new Replay(engine);
  await new FileLogReader({ folder }).read(engine.position + 1, (batch) => replay.apply(batch));
  const terms = engine.isEmpty ? null : settlementTerms(engine.state);
  if (terms === null) return { settlements: [], position: engine.position };
  const { from, to, since } = terms;
  const rating = await rate({ ...options, from, to, tariff: null, cards: new Set(since.keys()) });
  return { settlements: settlementsOf(rating, terms), position: rating.position };
}
