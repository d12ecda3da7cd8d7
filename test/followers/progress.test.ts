/** The note of how far a follower is: whole or as before, and nothing that cannot be read is believed. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { describe, test } from 'node:test';
import type { FollowerProgress } from '../../src/followers/progress.ts';
import { loadProgress, saveProgress, tidyProgress } from '../../src/followers/progress.ts';
import { withFolder } from '../log/support/folders.ts';

const note: FollowerProgress = {
  state: 'following',
  position: 17,
  durablePosition: 12,
  logTimeMs: 1_700_000_000_000,
  message: null,
  pid: 4,
  writtenAtMs: 1_700_000_000_001,
};

describe('the note of a follower', () => {
  test('is read as it was written last, and leaves nothing beside it', () =>
    withFolder(async (folder) => {
      assert.equal(loadProgress(folder, 'sql'), null);
      saveProgress(folder, 'sql', note);
      saveProgress(folder, 'sql', { ...note, position: 18, message: 'why' });
      assert.deepEqual(loadProgress(folder, 'sql'), { ...note, position: 18, message: 'why' });
      assert.deepEqual(fs.readdirSync(path.join(folder, 'followers')), ['sql.json']);
      assert.equal(loadProgress(folder, 'other'), null);
    }));

  test('is none where what is there is no note', () =>
    withFolder(async (folder) => {
      saveProgress(folder, 'sql', note);
      const file = path.join(folder, 'followers', 'sql.json');
      for (const text of [
        '',
        '{',
        'null',
        '[]',
        JSON.stringify({ ...note, position: '17' }),
        '{"state":"following"}',
      ]) {
        fs.writeFileSync(file, text);
        assert.equal(loadProgress(folder, 'sql'), null, text);
      }
    }));

  test('that was cut off while it was written is removed, and the one before stands', () =>
    withFolder(async (folder) => {
      tidyProgress(folder, 'sql');
      saveProgress(folder, 'sql', note);
      fs.writeFileSync(path.join(folder, 'followers', 'sql.json.77.tmp'), '{"sta');
      tidyProgress(folder, 'sql');
      assert.deepEqual(fs.readdirSync(path.join(folder, 'followers')), ['sql.json']);
      assert.deepEqual(loadProgress(folder, 'sql'), note);
    }));
});
