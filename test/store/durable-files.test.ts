/**
 * A file of a data folder is whole or absent, and what had its name before stands until it is
 * whole.
 */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { describe, test } from 'node:test';
import type { AtomicWrite } from '../../src/store/durable-files.ts';
import { writeAtomically, writeAtomicallyAsync } from '../../src/store/durable-files.ts';
import { withFolder } from '../log/support/folders.ts';

type Write = (write: AtomicWrite, pieces: Iterable<Uint8Array>) => Promise<number>;

const ways: readonly (readonly [string, Write])[] = [
  ['at once', async (write, pieces) => writeAtomically(write, pieces)],
  ['in the thread pool', (write, pieces) => writeAtomicallyAsync(write, pieces)],
  ['in the thread pool, each piece synced', (write, pieces) => writeAtomicallyAsync(write, pieces, { syncEach: true })],
];

function* failing(): Generator<Uint8Array> {
  yield Buffer.from('half of it');
  throw new Error('the source broke');
}

for (const [name, write] of ways) {
  describe(`a file that is written ${name}`, () => {
    for (const sync of ['nothing', 'content', 'name'] as const) {
      test(`a file with ${sync} synced has all pieces and is its owner's alone`, () =>
        withFolder(async (folder) => {
          const file = path.join(folder, 'file');
          fs.writeFileSync(file, 'what was there before, and was longer', { mode: 0o644 });
          const pieces = [Buffer.from('one '), new Uint8Array(0), Buffer.from('two')];
          assert.equal(await write({ file, sync }, pieces), 7);
          assert.equal(fs.readFileSync(file, 'utf8'), 'one two');
          assert.equal(fs.statSync(file).mode & 0o777, 0o600);
          assert.deepEqual(fs.readdirSync(folder), ['file']);
        }));
    }

    test('a file has another name until it is whole', () =>
      withFolder(async (folder) => {
        const file = path.join(folder, 'file');
        const unfinished = path.join(folder, 'other');
        let seen: string[] = [];
        const pieces = function* (): Generator<Uint8Array> {
          yield Buffer.from('one');
          seen = fs.readdirSync(folder);
          yield Buffer.from('two');
        };
        await write({ file, unfinished, sync: 'content' }, pieces());
        assert.deepEqual([seen, fs.readdirSync(folder)], [['other'], ['file']]);
      }));

    test('a failed write leaves nothing, and the file before it stands', () =>
      withFolder(async (folder) => {
        const file = path.join(folder, 'file');
        await assert.rejects(write({ file, sync: 'name' }, failing()), /the source broke/);
        assert.deepEqual(fs.readdirSync(folder), []);
        fs.writeFileSync(file, 'before');
        await assert.rejects(write({ file, sync: 'name' }, failing()), /the source broke/);
        assert.deepEqual(fs.readdirSync(folder), ['file']);
        assert.equal(fs.readFileSync(file, 'utf8'), 'before');
      }));

    test('a write replaces the unfinished file of an earlier process', () =>
      withFolder(async (folder) => {
        const file = path.join(folder, 'file');
        fs.writeFileSync(`${file}.tmp`, 'left over, and longer than what comes');
        await write({ file, sync: 'content' }, [Buffer.from('whole')]);
        assert.equal(fs.readFileSync(file, 'utf8'), 'whole');
        assert.deepEqual(fs.readdirSync(folder), ['file']);
      }));

    test('a write without its folder is refused', () =>
      withFolder(async (folder) => {
        await assert.rejects(write({ file: path.join(folder, 'none', 'file'), sync: 'name' }, []), /ENOENT/);
        assert.deepEqual(fs.readdirSync(folder), []);
      }));
  });
}
