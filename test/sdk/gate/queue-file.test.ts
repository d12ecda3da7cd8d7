/** The queue's file: what it keeps, and what is left of it when it is torn, damaged or in use. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, describe, test } from 'node:test';
import { loadQueue, QueueFile } from '../../../sdk/src/gate/queue-file.ts';
import { headBytes, recordBytes } from '../../../sdk/src/gate/queue-records.ts';
import type { Passage, QueuedTap } from '../../../sdk/src/gate/tap-queue.ts';
import { TapQueue } from '../../../sdk/src/gate/tap-queue.ts';

const root = fs.mkdtempSync(path.join(os.tmpdir(), 'holdfast-queue-'));
let files = 0;
const newPath = (): string => path.join(root, `queue-${(files += 1)}`);
after(() => fs.rmSync(root, { recursive: true, force: true }));

const passage: Passage = { card: 5, direction: 'in', station: 0, atMs: 1000 };

/** A queue with its file, as a gate opens them. */
function open(at: string): { file: QueueFile; queue: TapQueue } {
  const file = new QueueFile(at);
  const { head, taps } = file.loaded;
  const queue = new TapQueue(head ?? { epoch: 77, nextSequence: 1 }, taps, file);
  file.begin(() => ({ head: queue.head, taps: queue, count: queue.length }));
  return { file, queue };
}

/** A file with so many taps, all opened by the gate, and closed. */
async function fill(at: string, count: number): Promise<void> {
  const { queue } = open(at);
  for (let tap = 0; tap < count; tap += 1) queue.append({ ...passage, atMs: tap }, 'opened');
  await queue.close();
}

function sequences(taps: Iterable<QueuedTap>): number[] {
  return Array.from(taps, ({ sequence }) => sequence);
}

describe("a queue's file", () => {
  test('taps, decisions and the counter are there again, and undecided taps are denied', async () => {
    const at = newPath();
    const { queue } = open(at);
    const [one, two] = [queue.append(passage, 'none'), queue.append({ ...passage, direction: 'out' }, 'none')];
    queue.append(passage, 'opened', { corrects: one });
    queue.decide(two, 'opened');
    await queue.close();
    const again = open(at);
    assert.deepEqual(again.queue.head, { epoch: 77, nextSequence: 4 });
    assert.deepEqual(
      Array.from(again.queue, ({ sequence, decided, isCorrected, isFromFile }) => ({
        sequence,
        decided,
        isCorrected,
        isFromFile,
      })),
      [
        { sequence: 1, decided: 'denied', isCorrected: true, isFromFile: true },
        { sequence: 2, decided: 'opened', isCorrected: false, isFromFile: true },
        { sequence: 3, decided: 'opened', isCorrected: false, isFromFile: true },
      ],
    );
    assert.deepEqual(again.queue.at(1)?.passage, { ...passage, direction: 'out' });
    await again.queue.close();
  });

  test('what is acknowledged is gone, and the counter goes on', async () => {
    const at = newPath();
    await fill(at, 5);
    const { queue } = open(at);
    queue.acknowledge();
    queue.acknowledge();
    await queue.close();
    const rest = open(at);
    assert.deepEqual(sequences(rest.queue), [3, 4, 5]);
    for (let tap = 0; tap < 3; tap += 1) rest.queue.acknowledge();
    await rest.queue.close();
    const empty = open(at);
    assert.deepEqual([empty.queue.length, empty.queue.head], [0, { epoch: 77, nextSequence: 6 }]);
    await empty.queue.close();
    assert.equal(fs.statSync(at).size, headBytes);
  });

  test('a file that ends at any byte has the whole records before it', async () => {
    const at = newPath();
    await fill(at, 3);
    const { queue } = open(at);
    queue.append(passage, 'opened');
    await queue.close();
    const bytes = fs.readFileSync(at);
    assert.equal(bytes.byteLength, headBytes + 4 * recordBytes);
    for (let length = headBytes; length <= bytes.byteLength; length += 1) {
      const { taps, damaged, head } = loadQueue(bytes.subarray(0, length));
      const whole = Math.floor((length - headBytes) / recordBytes);
      assert.deepEqual(sequences(taps), [1, 2, 3, 4].slice(0, whole), `after ${length} bytes`);
      assert.deepEqual([damaged, head?.nextSequence], [0, Math.max(4, whole + 1)]);
    }
  });

  test('a damaged byte costs its record alone, and is told of', async () => {
    const at = newPath();
    await fill(at, 3);
    const bytes = fs.readFileSync(at);
    for (let byte = 0; byte < bytes.byteLength; byte += 1) {
      const torn = Uint8Array.from(bytes);
      torn[byte]! ^= 0x41;
      const { taps, damaged, head } = loadQueue(torn);
      const record = Math.floor((byte - headBytes) / recordBytes);
      assert.deepEqual(
        sequences(taps),
        [1, 2, 3].filter((_, index) => index !== record),
        `byte ${byte}`,
      );
      assert.deepEqual(
        [head?.epoch, head?.nextSequence, damaged],
        [77, record === 2 ? 3 : 4, record >= 0 && record < 2 ? 1 : 0],
      );
    }
  });

  test('a file without a head is set aside, and another epoch begins', async () => {
    const at = newPath();
    await fill(at, 2);
    const bytes = fs.readFileSync(at);
    bytes.fill(0, 0, headBytes);
    fs.writeFileSync(at, bytes);
    const { file, queue } = open(at);
    assert.equal(queue.length, 0);
    assert.deepEqual(fs.readFileSync(file.setAside ?? ''), bytes);
    await queue.close();
  });

  test('an acknowledgement of a damaged tap still frees those before it', async () => {
    const at = newPath();
    await fill(at, 3);
    const { queue } = open(at);
    queue.acknowledge();
    queue.acknowledge();
    queue.append(passage, 'opened');
    await queue.close();
    const bytes = fs.readFileSync(at);
    // The second tap, which the acknowledgement names.
    bytes[headBytes + recordBytes + 20]! ^= 1;
    assert.deepEqual(sequences(loadQueue(bytes).taps), [3, 4]);
  });

  test('a file that has grown is written anew with what is queued', { timeout: 60_000 }, async () => {
    const at = newPath();
    const { queue } = open(at);
    for (let round = 0; round < 90; round += 1) {
      for (let tap = 0; tap < 1000; tap += 1) {
        queue.append(passage, 'opened');
        if (queue.length > 10) queue.acknowledge();
      }
      await queue.synced();
    }
    assert.ok(fs.statSync(at).size < 5 << 20, `${fs.statSync(at).size} bytes`);
    await queue.close();
    const again = open(at);
    assert.deepEqual(again.queue.head, { epoch: 77, nextSequence: 90_001 });
    assert.deepEqual([sequences(again.queue).at(0), again.queue.length], [89_991, 10]);
    await again.queue.close();
  });

  test('another epoch is kept, with the taps of the old one', async () => {
    const at = newPath();
    const { queue } = open(at);
    queue.append(passage, 'opened');
    queue.beginEpoch(78);
    queue.append(passage, 'opened');
    await queue.close();
    const again = open(at);
    assert.deepEqual(again.queue.head, { epoch: 78, nextSequence: 2 });
    assert.deepEqual(
      Array.from(again.queue, ({ epoch, sequence }) => [epoch, sequence]),
      [
        [77, 1],
        [78, 1],
      ],
    );
    await again.queue.close();
  });

  test('a disk that fails stops the queue for good', async () => {
    const at = newPath();
    const { queue, file } = open(at);
    fs.closeSync((file as unknown as { fd: number }).fd);
    queue.append(passage, 'opened');
    await assert.rejects(queue.synced(), { code: 'EBADF' });
    await assert.rejects(queue.synced(), { code: 'EBADF' });
    (file as unknown as { fd: number }).fd = -1;
    await queue.close();
  });
});

