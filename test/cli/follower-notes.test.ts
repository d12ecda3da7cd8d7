/**
 * What a follower writes down of itself: no more than it knows, and no less than the one before it
 * knew.
 */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { describe, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { FollowerNotes } from '../../src/cli/follower-notes.ts';
import type { FollowerRecord, FollowerView } from '../../src/store/follower-records.ts';
import { noOutcomes, readFollowerRecord, writeFollowerRecord } from '../../src/store/follower-records.ts';
import { recordOf } from '../followers/support/records.ts';
import { withFolder } from '../log/support/folders.ts';

const hash = '00112233445566ff';

function viewOf(state: FollowerView['state'], position: number, durablePosition = position): FollowerView {
  const durableHash = durablePosition > 0 ? hash : noOutcomes;
  return { state, position, logTimeMs: position * 10, durablePosition, durableHash, message: null };
}

const unexpected = (reason: string): never => assert.fail(reason);

function notesIn(folder: string, onTrouble: (reason: string) => void = unexpected): FollowerNotes {
  return new FollowerNotes({ folder, name: 'sql', onTrouble });
}

function noted(folder: string): Omit<FollowerRecord, 'writtenAtMs' | 'name' | 'pid'> {
  const record = readFollowerRecord(folder, 'sql');
  assert.ok(record !== null);
  const { name, pid, writtenAtMs, ...said } = record;
  assert.deepEqual([name, pid], ['sql', process.pid]);
  assert.ok(Math.abs(Date.now() - writtenAtMs) < 60_000);
  return said;
}

describe('the notes of a follower', () => {
  test('the notes of a follower tell a new state at once, and a new position after a while', () =>
    withFolder(async (folder) => {
      const notes = notesIn(folder);
      notes.take(viewOf('catching-up', 5));
      assert.deepEqual(noted(folder), viewOf('catching-up', 5));
      notes.take(viewOf('catching-up', 6));
      assert.equal(noted(folder).position, 5);
      notes.take(viewOf('following', 7, 6));
      assert.deepEqual(noted(folder), viewOf('following', 7, 6));
      await pause(300);
      notes.take(viewOf('following', 7, 7));
      assert.equal(noted(folder).durablePosition, 7);
      assert.equal(notes.end('stopped', null), false);
      assert.deepEqual(noted(folder), viewOf('stopped', 7));
    }));

  test('the notes of a follower keep those of the previous one until this one knows its own position', () =>
    withFolder(async (folder) => {
      const before = recordOf('sql', { position: 50, durablePosition: 40, durableHash: hash, logTimeMs: 3 });
      writeFollowerRecord(folder, before);
      const notes = notesIn(folder);
      notes.take(viewOf('starting', 0));
      const { position, durablePosition, durableHash, logTimeMs, state } = noted(folder);
      assert.deepEqual([position, durablePosition, durableHash, logTimeMs, state], [50, 40, hash, 3, 'starting']);
      notes.end('stopped', 'the tables are of another log');
      assert.equal(noted(folder).durablePosition, 40, 'nothing more may go than before');
      const restored = notesIn(folder);
      restored.take(viewOf('catching-up', 30));
      assert.deepEqual(noted(folder), viewOf('catching-up', 30));
    }));

  test('the notes of a follower say whether the previous one ended for the same reason', () =>
    withFolder(async (folder) => {
      assert.equal(notesIn(folder).end('stopped', 'no room'), false);
      assert.equal(notesIn(folder).end('stopped', 'no room'), true);
      assert.equal(notesIn(folder).end('diverged', 'no room'), false);
      assert.equal(notesIn(folder).end('diverged', 'no reason'), false);
      assert.equal(notesIn(folder).end('diverged', 'no reason'), true);
    }));

  test('the notes of a follower keep a divergence until a follower has agreed with the whole log', () =>
    withFolder(async (folder) => {
      const first = notesIn(folder);
      first.take(viewOf('following', 90));
      first.end('diverged', 'they disagree');
      const second = notesIn(folder);
      for (const view of [viewOf('starting', 0), viewOf('catching-up', 90), viewOf('following', 90)]) {
        second.take(view);
        assert.deepEqual([noted(folder).state, noted(folder).message], ['diverged', 'they disagree'], view.state);
      }
      second.end('stopped', 'no room');
      assert.deepEqual([noted(folder).state, noted(folder).message], ['diverged', 'no room']);
      const third = notesIn(folder);
      third.take(viewOf('catching-up', 95));
      assert.equal(noted(folder).state, 'diverged');
      third.take(viewOf('following', 120));
      assert.deepEqual(noted(folder), viewOf('following', 120));
    }));

  test('the notes of a follower replace a record that cannot be read, and say so', () =>
    withFolder(async (folder) => {
      const troubles: string[] = [];
      writeFollowerRecord(folder, recordOf('sql'));
      fs.writeFileSync(path.join(folder, 'followers', 'sql.json'), '{"position":');
      const notes = notesIn(folder, (reason) => troubles.push(reason));
      assert.match(troubles.join(), /sql\.json is not JSON/);
      notes.take(viewOf('starting', 0));
      assert.deepEqual(noted(folder), viewOf('starting', 0), 'nothing is safe as far as anybody knows');
    }));

  test('the notes of a follower go on when nothing can be written', () =>
    withFolder(async (folder) => {
      const troubles: string[] = [];
      const notes = notesIn(folder, (reason) => troubles.push(reason));
      fs.writeFileSync(path.join(folder, 'followers'), 'a file where the folder would be');
      notes.take(viewOf('catching-up', 5));
      notes.end('stopped', null);
      assert.equal(troubles.length, 2, troubles.join());
    }));
});
