/** docs/cli.md has every command, and the flags that it names are those of the command. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { root } from '../support/sources.ts';

const text = fs.readFileSync(path.join(root, 'docs/cli.md'), 'utf8');
const rows = [...text.matchAll(/^\| `([a-z ]+)` \| .* \| (.*) \|$/gm)].map(([, name = '', flags = '']) => ({
  name,
  flags: [...flags.matchAll(/`(--[a-z-]+)`/g)].map(([, flag = '']) => flag),
}));
const help = (...words: string[]): string =>
  execFileSync(process.execPath, [path.join(root, 'src/cli/main.ts'), 'help', ...words], { encoding: 'utf8' });

test('docs/cli.md has every command', () => {
  const known = new Set([...help().matchAll(/^ {2}([a-z]+(?: [a-z]+)?) {2,}/gm)].map(([, name]) => name));
  known.delete('help');
  assert.deepEqual(new Set(rows.map(({ name }) => name)), known);
});

test('docs/cli.md names flags that the help of their command has', () => {
  for (const { name, flags } of rows) {
    const usage = help(...name.split(' '));
    assert.deepEqual(
      flags.filter((flag) => !usage.includes(flag)),
      [],
      name,
    );
  }
});
