/**
 * The whole node under a seeded scheduler: engine, log, recovery; a disk that tears, loses, stalls,
 * fills up and fails; clocks that are set; clients that retry. HOLDFAST_SEED replays one seed;
 * HOLDFAST_SIMULATION_STEPS makes it longer.
 */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { noRef } from '../../src/engine/base/ref.ts';
import { Engine } from '../../src/engine/engine.ts';
import { seatStates } from '../../src/engine/tables/seats.ts';
import type { Command } from '../../src/engine/command.ts';
import type { Outcome } from '../../src/engine/outcome.ts';
import type { Disk, DiskFile } from '../../src/log/disk.ts';
import type { AppendBatch } from '../../src/log/log.ts';
import type { MemoryDisk } from '../../src/log/memory/memory-disk.ts';
import { LyingLog } from '../crash/sabotage/lying-log.ts';
import { simulate } from './simulate.ts';
import type { Simulated } from './simulate.ts';
import type { Parts } from './world.ts';

const stepsOfSeed = 1200;
const defaultSteps = 48_000;
const steps = Number(process.env['HOLDFAST_SIMULATION_STEPS'] ?? defaultSteps);
const givenSeed = process.env['HOLDFAST_SEED'];

async function run(seed: number): Promise<Simulated> {
  try {
    return await simulate(seed, stepsOfSeed);
  } catch (error) {
    throw new Error(`seed ${seed} found something; replay it with HOLDFAST_SEED=${seed}`, { cause: error });
  }
}

describe('simulated runs', () => {
  const first = givenSeed === undefined ? Math.floor(Math.random() * 2 ** 32) : Number(givenSeed);
  const count = givenSeed === undefined ? Math.max(1, Math.round(steps / stepsOfSeed)) : 1;
  const timeout = 60_000 + steps * 20;

  test(`no answer is lost, doubled or wrong, in ${count} runs from seed ${first}`, { timeout }, async (t) => {
    const sums: Record<string, number> = {};
    for (let i = 0; i < count; i += 1) {
      const { hash: _, ...figures } = await run((first + i) >>> 0);
      for (const [name, figure] of Object.entries(figures)) sums[name] = (sums[name] ?? 0) + figure;
    }
    t.diagnostic(JSON.stringify(sums));
    console.log(`simulated from seed ${first}: ${JSON.stringify(sums)}`);
    assert.ok((sums['crashes'] ?? 0) > 0 && (sums['unknown'] ?? 0) > 0, 'there was trouble');
  });

  test('a seed replays to the same state', async () => {
    const one = await run(first);
    const other = await run(first);
    assert.deepEqual(other, one);
  });
});

describe('the simulation finds', () => {
  /** `account`: what it is to say. */
  async function finds(parts: Parts, account: RegExp): Promise<void> {
    for (let seed = 1; seed <= 20; seed += 1) {
      try {
        await simulate(seed, stepsOfSeed, parts);
      } catch (error) {
        assert.match(error instanceof Error ? error.message : String(error), account);
        return;
      }
    }
    assert.fail('nothing was found in 20 runs');
  }

  test('the simulation finds a disk that reports a sync it did not do', async () => {
    const careless = (file: DiskFile): DiskFile => ({
      path: file.path,
      size: () => file.size(),
      read: (into, offset) => file.read(into, offset),
      write: (bytes, offset) => file.write(bytes, offset),
      sync: () => {},
      isInPlace: () => file.isInPlace(),
      close: () => file.close(),
    });
    const wrapDisk = (disk: MemoryDisk): Disk => ({
      makeFolder: () => disk.makeFolder(),
      list: (folder) => disk.list(folder),
      open: (path, mode) => careless(disk.open(path, mode)),
      create: (path) => disk.create(path),
      prepare: (path, bytes, pace) => disk.prepare(path, bytes, pace),
      rename: (from, to) => disk.rename(from, to),
      remove: (path) => disk.remove(path),
      syncFolder: (folder) => disk.syncFolder(folder),
      discard: (path) => disk.discard(path),
      lock: (folder) => disk.lock(folder),
    });
    // A hole that it left may be found by recovery, before any answer is.
    await finds(
      { wrapDisk },
      /does not hold|answered otherwise|was acknowledged|is missing|no frame holds here|the frames end here/,
    );
  });

  test('the simulation finds a log that acknowledges a batch and does not write it', async () => {
    class ForgetfulLog extends LyingLog {
      private batches = 0;

      override async append(batch: AppendBatch): Promise<void> {
        this.batches += 1;
        if (this.batches % 50 !== 0) await this.inner.append({ ...batch, checkPosition: 2 ** 50 });
        this.deliver(batch);
      }
    }
    await finds(
      { wrapLog: (log) => new ForgetfulLog(log) },
      /answered otherwise|what .* left|two effects|log time went back/,
    );
  });

  test('the simulation finds an engine that forgets keys', async () => {
    class ForgetfulEngine extends Engine {
      override apply(command: Command, position: number, nowMs: number): Outcome {
        if (position % 10 === 0) command.keyLength = 0;
        return super.apply(command, position, nowMs);
      }
    }
    await finds({ makeEngine: () => new ForgetfulEngine() }, /answered otherwise|what .* left|that somebody has/);
  });

  test('the simulation finds an engine that forgets keys over a start with a clock that is ahead', async () => {
    class IdleEngine extends Engine {
      override apply(command: Command, position: number, nowMs: number): Outcome {
        const outcome = super.apply(command, position, nowMs);
        this.state.idleMs = 0;
        return outcome;
      }
    }
    await finds({ makeEngine: () => new IdleEngine() }, /answered otherwise|what .* left|that somebody has/);
  });

  test('the simulation finds a node whose deadlines follow the wall clock', async () => {
    await finds({ monotonicIsWall: true }, /log time is .* from the time that went by/);
  });

  test('the simulation finds an engine that counts one unit too many', async () => {
    class GenerousEngine extends Engine {
      override apply(command: Command, position: number, nowMs: number): Outcome {
        const outcome = super.apply(command, position, nowMs);
        if (position === 200) this.state.sales.sold.set(0, this.state.sales.sold.get(0) + 1);
        return outcome;
      }
    }
    await finds({ makeEngine: () => new GenerousEngine() }, /what .* left|was refused, and fits/);
  });

  test('the simulation finds an engine that sells a seat twice', async () => {
    class ForgetfulEngine extends Engine {
      override apply(command: Command, position: number, nowMs: number): Outcome {
        const outcome = super.apply(command, position, nowMs);
        if (position !== 200) return outcome;
        const { seats } = this.state;
        const all = Array.from({ length: seats.count }, (_, seat) => seat);
        for (const seat of all.filter((seat) => seats.state.get(seat) === seatStates.sold)) {
          seats.move(seat, seatStates.available, noRef);
        }
        return outcome;
      }
    }
    await finds({ makeEngine: () => new ForgetfulEngine() }, /seat \d+ that somebody has|side by side|that are taken/);
  });
});
