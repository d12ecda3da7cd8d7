/** The page of a store that dies: it says so, keeps its numbers, and recovers by itself. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { withDataFolder } from '../http/support/child.ts';
import { aBrowser, ask, buildPages, launch, makeSale, Person, startStore } from './support/browser.ts';

/** Chromium's own console message when no server answers. */
const unanswered = /ERR_CONNECTION_REFUSED|ERR_CONNECTION_RESET|ERR_INCOMPLETE_CHUNKED_ENCODING|ERR_EMPTY_RESPONSE/;

describe('the open page', () => {
  test('the open page heals when the store is killed and comes back, and shows the right number', aBrowser, () =>
    withDataFolder(async (folder) => {
      buildPages();
      const browser = await launch();
      let store = await startStore(folder);
      try {
        const sale = await makeSale(store, 'Cloud nine', 10, { holdSeconds: 60 });
        const mira = await Person.open({ browser, store }, '/drops');
        await mira.press(sale, /^Reserve/, 'Mira');
        await mira.sees(sale, 'Held for you.');
        await mira.seesLeft(sale, 9);

        assert.equal(await store.kill('SIGKILL'), 'SIGKILL');
        await mira.connection('lost');
        await mira.page
          .getByText(/The store does not answer/)
          .first()
          .waitFor();
        await mira.seesLeft(sale, 9);
        await mira.screenshot('store-gone');

        store = await startStore(folder, ['--port', String(store.port)]);
        await ask(store, 'POST', `/v1/sales/${sale}/orders`, { quantity: 4 });
        await mira.connection('live');
        await mira.seesLeft(sale, 5);
        // What was held before the end is held after it, and can be bought.
        await mira.press(sale, /^Buy/);
        await mira.sees(sale, 'It is yours.');
        await mira.seesLeft(sale, 5);
        await mira.leave(unanswered);
      } finally {
        await browser.close();
        await store.kill('SIGKILL');
      }
    }),
  );

  test('the open page tells when the browser is offline, and goes on when it is back', aBrowser, () =>
    withDataFolder(async (folder) => {
      const browser = await launch();
      const store = await startStore(folder);
      try {
        const sale = await makeSale(store, 'Ember', 10);
        const mira = await Person.open({ browser, store }, '/');
        await mira.page.getByText('Ember').waitFor();
        await mira.page.context().setOffline(true);
        await mira.connection('offline');
        await mira.screenshot('offline');
        await ask(store, 'POST', `/v1/sales/${sale}/orders`, { quantity: 1 });
        await mira.page.context().setOffline(false);
        await mira.connection('live');
        await mira.page.getByTestId('available').getByText('9', { exact: true }).waitFor();
        await mira.leave(unanswered, /ERR_INTERNET_DISCONNECTED|ERR_NETWORK_CHANGED/);
      } finally {
        await browser.close();
        await store.kill('SIGKILL');
      }
    }),
  );
});
