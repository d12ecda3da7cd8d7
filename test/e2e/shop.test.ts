/** The shop as people use it: two of them, each at a window of their own, on one store. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { aBrowser, ask, makeSale, Person, setStage } from './support/browser.ts';

describe('the shop', () => {
  const stage = setStage();

  test('two browsers see one stock move at once, and one buys', aBrowser, async () => {
    const sale = await makeSale(stage.store, 'Air Ground 1 High', 5, { holdSeconds: 60 });
    const mira = await Person.open(stage, '/drops');
    const jun = await Person.open(stage, '/drops', { colorScheme: 'dark' });
    await mira.seesLeft(sale, 5);
    await jun.seesLeft(sale, 5);
    await mira.press(sale, /^Reserve/, 'Mira');
    await mira.sees(sale, 'Held for you.');
    const startedMs = performance.now();
    await jun.seesLeft(sale, 4);
    assert.ok(performance.now() - startedMs < 3000, 'the other screen took over three seconds');
    await jun.sees(sale, '1 on hold');

    const first = Number(
      await mira
        .card(sale)
        .getByTestId('countdown')
        .textContent()
        .then((text) => text?.replace('1:00', '60')),
    );
    assert.ok(first > 50 && first <= 60, `the ring says ${first}`);
    await mira.page.waitForTimeout(1200);
    const second = Number(await mira.card(sale).getByTestId('countdown').textContent());
    assert.ok(second < first && second > 30, `the ring went from ${first} to ${second}`);
    await mira.screenshot('held-light');

    await mira.press(sale, /^Buy for \$120/);
    await mira.sees(sale, 'It is yours.');
    await jun.sees(sale, 'Mira');
    await jun.seesLeft(sale, 4);
    await jun.screenshot('bought-by-another-dark');
    const sold = (await stage.store.ask('GET', `/v1/sales/${sale}`)).body;
    assert.deepEqual([sold['sold'], sold['held'], sold['available']], [1, 0, 4]);
    await mira.leave();
    await jun.leave();
  });

  test('a double click reserves one unit, and a released one is back on the other screen', aBrowser, async () => {
    const sale = await makeSale(stage.store, 'Court Low', 3);
    const mira = await Person.open(stage, '/drops');
    const jun = await Person.open(stage, '/drops');
    await mira.press(sale, /^Reserve/, 'Mira');
    await mira.press(sale, /^Let go/);
    await jun.seesLeft(sale, 3);
    await mira.button(sale, /^Reserve/).dblclick();
    await mira.sees(sale, 'Held for you.');
    await jun.seesLeft(sale, 2);
    await mira.page.reload();
    await mira.sees(sale, 'Held for you.');
    await mira.press(sale, /^Let go/);
    await jun.seesLeft(sale, 3);
    await mira.leave();
    await jun.leave();
  });

  test('an expired hold gives the unit back on the other screen', aBrowser, async () => {
    const sale = await makeSale(stage.store, 'Two second runner', 1, { holdSeconds: 2 });
    const mira = await Person.open(stage, '/drops');
    const jun = await Person.open(stage, '/drops');
    await mira.press(sale, /^Reserve/, 'Mira');
    await mira.sees(sale, 'Held for you.');
    await jun.seesLeft(sale, 0);
    await jun.sees(sale, /All are on hold/);
    await mira.sees(sale, 'Time is up.');
    await jun.seesLeft(sale, 1);
    await jun.button(sale, /^Reserve/).waitFor();
    await mira.screenshot('lapsed');
    await mira.leave();
    await jun.leave();
  });

  test("the countdown is the server's, even if the browser's date is wrong or is set", aBrowser, async () => {
    const sale = await makeSale(stage.store, "Wrong o'clock", 1, { holdSeconds: 60 });
    const mira = await Person.open(stage, '/drops');
    // An hour ahead from the beginning, as the page sees it.
    await mira.page.addInitScript(`{
      const now = Date.now;
      globalThis.aheadMs = 3_600_000;
      Date.now = () => now() + aheadMs;
    }`);
    await mira.page.reload();
    const left = async (): Promise<number> => {
      const text = await mira.card(sale).getByTestId('countdown').textContent();
      return Number(text?.replace('1:00', '60'));
    };
    await mira.press(sale, /^Reserve/, 'Mira');
    await mira.sees(sale, 'Held for you.');
    for (const aheadMs of [3_600_000, -86_400_000, 86_400_000]) {
      await mira.page.evaluate(`aheadMs = ${aheadMs}`);
      await mira.page.waitForTimeout(300);
      const seconds = await left();
      assert.ok(seconds > 40 && seconds <= 60, `${seconds} s are left, says the ring`);
    }
    // A page that opens anew asks the store first, and does not take the hold for over.
    await mira.page.reload();
    await mira.sees(sale, 'Held for you.');
    assert.ok((await left()) > 30);
    await mira.press(sale, /^Buy/);
    await mira.sees(sale, 'It is yours.');
    await mira.leave();
  });

  test('a visitor who comes too late is told what to do next', aBrowser, async () => {
    const sale = await makeSale(stage.store, 'One pair only', 1);
    const mira = await Person.open(stage, '/drops');
    await mira.seesLeft(sale, 1);
    // The last one goes before the page can hear of it.
    await mira.page.route('**/holds', async (route) => {
      await ask(stage.store, 'POST', `/v1/sales/${sale}/orders`, { quantity: 1 });
      await route.continue();
    });
    await mira.press(sale, /^Reserve/, 'Mira');
    await mira.sees(sale, /Somebody was quicker.*Join the waitlist/);
    await mira.sees(sale, 'Sold out');
    await mira.button(sale, /^Join the waitlist/).waitFor();
    await mira.screenshot('too-late');
    await mira.leave(/409/);
  });

  test('a visitor of a sold-out sale joins the line, moves up, gets an offer and buys', aBrowser, async () => {
    const sale = await makeSale(stage.store, 'Harvest 7', 1, { holdSeconds: 60 });
    const held = await ask(stage.store, 'POST', `/v1/sales/${sale}/holds`, { quantity: 1 });
    const ahead = await ask(stage.store, 'POST', `/v1/sales/${sale}/waitlist`, { quantity: 1, customer: 'ahead' });
    const mira = await Person.open(stage, '/drops');
    await mira.press(sale, /^Join the waitlist/, 'Mira');
    await mira.sees(sale, 'You are 2nd in line.');
    await ask(stage.store, 'DELETE', `/v1/sales/${sale}/waitlist?customer=ahead`);
    assert.equal(ahead.status, 201);
    await mira.sees(sale, 'You are next.');
    await mira.screenshot('in-line');
    await ask(stage.store, 'DELETE', `/v1/holds/${held.string('id')}`);
    await mira.sees(sale, 'Your turn.');
    assert.match(await mira.page.title(), /^Your turn/);
    await mira.screenshot('offered');
    await mira.press(sale, /^Buy/);
    await mira.sees(sale, 'It is yours.');
    const sold = (await stage.store.ask('GET', `/v1/sales/${sale}`)).body;
    assert.deepEqual([sold['sold'], sold['held'], sold['available']], [1, 0, 0]);
    await mira.leave();
  });

  test('a sale made, opened and paused elsewhere changes under the open page', aBrowser, async () => {
    const mira = await Person.open(stage, '/drops');
    await mira.connection('live');
    const opensAt = new Date(Date.now() + 2500).toISOString();
    const sale = await makeSale(stage.store, 'Soon enough', 4, { opensAt });
    await mira.sees(sale, /^Opens in/);
    await mira.button(sale, /^Reserve/).waitFor();
    await ask(stage.store, 'PATCH', `/v1/sales/${sale}`, { status: 'paused' });
    await mira.sees(sale, /^Paused by the store/);
    await mira.leave();
  });
});
