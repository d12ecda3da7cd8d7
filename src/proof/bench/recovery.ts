/**
 * Recovery: replays a log of many purchases into an empty engine, and times a killed server until
 * it is ready on that log again.
 */
import { Engine } from '../../engine/engine.ts';
import { openFileLog } from '../../log/file/file-log.ts';
import { Replay } from '../../replica/replay.ts';
import { removeFolder, temporaryFolder } from '../processes/children.ts';
import { OthersWatch } from '../processes/process-stats.ts';
import { NotProvenError } from '../audit/claim.ts';
import { buildLog, logBatch, soldBy } from './purchase-stream.ts';
import type { Report } from './report.ts';
import { othersNote } from './rounds.ts';
import { HoldfastServer } from '../processes/servers.ts';
import type { BenchSettings } from './settings.ts';
import { estimate } from './statistics.ts';

/** How often the server is killed and started again. */
const maxRestarts = 3;

export async function recovery(settings: BenchSettings): Promise<Report> {
  const { records, rounds, progress } = settings;
  const folder = temporaryFolder();
  try {
    await buildLog(folder, records, progress);
    const others = new OthersWatch();
    const rates: number[] = [];
    const replays = records > 5_000_000 ? Math.min(rounds, 5) : rounds;
    for (let round = 0; round <= replays; round += 1) {
      progress(`replay ${round}/${replays}`);
      const rate = await replay(folder, records);
      // The first one warms the JIT compiler, and is not counted.
      if (round > 0) rates.push(rate);
    }
    const cores = others.cores();
    const readyMs: number[] = [];
    let server = await HoldfastServer.start({ folder });
    for (let restart = 1; restart <= Math.min(maxRestarts, rounds); restart += 1) {
      progress(`kill -9 and start ${restart}`);
      await server.kill();
      server = await HoldfastServer.start({ folder });
      readyMs.push(server.readyMs);
    }
    await server.kill();
    return {
      bench: 'recovery',
      figures: [
        { id: 'recovery/rate', what: 'records replayed into an empty engine', unit: '/s', estimate: estimate(rates) },
        {
          id: 'recovery/ready',
          what: `ready after kill -9, ${records.toLocaleString('en-US')} records since the last snapshot`,
          unit: 's',
          estimate: estimate(readyMs.map((ms) => ms / 1000)),
        },
      ],
      notes: [
        `a log of ${records.toLocaleString('en-US')} purchases in batches of ${logBatch}, no snapshot; ` +
          'the rate covers opening and checking the files, decoding and applying; the file cache is warm',
        'ready: from starting bin/holdfast to its ready line, the launcher included',
        ...othersNote(cores),
      ],
      complaints: [],
    };
  } finally {
    removeFolder(folder);
  }
}

/** Records a second. */
async function replay(folder: string, records: number): Promise<number> {
  const engine = new Engine();
  const into = new Replay(engine);
  const beganMs = performance.now();
  const log = await openFileLog({ folder });
  await log.subscribe(1, (batch) => into.apply(batch));
  const tookMs = performance.now() - beganMs;
  await log.close();
  const sold = soldBy(engine);
  if (sold !== records) throw new NotProvenError(`${records} purchases were logged, ${sold} came back`);
  return (engine.position * 1000) / tookMs;
}
