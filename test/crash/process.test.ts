/** The process from outside: how it ends, how it starts again, and when it refuses to start. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { describe, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { requireProgram, requireThat } from '../support/requires.ts';
import { contentOf } from './support/folders.ts';
import { createEvent, currentEvent, purchase } from './support/http.ts';
import { answeredAtLeast, startLoad } from './support/load.ts';
import { runToEnd, spawnServer, startServer, temporaryFolder } from './support/servers.ts';

describe('SIGTERM under load', () => {
  test('the process ends soon, with code 0, and every answer holds afterwards', async (t) => {
    const folder = temporaryFolder(t);
    const { url, process: server } = await startServer(t, folder);
    await createEvent(url, 1_000_000);
    const load = startLoad(url, 32);
    await answeredAtLeast(load, 300);
    const beganMs = performance.now();
    const ended = await server.stop();
    const tookMs = performance.now() - beganMs;
    await load.ended;
    assert.deepEqual(ended, { code: 0, signal: null });
    assert.ok(tookMs < 3000, `it took ${Math.round(tookMs)} ms`);

    const again = await startServer(t, folder);
    const { seatsSold } = await currentEvent(again.url);
    assert.ok(seatsSold >= load.answered.size && seatsSold <= load.answered.size + load.unknown.size);
    for (const [key, reply] of load.answered) {
      const { status, body } = await purchase(again.url, key, 1);
      assert.deepEqual({ status, body }, { status: reply.status, body: reply.body });
    }
    assert.equal((await currentEvent(again.url)).seatsSold, seatsSold, 'replays sell nothing');
  });

  test('a second SIGTERM changes nothing', async (t) => {
    const { url, process: server } = await startServer(t, temporaryFolder(t));
    await createEvent(url, 10);
    const [one, other] = await Promise.all([server.stop(), server.stop()]);
    assert.deepEqual([one.code, other.code], [0, 0]);
  });
});

describe('kill -9', () => {
  test('kill -9 during recovery, again and again, loses nothing', async (t) => {
    const folder = temporaryFolder(t);
    const first = await startServer(t, folder);
    await createEvent(first.url, 1_000_000);
    const load = startLoad(first.url, 32);
    await answeredAtLeast(load, 1000);
    await first.process.kill();
    await load.ended;
    for (let afterMs = 5; afterMs < 200; afterMs += 15) {
      const server = spawnServer(t, folder);
      await pause(afterMs);
      await server.kill();
    }
    const { url } = await startServer(t, folder);
    const { seatsSold } = await currentEvent(url);
    assert.ok(seatsSold >= load.answered.size && seatsSold <= load.answered.size + load.unknown.size);
  });

  const made = ['lock.sqlite', 'watermark', 'log-0000000001.seg.tmp', 'log-0000000001.seg', 'secret.tmp', 'secret'];
  for (const name of made) {
    test(`kill -9 as soon as an empty folder has its ${name} leaves a folder that can be started`, async (t) => {
      const folder = temporaryFolder(t);
      const server = spawnServer(t, folder);
      await isThere(path.join(folder, 'data', name));
      await server.kill();
      const again = await startServer(t, folder);
      await createEvent(again.url, 5);
      assert.equal((await purchase(again.url, 'key', 5)).status, 200);
    });
  }

  test('kill -9 right after the ready line leaves a folder that can be started', async (t) => {
    const folder = temporaryFolder(t);
    for (let round = 0; round < 4; round += 1) {
      const { url, process: server } = await startServer(t, folder);
      if (round > 0) assert.equal((await currentEvent(url)).seatsSold, round);
      else await createEvent(url, 10);
      assert.equal((await purchase(url, `key ${round}`, 1)).status, 200);
      await server.kill();
    }
  });
});

/**
 * Polls as often as it can: the next change in the folder is some 100 µs away. By then an
 * unfinished file may have its final name.
 */
async function isThere(file: string): Promise<void> {
  const untilMs = performance.now() + 20_000;
  while (!fs.existsSync(file) && !(file.endsWith('.tmp') && fs.existsSync(file.slice(0, -4)))) {
    assert.ok(performance.now() < untilMs, `${file} did not come to be`);
    await new Promise((resolve) => setImmediate(resolve));
  }
}

describe('a start that cannot be', () => {
  const oneSentence = /^holdfast: [^\n]+\n$/;
  const quiet = ['--no-demo', '--log-level', 'fatal'];

  test('a second server on the same folder is refused with a sentence and touches nothing', async (t) => {
    const folder = temporaryFolder(t);
    const { url } = await startServer(t, folder);
    await createEvent(url, 10);
    assert.equal((await purchase(url, 'key', 3)).status, 200);
    const data = path.join(folder, 'data');
    const before = contentOf(data);
    const { code, stdout, stderr } = await runToEnd(['serve', '--port', '0', '--data', data, ...quiet]);
    assert.equal(code, 1);
    assert.equal(stdout, '');
    assert.match(stderr, oneSentence);
    assert.match(stderr, /another process is writing/);
    assert.deepEqual(contentOf(data), before);
    assert.equal((await currentEvent(url)).seatsSold, 3, 'the first one goes on');
    assert.equal((await purchase(url, 'other', 2)).status, 200);
  });

  test('a start on a port in use does not even make the data folder', async (t) => {
    const folder = path.join(temporaryFolder(t), 'data');
    const holder = net.createServer().listen(0, '127.0.0.1');
    t.after(() => holder.close());
    await new Promise((resolve) => holder.once('listening', resolve));
    const { port } = holder.address() as net.AddressInfo;
    const { code, stdout, stderr } = await runToEnd(['serve', '--port', `${port}`, '--data', folder, ...quiet]);
    assert.equal(code, 1);
    assert.equal(stdout, '');
    assert.match(stderr, oneSentence);
    assert.match(stderr, new RegExp(`port ${port} .*in use`));
    assert.equal(fs.existsSync(folder), false);
  });

  test('a data folder that cannot be made, since a file is in its way, is refused with a sentence', async (t) => {
    const folder = temporaryFolder(t);
    fs.writeFileSync(path.join(folder, 'file'), 'mine');
    const data = path.join(folder, 'file', 'data');
    const { code, stderr } = await runToEnd(['serve', '--port', '0', '--data', data, ...quiet]);
    assert.equal(code, 1);
    assert.match(stderr, oneSentence);
    assert.ok(stderr.includes(data), stderr);
    assert.equal(fs.readFileSync(path.join(folder, 'file'), 'utf8'), 'mine');
  });

  const setpriv = requireProgram('setpriv');
  const asRoot =
    setpriv.skip === false ? requireThat(process.getuid?.() === 0, 'the right to become another user') : setpriv;

  test('a data folder that the user may not write is refused with a sentence', asRoot, async (t) => {
    const folder = temporaryFolder(t);
    fs.chmodSync(folder, 0o755);
    const data = path.join(folder, 'data');
    fs.mkdirSync(data, { mode: 0o755 });
    const other = ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups'];
    const mayRun = await runToEnd(['help'], other);
    if (mayRun.code !== 0) return t.skip('another user may not read the program');
    const { code, stderr } = await runToEnd(['serve', '--port', '0', '--data', data, ...quiet], other);
    assert.equal(code, 1);
    assert.match(stderr, oneSentence);
    assert.ok(stderr.includes(data), stderr);
    assert.deepEqual(fs.readdirSync(data), []);
  });
});
