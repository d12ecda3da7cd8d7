/** Real processes: one writer at a time, and kill -9 at any moment. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { setTimeout as passed } from 'node:timers/promises';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { openFileLog } from '../../../src/log/file/file-log.ts';
import { readFileLog } from '../../../src/log/file/reader.ts';
import { LogLockedError } from '../../../src/log/log.ts';
import { seededRandom } from '../../../src/log/memory/random.ts';
import { assertPrefix, batches, collector, readAll } from '../support/batches.ts';
import { withFolder } from '../support/folders.ts';

const writerPath = fileURLToPath(new URL('../support/writer.ts', import.meta.url));
const segmentSizes = { firstSegmentBytes: 64 * 1024, maxSegmentBytes: 256 * 1024 };

interface Writer {
  readonly child: ChildProcess;
  readonly lines: AsyncIterator<string, undefined>;
}

function startWriter(folder: string): Writer {
  const child = spawn(process.execPath, [writerPath, folder], { stdio: ['ignore', 'pipe', 'inherit'] });
  assert.ok(child.stdout !== null);
  return { child, lines: createInterface({ input: child.stdout })[Symbol.asyncIterator]() };
}

async function lineOf(writer: Writer): Promise<string> {
  const line: IteratorResult<string, undefined> = await writer.lines.next();
  assert.ok(line.done !== true, 'the writer goes on');
  return line.value;
}

/** Kills with -9 and returns the last whole line that was printed. */
async function kill(writer: Writer): Promise<string | undefined> {
  const ended = once(writer.child, 'exit');
  writer.child.kill('SIGKILL');
  await ended;
  let last: string | undefined;
  for (;;) {
    const line: IteratorResult<string, undefined> = await writer.lines.next();
    if (line.done === true) return last;
    last = line.value;
  }
}

test('a second writer is refused with a clear sentence until the first one dies', async () => {
  await withFolder(async (folder) => {
    const first = startWriter(folder);
    assert.match(await lineOf(first), /^ready 0$/);
    const second = startWriter(folder);
    const exited = once(second.child, 'exit');
    assert.match(await lineOf(second), /^locked another process is writing in .*: stop the other one/);
    assert.deepEqual(await exited, [1, null]);
    await assert.rejects(openFileLog({ folder, ...segmentSizes }), LogLockedError);

    // A reader does not block the writer, and sees acknowledged records.
    const { received, onBatch } = collector();
    const reading = await readFileLog({ folder, onBatch });
    assertPrefix(received, batches(received.length, 10, 20));
    assert.equal(reading.end, received.length * 10 + 1);

    const last = Number((await kill(first)) ?? 0);
    const log = await openFileLog({ folder, ...segmentSizes });
    assert.ok((await log.end()) > last * 10, 'what was acknowledged is there');
    await log.close();
  });
});

test('kill -9, again and again, loses nothing that was acknowledged and doubles nothing', async () => {
  await withFolder(async (folder) => {
    const random = seededRandom(9);
    let acknowledged = 0;
    for (let round = 0; round < 8; round += 1) {
      const writer = startWriter(folder);
      const [word, found] = (await lineOf(writer)).split(' ');
      assert.equal(word, 'ready');
      assert.ok(Number(found) >= acknowledged, `${found} batches are there, ${acknowledged} were acknowledged`);
      await passed(random() * 120);
      const last = await kill(writer);
      acknowledged = last === undefined ? Number(found) : Number(last) + 1;
    }
    const log = await openFileLog({ folder, ...segmentSizes });
    const received = await readAll(log);
    assert.ok(received.length >= acknowledged && received.length > 100, `${received.length} of ${acknowledged}`);
    assertPrefix(received, batches(received.length, 10, 20));
    await log.close();
  });
});
