/**
 * `backup` and `restore` as commands, on stopped folders: their results, and refusals that leave
 * nothing behind.
 */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { describe, test } from 'node:test';
import { readFileLog } from '../../src/log/file/reader.ts';
import { copyFolder } from '../../src/store/copy.ts';
import { snapshotPath } from '../../src/store/snapshot-layout.ts';
import { snapshotPositions } from '../../src/store/snapshot-files.ts';
import { contentOf } from '../crash/support/folders.ts';
import { runToEnd } from '../crash/support/servers.ts';
import { withFolder } from '../log/support/folders.ts';
import { accountOf, replayTo } from '../support/replay.ts';
import { SmallStore } from '../support/small-store.ts';

const oneSentence = /^holdfast: [^\n]+\n$/;
const secret = 'a secret of tokens, thirty-two at least';

interface Places {
  readonly data: string;
  readonly copy: string;
  readonly made: string;
  /** The last position of the store. */
  readonly end: number;
  /** Positions of its two snapshots. */
  readonly older: number;
  readonly newer: number;
}

/** A store with some segments, two snapshots and a secret, and no server on it. */
function withStore(use: (places: Places) => Promise<void>): Promise<void> {
  return withFolder(async (folder) => {
    const data = path.join(folder, 'data');
    const store = await SmallStore.open(data);
    await store.sell(2000);
    const older = store.snapshot();
    await store.sell(2000);
    const newer = store.snapshot();
    const end = await store.sell(700);
    await store.close();
    fs.writeFileSync(path.join(data, 'secret'), secret, { mode: 0o600 });
    await use({ data, copy: path.join(folder, 'some', 'copy'), made: path.join(folder, 'made'), end, older, newer });
  });
}

async function backup({ data, copy }: Places): Promise<string> {
  const { code, stdout, stderr } = await runToEnd(['backup', '--data', data, '--to', copy]);
  assert.equal(code, 0, stderr);
  return stdout;
}

async function restore({ copy, made }: Places, ...point: string[]): Promise<string> {
  const { code, stdout, stderr } = await runToEnd(['restore', '--from', copy, '--data', made, ...point]);
  assert.equal(code, 0, stderr);
  return stdout;
}

async function refusal(...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await runToEnd(args);
  assert.equal(code, 1);
  assert.equal(stdout, '');
  assert.match(stderr, oneSentence);
  return stderr;
}

/**
 * Asserts that a folder is a store in exactly the state of another log at a position, and sells on.
 */
async function assertStandsAt(folder: string, position: number, source: string): Promise<void> {
  const wanted = accountOf(await replayTo(source, position));
  assert.deepEqual(accountOf(await replayTo(folder)), wanted, 'by its log');
  const store = await SmallStore.open(folder);
  assert.deepEqual(accountOf(store.node.engine), wanted, 'by its newest snapshot and its log');
  await store.sell(100);
  await store.close();
  const again = await SmallStore.open(folder);
  assert.equal(again.position, position + 100);
  await again.close();
}

