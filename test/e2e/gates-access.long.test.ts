/**
 * The gates for everybody: with a key, by keyboard alone, by ear, on a phone; and after a crash.
 */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { withDataFolder } from '../http/support/child.ts';
import { operatorKey } from '../http/support/store.ts';
import { phone, tabTo, violations } from './support/axe.ts';
import { aBrowser, buildPages, launch, Person, setStage, startStore } from './support/browser.ts';
import { giveKey, makeCity, number, operatorAt, outcome, unauthorized, visitGates } from './support/city.ts';

const unanswered =
  /ERR_CONNECTION_REFUSED|ERR_CONNECTION_RESET|ERR_INCOMPLETE_CHUNKED_ENCODING|ERR_EMPTY_RESPONSE|WebSocket/;

describe('the gates for everybody', () => {
  const stage = setStage();

  test('an empty store asks for the key, and then says how to make a city', aBrowser, async () => {
    const mira = await Person.open(stage, '/gates');
    await giveKey(mira, 'not the key');
    await mira.page.getByText('no spaces').waitFor();
    await giveKey(mira, 'wrong');
    await mira.page.getByText('This is not the key of this store.').waitFor();
    assert.deepEqual(await violations(mira), []);
    await giveKey(mira, operatorKey);
    await mira.page.getByRole('heading', { name: 'There is no city yet' }).waitFor();
    await mira.page.getByText('npm run seed').waitFor();
    await mira.screenshot('gates-empty');
    await mira.leave(unauthorized, /404/);
  });

  test('keys alone choose a card and tap it, and ears hear what came of it', aBrowser, async () => {
    const mira = await visitGates(stage);
    const { page } = mira;
    await page.getByRole('radio').first().focus();
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowRight');
    assert.equal(await page.getByRole('radio').nth(2).isChecked(), true);
    await tabTo(mira, /^In at central-3/);
    await page.keyboard.press('Enter');
    await outcome(mira, 'central-3', 'open');
    await page
      .getByRole('status')
      .filter({ hasText: /Gate central-3 opens\..* Balance \$/ })
      .waitFor();
    assert.match(String(await page.evaluate('document.activeElement.textContent')), /^In at central-3/);
    await mira.leave(unauthorized);
  });

  test('the gates fit a phone', aBrowser, async () => {
    const mira = await visitGates(stage, phone);
    const { page } = mira;
    await page.getByRole('button', { name: 'New card' }).click();
    await page.getByText('$20', { exact: true }).waitFor();
    await page.getByRole('button', { name: 'In at central-4' }).tap();
    await outcome(mira, 'central-4', 'open');
    const width = Number(await page.evaluate('document.documentElement.scrollWidth'));
    assert.ok(width <= phone.viewport.width, `it is ${width} wide`);
    await mira.screenshot('gates-phone');
    assert.deepEqual(await violations(mira), []);
    await mira.leave(unauthorized);
  });
});

test('a crowd goes on when the store was killed, and no answered tap is lost', { ...aBrowser, timeout: 90_000 }, () =>
  withDataFolder(async (folder) => {
    buildPages();
    const browser = await launch();
    let store = await startStore(folder);
    try {
      await makeCity(store, 200);
      const mira = await Person.open({ browser, store }, '/gates');
      const { page } = mira;
      await giveKey(mira, operatorKey);
      await page.getByRole('button', { name: 'Let the crowd walk' }).click();
      await mira.until(`${number('taps')} > 500`);
      await store.kill('SIGKILL');
      await page.getByText('The connection of the crowd is cut.').waitFor();
      const taps = Number(await page.evaluate(number('taps')));
      store = await startStore(folder, ['--port', String(store.port)]);
      await mira.until(`${number('taps')} > ${taps + 1000}`);
      await page.getByText('The connection of the crowd is cut.').waitFor({ state: 'hidden' });
      await page.getByRole('button', { name: 'Send it home' }).click();
      await page.locator('[data-crowd="still"]').waitFor();
      const totals = await operatorAt(store).taps.totals();
      assert.equal(totals.explained, true);
      assert.ok(totals.taps >= Number(await page.evaluate(number('taps'))), 'a tap that was answered is counted');
      await mira.leave(unauthorized, unanswered);
    } finally {
      await browser.close();
      await store.kill('SIGKILL');
    }
  }),
);
