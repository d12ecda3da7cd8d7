/** The gates as people use them: cards that are tapped by hand, and a crowd. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { violations } from './support/axe.ts';
import { aBrowser, setStage } from './support/browser.ts';
import { chooseCard, goTo, number, operatorAt, outcome, unauthorized, visitGates } from './support/city.ts';

describe('the gates', () => {
  const stage = setStage();

  test('a card is tapped in and out: the gate opens, and shows fare, balance, journey and rule', aBrowser, async () => {
    const mira = await visitGates(stage);
    const { page } = mira;
    assert.match(await page.title(), /^Gates/);
    // A child pays half.
    await chooseCard(mira, 'Child');
    await page.getByRole('button', { name: 'In at central-1' }).click();
    const into = await outcome(mira, 'central-1', 'open');
    assert.match(into, /So far\$0/);
    assert.match(into, /Balance\$30/);
    await page.locator('[data-gate="central-1"][data-look="open"]').waitFor();
    await page.getByText('In since central').waitFor();
    await page.locator('[data-gate="central-1"][data-look="shut"]').waitFor();
    await goTo(mira, 'airport');
    await page.getByRole('button', { name: 'Out at airport-2' }).click();
    const out = await outcome(mira, 'airport-2', 'open');
    assert.match(out, /Fare\$2\.60/);
    assert.match(out, /Balance\$27\.40/);
    assert.match(out, /Zones 1-4.*child/);
    assert.match(out, /journey_0_\d+/);
    await page.getByText('In at central-1').first().waitFor();
    await mira.screenshot('gates-light');
    assert.deepEqual(await violations(mira), []);
    await mira.leave(unauthorized);
  });

  test('a card that is blocked is kept out with a sentence, and goes in again afterwards', aBrowser, async () => {
    const mira = await visitGates(stage, { colorScheme: 'dark' });
    const { page } = mira;
    await page.getByRole('button', { name: 'New card' }).click();
    await page.getByText('$20').first().waitFor();
    await page.getByRole('button', { name: 'Block it' }).click();
    await page.getByRole('button', { name: 'Unblock it' }).waitFor();
    await page.getByRole('button', { name: 'In at central-2' }).click();
    assert.match(await outcome(mira, 'central-2', 'deny'), /Stop.*This card is blocked/);
    await page.locator('[data-gate="central-2"][data-look="denied"]').waitFor();
    await mira.screenshot('gates-dark');
    assert.deepEqual(await violations(mira), []);
    await page.getByRole('button', { name: 'Unblock it' }).click();
    await page.getByRole('button', { name: 'Block it' }).waitFor();
    await page.getByRole('button', { name: 'Top up $20' }).click();
    await page.getByText('$40').first().waitFor();
    await page.getByRole('button', { name: 'In at central-2' }).click();
    assert.match(await outcome(mira, 'central-2', 'open'), /Balance\$40/);
    // A second window has a counter of its own, at the same gate.
    const jun = await visitGates(stage);
    await chooseCard(jun, 'Child');
    await jun.page.getByRole('button', { name: 'In at central-2' }).click();
    await outcome(jun, 'central-2', 'open');
    await jun.leave(unauthorized);
    await mira.leave(unauthorized);
  });

  test('a crowd taps thousands of times, and the sum stays right', { ...aBrowser, timeout: 90_000 }, async () => {
    const mira = await visitGates(stage);
    const { page } = mira;
    const operator = operatorAt(stage.store);
    const before = (await operator.taps.totals()).taps;
    await page.getByRole('slider', { name: 'Taps a second' }).fill('4');
    await page.getByRole('button', { name: 'Let the crowd walk' }).click();
    await mira.until(`${number('taps')} > 3000`);
    await mira.until(`${number('rate')} > 300 && /ms/.test(document.querySelector('[data-testid="p99"]').textContent)`);
    await mira.until("document.querySelector('[data-testid=\"sums\"]').dataset.explained === 'true'");
    assert.deepEqual(await violations(mira), []);
    await mira.screenshot('gates-crowd');
    await page.getByRole('button', { name: 'Send it home' }).click();
    await page.locator('[data-crowd="still"]').waitFor();
    const taps = Number(await page.evaluate(number('taps')));
    const totals = await operator.taps.totals();
    assert.equal(totals.taps - before, taps, 'the store counts the taps that the page has sent');
    assert.equal(totals.explained, true);
    const { balances, openings, topUps, fares } = totals;
    assert.ok(fares.amount > 0);
    assert.equal(balances.amount, openings.amount + topUps.amount - fares.amount);
    await mira.until(`${number('counted-taps')} === ${totals.taps}`);
    await mira.leave(unauthorized);
  });
});
