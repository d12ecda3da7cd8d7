/** `holdfast tariff import`: the tariff on stdout or in a file, and what is said beside it. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { asOperator, atNoon } from '../doors/v1/support.ts';
import { newerFeed, withFeed } from './gtfs/feeds.ts';
import { run } from './import/support.ts';

test('what it writes is a tariff that a store takes', () =>
  withFeed(newerFeed, async (feed) => {
    const { code, stdout, stderr } = await run(['tariff', 'import', feed]);
    assert.equal(code, 0, stderr);
    assert.match(stderr, /3 stations, zones 1 \(all \+ core\), 2 \(all \+ ring\)/);
    assert.match(stderr, /not taken over as it is: caps, journey times/);
    await atNoon(async (store) => {
      const set = await store.ask('PUT', '/v1/tariff', { json: JSON.parse(stdout) as unknown, headers: asOperator });
      assert.equal(set.status, 200, set.text);
    });
    const file = path.join(path.dirname(feed), 'tariff.json');
    const written = await run(['tariff', 'import', feed, '--out', file]);
    assert.deepEqual([written.code, written.stdout], [0, '']);
    assert.equal(fs.readFileSync(file, 'utf8'), stdout);
  }));

test('what is wrong is one sentence', () =>
  withFeed({ 'stops.txt': 'stop_id\n' }, async (feed) => {
    for (const [args, message] of [
      [[feed], /the feed has no fares/],
      [[`${feed}.not`], /cannot be read as a zip/],
      [[], /name one feed/],
      [[feed, feed], /name one feed/],
      [[feed, '--city', 'x'], /the flags are --out, --network/],
    ] as const) {
      const { code, stdout, stderr } = await run(['tariff', 'import', ...args]);
      assert.deepEqual([code, stdout], [1, '']);
      assert.match(stderr, message);
    }
  }));

test('a file that cannot be written is said so', () =>
  withFeed(newerFeed, async (feed) => {
    const { code, stderr } = await run(['tariff', 'import', feed, '--out', path.join(feed, 'tariff.json')]);
    assert.equal(code, 1);
    assert.match(stderr, /tariff.json cannot be written/);
  }));
