/** What every backend of the log has to do. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { LogTrimmedError } from '../../src/log/log.ts';
import type { AppendBatch, Log } from '../../src/log/log.ts';
import { appendAll, assertSame, batch, batches, collector, readAll } from '../log/support/batches.ts';

/**
 * One log that can be closed and opened again. Segments, where the backend has them, are to hold
 * about 20 small batches.
 */
export interface LogBackend {
  open(): Promise<Log>;
  /** Removes all that it made. */
  dispose(): Promise<void>;
}

export function logConformance(name: string, make: () => Promise<LogBackend>): void {
  const conforms = (sentence: string, check: (log: Log, backend: LogBackend) => Promise<void>): void => {
    test(sentence, async () => {
      const backend = await make();
      try {
        const log = await backend.open();
        try {
          await check(log, backend);
        } finally {
          await log.close();
        }
      } finally {
        await backend.dispose();
      }
    });
  };

  describe(`the log, ${name}`, () => {
    conforms('an empty log begins and ends at position 1', async (log) => {
      assert.equal(await log.end(), 1);
      assert.equal(log.start(), 1);
      assert.equal(log.lastTimeMs(), 0);
      assert.equal(await log.read(1), null);
      assert.deepEqual(await readAll(log), []);
    });

    conforms('a batch comes back as it was appended', async (log) => {
      await log.append(batch(0));
      assertSame(await readAll(log), [batch(0)]);
      assert.equal(await log.end(), 11);
      assert.equal(log.lastTimeMs(), batch(0).timeMs);
    });

    conforms('positions count on without gaps, whatever the sizes', async (log) => {
      const all = [1, 7, 300, 2, 1].map((count, number) => batch(number, count, 3));
      await appendAll(log, all);
      assertSame(await readAll(log), all);
      assert.equal(await log.end(), 312);
    });

    conforms('the largest numbers come back unchanged', async (log) => {
      const largest: AppendBatch = {
        ...batch(0),
        timeMs: Number.MAX_SAFE_INTEGER,
        nodeId: 2 ** 48 - 1,
        firstNumber: Number.MAX_SAFE_INTEGER,
        checkPosition: Number.MAX_SAFE_INTEGER,
        checkLow: 2 ** 32 - 1,
        checkHigh: 2 ** 32 - 1,
      };
      await log.append(largest);
      assertSame(await readAll(log), [largest]);
    });

    conforms('records may be empty, and a batch larger than the ones before', async (log) => {
      const all = [batch(0, 1, 0), batch(1, 1, 100_000), batch(2), batch(3, 1, 1_000_000), batch(4)];
      await appendAll(log, all);
      assertSame(await readAll(log), all);
    });

    conforms('a subscriber gets a batch before its append resolves', async (log) => {
      const { received, onBatch } = collector();
      await log.subscribe(1, onBatch);
      for (const [number, each] of batches(5).entries()) {
        const appended = log.append(each).then(() => received.length);
        assert.equal(await appended, number + 1);
      }
      assertSame(received, batches(5));
    });

    conforms('the log keeps its own copy of what is appended', async (log) => {
      const mine = batch(0);
      const appended = log.append(mine);
      mine.records.fill(0);
      await appended;
      assertSame(await readAll(log), [batch(0)]);
    });

    conforms('a subscriber begins with the batch that holds its position', async (log) => {
      await appendAll(log, batches(200));
      for (const from of [1, 10, 11, 20, 777, 1000, 1001, 2000]) {
        assertSame(await readAll(log, from), batches(200), Math.floor((from - 1) / 10));
      }
      assert.deepEqual(await readAll(log, 2001), []);
    });

    conforms('a subscriber that waits for a later position gets nothing earlier', async (log) => {
      const { received, onBatch } = collector();
      await log.subscribe(25, onBatch);
      await appendAll(log, batches(5));
      assertSame(received, batches(5), 2);
    });

    conforms('several subscribers get the same, and a cancelled one no more', async (log) => {
      const [early, late, gone] = [collector(), collector(), collector()];
      await log.subscribe(1, early.onBatch);
      const subscription = await log.subscribe(1, gone.onBatch);
      await appendAll(log, batches(3));
      subscription.cancel();
      await log.subscribe(1, late.onBatch);
      await appendAll(log, batches(6).slice(3));
      assertSame(early.received, batches(6));
      assertSame(late.received, batches(6));
      assertSame(gone.received, batches(3));
    });

    conforms(
      'a subscriber that comes while batches are being appended misses none and gets none twice',
      async (log) => {
        const all = batches(300, 10, 400);
        await appendAll(log, all.slice(0, 150));
        const late = Array.from({ length: 10 }, collector);
        const subscribed: Promise<unknown>[] = [];
        for (const [number, each] of all.slice(150).entries()) {
          const appended = log.append(each);
          const next = late[number / 15];
          if (next !== undefined) subscribed.push(log.subscribe(number * 10 + 1, next.onBatch));
          await appended;
        }
        await Promise.all(subscribed);
        for (const [number, { received }] of late.entries()) assertSame(received, all, number * 15);
      },
    );

    conforms('a subscriber that subscribes another one while it is told', async (log) => {
      const [outer, inner] = [collector(), collector()];
      const subscribed: Promise<unknown>[] = [];
      await log.subscribe(1, (each) => {
        outer.onBatch(each);
        if (outer.received.length === 2) subscribed.push(log.subscribe(1, inner.onBatch));
      });
      await appendAll(log, batches(4));
      await Promise.all(subscribed);
      assertSame(outer.received, batches(4));
      assertSame(inner.received, batches(4));
    });

    conforms('log time never goes back', async (log) => {
      const times = [5, 9, 3, 9, 12, 0];
      for (const timeMs of times) await log.append({ ...batch(0), timeMs });
      const got = await readAll(log);
      assert.deepEqual(
        got.map((each) => each.timeMs),
        [5, 9, 9, 9, 12, 12],
      );
      assert.equal(log.lastTimeMs(), 12);
    });

    conforms('any position can be read', async (log) => {
      const all = batches(200);
      await appendAll(log, all);
      for (let position = 1; position <= 2000; position += 3) {
        const got = await log.read(position);
        assert.ok(got !== null);
        const number = Math.floor((position - 1) / 10);
        assertSame([got], all.slice(0, number + 1), number);
      }
      assert.equal(await log.read(2001), null);
    });

    conforms('what was appended is there when the log is opened again', async (log, backend) => {
      const all = batches(120);
      await appendAll(log, all.slice(0, 70));
      await log.close();
      for (const [from, to] of [
        [70, 71],
        [71, 71],
        [71, 120],
      ] as const) {
        const again = await backend.open();
        assertSame(await readAll(again), all.slice(0, from));
        assert.equal(await again.end(), from * 10 + 1);
        assert.equal(again.lastTimeMs(), batch(from - 1).timeMs);
        await appendAll(again, all.slice(from, to));
        assertSame(await readAll(again), all.slice(0, to));
        await again.close();
      }
    });

    conforms('trimming keeps every position from the given one on', async (log, backend) => {
      const all = batches(200);
      await appendAll(log, all);
      await log.trim(1);
      assert.equal(log.start(), 1);
      await log.trim(1200);
      const start = log.start();
      assert.ok(start > 1 && start <= 1200, `something was dropped, and nothing that was asked for: ${start}`);
      const skipped = (start - 1) / 10;
      assertSame(await readAll(log), all, skipped);
      await assert.rejects(log.read(start - 1), LogTrimmedError);
      await assert.rejects(
        log.subscribe(start - 1, () => {}),
        LogTrimmedError,
      );
      await log.append(batch(200));
      await log.close();
      const again = await backend.open();
      assert.equal(again.start(), start);
      assertSame(await readAll(again), batches(201), skipped);
      await again.trim(Number.MAX_SAFE_INTEGER);
      assert.equal(await again.end(), 2011);
      await again.append(batch(201));
      assertSame(await readAll(again), batches(202), (again.start() - 1) / 10);
      await again.close();
    });

    conforms('a batch without records is refused, and the log goes on', async (log) => {
      await assert.rejects(log.append({ ...batch(0), count: 0 }));
      await assert.rejects(log.append({ ...batch(0), nodeId: 2 ** 48 }));
      await assert.rejects(log.append({ ...batch(0), firstNumber: -1 }));
      await log.append(batch(0));
      assertSame(await readAll(log), [batch(0)]);
    });

    conforms('a closed log takes nothing and brings nothing', async (log) => {
      const { received, onBatch } = collector();
      await log.subscribe(1, onBatch);
      await log.close();
      await assert.rejects(log.append(batch(0)), /closed/);
      await assert.rejects(log.subscribe(1, onBatch), /closed/);
      await assert.rejects(log.read(1), /closed/);
      assert.deepEqual(received, []);
      await log.close();
    });
  });
}
