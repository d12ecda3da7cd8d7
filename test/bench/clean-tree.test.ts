/** RESULTS.md is written from a clean commit only; the message names the changes and what to do. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { TestContext } from 'node:test';
import { test } from 'node:test';
import { uncommitted, whyNotWritten } from '../../bench/clean-tree.ts';
import { requireProgram } from '../support/requires.ts';

const hasGit = requireProgram('git');

/** A git tree of one commit. */
function committed(t: TestContext): string {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'holdfast-tree-'));
  t.after(() => fs.rmSync(folder, { recursive: true }));
  const git = (...args: string[]): void => {
    execFileSync('git', ['-c', 'user.name=n', '-c', 'user.email=n@example.org', ...args], { cwd: folder });
  };
  git('init', '--quiet');
  fs.mkdirSync(path.join(folder, 'bench'));
  fs.mkdirSync(path.join(folder, 'src'));
  for (const file of ['bench/RESULTS.md', 'src/a.ts', '.gitignore']) {
    fs.writeFileSync(path.join(folder, file), file === '.gitignore' ? 'dist\n' : 'one\n');
  }
  git('add', '--all');
  git('commit', '--quiet', '--message', 'one');
  return folder;
}

const ways: readonly (readonly [string, string, string])[] = [
  ['a source was changed', 'src/a.ts', ' M src/a.ts'],
  ['a new file is there', 'src/b.ts', '?? src/b.ts'],
];

for (const [what, file, listed] of ways) {
  test(`figures are not written where ${what}`, hasGit, (t) => {
    const folder = committed(t);
    assert.equal(whyNotWritten(uncommitted(folder)), null);
    fs.writeFileSync(path.join(folder, file), 'two\n');
    assert.deepEqual(uncommitted(folder), [listed]);
    const why = whyNotWritten(uncommitted(folder)) ?? '';
    assert.ok(why.includes(`\n  ${listed}\n`), why);
    assert.match(why, /^bench\/RESULTS\.md is written from a commit alone, and a file is not committed:/);
    assert.match(why, /npm run bench -- --print$/);
  });
}

test('changes of RESULTS.md and ignored files do not keep figures from being written', hasGit, (t) => {
  const folder = committed(t);
  fs.writeFileSync(path.join(folder, 'bench/RESULTS.md'), 'two\n');
  fs.mkdirSync(path.join(folder, 'dist'));
  fs.writeFileSync(path.join(folder, 'dist/a.js'), '');
  assert.deepEqual(uncommitted(folder), []);
});

test('a long list of changes names some and counts all', () => {
  const why = whyNotWritten(Array.from({ length: 12 }, (_, i) => ` M src/${i}.ts`)) ?? '';
  assert.match(why, /12 files are not committed:\n/);
  assert.match(why, /src\/9\.ts\n  and 2 more\n/);
});
