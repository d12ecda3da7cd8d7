/**
 * The box office for everybody: by touch on a phone, by keyboard alone, by list, by ear, in light
 * and dark; and in a rush.
 */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { withDataFolder } from '../http/support/child.ts';
import { phone, tabTo, violations } from './support/axe.ts';
import { aBrowser, ask, buildPages, launch, Person, setStage, startStore } from './support/browser.ts';
import { atHall, clickSeat, hallWith, makeHall, placeOf, seesSeat } from './support/seats.ts';

const house = hallWith({ Stalls: [8, 14], 'Balcony left': [4, 10], 'Balcony right': [4, 10] });
const letters = Array.from({ length: 20 }, (_, at) => String.fromCharCode(65 + at));
/** Ten thousand seats. */
const arena = hallWith(Object.fromEntries(letters.map((name) => [name, [20, 25] as const])));
const unanswered = /ERR_CONNECTION_REFUSED|ERR_CONNECTION_RESET|ERR_INCOMPLETE_CHUNKED_ENCODING|ERR_EMPTY_RESPONSE/;

describe('the box office', () => {
  const stage = setStage();

  async function visit(sale: string, options: Parameters<typeof Person.open>[2] = {}): Promise<Person> {
    const person = await Person.open(stage, `/box-office/${sale}`, options);
    await atHall(person);
    return person;
  }

  test(
    'the box office fits a phone: a tap comes nearer, the next one chooses, the sheet does the rest',
    aBrowser,
    async () => {
      const sale = await makeHall(stage.store, 'The very long name of an evening that nobody abbreviated', arena);
      const mira = await visit(sale, phone);
      const { page } = mira;
      const width = await page.evaluate('document.documentElement.scrollWidth');
      assert.ok(Number(width) <= phone.viewport.width, `it is ${String(width)} wide`);
      await mira.screenshot('seats-phone');
      const { x, y } = await placeOf(mira, stage.store, sale, 'E-8-12');
      await page.touchscreen.tap(x, y);
      await page.waitForTimeout(600);
      assert.equal(await mira.card(sale).getByText('Choose your seats.').isVisible(), true);
      // What was tapped stays under the finger, and its neighbours have come apart.
      await page.touchscreen.tap(x, y);
      await page.touchscreen.tap(x + 28, y);
      await mira.button(sale, /^Reserve 2 seats/).waitFor();
      await page.waitForTimeout(300);
      await page.screenshot({ path: 'artifacts/e2e/seats-phone-chosen.png' });
      await mira.press(sale, /^Reserve 2 seats/, 'Wilhelmina of the Northern Harbours');
      await mira.sees(sale, 'Held for you.');
      await page.waitForTimeout(600);
      await page.screenshot({ path: 'artifacts/e2e/seats-phone-held.png' });
      assert.ok(Number(await page.evaluate('document.documentElement.scrollWidth')) <= phone.viewport.width);
      await mira.press(sale, /^Let go/);
      await mira.press(sale, /^Best seats, or a list/);
      await mira.button(sale, /^Reserve the best 2/).waitFor();
      await page.screenshot({ path: 'artifacts/e2e/seats-phone-ways.png' });
      await mira.leave();
    },
  );

  test('two fingers zoom the map and do not move the page', aBrowser, async () => {
    const sale = await makeHall(stage.store, 'Pinched', house);
    const mira = await visit(sale, phone);
    const { page } = mira;
    const box = await page.getByTestId('seat-map').boundingBox();
    assert.ok(box !== null);
    const middle = { x: box.x + box.width / 2, y: box.y + box.height / 2 };
    const session = await page.context().newCDPSession(page);
    const touch = (type: 'touchStart' | 'touchMove' | 'touchEnd', apart: number | null): Promise<unknown> =>
      session.send('Input.dispatchTouchEvent', {
        type,
        touchPoints:
          apart === null
            ? []
            : [
                { x: middle.x - apart, y: middle.y, id: 1 },
                { x: middle.x + apart, y: middle.y, id: 2 },
              ],
      });
    await touch('touchStart', 20);
    for (let apart = 24; apart <= 120; apart += 8) await touch('touchMove', apart);
    await touch('touchEnd', null);
    await page.getByText('Tap a seat to choose it.').waitFor();
    assert.equal(await page.evaluate('visualViewport.scale'), 1);
    await page.getByRole('button', { name: 'Show the whole hall' }).click();
    await page.getByText('Tap to come nearer.').waitFor();
    await mira.leave();
  });

  test('the box office works by keyboard alone, and says each seat', aBrowser, async () => {
    const sale = await makeHall(stage.store, 'By keys', house);
    await ask(stage.store, 'POST', `/v1/sales/${sale}/orders`, { seats: ['Stalls-1-6', 'Stalls-1-7', 'Stalls-1-8'] });
    const mira = await visit(sale);
    const { page } = mira;
    const cell = page.getByRole('gridcell');
    for (let presses = 0; presses < 12 && (await cell.count()) === 0; presses += 1) await page.keyboard.press('Tab');
    const label = async (): Promise<string> => {
      await page.waitForTimeout(60);
      return String(await cell.getAttribute('aria-label'));
    };
    assert.match(await label(), /^Section Stalls, row \d, seat \d+, free.*, \$45$/);
    const described = await page.getByRole('grid').getAttribute('aria-activedescendant');
    assert.equal(described, await cell.getAttribute('id'));
    for (let presses = 0; presses < 12; presses += 1) await page.keyboard.press('ArrowUp');
    await page.keyboard.press('Home');
    assert.equal(await label(), 'Section Stalls, row 1, seat 1, free, accessible, $45');
    for (let presses = 0; presses < 5; presses += 1) await page.keyboard.press('ArrowRight');
    assert.equal(await label(), 'Section Stalls, row 1, seat 6, taken');
    await page.keyboard.press('Enter');
    await mira.sees(sale, /seat 6 is taken/);
    await page.keyboard.press('f');
    assert.equal(await label(), 'Section Stalls, row 1, seat 9, free, $45');
    await page.keyboard.press('Enter');
    assert.equal(await label(), 'Section Stalls, row 1, seat 9, your choice, $45');
    assert.equal(await cell.getAttribute('aria-selected'), 'true');
    await page
      .getByRole('status')
      .filter({ hasText: 'Section Stalls, row 1, seat 9: chosen. 1 of at most 10 chosen.' })
      .waitFor({ state: 'attached' });
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('Space');
    await page.keyboard.press('+');
    await page.keyboard.press('PageDown');
    assert.match(await label(), /^Section Balcony left, row 1, seat 1/);
    await page.waitForTimeout(500);
    await mira.screenshot('seats-keyboard');
    await page.keyboard.press('0');
    await tabTo(mira, /^Reserve 2 seats/);
    await page.keyboard.press('Enter');
    await page.getByRole('dialog').waitFor();
    await page.keyboard.type('Kit');
    await page.keyboard.press('Enter');
    await mira.sees(sale, 'Held for you.');
    assert.match(String(await page.evaluate('document.activeElement.textContent')), /^Buy for \$90/);
    await page.keyboard.press('Enter');
    await mira.sees(sale, 'They are yours.');
    assert.match(String(await page.evaluate('document.activeElement.textContent')), /^They are yours/);
    await mira.leave();
  });

  test('seats can be chosen from a list, with the map only to look at', aBrowser, async () => {
    const sale = await makeHall(stage.store, 'By list', house);
    await ask(stage.store, 'POST', `/v1/sales/${sale}/holds`, { seats: ['Balcony left-2-4'] });
    const mira = await visit(sale);
    await mira.card(sale).getByText('Choose from a list').click();
    const list = mira.card(sale).locator('details').last();
    await list.getByRole('combobox', { name: 'Section' }).selectOption('Balcony left');
    await list.getByRole('combobox', { name: 'Row' }).selectOption('2');
    await list.getByRole('button', { name: 'Seat 4, on hold' }).click({ force: true });
    await mira.sees(sale, /seat 4 is on hold/);
    await list.getByRole('button', { name: 'Seat 5, free' }).click();
    await list.getByRole('button', { name: 'Seat 5', pressed: true }).waitFor();
    await mira.button(sale, /^Reserve 1 seat/).waitFor();
    await mira.screenshot('seats-by-list');
    await ask(stage.store, 'POST', `/v1/sales/${sale}/orders`, { seats: ['Balcony left-2-5'] });
    await mira.sees(sale, 'Somebody was quicker.');
    await mira.leave();
  });

  test('the box office has no serious violation, in light and dark, in each state', aBrowser, async () => {
    for (const colorScheme of ['light', 'dark'] as const) {
      const sale = await makeHall(stage.store, `Seen by all, ${colorScheme}`, house);
      const full = await makeHall(stage.store, `Full, ${colorScheme}`, hallWith({ Room: [1, 2] }));
      await ask(stage.store, 'POST', `/v1/sales/${full}/orders`, { seats: ['Room-1-1', 'Room-1-2'] });
      const mira = await Person.open(stage, '/box-office', { colorScheme, reducedMotion: 'reduce' });
      await mira.card(sale).waitFor();
      assert.deepEqual(await violations(mira), []);
      await mira.screenshot(`seats-list-${colorScheme}`);
      await mira.page.getByRole('link', { name: new RegExp(`^Choose seats.*Seen by all, ${colorScheme}`) }).click();
      await atHall(mira);
      await mira.card(sale).getByText('Choose from a list').click();
      for (const id of ['Stalls-3-6', 'Stalls-3-7', 'Stalls-3-8']) await clickSeat(mira, stage.store, sale, id);
      assert.deepEqual(await violations(mira), []);
      await ask(stage.store, 'POST', `/v1/sales/${sale}/orders`, { seats: ['Stalls-3-7'] });
      await mira.sees(sale, 'Somebody was quicker.');
      assert.deepEqual(await violations(mira), []);
      await mira.press(sale, /^Take these 3/, 'Mira');
      await mira.sees(sale, 'Held for you.');
      await mira.page.getByRole('grid').focus();
      await mira.page.keyboard.press('ArrowRight');
      assert.deepEqual(await violations(mira), []);
      await mira.screenshot(`seats-held-${colorScheme}`);
      await mira.press(sale, /^Buy/);
      await mira.sees(sale, 'They are yours.');
      assert.deepEqual(await violations(mira), []);
      await mira.page.goto(`http://127.0.0.1:${stage.store.port}/box-office/${full}`);
      await mira.sees(full, 'Sold out.');
      assert.deepEqual(await violations(mira), []);
      await mira.leave();
    }
  });

  test(
    'heals when the store is killed and comes back: what was held is, what was sold meanwhile is shown',
    aBrowser,
    () =>
      withDataFolder(async (folder) => {
        buildPages();
        const browser = await launch();
        let store = await startStore(folder);
        try {
          const sale = await makeHall(store, 'Cut short', house);
          const mira = await Person.open({ browser, store }, `/box-office/${sale}`);
          await atHall(mira);
          await clickSeat(mira, store, sale, 'Stalls-2-5');
          await mira.press(sale, /^Reserve 1 seat/, 'Mira');
          await mira.sees(sale, 'Held for you.');
          await mira.page.getByRole('button', { name: 'Show the whole hall' }).click();
          assert.equal(await store.kill('SIGKILL'), 'SIGKILL');
          await mira.connection('lost');
          await mira.screenshot('seats-store-gone');
          store = await startStore(folder, ['--port', String(store.port)]);
          await ask(store, 'POST', `/v1/sales/${sale}/orders`, { seats: ['Stalls-2-8', 'Stalls-2-9'] });
          await mira.connection('live');
          await seesSeat(mira, store, sale, 'Stalls-2-8', /^Taken$/);
          await seesSeat(mira, store, sale, 'Stalls-2-5', /^Held for you$/);
          await ask(store, 'POST', `/v1/sales/${sale}/holds`, { seats: ['Stalls-4-4'] });
          await seesSeat(mira, store, sale, 'Stalls-4-4', /^On hold$/);
          await mira.press(sale, /^Buy/);
          await mira.sees(sale, 'It is yours.');
          await mira.leave(unanswered);
        } finally {
          await browser.close();
          await store.kill('SIGKILL');
        }
      }),
  );

  test('the box office stays smooth with ten thousand seats while many of them change', aBrowser, async () => {
    const sale = await makeHall(stage.store, 'Ten thousand', arena);
    const mira = await visit(sale);
    const { page } = mira;
    const box = await page.getByTestId('seat-map').boundingBox();
    assert.ok(box !== null);
    const middle = { x: box.x + box.width / 2, y: box.y + box.height / 2 };
    await page.mouse.move(middle.x, middle.y);
    for (let turns = 0; turns < 4; turns += 1) await page.mouse.wheel(0, -120);

    let isOver = false;
    const rush = async (section: string): Promise<number> => {
      let changes = 0;
      for (let row = 1; !isOver && row <= 20; row += 1) {
        for (let seat = 1; !isOver && seat <= 21; seat += 4) {
          const seats = [0, 1, 2, 3].map((more) => `${section}-${row}-${seat + more}`);
          await ask(stage.store, 'POST', `/v1/sales/${sale}/holds`, { seats });
          changes += seats.length;
          await page.waitForTimeout(10);
        }
      }
      return changes;
    };
    await page.evaluate(
      'window.frames_ = []; (function next(at) { frames_.push(at); requestAnimationFrame(next); })(performance.now())',
    );
    const rushes = ['A', 'G', 'H', 'M'].map(rush);
    await page.mouse.down();
    const untilMs = performance.now() + 4000;
    for (let step = 0; performance.now() < untilMs; step += 1) {
      await page.mouse.move(middle.x + 220 * Math.sin(step / 9), middle.y + 140 * Math.cos(step / 7));
    }
    await page.mouse.up();
    isOver = true;
    const changes = (await Promise.all(rushes)).reduce((sum, one) => sum + one, 0);
    const times = await page.evaluate<readonly number[]>('window.frames_');
    const frames = times.slice(1).map((at, index) => at - (times[index] ?? at));
    frames.sort((one, other) => one - other);
    const median = frames[frames.length >> 1] ?? Infinity;
    const slow = frames[Math.floor(frames.length * 0.95)] ?? Infinity;
    console.log(
      `${frames.length} frames, median ${median.toFixed(1)} ms, p95 ${slow.toFixed(1)} ms, ${changes} changes`,
    );
    assert.ok(changes > 300, `only ${changes} seats changed`);
    assert.ok(median < 50, `half of the frames took over ${median.toFixed(1)} ms`);
    await page
      .getByTestId('available')
      .getByText((10_000 - changes).toLocaleString('en-US'), { exact: true })
      .waitFor();
    await mira.screenshot('seats-ten-thousand');
    await mira.leave();
  });
});
