/** What docs/import.md shows is imported, by the commands that it shows. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { startServer } from '../../crash/support/servers.ts';
import { withFolder } from '../../log/support/folders.ts';
import { foundIn, labelsOf, runSound, written } from './support.ts';

const text = fs.readFileSync(fileURLToPath(new URL('../../../docs/import.md', import.meta.url)), 'utf8');

/** The files of the document: a name in its own line, and an indented block behind it. */
const files = [...text.matchAll(/^`([\w.-]+)`:\n\n((?: {4}.*\n|\n(?= {4}))+)/gm)].map(
  ([, name = '', block = '']) => [name, block.replaceAll(/^ {4}/gm, '')] as const,
);

/** The commands of the document, in its order. */
const commands = [...text.matchAll(/^ {4}bin\/holdfast (.+)$/gm)].map(([, line = '']) => line.split(' '));

/** The request that the document sends without the command, to the event that it is about. */
async function assertCurl(url: string): Promise<void> {
  const [, route = '', key = '', body = ''] =
    /curl -X POST localhost:3000(\S+) .*'Idempotency-Key: ([\w-]+)' \\\n +-d '([^']+)'/.exec(text) ?? [];
  const headers = { 'Content-Type': 'application/json', 'Idempotency-Key': key };
  const asked = `${url}${route.replace(/sale_\d+_\d+/, 'sale_0_3')}`;
  for (const replayed of [null, 'true']) {
    const answer = await fetch(asked, { method: 'POST', headers, body });
    assert.equal(answer.status, 201, await answer.text());
    assert.equal(answer.headers.get('Idempotency-Replayed'), replayed);
  }
}

test('the examples of docs/import.md are imported by its commands, each once', (t) =>
  withFolder(async (folder) => {
    assert.deepEqual(files.map(([name]) => name).sort(), ['events.csv', 'hall.json', 'more-seats.jsonl', 'seats.csv']);
    for (const [name, content] of files) written(folder, name, content);
    const data = path.join(folder, 'data');
    const options = { folder, environment: { HOLDFAST_DATA: data } };
    const [offline, online] = [false, true].map((isOnline) =>
      commands.filter((args) => args.includes('--url') === isOnline),
    );
    assert.deepEqual([offline?.length, online?.length], [3, 1]);
    const said: string[] = [];
    for (const args of offline ?? []) said.push(await runSound(args, options));
    const { url, process: server } = await startServer(t, folder);
    for (const args of online ?? []) said.push(await runSound([...args.slice(0, -1), url], options));
    await assertCurl(url);
    await server.stop();
    assert.deepEqual(said, [
      'hall.json: "Opera house" is sale_0_1, 42 seats\n',
      'events.csv: 3 events imported\nevents.csv: 1 of 3 takes no bookings: its status is "draft" (1); only "active" is open\n',
      'seats.csv: 4 seats imported\n',
      'more-seats.jsonl: 2 seats imported\n',
    ]);
    for (const args of offline ?? []) assert.match(await runSound(args, options), /there already/);
    const found = await foundIn(data);
    assert.deepEqual(
      found.sales.map(({ name, price, status }) => [name, price?.amount ?? 'free', status].join(' ')),
      ['Opera house 1250 open', 'Hamlet free open', 'Lear, in the park free open', 'Hamlet free closed'],
    );
    assert.deepEqual(labelsOf(found, 'Lear, in the park'), [
      'Hall-1-1',
      'Hall-1-2',
      'Hall-2-1',
      'Lawn-1-1',
      'Lawn-1-2',
    ]);
    assert.deepEqual(labelsOf(found, 'Hamlet'), ['Hall-1-1', 'Hall-1-2']);
    assert.ok(
      files.every(([name]) => commands.some((args) => args.includes(name))),
      'each file is imported',
    );
  }));
