/**
 * Real browsers on a real store: Debian's Chromium, the built pages, the store as a process of its
 * own, with an operator key.
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, before } from 'node:test';
import type { Browser, BrowserContextOptions, Locator, Page } from 'playwright-core';
import { chromium } from 'playwright-core';
import type { Answer } from '../../http/support/client.ts';
import { ChildStore } from '../../http/support/child.ts';
import { operatorKey } from '../../http/support/store.ts';
import { findProgram, requireThat } from '../../support/requires.ts';
import { root } from '../../support/sources.ts';

const program = ['chromium', 'chromium-browser', 'google-chrome'].map((name) => findProgram(name)).find(Boolean);

/** What each test of this folder needs. */
export const aBrowser = requireThat(program !== undefined, 'chromium is not installed');

/** Where screenshots are kept; ignored by git. */
const artifacts = path.join(root, 'artifacts', 'e2e');

/** How long what must come may take, ms. */
const patienceMs = 10_000;

const loopback = '127.0.0.1';

/** In a closed network Chromium's own errands only make noise. */
const flags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** Builds the pages when they are stale, as the launcher does before it serves. */
export function buildPages(): void {
  const { status, stderr } = spawnSync(process.execPath, [path.join(root, 'bin', 'pages.js')], { encoding: 'utf8' });
  assert.equal(status, 0, stderr);
  fs.mkdirSync(artifacts, { recursive: true });
}

/** `name`: one that leads to this machine, for this browser alone. */
export function launch(name?: string): Promise<Browser> {
  const names = name === undefined ? [] : [`--host-resolver-rules=MAP ${name} 127.0.0.1`];
  return chromium.launch({ executablePath: program ?? '', args: [...flags, ...names] });
}

export function startStore(folder: string, args: readonly string[] = []): Promise<ChildStore> {
  return ChildStore.start(folder, args, { HOLDFAST_OPERATOR_KEY: operatorKey, LOG_LEVEL: 'warn' });
}

/** A browser and a store for all tests of a `describe`. */
export interface Stage {
  readonly browser: Browser;
  readonly store: ChildStore;
  /** Under which the pages are opened; by its address when there is none. */
  readonly host?: string;
}

/**
 * Sets the stage before the tests around the call, and clears it behind them. `name`: of the store,
 * where it has one.
 */
export function setStage(name?: string): Stage {
  const set: { browser?: Browser; store?: ChildStore } = {};
  const folder = path.join(os.tmpdir(), `holdfast-e2e-${process.pid}-${performance.now()}`);
  before(async () => {
    if (aBrowser.skip !== false) return;
    buildPages();
    set.browser = await launch(name);
    set.store = await startStore(folder);
  });
  after(async () => {
    await set.browser?.close();
    await set.store?.kill('SIGTERM');
    fs.rmSync(folder, { recursive: true, force: true });
  });
  const there = <Part>(part: Part | undefined): Part => {
    assert.ok(part !== undefined, 'the stage is set when the tests run');
    return part;
  };
  return {
    host: name ?? loopback,
    get browser() {
      return there(set.browser);
    },
    get store() {
      return there(set.store);
    },
  };
}

/**
 * One person at one window of their own: own storage, own name, and every complaint of the console.
 */
export class Person {
  readonly page: Page;
  readonly complaints: string[] = [];

  private constructor(page: Page) {
    this.page = page;
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') this.complaints.push(message.text());
    });
    page.on('pageerror', (error) => this.complaints.push(error.message));
  }

  static async open(
    { browser, store, host = loopback }: Stage,
    at: string,
    options: BrowserContextOptions = {},
  ): Promise<Person> {
    const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, locale: 'en-US', ...options });
    context.setDefaultTimeout(patienceMs);
    const person = new Person(await context.newPage());
    await person.page.goto(`http://${host}:${store.port}${at}`);
    return person;
  }

  /** The card of a sale, or the panel beside its hall. */
  card(sale: string): Locator {
    return this.page.locator(`[data-sale="${sale}"]`);
  }

  button(sale: string, name: RegExp): Locator {
    return this.card(sale).getByRole('button', { name });
  }

  /** Presses a button of a sale, and gives a name when it is asked for. */
  async press(sale: string, name: RegExp, as?: string): Promise<void> {
    await this.button(sale, name).click();
    if (as === undefined) return;
    await this.page.getByLabel('Your name').fill(as);
    await this.page.getByRole('button', { name: 'Continue' }).click();
  }

  async sees(sale: string, text: string | RegExp): Promise<void> {
    await this.card(sale).getByText(text).first().waitFor();
  }

  /** Waits until the card shows this number left. */
  async seesLeft(sale: string, left: number): Promise<void> {
    const number = this.card(sale).getByTestId('available').getByText(String(left), { exact: true });
    await number.waitFor();
  }

  async connection(state: string): Promise<void> {
    await this.page.locator(`[data-connection="${state}"]`).waitFor();
  }

  /**
   * Waits until an expression holds in the page. (Playwright's own way needs `eval`, which the
   * page's policy forbids.)
   */
  async until(expression: string): Promise<void> {
    const untilMs = performance.now() + patienceMs;
    while ((await this.page.evaluate(expression)) !== true) {
      assert.ok(performance.now() < untilMs, `not so in ${patienceMs} ms: ${expression}`);
      await this.page.waitForTimeout(50);
    }
  }

  screenshot(name: string): Promise<Buffer> {
    return this.page.screenshot({ path: path.join(artifacts, `${name}.png`), fullPage: true });
  }

  /** Ends the visit. The console may have no errors except the expected ones. */
  async leave(...expected: readonly RegExp[]): Promise<void> {
    await this.page.context().close();
    const others = this.complaints.filter((text) => !expected.some((pattern) => pattern.test(text)));
    assert.deepEqual(others, []);
  }
}

export const asOperator = { Authorization: `Bearer ${operatorKey}` };

/** Creates a sale as the operator; returns its id. */
export async function makeSale(store: ChildStore, name: string, capacity: number, more: object = {}): Promise<string> {
  const json = { name, kind: 'counted', capacity, price: { amount: 12_000, currency: 'USD' }, ...more };
  const made = await store.ask('POST', '/v1/sales', { json, headers: asOperator });
  assert.equal(made.status, 201, made.text);
  return made.string('id');
}

let keys = 0;

/** Something an outsider does to a sale; the operator's key lets it be undone without a token. */
export async function ask(store: ChildStore, method: string, target: string, json?: object): Promise<Answer> {
  keys += 1;
  const headers = { ...asOperator, 'Idempotency-Key': `outside-${keys}` };
  const answer = await store.ask(method, target, json === undefined ? { headers } : { headers, json });
  assert.ok(answer.status < 300, answer.text);
  return answer;
}
