/**
 * The SQL follower: how fast it catches up with a log, and what its work beside the sale costs the
 * sale.
 */
import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Client } from 'pg';
import { readFollowerRecord } from '../../store/follower-records.ts';
import { followerNameOf, ownSqliteFile } from '../../followers/sql/open.ts';
import type { SqlPlace } from '../../followers/sql/open.ts';
import { kill, removeFolder, root, spawnBun, temporaryFolder } from '../processes/children.ts';
import { LoadGenerator } from '../load/load-generator.ts';
import { NotProvenError } from '../audit/claim.ts';
import { closeAndAudit, ordersSide } from './purchase.ts';
import { buildLog } from './purchase-stream.ts';
import type { Figure, Report } from './report.ts';
import { interleave, limitsOf, runsOf } from './rounds.ts';
import { HoldfastServer } from '../processes/servers.ts';
import type { BenchSettings } from './settings.ts';
import { createSale, plenty, saleCounts } from './shop.ts';
import type { Side } from './sides.ts';
import { estimate, ratios } from './statistics.ts';

const program = join(root, 'src', 'cli', 'main.ts');
/** Catching up takes long, so a few rounds are enough. */
const maxCatchUps = 3;
const maxForPostgres = 1_000_000;
const catchUpWithinMs = 600_000;
const lookMs = 20;

export async function follow(settings: BenchSettings): Promise<Report> {
  const caughtUp = await catchUps(settings);
  const loss = await lossOfSale(settings);
  return {
    bench: 'follow',
    figures: [...caughtUp.figures, ...loss.figures],
    notes: [...caughtUp.notes, ...loss.notes],
    complaints: loss.complaints,
  };
}

/** Logs without a follower so far, followed from their beginning. */
async function catchUps(settings: BenchSettings): Promise<Pick<Report, 'figures' | 'notes'>> {
  const { records, postgres } = settings;
  const figures = await catchUpFigures('sqlite', 'SQLite', records, settings, (folder) =>
    catchUp(folder, 'sqlite', records),
  );
  const notes = [
    'catching up: a log of purchases in batches of 512; from starting the follower, at the lowest priority, to its note that all of it is ' +
      'written; the snapshots that it writes on the way included; each round into empty tables',
  ];
  if (postgres === null) {
    notes.push('no PostgreSQL was given (--postgres), so none was followed into');
  } else {
    const some = Math.min(records, maxForPostgres);
    const measure = (folder: string): Promise<number> =>
      inDatabase(postgres, (address) => catchUp(folder, address, some));
    figures.push(...(await catchUpFigures('postgres', 'PostgreSQL', some, settings, measure)));
  }
  return { figures, notes };
}

async function catchUpFigures(
  id: string,
  name: string,
  records: number,
  settings: BenchSettings,
  measure: (folder: string) => Promise<number>,
): Promise<Figure[]> {
  const rounds = Math.min(settings.rounds, maxCatchUps);
  const folder = temporaryFolder();
  try {
    await buildLog(folder, records, settings.progress);
    const seconds: number[] = [];
    for (let round = 1; round <= rounds; round += 1) {
      settings.progress(`round ${round}/${rounds}: ${name}`);
      seconds.push(await measure(folder));
    }
    return [
      {
        id: `follow/${id}/rate`,
        what: `orders followed into ${name}, catching up`,
        unit: '/s',
        estimate: estimate(seconds.map((each) => records / each)),
      },
      {
        id: `follow/${id}/catch-up`,
        what: `${name} up to date, ${records.toLocaleString('en-US')} records behind`,
        unit: 's',
        estimate: estimate(seconds),
      },
    ];
  } finally {
    removeFolder(folder);
  }
}

/**
 * Seconds from starting a follower on a log to its being at the end. `sql`: `sqlite`, or an
 * address.
 */
export async function catchUp(folder: string, sql: string, records: number): Promise<number> {
  const place: SqlPlace =
    sql === 'sqlite' ? { kind: 'sqlite', file: ownSqliteFile(folder) } : { kind: 'postgres', url: sql, sslMode: null };
  for (const name of readdirSync(folder).filter((each) => /^(views|followers|snapshot)/.test(each))) {
    rmSync(join(folder, name), { recursive: true, force: true });
  }
  const beganMs = performance.now();
  const child = spawnBun([program, 'follow', '--data', folder, '--sql', sql, '--log-level', 'warn'], {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, HOLDFAST_SQL: '', DATABASE_URL: '' },
  });
  try {
    await until(() => {
      if (child.exitCode !== null) throw new Error('the follower ended; its own words are above');
      return writtenBy(folder, followerNameOf(place, folder)) >= records;
    });
    return (performance.now() - beganMs) / 1000;
  } finally {
    await kill(child);
  }
}

