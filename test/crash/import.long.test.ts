/**
 * Imports that are cut short anywhere: the same command finishes them, and no record is there
 * twice.
 */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { describe, test } from 'node:test';
import { readFileLog } from '../../src/log/file/reader.ts';
import { assertSeats, foundIn, labelsOf, run, runSound, seatLines, start, written } from '../cli/import/support.ts';
import { requireThat } from '../support/requires.ts';
import { startServer, temporaryFolder } from './support/servers.ts';

/** Position after the last record on disk; 0 while there is no log. */
async function endOf(data: string): Promise<number> {
  try {
    return (await readFileLog({ folder: data, onBatch: () => {} })).end;
  } catch {
    return 0;
  }
}

/**
 * Waits until a log has grown by so many records, or `ended` resolves. Returns whether it has
 * grown.
 */
async function growsBy(data: string, records: number, ended: Promise<unknown>): Promise<boolean> {
  const from = await endOf(data);
  let isOver = false;
  void ended.then(() => (isOver = true));
  while (!isOver) {
    if ((await endOf(data)) >= from + records) return true;
    await pause(2);
  }
  return false;
}

/**
 * Runs a command and kills it again and again, each time a few records further, until it finishes.
 * Returns how often it was killed.
 */
async function killAgainAndAgain(args: readonly string[], data: string, records: number): Promise<number> {
  for (let kills = 0; ; kills += 1) {
    assert.ok(kills < 100, 'it gets further each time');
    const child = start(args);
    if (await growsBy(data, records, child.exited)) child.kill('SIGKILL');
    const code = await child.exited;
    if (code === 0) return kills;
    assert.equal(child.signalCode, 'SIGKILL', await new Response(child.stderr).text());
  }
}

describe('kill -9', () => {
  test('an import of seats that is killed again and again loses none and doubles none', async (t) => {
    const folder = temporaryFolder(t);
    const data = path.join(folder, 'data');
    const names = Array.from({ length: 150 }, (_, i) => `Night ${i}`);
    const events = written(folder, 'events.csv', ['name,event_date', ...names.map((name) => `${name},2027-01-31`)]);
    await runSound(['import', 'events', events, '--data', data]);
    // A record for each of many nights, and some of a thousand for one.
    const lines = seatLines('Night 0', 20, 1000);
    for (const name of names.slice(1)) lines.push(...seatLines(name, 2, 5).slice(1));
    const file = written(folder, 'seats.csv', lines);
    const args = ['import', 'seats', file, '--data', data];
    const kills = await killAgainAndAgain(args, data, 12);
    assert.ok(kills >= 3, `killed ${kills} times in the middle`);
    assert.match(await runSound(args), /all 21490 seats were there already; nothing changed/);
    const found = await foundIn(data);
    assertSeats(labelsOf(found, 'Night 0'), 20, 1000);
    for (const name of names.slice(1)) assertSeats(labelsOf(found, name), 2, 5);
  });

  test('an import of events that is killed leaves each event once', async (t) => {
    const folder = temporaryFolder(t);
    const data = path.join(folder, 'data');
    const names = Array.from({ length: 3000 }, (_, i) => `Night ${i}`);
    const file = written(folder, 'events.csv', ['name,event_date', ...names.map((name) => `${name},2027-01-31`)]);
    const args = ['import', 'events', file, '--data', data];
    const kills = await killAgainAndAgain(args, data, 300);
    assert.ok(kills >= 2, `killed ${kills} times in the middle`);
    const { events } = await foundIn(data);
    assert.deepEqual(
      events.map(({ id, name }) => `${id} ${name}`),
      names.map((name, i) => `${i + 1} ${name}`),
    );
  });

  test('after a kill of the command or of its store, the same command finishes the import', async (t) => {
    const folder = temporaryFolder(t);
    const data = path.join(folder, 'data');
    const first = await startServer(t, folder);
    const events = written(folder, 'events.csv', ['name,event_date', 'Hamlet,2027-01-31']);
    await runSound(['import', 'events', events, '--url', first.url]);
    const file = written(folder, 'seats.csv', seatLines('Hamlet', 90, 1000));
    const command = start(['import', 'seats', file, '--url', first.url]);
    assert.ok(await growsBy(data, 5, command.exited), 'the command was done before it was killed');
    command.kill('SIGKILL');
    await command.exited;

    const second = start(['import', 'seats', file, '--url', first.url]);
    assert.ok(await growsBy(data, 5, second.exited), 'the command was done before the store was killed');
    await first.process.kill();
    const stderr = await new Response(second.stderr).text();
    assert.equal(await second.exited, 1);
    assert.match(
      stderr,
      /^holdfast: the store at http:\S+ does not answer any more \(.+\) \(line \d+ to line \d+\)\. \d+ of the 90000 seats are in the store; the same command with the same file goes on from there$/m,
    );

    const third = await startServer(t, folder);
    const said = await runSound(['import', 'seats', file, '--url', third.url]);
    const [, made, there] = /(\d+) seats imported, (\d+) were there already/.exec(said) ?? [];
    assert.equal(Number(made) + Number(there), 90_000, said);
    assert.ok(Number(there) >= 8000, said);
    await third.process.stop();
    assertSeats(labelsOf(await foundIn(data), 'Hamlet'), 90, 1000);
  });
});

/** Mounts a small file system of its own; null where that is not allowed. */
function mountSmall(mebibytes: number): string | null {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'holdfast-import-'));
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${mebibytes}m`, 'tmpfs', folder], { stdio: 'ignore' });
    return folder;
  } catch {
    fs.rmSync(folder, { recursive: true });
    return null;
  }
}

function unmount(folder: string): void {
  execFileSync('umount', [folder]);
  fs.rmSync(folder, { recursive: true });
}

const probe = mountSmall(1);
if (probe !== null) unmount(probe);

test(
  'a full disk stops an import with a sentence; with room, the same command finishes it',
  requireThat(probe !== null, 'a small file system to fill (mounting one takes root)'),
  async (t) => {
    const files = temporaryFolder(t);
    const mounted = mountSmall(5);
    assert.ok(mounted !== null);
    try {
      const data = path.join(mounted, 'data');
      const events = written(files, 'events.csv', ['name,event_date', 'Hamlet,2027-01-31']);
      await runSound(['import', 'events', events, '--data', data]);
      const file = written(files, 'seats.csv', seatLines('Hamlet', 95, 1000));
      const args = ['import', 'seats', file, '--data', data];
      const full = await run(args);
      assert.deepEqual([full.code, full.stdout], [1, '']);
      assert.match(
        full.stderr,
        /^holdfast: No room on the disk .*\(line \d+ to line \d+\)\. \d+000 of the 95000 seats are in the store; the same command/m,
      );
      assert.ok(!/^\s+at /m.test(full.stderr), `no stack: ${full.stderr}`);
      execFileSync('mount', ['-o', 'remount,size=200m', mounted]);
      const said = await runSound(args);
      const [, made, there] = /(\d+) seats imported, (\d+) were there already/.exec(said) ?? [];
      assert.equal(Number(made) + Number(there), 95_000, said);
      assertSeats(labelsOf(await foundIn(data), 'Hamlet'), 95, 1000);
    } finally {
      unmount(mounted);
    }
  },
);
