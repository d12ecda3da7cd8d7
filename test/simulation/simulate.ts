/** One simulated run from a seed to its end: clients, trouble, quiet, audit. */
import assert from 'node:assert/strict';
import { dump, stateHash } from '../../src/engine/dump.ts';
import { seatStates } from '../../src/engine/tables/seats.ts';
import { seededRandom } from '../../src/log/memory/random.ts';
import { Auditor } from './auditor.ts';
import { hallSize } from './hall.ts';
import { Shopper } from './shopper.ts';
import { World } from './world.ts';
import type { Parts } from './world.ts';

export interface Simulated {
  /** Of the state at the end: the same seed, the same hash. */
  readonly hash: string;
  readonly answers: number;
  readonly events: number;
  readonly crashes: number;
  readonly stops: number;
  readonly faults: number;
  readonly unknown: number;
  readonly untaken: number;
  readonly jumps: number;
}

const shoppers = 12;
const troubleEveryMs = 150;
/** Longer than any hold lasts. */
const quietMs = 60_000;

/** @throws what was found to be wrong */
export async function simulate(seed: number, steps: number, parts: Parts = {}): Promise<Simulated> {
  const random = seededRandom(seed);
  const capacities = [30 + Math.floor(300 * random()), 5 + Math.floor(60 * random()), 2000, hallSize];
  const world = new World(random, capacities, parts);
  const auditor = new Auditor(capacities);
  const restoreTimers = world.loop.install();
  try {
    return await run(world, auditor, Math.ceil(steps / shoppers));
  } finally {
    restoreTimers();
  }
}

async function run(world: World, auditor: Auditor, stepsEach: number): Promise<Simulated> {
  const found = new Promise<never>((_, reject) => (world.fail = reject));
  found.catch(() => {});
  const { loop } = world;
  const all = Array.from({ length: shoppers }, (_, number) => new Shopper(`shopper-${number}`, world, auditor));
  const begin = world.start().then(() => Promise.all(all.map((shopper) => shopper.run(stepsEach))));
  troubles(world);
  await loop.until(Promise.race([begin, found]));
  // Quiet: what is due happens without requests.
  world.calm();
  await loop.until(Promise.race([world.start(), found]));
  await loop.advance(quietMs);
  const { node } = world;
  assert.ok(node !== null && node.isServing, 'the node serves in the end');

  const { engine } = node;
  world.auditClock();
  assert.ok(Math.abs(node.clock.driftMs(engine.state.civil.offsetMs)) <= 2000, 'dates are those of the wall clock');
  assert.equal(engine.nextDueMs(), Infinity, 'nothing is overdue');
  const expected = auditor.audit(engine.nowMs);
  const { sales, seats } = engine.state;
  const counts = world.capacities.map((_, sale) => ({ sold: sales.sold.get(sale), held: sales.held.get(sale) }));
  assert.deepEqual(counts, expected, 'the state is what the answers say');
  const isTaken = (seat: number): boolean =>
    [seatStates.held, seatStates.sold].some((state) => state === seats.state.get(seat));
  const taken = Array.from({ length: seats.count }, (_, seat) => seat).filter(isTaken);
  assert.deepEqual(taken, auditor.takenSeats(), 'the seats that are taken are those that the answers give away');
  const hash = stateHash(dump(engine));
  const replica = world.replayed();
  await loop.until(replica);
  assert.equal(stateHash(dump(await replica)), hash, 'the log replays to the same state');
  await loop.until(world.auditFollower());
  return { hash, answers: auditor.entries.length, events: loop.steps, ...world.counts };
}

/** Now and then something happens to the machine. */
function troubles(world: World): void {
  const next = (): void => {
    if (!world.troubled) return;
    const dice = world.random();
    if (dice < 0.12) world.crash();
    else if (dice < 0.2) world.stop();
    else if (dice < 0.35) world.setClock();
    else if (dice < 0.5) world.fillDisk();
    world.loop.after(2 * troubleEveryMs * world.random(), next);
  };
  world.loop.after(troubleEveryMs, next);
}
