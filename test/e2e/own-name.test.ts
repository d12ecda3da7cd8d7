/**
 * The shop under a name of its own, as every shop that is in the world: on plain http, where a
 * browser keeps some things back.
 */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { aBrowser, makeSale, Person, setStage } from './support/browser.ts';

describe('the shop under a name of its own', () => {
  const stage = setStage('shop.example');

  test('the shop under a name of its own sells, and the stock moves at once', aBrowser, async () => {
    const sale = await makeSale(stage.store, 'Court Classic', 5, { holdSeconds: 60 });
    const mira = await Person.open(stage, '/drops');
    const jun = await Person.open(stage, '/drops');
    assert.match(mira.page.url(), /^http:\/\/shop\.example:\d+\/drops$/);
    await mira.seesLeft(sale, 5);
    await mira.press(sale, /^Reserve/, 'Mira');
    await mira.sees(sale, 'Held for you.');
    await jun.seesLeft(sale, 4);
    await mira.press(sale, /^Buy for \$120/);
    await mira.sees(sale, 'It is yours.');
    await mira.screenshot('bought-under-a-name');
    await jun.press(sale, /^Reserve/, 'Jun');
    await jun.press(sale, /^Let go/);
    await jun.seesLeft(sale, 4);
    const sold = (await stage.store.ask('GET', `/v1/sales/${sale}`)).body;
    assert.deepEqual([sold['sold'], sold['held'], sold['available']], [1, 0, 4]);
    // On plain http a browser says that it passes over one of the pages' headers.
    const unheeded = /Cross-Origin-Opener-Policy header has been ignored/;
    await mira.leave(unheeded);
    await jun.leave(unheeded);
  });
});
