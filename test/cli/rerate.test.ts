/** Past days under another tariff: on a stopped folder, and beside a store that runs. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { describe, test } from 'node:test';
import { serveToOurselves } from '../../src/cli/import/own-listener.ts';
import { openStopped } from '../../src/cli/opened.ts';
import { cardId } from '../../src/engine/tables/cards.ts';
import { dateOf } from '../../src/rating/rate.ts';
import { withFolder } from '../log/support/folders.ts';
import { City, dayMs, hour, stations } from '../rating/city.ts';
import { run, runRefused, runSound } from './import/support.ts';

const { a, b, c } = stations;
/** A day that is closed by now. */
const day = Math.floor(Date.now() / dayMs) - 6;
const beginMs = day * dayMs;
const [from, to] = [dateOf(day), dateOf(day + 1)];

/** As in `cityTariff`, but for one pair. */
const cheaper = {
  currency: 'EUR',
  stations: ['a', 'b', 'c'].map((id, index) => ({ id, zone: index + 1 })),
  fares: {
    zones: [
      [200, 300, 400],
      [320, 210, 330],
      [410, 340, 220],
    ],
  },
  minimumBalance: 150,
  maximumFare: 900,
};

interface Scene {
  readonly data: string;
  readonly file: string;
  readonly ids: readonly string[];
}

function withScene(use: (scene: Scene) => Promise<void>): Promise<void> {
  return withFolder(async (folder) => {
    const city = new City({}, { beginMs });
    for (let at = 0; at < 2; at += 1) {
      const morning = beginMs + at * dayMs + 8 * hour;
      for (const card of [0, 1]) city.tap({ card, at: morning, station: a });
      for (const card of [0, 1]) city.tap({ card, at: morning + hour, station: card === 0 ? b : c, out: true });
    }
    city.tap({ card: 0, at: beginMs + dayMs + 12 * hour, station: a });
    city.tap({ card: 0, at: beginMs + dayMs + 13 * hour, station: b, out: true });
    city.close(day + 1);
    const data = path.join(folder, 'data');
    await city.writeTo(data);
    const file = path.join(folder, 'tariff.json');
    fs.writeFileSync(file, JSON.stringify(cheaper));
    await use({ data, file, ids: [0, 1, 2].map((card) => cardId(city.state, card)) });
  });
}

const flagsOf = ({ data, file }: Scene, ...more: string[]): string[] =>
  ['rerate', '--from', from, '--to', to, '--tariff', file, '--data', data].concat(more);