describe('a backup of a stopped store', () => {
  test('a backup of a stopped store says what is in it, is a store by itself, and leaves the original as it was', () =>
    withStore(async (places) => {
      const { data, copy, end, newer } = places;
      const before = contentOf(data);
      const said = await backup(places);
      assert.match(said, new RegExp(`^  up to position ${end}, \\d{4}-\\d\\d-\\d\\dT`, 'm'));
      assert.match(said, new RegExp(`^  snapshot at position ${newer}$`, 'm'));
      assert.deepEqual(contentOf(data), before);
      assert.deepEqual(snapshotPositions(copy), [newer], 'the log is whole: the newest is enough');
      assert.equal(fs.readFileSync(path.join(copy, 'secret'), 'utf8'), secret);
      for (const name of fs.readdirSync(copy)) assert.equal(fs.statSync(path.join(copy, name)).mode & 0o777, 0o600);
      assert.equal(fs.statSync(copy).mode & 0o777, 0o700);
      assert.equal(fs.existsSync(path.join(copy, 'lock.sqlite')), false);
      await assertStandsAt(copy, end, data);
    }));

  test('a backup of a stopped store skips a damaged snapshot, says so, and takes the one before', () =>
    withStore(async (places) => {
      const { data, copy, older, newer } = places;
      fs.truncateSync(snapshotPath(data, newer), 1000);
      const { code, stderr } = await runToEnd(['backup', '--data', data, '--to', copy]);
      assert.equal(code, 0);
      assert.match(stderr, new RegExp(`snapshot at position ${newer} in .* is not usable \\(its checksum`));
      assert.deepEqual(snapshotPositions(copy), [older]);
    }));

  test('a backup of a trimmed log has every snapshot, and points between them can be restored', () =>
    withStore(async (places) => {
      const { data, copy, made, end, older, newer } = places;
      const wanted = accountOf(await replayTo(data, older + 10));
      const store = await SmallStore.open(data);
      await store.log.trim(older + 1);
      await store.close();
      await backup(places);
      assert.deepEqual(snapshotPositions(copy), [newer, older]);
      await restore(places, '--position', String(older + 10));
      assert.deepEqual(snapshotPositions(made), [older]);
      const restored = await SmallStore.open(made);
      assert.deepEqual(accountOf(restored.node.engine), wanted);
      await restored.close();
      const said = await refusal('restore', '--from', copy, '--data', `${made}-2`, '--position', String(older - 1));
      assert.match(said, /no usable snapshot stands for what lay before|begins at position/);
      assert.equal(fs.existsSync(`${made}-2`), false);
      assert.ok(end > newer);
    }));
});

describe('a backup of a log that is trimmed meanwhile', () => {
  test('a backup whose log is trimmed meanwhile begins anew, and has the log and the snapshots as they are then', () =>
    withStore(async ({ data, copy, end, older, newer }) => {
      const store = await SmallStore.open(data);
      fs.mkdirSync(copy, { recursive: true });
      let bytes = 0;
      const trimming: Promise<void>[] = [];
      const { log, snapshots } = await copyFolder({
        from: data,
        to: copy,
        // Longer than a trim takes, on a busy machine too.
        pauseMs: 250,
        signal: new AbortController().signal,
        onNotice: (notice) => assert.fail(notice),
        onBytes: (more) => {
          bytes += more;
          if (trimming.length === 0) trimming.push(store.log.trim(older + 1));
        },
      });
      await Promise.all(trimming);
      await store.close();
      assert.equal(log.start, store.log.start());
      assert.ok(log.start > 1 && bytes > log.bytes, 'it began anew');
      assert.deepEqual(snapshots, [newer, older]);
      const segments = fs.readdirSync(copy).filter((name) => name.endsWith('.seg'));
      assert.equal(segments.length, log.segments, 'nothing is left of the first attempt');
      const again = await SmallStore.open(copy);
      assert.equal(again.position, end);
      assert.deepEqual(accountOf(again.node.engine), accountOf(store.node.engine));
      await again.close();
    }));

  test('a backup whose log is trimmed again and again gives up in a sentence', () =>
    withStore(async ({ data, copy }) => {
      const store = await SmallStore.open(data);
      await store.sell(15_000);
      store.snapshot();
      fs.mkdirSync(copy, { recursive: true });
      const copying = copyFolder({
        from: data,
        to: copy,
        pauseMs: 20,
        signal: new AbortController().signal,
        onNotice: (notice) => assert.fail(notice),
        // The segment after the one that was just copied goes, each time.
        onBytes: () => void store.log.trim(store.log.start() + 2200),
      });
      await assert.rejects(copying, /was trimmed 5 times while it was to be copied; try again in a quieter hour/);
      await store.close();
    }));
});

test('a copy becomes a store only when all of it is there', () =>
  withStore(async ({ data, copy }) => {
    fs.rmSync(path.join(data, 'secret'));
    fs.mkdirSync(path.join(data, 'secret'));
    fs.mkdirSync(copy, { recursive: true });
    const copying = copyFolder({ from: data, to: copy, signal: new AbortController().signal, onNotice: () => {} });
    await assert.rejects(copying, /EISDIR/);
    assert.ok(fs.readdirSync(copy).length > 3 && !fs.existsSync(path.join(copy, 'watermark')));
  }));

