/** The examples of the client's README run as they stand, against a store of their own. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { withStore } from './support/store.ts';

const readme = fs.readFileSync(new URL('../../sdk/README.md', import.meta.url), 'utf8');
const examples = [...readme.matchAll(/^```ts\n([^]*?)^```$/gm)].map(([, code]) => code ?? '');

function sourceOf(entry: string): string {
  return new URL(`../../sdk/src/${entry}`, import.meta.url).href;
}

test('the examples of the README run as they stand', () =>
  withStore(async ({ url, folder }) => {
    assert.ok(examples.length >= 6);
    const printed: unknown[][] = [];
    const { log } = console;
    console.log = (...words: unknown[]) => printed.push(words);
    try {
      for (const [number, example] of examples.entries()) {
        const code = example
          .replaceAll("'holdfast-sdk'", `'${sourceOf('index.ts')}'`)
          .replaceAll("'holdfast-sdk/gate'", `'${sourceOf('gate/index.ts')}'`)
          .replaceAll('http://127.0.0.1:3000', url);
        const file = path.join(folder, `example-${number}.mts`);
        fs.writeFileSync(file, code);
        await import(pathToFileURL(file).href);
      }
    } finally {
      console.log = log;
    }
    const lines = printed.map((words) =>
      words.map((word) => (typeof word === 'string' ? word : JSON.stringify(word))).join(' '),
    );
    for (const line of [
      'order_0_1 {"amount":5000,"currency":"USD"}',
      'HUF\u00a02,500',
      '298',
      'gone, for now',
      'true',
      '47 left',
      'Stalls-A-10 is available',
      'open 200 800 decided by the store',
    ]) {
      assert.ok(lines.includes(line), `${line} is not in:\n${lines.join('\n')}`);
    }
    assert.equal(lines.filter((line) => line === 'confirmed').length, 2);
  }, null));
