/** The first sale of the README runs as it stands, against a store with the demonstration. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { withStore } from '../http/support/store.ts';
import { requireProgram } from '../support/requires.ts';
import { root } from '../support/sources.ts';

const readme = fs.readFileSync(path.join(root, 'README.md'), 'utf8');
const section = /^## The first sale\n([^]*?)^Then let /m.exec(readme)?.[1] ?? '';
const shown = [...section.matchAll(/^ {4}(.*)$/gm)].map(([, line = '']) => line);
/** What it shows as an answer; all else are commands. */
const answers = shown.filter((line) => line.startsWith('{'));
const commands = shown.filter((line) => !line.startsWith('{'));

// Not every machine has uuidgen, and which program makes the keys is no matter here.
const prelude = ['set -euo pipefail', 'uuidgen() { cat /proc/sys/kernel/random/uuid; }'];
prelude.push('curl() { command curl -sS -w "\\n" "$@"; }');

const missing = [requireProgram('curl'), requireProgram('jq')].find(({ skip }) => skip !== false);

test('the first sale of the README runs as it stands', missing ?? { skip: false }, () =>
  withStore({ args: ['--demo'] }, async ({ port }) => {
    const script = [...prelude, ...commands].join('\n').replaceAll('localhost:3000', `127.0.0.1:${port}`);
    const { stdout } = await promisify(execFile)('bash', ['-c', script]);
    const [purchase, ...orders] = stdout.trim().split('\n');
    assert.deepEqual([purchase], answers);
    const told = orders.map((line) => JSON.parse(line) as { status: string; quantity: number; seats?: string[] });
    assert.deepEqual(
      told.map(({ status, quantity, seats }) => [status, quantity, seats?.length]),
      [
        ['confirmed', 2, undefined],
        ['confirmed', 2, 2],
      ],
    );
  }),
);