describe('a restore', () => {
  test('a restore to the end is the store that was backed up, and the backup stays as it is', () =>
    withStore(async (places) => {
      const { data, copy, made, end } = places;
      await backup(places);
      const before = contentOf(copy);
      const said = await restore(places);
      assert.ok(!said.includes('left out'), said);
      assert.equal(fs.readFileSync(path.join(made, 'secret'), 'utf8'), secret);
      assert.deepEqual(contentOf(copy), before);
      await assertStandsAt(made, end, data);
    }));

  const positions: Readonly<Record<string, (places: Places) => number>> = {
    'the first record': () => 1,
    'a position inside of a batch': () => 777,
    'the end of a batch': () => 2 + 512,
    'the position of the older snapshot': ({ older }) => older,
    'the position before the newer snapshot': ({ newer }) => newer - 1,
    'the position of the newer snapshot': ({ newer }) => newer,
    'the position before the last': ({ end }) => end - 1,
    'the last position': ({ end }) => end,
  };
  for (const [what, at] of Object.entries(positions)) {
    test(`a restore to ${what} has all up to there, and nothing else`, () =>
      withStore(async (places) => {
        const position = at(places);
        const { data, made, older, newer, end } = places;
        await backup(places);
        const said = await restore(places, '--position', String(position));
        assert.match(said, new RegExp(`^  up to position ${position}, `, 'm'));
        assert.equal(/left out/.test(said), position < end);
        const usable = [newer].filter((each) => each <= position);
        assert.deepEqual(snapshotPositions(made), usable, `not ${older}: the log is whole`);
        if (position < 3) assert.equal((await replayTo(made)).position, position);
        else await assertStandsAt(made, position, data);
      }));
  }

  test('a restore to a time has the batches up to there, and snapshots of that time', () =>
    withStore(async (places) => {
      const { data, made, newer } = places;
      await backup(places);
      const times: { first: number; end: number; timeMs: number }[] = [];
      await readFileLog({
        folder: data,
        onBatch: ({ first, count, timeMs }) => times.push({ first, end: first + count, timeMs }),
      });
      const middle = times.findLast(({ end }) => end <= newer);
      assert.ok(middle !== undefined);
      const later = times.find(({ timeMs }) => timeMs > middle.timeMs);
      assert.ok(later !== undefined, 'some batch is of another millisecond');
      // Some batches share their millisecond: all of them are of that time.
      const position = later.first - 1;
      await restore(places, '--time', new Date(middle.timeMs).toISOString());
      assert.deepEqual(snapshotPositions(made), newer <= position ? [newer] : []);
      await assertStandsAt(made, position, data);
    }));

  test('a restore to a time in another zone is the same', () =>
    withStore(async (places) => {
      await backup(places);
      const { lastTimeMs, end } = await lastOf(places.data);
      const local = new Date(lastTimeMs + 2 * 3600_000).toISOString().replace('Z', '+02:00');
      await restore(places, '--time', local);
      assert.equal((await replayTo(places.made)).position, end);
    }));

  test('a restore of the copy of a copy is still the same store', () =>
    withStore(async (places) => {
      await backup(places);
      const second = { ...places, data: places.copy, copy: `${places.copy}-2` };
      await backup(second);
      await restore(second);
      await assertStandsAt(places.made, places.end, places.data);
    }));
});

async function lastOf(folder: string): Promise<{ lastTimeMs: number; end: number }> {
  let lastTimeMs = 0;
  const { end } = await readFileLog({ folder, onBatch: ({ timeMs }) => (lastTimeMs = timeMs) });
  return { lastTimeMs, end: end - 1 };
}

