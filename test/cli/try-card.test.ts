/** `try card` on stopped folders and on a running store. */
import assert from 'node:assert/strict';
import path from 'node:path';
import { describe, test } from 'node:test';
import { knownAccount } from '../../src/cli/demo-cards.ts';
import { ChildStore } from '../http/support/child.ts';
import { withFolder } from '../log/support/folders.ts';
import { runRefused, runSound, storeIn } from './import/support.ts';

describe('try card', () => {
  test('the balance of the known account is told, and nothing in the folder changes', () =>
    withFolder(async (data) => {
      await runSound(['seed', 'cards', '--count', '10', '--data', data]);
      const before = storeIn(data);
      const said = await runSound(['try', 'card', '--data', data]);
      assert.match(
        said,
        new RegExp(`^account ${knownAccount.id} has a balance of \\$100\\.00\nthe query took .* ms, in process\n$`),
      );
      assert.deepEqual(storeIn(data), before);
    }));

  test('another currency is told by its code', () =>
    withFolder(async (data) => {
      await runSound(['seed', 'cards', '--count', '0', '--data', data], { environment: { HOLDFAST_CURRENCY: 'JPY' } });
      assert.match(await runSound(['try', 'card', '--data', data]), / has a balance of JPY 10000\n/);
    }));

  test('an account that is not there, two of them, and a folder without a store are refused', () =>
    withFolder(async (folder) => {
      const data = path.join(folder, 'data');
      assert.match((await runRefused(['try', 'card', '--data', data]))[0] ?? '', /has no store in it/);
      await runSound(['seed', '--data', data]);
      assert.deepEqual(await runRefused(['try', 'card', 'nobody', '--data', data]), [
        `holdfast: there is no account nobody in ${data}; \`npm run seed-db\` makes the demonstration's`,
      ]);
      assert.match(
        (await runRefused(['try', 'card', 'one', 'two', '--data', data]))[0] ?? '',
        /name one account: two would be more/,
      );
    }));

  test('a store that does not answer is told with what to do', () =>
    withFolder(async (data) => {
      const [said] = await runRefused(['try', 'card', '--url', 'http://127.0.0.1:9', '--data', data]);
      assert.match(said ?? '', /--data is a stopped folder and --url a running store/);
      const [other] = await runRefused(['try', 'card', '--url', 'http://127.0.0.1:9']);
      assert.match(other ?? '', /http:\/\/127\.0\.0\.1:9 does not answer .*: name its address with --url/);
    }));

  test('a running store is asked, by its address or because it holds the folder', () =>
    withFolder(async (folder) => {
      const data = path.join(folder, 'data');
      await runSound(['seed', 'cards', '--count', '10', '--data', data]);
      const store = await ChildStore.start(data);
      try {
        const url = `http://127.0.0.1:${store.port}`;
        const told = new RegExp(`has a balance of \\$100\\.00\nthe query took .* ms, from ${url}\n$`);
        assert.match(await runSound(['try', 'card', '--url', url]), told);
        const here = { environment: { PORT: String(store.port) } };
        assert.match(await runSound(['try', 'card', '--data', data], here), told);
        const [said] = await runRefused(['try', 'card', 'nobody', '--url', url]);
        assert.match(said ?? '', /^holdfast: there is no account nobody in http/);
      } finally {
        await store.kill('SIGTERM');
      }
    }));
});
