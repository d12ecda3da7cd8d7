/** `db make` and `db remove`: what goes without a question, what asks, and what is refused. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { describe, test } from 'node:test';
import { replayedEngine } from '../../src/cli/replayed.ts';
import { whatElseIn } from '../../src/cli/seeded-cards.ts';
import { Command, kinds } from '../../src/engine/command.ts';
import { moneyOf } from '../../src/engine/commands/cards.ts';
import { ChildStore } from '../http/support/child.ts';
import { withFolder } from '../log/support/folders.ts';
import { openStopped } from '../../src/cli/opened.ts';
import { SmallStore } from '../support/small-store.ts';
import { run, runRefused, runSound, storeIn } from './import/support.ts';

function withData(use: (data: string) => Promise<void>): Promise<void> {
  return withFolder((folder) => use(path.join(folder, 'data')));
}

describe('db make', () => {
  test('the folder is made for its owner alone, and one with a store stays as it is', () =>
    withData(async (data) => {
      assert.match(await runSound(['db', 'make', '--data', data]), / is there; `npm run seed-db` fills it/);
      assert.deepEqual(fs.readdirSync(data), []);
      if (process.platform !== 'win32') assert.equal(fs.statSync(data).mode & 0o777, 0o700);
      await runSound(['seed', 'cards', '--count', '1', '--data', data]);
      const before = storeIn(data);
      assert.equal(
        await runSound(['db', 'make', '--data', data]),
        `${data} is there, with a store in it; nothing changed\n`,
      );
      assert.deepEqual(storeIn(data), before);
    }));
});

describe('db remove', () => {
  test('the demonstration and seeded accounts go without a question, and the folder with them', () =>
    withData(async (data) => {
      await runSound(['seed', '--data', data]);
      await runSound(['seed', 'cards', '--count', '20000', '--data', data]);
      assert.equal(await runSound(['db', 'remove', '--data', data]), `${data} is gone\n`);
      assert.equal(fs.existsSync(data), false);
      assert.match(await runSound(['db', 'remove', '--data', data]), /has no store in it; nothing to remove/);
    }));

  test('files of others stay, and so does their folder', () =>
    withData(async (data) => {
      await runSound(['seed', 'cards', '--count', '1', '--data', data]);
      fs.writeFileSync(path.join(data, 'notes.txt'), 'mine');
      assert.equal(
        await runSound(['db', 'remove', '--data', data]),
        `the store in ${data} is gone; notes.txt stayed\n`,
      );
      assert.deepEqual(fs.readdirSync(data), ['notes.txt']);
    }));

  test('a store with content of its own stays, unless --yes', () =>
    withData(async (data) => {
      const store = await SmallStore.open(data);
      await store.sell(3);
      await store.close();
      const { code, stdout, stderr } = await run(['db', 'remove', '--data', data]);
      assert.deepEqual([code, stdout], [1, 'nothing was removed\n']);
      assert.equal(stderr, `holdfast: ${data} holds orders, sales of its own; pass --yes to delete them\n`);
      assert.ok(fs.readdirSync(data).includes('watermark'));
      assert.equal(await runSound(['db', 'remove', '--yes', '--data', data]), `${data} is gone\n`);
    }));

  test('money that moved on a seeded account is content of its own', () =>
    withData(async (data) => {
      await runSound(['seed', 'cards', '--count', '2', '--data', data]);
      assert.deepEqual(whatElseIn((await replayedEngine(data)).state), []);
      const store = await openStopped(data);
      const topUp = new Command().reset(kinds.topUp);
      topUp.target = 1;
      moneyOf(topUp).amount = 100;
      assert.equal(await store.node.submit(topUp, ({ ok }) => ok, undefined), true);
      const card = new Command().reset(kinds.createCard);
      card.body = { id: 'mine', name: null, category: 'adult', balance: 0, currency: null };
      assert.equal(await store.node.submit(card, ({ ok }) => ok, undefined), true);
      await store.close();
      assert.deepEqual(whatElseIn((await replayedEngine(data)).state), ['cards', 'top-ups, fares or refunds']);
    }));

  test('it is refused while a server holds the folder, with --yes too', () =>
    withData(async (data) => {
      const store = await ChildStore.start(data);
      try {
        for (const flags of [[], ['--yes']]) {
          assert.deepEqual(await runRefused(['db', 'remove', '--data', data, ...flags]), [
            `holdfast: a server holds ${data}: stop it first. Nothing was removed`,
          ]);
        }
        assert.ok(fs.readdirSync(data).includes('watermark'));
      } finally {
        await store.kill('SIGTERM');
      }
    }));
});
