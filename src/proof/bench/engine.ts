/**
 * The engine alone, in this process. Commands are prepared and encoded beforehand, and decoded and
 * applied in the timed part.
 */
import { Command } from '../../engine/command.ts';
import { Engine } from '../../engine/engine.ts';
import { RecordReader, RecordWriter } from '../../engine/record.ts';
import { OthersWatch } from '../processes/process-stats.ts';
import { NotProvenError } from '../audit/claim.ts';
import type { Report } from './report.ts';
import { othersNote } from './rounds.ts';
import type { BenchSettings } from './settings.ts';
import { estimate } from './statistics.ts';
import { Commands } from './commands.ts';

const purchases = 1_000_000;
const batchSize = 8192;
const timeMs = 1_700_000_000_000;

export function engine(settings: BenchSettings): Promise<Report> {
  const batches = prepare();
  // The first run compiles, and is not counted.
  run(batches);
  const rates: number[] = [];
  const others = new OthersWatch();
  for (let round = 1; round <= settings.rounds; round += 1) {
    settings.progress(`engine, round ${round}/${settings.rounds}`);
    rates.push(run(batches));
  }
  return Promise.resolve({
    bench: 'engine',
    figures: [
      { id: 'engine/purchases', what: 'purchases through the engine alone', unit: '/s', estimate: estimate(rates) },
    ],
    notes: [
      `${purchases} purchases with unique keys into an empty engine in each round; made and encoded beforehand, ` +
        'decoding is part of the time',
      'no log, no server; the outcome of each purchase is checked, and the count after each round',
      ...othersNote(others.cores()),
    ],
    complaints: [],
  });
}

/** Encoded batches; the first one begins the log. */
function prepare(): Uint8Array[] {
  const commands = new Commands();
  const writer = new RecordWriter();
  writer.add(commands.genesis());
  writer.add(commands.sale());
  const batches: Uint8Array[] = [];
  for (let made = 0; made < purchases; made += 1) {
    writer.add(commands.purchase());
    if (writer.count < batchSize && made < purchases - 1) continue;
    batches.push(writer.bytes().slice());
    writer.clear();
  }
  return batches;
}

/** Purchases a second. */
function run(batches: readonly Uint8Array[]): number {
  const fresh = new Engine();
  const reader = new RecordReader();
  const command = new Command();
  let refused = 0;
  const beganMs = performance.now();
  for (const batch of batches) {
    reader.reset(batch);
    while (reader.next(command)) if (!fresh.apply(command, fresh.position + 1, timeMs).ok) refused += 1;
  }
  const tookMs = performance.now() - beganMs;
  const sold = fresh.state.sales.sold.get(0);
  if (refused > 0 || sold !== purchases)
    throw new NotProvenError(`${purchases} bought, ${sold} sold, ${refused} refused`);
  return (purchases * 1000) / tookMs;
}
