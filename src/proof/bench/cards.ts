/**
 * Cards: what one costs in memory while it rests and once it has travelled, and how soon a killed
 * store is back with all of them.
 */
import { Engine } from '../../engine/engine.ts';
import { openFileLog } from '../../log/file/file-log.ts';
import { Replay } from '../../replica/replay.ts';
import { removeFolder, temporaryFolder } from '../processes/children.ts';
import { OthersWatch, residentBytes } from '../processes/process-stats.ts';
import { HoldfastServer } from '../processes/servers.ts';
import { buildCards, proveCards } from './card-stream.ts';
import { typedArrayBytes } from './memory.ts';
import type { Figure, Report } from './report.ts';
import { single } from './report.ts';
import { othersNote } from './rounds.ts';
import type { BenchSettings } from './settings.ts';
import { estimate } from './statistics.ts';

/** Bytes of a card's id: a UUID. */
const idBytes = 16;
/** At most this for a card that rests, beyond its id, and so much more for one that travelled. */
const restingBytes = 64;
const travelledBytes = 96;
/** Of the cards, how many travelled: one in five. */
const travelledOf = 5;
const maxReplays = 3;
const usualCards = 10_000_000;

export async function cards(settings: BenchSettings): Promise<Report> {
  const { rounds, progress } = settings;
  const count = settings.cards ?? usualCards;
  const travelled = Math.floor(count / travelledOf);
  const folder = temporaryFolder();
  try {
    const { resting, moving, resident } = await measureMemory(folder, count, travelled, progress);
    const others = new OthersWatch();
    const rates: number[] = [];
    for (let round = 0; round <= Math.min(rounds, maxReplays); round += 1) {
      progress(`replay ${round}`);
      const rate = await replay(folder, count, travelled);
      // The first one warms the JIT compiler, and is not counted.
      if (round > 0) rates.push(rate);
    }
    progress('kill -9 and start');
    const readyMs: number[] = [];
    let server = await HoldfastServer.start({ folder });
    for (let restart = 1; restart <= Math.min(rounds, maxReplays); restart += 1) {
      await server.kill();
      server = await HoldfastServer.start({ folder });
      readyMs.push(server.readyMs);
    }
    await server.kill();
    const all = count.toLocaleString('en-US');
    const figures: Figure[] = [
      { id: 'cards/resting', what: 'a resting card beyond its id', unit: 'bytes', estimate: single(resting) },
      { id: 'cards/travelled', what: 'more for one that travelled', unit: 'bytes', estimate: single(moving) },
      { id: 'cards/resident', what: 'growth of resident memory, a card', unit: 'bytes', estimate: single(resident) },
      { id: 'cards/replayed', what: 'cards and taps replayed', unit: '/s', estimate: estimate(rates) },
      {
        id: 'cards/ready',
        what: `ready after kill -9 with ${all} cards, no snapshot`,
        unit: 's',
        estimate: estimate(readyMs.map((ms) => ms / 1000)),
      },
    ];
    return {
      bench: 'cards',
      figures,
      notes: [
        `${all} cards are issued, 10,000 a record; ${travelled.toLocaleString('en-US')} of them make one journey, which is charged`,
        'bytes: of all their typed arrays, divided; unused room counted; resident: what the process grew by, ids included',
        ...othersNote(others.cores()),
      ],
      complaints: [
        ...tooMuch('a resting card', resting, restingBytes),
        ...tooMuch('travelling', moving, travelledBytes),
      ],
    };
  } finally {
    removeFolder(folder);
  }
}

function tooMuch(what: string, bytes: number, most: number): string[] {
  return bytes <= most ? [] : [`${what} takes ${bytes.toFixed(1)} bytes; it may take ${most}`];
}

interface Measured {
  readonly resting: number;
  readonly moving: number;
  readonly resident: number;
}

async function measureMemory(
  folder: string,
  count: number,
  travelled: number,
  progress: (sentence: string) => void,
): Promise<Measured> {
  // A small one first: what the program itself takes is there before.
  await warmUp();
  Bun.gc(true);
  const before = residentBytes(process.pid);
  const stream = await buildCards(folder, count, travelled, progress);
  const { state } = stream.engine;
  const resting = typedArrayBytes(state.cards) / count - idBytes;
  const moving = typedArrayBytes([state.travel, state.dayNotes]) / travelled;
  Bun.gc(true);
  const resident = (residentBytes(process.pid) - before) / count;
  await stream.close();
  return { resting, moving, resident };
}

async function warmUp(): Promise<void> {
  const folder = temporaryFolder();
  try {
    await (await buildCards(folder, 20_000, 20_000, () => undefined)).close();
  } finally {
    removeFolder(folder);
  }
}

/** Cards and taps a second. */
async function replay(folder: string, count: number, travelled: number): Promise<number> {
  const engine = new Engine();
  const into = new Replay(engine);
  const beganMs = performance.now();
  const log = await openFileLog({ folder });
  await log.subscribe(1, (batch) => into.apply(batch));
  const tookMs = performance.now() - beganMs;
  await log.close();
  proveCards(engine, count, travelled);
  return ((count + 2 * travelled) * 1000) / tookMs;
}