describe('the lock of a queue', () => {
  test('a file is not opened twice, and is free after it was closed', async () => {
    const at = newPath();
    const { queue } = open(at);
    assert.throws(() => open(at), /uses this queue/);
    await queue.close();
    assert.deepEqual(
      fs.readdirSync(root).filter((name) => name.startsWith(path.basename(at))),
      [path.basename(at)],
    );
    await open(at).queue.close();
  });

  test('another process is refused, and one that was killed leaves the file free', async () => {
    const at = newPath();
    const { queue } = open(at);
    const source = new URL('../../../sdk/src/gate/queue-file.ts', import.meta.url).href;
    const code = `const { QueueFile } = await import(${JSON.stringify(source)}); new QueueFile(${JSON.stringify(at)}); console.log('open'); process.kill(process.pid, 'SIGKILL');`;
    const run = (): string => {
      const { stdout, stderr } = spawnSync(process.execPath, ['-e', code], { encoding: 'utf8' });
      return `${stdout}${stderr}`;
    };
    assert.match(run(), new RegExp(`process ${process.pid} on .* uses this queue`));
    await queue.close();
    assert.match(run(), /^open/);
    assert.ok(fs.existsSync(`${at}.lock`), 'the killed process has left its lock');
    await open(at).queue.close();
  });

  test('a lock that was taken away stops the writing', async () => {
    const at = newPath();
    const { queue } = open(at);
    fs.writeFileSync(`${at}.lock`, JSON.stringify({ pid: 1, host: 'elsewhere', token: 'theirs' }));
    queue.append(passage, 'opened');
    await assert.rejects(queue.synced(), /another process has taken the queue/);
    await queue.close();
    assert.ok(fs.existsSync(`${at}.lock`), "the other one's lock is left alone");
  });

  test('a lock of another machine counts while it is renewed', async () => {
    const at = newPath();
    const lock = `${at}.lock`;
    fs.writeFileSync(lock, JSON.stringify({ pid: process.pid, host: 'elsewhere', token: 'theirs' }));
    assert.throws(() => open(at), /on elsewhere uses this queue/);
    const longAgo = new Date(Date.now() - 60_000);
    fs.utimesSync(lock, longAgo, longAgo);
    await open(at).queue.close();
    fs.writeFileSync(lock, 'not a lock');
    await open(at).queue.close();
  });
});