describe('a refused backup or restore', () => {
  test('a target that is not empty, inside of the source, or a file is refused', () =>
    withStore(async ({ data, copy, made }) => {
      fs.mkdirSync(made);
      fs.writeFileSync(path.join(made, 'notes.txt'), 'mine');
      const before = contentOf(path.dirname(data));
      assert.match(
        await refusal('backup', '--data', data, '--to', made),
        /is not empty: name another folder with --to/,
      );
      assert.match(
        await refusal('restore', '--from', data, '--data', made),
        /is not empty: name another folder with --data/,
      );
      assert.match(await refusal('backup', '--data', data, '--to', path.join(data, 'x')), /lies inside of/);
      assert.match(await refusal('backup', '--data', data, '--to', data), /is not empty/);
      const file = path.join(made, 'notes.txt');
      assert.match(await refusal('backup', '--data', data, '--to', file), /cannot be used/);
      assert.deepEqual(contentOf(path.dirname(data)), before);
      assert.equal(fs.existsSync(copy), false);
    }));

  test('a source without a store is refused', () =>
    withFolder(async (folder) => {
      const [none, to] = [path.join(folder, 'none'), path.join(folder, 'to')];
      assert.match(await refusal('backup', '--data', none, '--to', to), /has no store in it.*--data/);
      assert.match(await refusal('restore', '--from', none, '--data', to), /has no store in it.*--from/);
      assert.deepEqual(fs.readdirSync(folder), []);
    }));

  const flags: readonly (readonly [RegExp, ...string[]])[] = [
    [/name an empty folder for the copy with --to/, 'backup'],
    [/name the backup with --from/, 'restore'],
    [/--position and --time/, 'restore', '--from', 'x', '--position', '1', '--time', '2026-01-31T19:30:00Z'],
    [/--position is "0"; it may be a whole number from 1/, 'restore', '--from', 'x', '--position', '0'],
    [/--position is "1e3"/, 'restore', '--from', 'x', '--position', '1e3'],
    [/--time is "yesterday"; it may be a time such as/, 'restore', '--from', 'x', '--time', 'yesterday'],
    [/--time is "2026-02-30T00:00:00Z"/, 'restore', '--from', 'x', '--time', '2026-02-30T00:00:00Z'],
    [/--time is "2026-01-31"/, 'restore', '--from', 'x', '--time', '2026-01-31'],
    [/--until/, 'restore', '--from', 'x', '--until', '5'],
  ];
  test('flags that are missing or contradict each other are refused', async () => {
    for (const [complaint, ...args] of flags) {
      const { code, stdout, stderr } = await runToEnd(args);
      assert.deepEqual([code, stdout], [1, '']);
      assert.match(stderr, complaint);
    }
  });

  test('a point that the backup does not have is refused', () =>
    withStore(async (places) => {
      const { copy, made, end } = places;
      await backup(places);
      const base = ['restore', '--from', copy, '--data', path.join(made, 'deep', 'down')];
      const behind = await refusal(...base, '--position', String(end + 1));
      assert.match(behind, new RegExp(`ends at position ${end}, before ${end + 1}. Nothing is left`));
      assert.match(await refusal(...base, '--time', '2001-01-01T00:00:00Z'), /begins at position 1, after the time/);
      assert.equal(fs.existsSync(made), false, 'nor a folder that was made for it');
    }));

  test('an empty target stays empty after a refusal', () =>
    withStore(async (places) => {
      await backup(places);
      fs.mkdirSync(places.made);
      await refusal('restore', '--from', places.copy, '--data', places.made, '--time', '2001-01-01T00:00:00Z');
      assert.deepEqual(fs.readdirSync(places.made), []);
    }));

  test('a damaged record is refused with its place', () =>
    withStore(async ({ data, copy }) => {
      const file = path.join(data, 'log-0000000002.seg');
      const bytes = fs.readFileSync(file);
      bytes[30_000] = bytes[30_000]! ^ 1;
      fs.writeFileSync(file, bytes);
      const said = await refusal('backup', '--data', data, '--to', copy);
      assert.match(said, /log-0000000002\.seg at byte \d+: the frames end here at position \d+, but the next segment/);
      assert.match(said, /Nothing is left in/);
      assert.equal(fs.existsSync(path.dirname(copy)), false);
    }));

  test('a snapshot ahead of its log is refused', () =>
    withStore(async ({ data, copy, end }) => {
      const ahead = `${data}-ahead`;
      fs.cpSync(data, ahead, { recursive: true });
      const store = await SmallStore.open(ahead);
      await store.sell(5);
      store.snapshot();
      await store.close();
      fs.copyFileSync(snapshotPath(ahead, end + 5), snapshotPath(data, end + 5));
      const said = await refusal('backup', '--data', data, '--to', copy);
      assert.match(said, new RegExp(`snapshot at position ${end + 5}, but its log ends at ${end}: a part of the log`));
      assert.equal(fs.existsSync(path.dirname(copy)), false);
    }));
});
