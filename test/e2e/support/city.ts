/** The gates in tests: the demonstration's city in a store, and what is done at its gates. */
import type { BrowserContextOptions } from 'playwright-core';
import { Holdfast } from '../../../sdk/src/index.ts';
import { demoCity } from '../../../src/cli/demo-city.ts';
import type { ChildStore } from '../../http/support/child.ts';
import { operatorKey } from '../../http/support/store.ts';
import type { Stage } from './browser.ts';
import { Person } from './browser.ts';

/** The console's own message before a key is given. */
export const unauthorized = /401 \(Unauthorized\)/;

/** Gates at each station. */
const gatesEach = 4;

export function operatorAt(store: ChildStore): Holdfast {
  return new Holdfast({ url: `http://127.0.0.1:${store.port}`, operatorKey });
}

/** Makes the city with so many cards. */
export async function makeCity(store: ChildStore, cards: number): Promise<void> {
  const operator = operatorAt(store);
  const { stations } = await operator.tariff.set(demoCity('USD'));
  for (const { id } of stations) {
    for (let gate = 1; gate <= gatesEach; gate += 1) await operator.gates.create({ id: `${id}-${gate}`, station: id });
  }
  const balance = { amount: 3000, currency: 'USD' };
  const categories = ['child', 'student', 'adult', 'adult'];
  for (let made = 0; made < cards; made += categories.length) {
    const batch = categories.map((category) => operator.cards.create({ category, balance }));
    await Promise.all(batch);
  }
}

/** A person who gave the key, in a city that is made when there is none. */
export async function visitGates(stage: Stage, options: BrowserContextOptions = {}): Promise<Person> {
  const { items } = await operatorAt(stage.store).gates.list({ limit: 1 });
  if (items.length === 0) await makeCity(stage.store, 400);
  const person = await Person.open(stage, '/gates', options);
  await giveKey(person, operatorKey);
  await person.page.locator('[data-gate="central-1"]').waitFor();
  await person.connection('live');
  return person;
}

export async function giveKey({ page }: Person, key: string): Promise<void> {
  await page.getByLabel('Operator key').fill(key);
  await page.getByRole('button', { name: 'Open the gates' }).click();
}

/** Takes the first card in the hand that says this. */
export async function chooseCard({ page }: Person, words: string): Promise<void> {
  await page.locator('[data-card]').filter({ hasText: words }).first().click();
}

export async function goTo({ page }: Person, station: string): Promise<void> {
  await page.getByLabel('Station', { exact: true }).selectOption(station);
}

/** Waits for the outcome of a tap, and returns all that it says. */
export async function outcome({ page }: Person, gate: string, result: 'open' | 'deny'): Promise<string> {
  const shown = page.locator(`[data-testid="outcome"][data-result="${result}"]`).filter({ hasText: gate });
  return (await shown.textContent()) ?? '';
}

/** A number that the page shows, as an expression. */
export function number(id: string): string {
  return `Number(document.querySelector('[data-testid="${id}"]').textContent.replace(/\\D/g, ''))`;
}
