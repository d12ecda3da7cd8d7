/**
 * Batches of purchases into a log file in this process, each batch durable before the next begins.
 */
import { removeFolder, temporaryFolder, temporaryIsMemory } from '../processes/children.ts';
import { OthersWatch } from '../processes/process-stats.ts';
import { PurchaseStream } from './purchase-stream.ts';
import type { Report } from './report.ts';
import { othersNote } from './rounds.ts';
import type { BenchSettings } from './settings.ts';
import { estimate } from './statistics.ts';

const batchSizes: readonly number[] = [256, 1024, 8192];

export async function logStream(settings: BenchSettings): Promise<Report> {
  const rates = new Map<number, number[]>(batchSizes.map((size) => [size, []]));
  // Warms the JIT compiler, and is not counted.
  await run(batchSizes[1]!, settings.warmupMs);
  const others = new OthersWatch();
  for (let round = 1; round <= settings.rounds; round += 1) {
    for (const [size, values] of rates) {
      settings.progress(`batches of ${size}, round ${round}/${settings.rounds}`);
      values.push(await run(size, settings.measureMs));
    }
  }
  return {
    bench: 'log-stream',
    figures: [...rates].map(([size, values]) => ({
      id: `log-stream/${size}`,
      what: `durable purchases in batches of ${size.toLocaleString('en-US')}`,
      unit: '/s',
      estimate: estimate(values),
    })),
    notes: [
      'each batch is made with fresh keys, encoded, written, synced, brought back by the subscription and applied, in this process; ' +
        'one batch at a time; a new log in a new folder for each run',
      ...(temporaryIsMemory() ? ['the temporary folder lies in memory: making it durable cost nothing'] : []),
      ...othersNote(others.cores()),
    ],
    complaints: [],
  };
}

/** Purchases a second. */
async function run(batchSize: number, measureMs: number): Promise<number> {
  const folder = temporaryFolder();
  try {
    const stream = await PurchaseStream.open(folder);
    const beganMs = performance.now();
    let tookMs = 0;
    while (tookMs < measureMs) {
      await stream.purchase(batchSize);
      tookMs = performance.now() - beganMs;
    }
    await stream.close();
    return (stream.appended * 1000) / tookMs;
  } finally {
    removeFolder(folder);
  }
}
