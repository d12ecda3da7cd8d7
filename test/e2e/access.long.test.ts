/**
 * The pages for everybody: on a phone, by keyboard alone, by screen reader, in light and dark, at
 * addresses that are none.
 */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { phone, tabTo, violations } from './support/axe.ts';
import { aBrowser, ask, makeSale, Person, setStage } from './support/browser.ts';

describe('the pages', () => {
  const stage = setStage();
  let sale: string;

  test('Home of an empty store says how to make the first sale, and shows it when it is there', aBrowser, async () => {
    const mira = await Person.open(stage, '/');
    await mira.page.getByText('Nothing is on sale yet').waitFor();
    await mira.screenshot('home-empty');
    assert.deepEqual(await violations(mira), []);
    sale = await makeSale(stage.store, 'Court Classic', 20, { holdSeconds: 60 });
    await mira.page.getByText('Court Classic').waitFor();
    await ask(stage.store, 'POST', `/v1/sales/${sale}/orders`, { quantity: 3 });
    await mira.page.getByTestId('available').getByText('17', { exact: true }).waitFor();
    await mira.leave();
  });

  test('a line of Home leads to its card in the shop, however far down, and the focus with it', aBrowser, async () => {
    for (let i = 0; i < 5; i += 1) await makeSale(stage.store, `Newer ${i}`, 5);
    const mira = await Person.open(stage, '/');
    await mira.page.getByRole('link', { name: /Court Classic/ }).click();
    await mira.button(sale, /^Reserve/).waitFor();
    const card = `document.querySelector('[data-sale="${sale}"]')`;
    await mira.until(`${card}.contains(document.activeElement)`);
    const inTheMiddle = (edge: string, is: string): string =>
      `${card}.getBoundingClientRect().${edge} ${is} innerHeight / 2`;
    await mira.until(`${inTheMiddle('top', '<')} && ${inTheMiddle('bottom', '>')}`);
    assert.match(mira.page.url(), new RegExp(`/drops#${sale}$`));
    // The address alone does it, too.
    await mira.page.reload();
    await mira.button(sale, /^Reserve/).waitFor();
    await mira.until('scrollY > 0');
    await mira.leave();
  });

  test('the pages fit a phone: nothing is wider than the screen', aBrowser, async () => {
    const long = await makeSale(
      stage.store,
      'A name of one verylongwordthatnobodyeverhyphenatedandsoithastobreaksomewhere',
      1_000_000,
    );
    for (const [at, name] of [
      ['/', 'home-phone'],
      ['/drops', 'shop-phone'],
      ['/nowhere', 'missing-phone'],
    ] as const) {
      const mira = await Person.open(stage, at, phone);
      await mira.connection('live');
      if (at === '/drops') {
        await mira.press(sale, /^Reserve/, 'Someone with quite a long name for a phone');
        await mira.page.getByRole('alert').waitFor();
        await mira.page.getByLabel('Your name').fill('Wilhelmina of the Northern Harbours');
        await mira.page.getByRole('button', { name: 'Continue' }).click();
        await mira.sees(sale, 'Held for you.');
      }
      await mira.screenshot(name);
      const width = await mira.page.evaluate('document.documentElement.scrollWidth');
      assert.ok(Number(width) <= phone.viewport.width, `${at} is ${String(width)} wide`);
      if (at === '/drops') await mira.press(sale, /^Let go/);
      await mira.leave(...(at === '/nowhere' ? [/404/] : []));
    }
    await ask(stage.store, 'PATCH', `/v1/sales/${long}`, { status: 'closed' });
  });

  test('the pages work by keyboard alone, with the focus where one expects it', aBrowser, async () => {
    const mira = await Person.open(stage, '/');
    const { page } = mira;
    const focused = (): Promise<unknown> =>
      page.evaluate('document.activeElement.innerText || document.activeElement.id');
    await page.getByText('Court Classic').waitFor();
    await page.keyboard.press('Tab');
    assert.match(String(await focused()), /Skip to the content/);
    await page.keyboard.press('Tab');
    await page.keyboard.press('Tab');
    assert.equal(await focused(), 'Shop');
    await page.keyboard.press('Enter');
    await mira.button(sale, /^Reserve/).waitFor();
    assert.equal(await focused(), 'Shop', 'the heading of the new page has the focus');
    assert.match(await page.title(), /^Shop/);
    await tabTo(mira, /^Reserve Court Classic/);
    await page.keyboard.press('Enter');
    await page.keyboard.type('Kit');
    await page.keyboard.press('Enter');
    await mira.sees(sale, 'Held for you.');
    assert.match(String(await focused()), /^Buy for \$120/, 'the focus went on to Buy');
    await page.keyboard.press('Enter');
    await mira.sees(sale, 'It is yours.');
    assert.match(String(await focused()), /^It is yours/);
    await page
      .getByRole('status')
      .filter({ hasText: /Bought\. Court Classic, \$120/ })
      .waitFor({ state: 'attached' });
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.waitForTimeout(50);
    assert.match(String(await focused()), /^Reserve/);
    await page.keyboard.press('Enter');
    await mira.sees(sale, 'Held for you.');
    await page.keyboard.press('Tab');
    assert.match(String(await focused()), /^Let go/);
    await page.keyboard.press('Space');
    await mira.button(sale, /^Reserve/).waitFor();
    await mira.leave();
  });

  test('the pages have no serious violation, in light and dark, in every state of a card', aBrowser, async () => {
    for (const colorScheme of ['light', 'dark'] as const) {
      const full = await makeSale(stage.store, `Full house ${colorScheme}`, 0);
      const mira = await Person.open(stage, '/drops', { colorScheme, reducedMotion: 'reduce' });
      await mira.button(sale, /^Reserve/).click();
      await mira.page.getByRole('dialog').waitFor();
      assert.deepEqual(await violations(mira), []);
      await mira.page.getByLabel('Your name').fill('Mira');
      await mira.page.getByRole('button', { name: 'Continue' }).click();
      await mira.sees(sale, 'Held for you.');
      await mira.sees(full, 'Sold out');
      assert.deepEqual(await violations(mira), []);
      await mira.screenshot(`shop-${colorScheme}`);
      await mira.press(sale, /^Buy/);
      await mira.sees(sale, 'It is yours.');
      assert.deepEqual(await violations(mira), []);
      await mira.page.getByRole('link', { name: 'Holdfast, home' }).click();
      await mira.page.getByText('On the shelves').waitFor();
      assert.deepEqual(await violations(mira), []);
      await mira.screenshot(`home-${colorScheme}`);
      await mira.leave();
    }
  });

  test('the pages say so where there is nothing, with a way on', aBrowser, async () => {
    const mira = await Person.open(stage, '/nothing/here');
    await mira.page.getByRole('heading', { name: 'This one is gone.' }).waitFor();
    assert.deepEqual(await violations(mira), []);
    await mira.screenshot('missing');
    await mira.page.getByRole('link', { name: 'Go to the shop' }).click();
    await mira.button(sale, /^Reserve/).waitFor();
    await mira.leave(/404/);
  });
});