/** In a database of its own, dropped afterwards. */
export async function inDatabase(address: string, use: (address: string) => Promise<number>): Promise<number> {
  const name = `holdfast_bench_${process.pid}`;
  const client = new Client({ connectionString: address });
  await client.connect();
  try {
    await client.query(`drop database if exists ${name} with (force)`);
    await client.query(`create database ${name}`);
    const own = new URL(address);
    own.pathname = `/${name}`;
    try {
      return await use(own.href);
    } finally {
      await client.query(`drop database if exists ${name} with (force)`);
    }
  } finally {
    await client.end();
  }
}

/** Purchases at the peak, with a follower beside the sale and without one, in turn. */
async function lossOfSale(settings: BenchSettings): Promise<Pick<Report, 'figures' | 'notes' | 'complaints'>> {
  const connections = Math.max(...settings.connections);
  const { warmupMs, measureMs, rounds, progress } = settings;
  const alone = await HoldfastServer.start();
  const followed = await HoldfastServer.start({ sql: 'sqlite' });
  const generator = new LoadGenerator();
  try {
    const sales = { alone: await createSale(alone, plenty), followed: await createSale(followed, plenty) };
    const sides: Side[] = [
      ordersSide('alone', alone, sales.alone),
      caughtUpAfter(ordersSide('followed', followed, sales.followed), followed),
    ];
    const shape = { connections, warmupMs, measureMs, pacing: { kind: 'closed' } } as const;
    const results = await interleave(generator, sides, shape, rounds, progress);
    const rates = (name: string): number[] => runsOf(results, name).map(({ perSecond }) => perSecond);
    const lost = ratios(rates('followed'), rates('alone')).map((ratio) => 100 * (1 - ratio));
    const sold = {
      alone: (await saleCounts(alone, sales.alone)).sold,
      followed: (await saleCounts(followed, sales.followed)).sold,
    };
    const at = `${connections} connections`;
    return {
      figures: [
        {
          id: 'follow/loss',
          what: `purchases lost to the SQLite follower, ${at}`,
          unit: '%',
          estimate: estimate(lost),
        },
        {
          id: 'follow/alone',
          what: `purchases without a follower, ${at}`,
          unit: '/s',
          estimate: estimate(rates('alone')),
        },
        {
          id: 'follow/followed',
          what: `purchases beside one, ${at}`,
          unit: '/s',
          estimate: estimate(rates('followed')),
        },
      ],
      notes: ['the follower catches up between runs, so each begins with none of its work left', ...limitsOf(results)],
      complaints: [...(await closeAndAudit(alone, sold.alone)), ...(await closeAndAudit(followed, sold.followed))],
    };
  } finally {
    await generator.close();
    await alone.close();
    await followed.close();
  }
}

/** The same side, but a run ends only when the follower has written all of it. */
function caughtUpAfter(side: Side, server: HoldfastServer): Side {
  return {
    name: side.name,
    run: async (generator, shape) => {
      const result = await side.run(generator, shape);
      let still = 0;
      let position = -1;
      // The position no longer moves at the end, since the sale has stopped.
      await until(() => {
        const now = writtenBy(server.folder, 'sql');
        still = now === position ? still + 1 : 0;
        position = now;
        return still * lookMs >= 1000;
      });
      if (position <= 0) throw new NotProvenError('the follower beside the sale has written nothing');
      return result;
    },
  };
}

/** The position that a follower's database names. */
function writtenBy(folder: string, follower: string): number {
  return readFollowerRecord(folder, follower)?.position ?? 0;
}

async function until(isTrue: () => boolean): Promise<void> {
  const untilMs = performance.now() + catchUpWithinMs;
  while (!isTrue()) {
    if (performance.now() > untilMs) throw new Error(`the follower was not up to date within ${catchUpWithinMs} ms`);
    await pause(lookMs);
  }
}
