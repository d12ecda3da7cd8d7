/** When a store ran last, and how a start handles a clock that is far ahead of that. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { describe, test } from 'node:test';
import { copyFolder } from '../../src/store/copy.ts';
import { heartbeatName } from '../../src/store/folder.ts';
import { maxAheadMs, readHeartbeat } from '../../src/store/heartbeat.ts';
import { openStore } from '../../src/store/open.ts';
import type { Store, StoreOptions } from '../../src/store/open.ts';
import { runToEnd } from '../crash/support/servers.ts';
import { withFolder } from '../log/support/folders.ts';
import { ManualTime } from '../node/support/manual-time.ts';

const dayMs = 24 * 3600 * 1000;

interface Opened {
  readonly store: Store;
  readonly notices: readonly string[];
}

async function open(folder: string, time: ManualTime, more: Partial<StoreOptions> = {}): Promise<Opened> {
  const notices: string[] = [];
  const onNotice = (message: string): void => void notices.push(message);
  const options: StoreOptions = { place: { kind: 'file', folder }, maxKeys: null, time, onNotice };
  return { store: await openStore({ ...options, ...more }), notices };
}

/** The process ends without a stop: its last beat stays. */
async function die({ store }: Opened, folder: string): Promise<void> {
  const file = path.join(folder, heartbeatName);
  const beat = fs.readFileSync(file);
  await store.close();
  fs.writeFileSync(file, beat);
}

describe('the heartbeat of a folder', () => {
  test("the heartbeat is there while the store runs, has the wall time, and is its owner's alone", () =>
    withFolder(async (folder) => {
      const time = new ManualTime();
      const opened = await open(folder, time);
      assert.equal(readHeartbeat(folder), time.wallMs());
      assert.equal(fs.statSync(path.join(folder, heartbeatName)).mode & 0o777, 0o600);
      assert.deepEqual(opened.notices, [], 'a new folder has nothing to warn of');
      await opened.store.close();
    }));

  test('a clean stop removes the heartbeat, and the next start says that it cannot tell, and starts', () =>
    withFolder(async (folder) => {
      const time = new ManualTime();
      await (await open(folder, time)).store.close();
      assert.equal(readHeartbeat(folder), null);
      time.jump(400 * dayMs);
      const again = await open(folder, time);
      assert.match(again.notices.join('\n'), /does not tell when its store ran last .*2027-/);
      assert.equal(readHeartbeat(folder), time.wallMs());
      await again.store.close();
    }));

  test('the heartbeat is not missed when a cleanly stopped store starts again soon', () =>
    withFolder(async (folder) => {
      const time = new ManualTime();
      await (await open(folder, time)).store.close();
      time.jump(maxAheadMs);
      const again = await open(folder, time);
      assert.deepEqual(again.notices, []);
      await again.store.close();
    }));

  test('the heartbeat stays after any other end; a clock up to seven days ahead is believed', () =>
    withFolder(async (folder) => {
      const time = new ManualTime();
      await die(await open(folder, time), folder);
      for (const ms of [maxAheadMs, -30 * dayMs, 3600_000]) {
        time.jump(ms);
        const again = await open(folder, time);
        assert.doesNotMatch(again.notices.join('\n'), /ran last/);
        await die(again, folder);
      }
    }));

  test('a clock further ahead is refused, nothing is appended, and the start works once it is accepted', () =>
    withFolder(async (folder) => {
      const time = new ManualTime();
      const first = await open(folder, time);
      const { position } = first.store.node.engine;
      await die(first, folder);
      time.jump(maxAheadMs + 1000);
      const before = fs.readFileSync(path.join(folder, heartbeatName), 'utf8');
      await assert.rejects(open(folder, time), /7 days are between.*Nothing was changed.*--accept-clock/);
      assert.equal(fs.readFileSync(path.join(folder, heartbeatName), 'utf8'), before);
      await assert.rejects(open(folder, time), /--accept-clock/, 'asked again, it says so again');

      const accepted = await open(folder, time, { acceptClock: true });
      assert.match(accepted.notices.join('\n'), /the clock was accepted/);
      assert.ok(accepted.store.node.engine.position >= position, 'all is there');
      assert.equal(readHeartbeat(folder), time.wallMs());
      await die(accepted, folder);
      await (await open(folder, time)).store.close();
    }));

  test('a heartbeat without a time is reported and ignored', () =>
    withFolder(async (folder) => {
      const time = new ManualTime();
      await (await open(folder, time)).store.close();
      for (const text of ['', 'yesterday', '\0\0\0\0']) {
        fs.writeFileSync(path.join(folder, heartbeatName), text);
        const again = await open(folder, time);
        assert.match(again.notices.join('\n'), /heartbeat holds no time/);
        await again.store.close();
      }
    }));

  test('the heartbeat belongs to its folder: a copy has none', () =>
    withFolder(async (folder) => {
      const data = path.join(folder, 'data');
      const copy = path.join(folder, 'copy');
      const time = new ManualTime();
      const running = await open(data, time);
      fs.mkdirSync(copy);
      const signal = new AbortController().signal;
      await copyFolder({ from: data, to: copy, signal, onNotice: () => {} });
      await running.store.close();
      assert.ok(!fs.readdirSync(copy).includes(heartbeatName), 'not in a copy');
      const opened = await open(copy, time);
      assert.match(opened.notices.join('\n'), /a backup, a copy or older/);
      await opened.store.close();
    }));
});

test('commands on a stopped folder refuse such a clock too, and take HOLDFAST_ACCEPT_CLOCK; reset knows the file', () =>
  withFolder(async (folder) => {
    const data = path.join(folder, 'data');
    const time = new ManualTime();
    await (await open(data, time)).store.close();
    fs.writeFileSync(path.join(data, heartbeatName), '2001-01-01T00:00:00.000Z\n');
    for (const command of [['snapshot'], ['seed'], ['serve', '--port', '0', '--drops-port', '0']]) {
      const refused = await runToEnd([...command, '--data', data]);
      assert.equal(refused.code, 1);
      assert.match(
        refused.stderr,
        /^holdfast: this machine's clock says [^\n]*--accept-clock[^\n]*\n$/m,
        refused.stderr,
      );
    }
    const accepted = await runToEnd(['snapshot', '--data', data], ['env', 'HOLDFAST_ACCEPT_CLOCK=1']);
    assert.equal(accepted.code, 0, accepted.stderr);
    fs.writeFileSync(path.join(data, heartbeatName), '2001-01-01T00:00:00.000Z\n');
    const reset = await runToEnd(['reset', '--yes', '--data', data]);
    assert.equal(reset.code, 0, reset.stderr);
    assert.equal(readHeartbeat(data), null);
  }));