describe('re-rating a stopped folder', () => {
  test('prints what differs, and leaves everything as it is', () =>
    withScene(async (scene) => {
      const { code, stdout, stderr } = await run(flagsOf(scene));
      assert.equal(code, 0, stderr);
      const [id] = scene.ids;
      assert.equal(stdout, `card,day,booked,due,difference\n${id},${from},310,300,-10\n${id},${to},620,600,-20\n`);
      assert.match(stderr, /10 taps were rated; 2 days of cards differ, by -0\.30 EUR in all/);
      const file = path.join(scene.data, '..', 'out.csv');
      assert.equal(await runSound(flagsOf(scene, '--out', file)), '');
      assert.equal(fs.readFileSync(file, 'utf8'), stdout);
    }));

  test('books once, and then nothing differs', () =>
    withScene(async (scene) => {
      const booked = await run(flagsOf(scene, '--book'));
      assert.equal(booked.code, 0, booked.stderr);
      assert.match(booked.stderr, /2 adjustments were booked: 0\.30 EUR given back, 0\.00 EUR charged/);
      const again = await run(flagsOf(scene, '--book'));
      assert.deepEqual([again.code, again.stdout], [0, 'card,day,booked,due,difference\n'], again.stderr);
      assert.match(again.stderr, /0 days of cards differ, by 0\.00 EUR in all\n0 adjustments were booked/);
      const store = await openStopped(scene.data);
      assert.deepEqual(store.node.engine.state.cards.totals.adjusted, 30);
      await store.close();
    }));

  test('one day alone differs by that day alone', () =>
    withScene(async ({ data, file, ids }) => {
      const said = await runSound(['rerate', '--from', from, '--to', from, '--tariff', file, '--data', data]);
      assert.equal(said, `card,day,booked,due,difference\n${ids[0]},${from},310,300,-10\n`);
    }));

  test('says what is wrong with its flags, its file and its days', () =>
    withScene(async (scene) => {
      const { data, file } = scene;
      const said = async (...args: string[]): Promise<string> => (await runRefused(['rerate', ...args]))[0]!;
      assert.match(await said('--from', '2026-02-30', '--to', to), /--from is "2026-02-30"; it may be a day such as/);
      assert.match(await said('--to', to), /--from is ""/);
      assert.match(await said('--from', to, '--to', from, '--tariff', file), /--to .* is before --from/);
      assert.match(await said('--from', '2020-01-01', '--to', to, '--tariff', file), /at most 31 at a time/);
      assert.match(await said('--from', from, '--to', to), /name the tariff with --tariff FILE/);
      assert.match(await said('--from', from, '--to', to, '--tariff', `${file}.no`), /cannot be read/);
      const write = (json: unknown): void => fs.writeFileSync(file, JSON.stringify(json));
      write({ ...cheaper, currency: 'USD' });
      assert.match((await runRefused(flagsOf(scene)))[0]!, /is in USD, and this store in EUR/);
      write({ ...cheaper, timeZone: 'Europe/Berlin' });
      assert.match((await runRefused(flagsOf(scene)))[0]!, /has the time zone Europe\/Berlin, and this store UTC/);
      write({ ...cheaper, fares: { zones: [[1]] } });
      assert.match((await runRefused(flagsOf(scene)))[0]!, /is no tariff: /);
      fs.writeFileSync(file, '{');
      assert.match((await runRefused(flagsOf(scene)))[0]!, /is no JSON/);
      write(cheaper);
      const today = dateOf(Math.floor(Date.now() / dayMs));
      const open = await run(['rerate', '--from', from, '--to', today, '--tariff', file, '--data', data, '--book']);
      assert.deepEqual([open.code, open.stdout], [1, '']);
      assert.match(open.stderr, /the days are not all closed: the last that is closed is/);
    }));

  test('of which a day waits for its settlement books nothing until it is settled', () =>
    withFolder(async (folder) => {
      const city = new City({}, { beginMs });
      city.tap({ at: beginMs + 9 * hour, station: b, out: true });
      city.tap({ at: beginMs + 8 * hour, station: a, decided: 'opened' });
      city.close(day + 1);
      const data = path.join(folder, 'data');
      await city.writeTo(data);
      const file = path.join(folder, 'tariff.json');
      fs.writeFileSync(file, JSON.stringify(cheaper));
      const scene = { data, file, ids: [] };
      assert.match(
        (await runRefused(flagsOf(scene, '--book'))).at(-1)!,
        /1 of these days of cards wait for their settle/,
      );
      await runSound(['settle', '--data', data]);
      const booked = await run(flagsOf(scene, '--book'));
      assert.match(booked.stderr, /1 adjustments were booked: 0\.10 EUR given back/);
    }));
});

describe('re-rating beside a store that runs', () => {
  test('books through it, under its key, and goes on where it was cut short', () =>
    withScene(async (scene) => {
      const store = await openStopped(scene.data);
      const listener = serveToOurselves(store.node);
      try {
        const { url, operatorKey } = listener;
        assert.match((await runRefused(flagsOf(scene, '--url', url)))[0]!, /--url is where --book books/);
        const held = await run(flagsOf(scene, '--book'));
        assert.equal(held.code, 1);
        assert.match(held.stderr, /A running store takes it with --url/);
        const keyless = await run(flagsOf(scene, '--book', '--url', url));
        assert.match(keyless.stderr, /with 401: .*run it again/);
        const booked = await run(flagsOf(scene, '--book', '--url', url), { operatorKey: operatorKey! });
        assert.equal(booked.code, 0, booked.stderr);
        assert.match(booked.stderr, /2 adjustments were booked: 0\.30 EUR given back/);
        assert.equal(store.node.engine.state.cards.totals.adjusted, 30);
      } finally {
        await listener.close();
        await store.close();
      }
      assert.equal(await runSound(flagsOf(scene)), 'card,day,booked,due,difference\n');
    }));
});
