/**
 * A card's journeys and statement, read from the SQL views that a follower writes behind the store.
 */
import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import { describe, test } from 'node:test';
import path from 'node:path';
import { Command, kinds } from '../../../src/engine/command.ts';
import { decisions, directions, tapsOf } from '../../../src/engine/commands/taps.ts';
import { writePosition } from '../../../src/doors/kit/positions.ts';
import { SqlFollower } from '../../../src/followers/sql/follower.ts';
import { openListings, openSqlDatabase } from '../../../src/followers/sql/open.ts';
import { FileLogReader } from '../../../src/log/file/reader.ts';
import { outcomeOf } from '../../crash/support/commands.ts';
import { cityTariff } from '../../engine/tariffs-support.ts';
import { temporaryFolder } from '../../followers/support/shop.ts';
import type { TestStore } from '../../http/support/store.ts';
import { withStore } from '../../http/support/store.ts';
import { assertProblem } from '../v1/support.ts';
import { asOperator, euros, guarded, makeCard } from './support.ts';

interface StatementView {
  readonly card: string;
  readonly opening: { readonly amount: number };
  readonly entries: readonly Readonly<Record<string, unknown> & { readonly amount: { readonly amount: number } }>[];
  readonly balance: { readonly amount: number };
  readonly next: string | null;
}

interface JourneysView {
  readonly items: readonly Readonly<Record<string, unknown>>[];
  readonly next: string | null;
}

/** A guarded store on a folder with a follower, and its lists. */
async function withFollower(t: TestContext, use: (store: TestStore) => Promise<void>): Promise<void> {
  const folder = temporaryFolder(t);
  const place = { kind: 'sqlite', file: path.join(folder, 'views.sqlite') } as const;
  const lists = await openListings(place);
  const ending = new AbortController();
  const args = ['--log', 'file', '--data', folder, '--sql', 'none', '--doors', 'gates'];
  await withStore({ args, lists, environment: guarded }, async (store) => {
    const log = new FileLogReader({ folder });
    const openDatabase = () => openSqlDatabase(place);
    const parts = { onNotice: () => {}, onProgress: () => {}, signal: ending.signal };
    const follower = await SqlFollower.start({ folder, log, openDatabase, ...parts });
    const running = follower.run();
    try {
      await use(store);
    } finally {
      ending.abort();
      await running;
      await follower.close();
      await lists.close();
    }
  });
}

/** Reads a list as of now. */
async function read<View>(store: TestStore, address: string): Promise<View> {
  const { engine } = store.node;
  const at = writePosition(engine.state, engine.position);
  const answer = await store.get(`${address}${address.includes('?') ? '&' : '?'}at=${at}`, asOperator);
  assert.equal(answer.status, 200, answer.text);
  return answer.json as View;
}

async function build(store: TestStore): Promise<void> {
  const tariff = new Command().reset(kinds.setTariff);
  tariff.body = cityTariff();
  assert.ok((await outcomeOf(store.node, tariff)).ok);
  for (const station of ['a', 'b']) {
    const gate = new Command().reset(kinds.addGate);
    gate.body = { id: `gate ${station}`, number: null, station };
    assert.ok((await outcomeOf(store.node, gate)).ok);
  }
}

async function tap(store: TestStore, gate: number, sequence: number, direction: number, atMs: number): Promise<void> {
  const command = new Command().reset(kinds.taps);
  tapsOf(command).add({ gate, epoch: 0, sequence, card: 0, station: 0, direction, decided: decisions.none, atMs });
  assert.ok((await outcomeOf(store.node, command)).ok);
}

describe('the statement of a card', () => {
  test('a statement shows each movement, newest first, and adds up page by page', (t) =>
    withFollower(t, async (store) => {
      const card = await makeCard(store, { id: 'anna', balance: euros(1000) });
      assert.equal(card.status, 201);
      const empty = await makeCard(store, { id: 'bert' });
      assert.equal(empty.status, 201);
      for (let nth = 1; nth <= 4; nth += 1) {
        const added = await store.post('/v1/cards/anna/topups', { amount: euros(100 * nth) }, `key-${nth}`, asOperator);
        assert.equal(added.status, 201, added.text);
      }
      const whole = await read<StatementView>(store, '/v1/cards/anna/statement');
      assert.equal(whole.card, 'anna');
      assert.deepEqual([whole.opening, whole.balance, whole.next], [euros(0), euros(2000), null]);
      assert.deepEqual(
        whole.entries.map(({ id, kind, amount, balance }) => [id, kind, amount, balance]),
        [
          ['entry_0_5', 'topUp', euros(400), euros(2000)],
          ['entry_0_4', 'topUp', euros(300), euros(1600)],
          ['entry_0_3', 'topUp', euros(200), euros(1300)],
          ['entry_0_2', 'topUp', euros(100), euros(1100)],
          ['entry_0_1', 'opening', euros(1000), euros(1000)],
        ],
      );
      const { journey, rule, at, bookedAt } = whole.entries[0]!;
      assert.deepEqual([journey, rule, at], [null, null, null]);
      assert.match(String(bookedAt), /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
      const pages: StatementView[] = [];
      for (let next: string | null = ''; next !== null;) {
        const page: StatementView = await read(
          store,
          `/v1/cards/anna/statement?limit=2${next === '' ? '' : `&cursor=${next}`}`,
        );
        pages.push(page);
        next = page.next;
      }
      assert.deepEqual(
        pages.flatMap(({ entries }) => entries),
        whole.entries,
      );
      assert.deepEqual(
        pages.map(({ opening, balance }) => [opening.amount, balance.amount]),
        [
          [1300, 2000],
          [1000, 1300],
          [0, 1000],
        ],
      );
      for (const { opening, entries, balance } of pages) {
        assert.equal(
          entries.reduce((sum, { amount }) => sum + amount.amount, opening.amount),
          balance.amount,
        );
      }
      const nothing = await read<StatementView>(store, '/v1/cards/bert/statement');
      assert.deepEqual([nothing.entries, nothing.opening, nothing.balance], [[], euros(0), euros(0)]);
    }));

  test('a statement is for operators, of a card that exists, by a page that makes sense', (t) =>
    withFollower(t, async (store) => {
      await makeCard(store, { id: 'anna' });
      for (const list of ['statement', 'journeys']) {
        assertProblem(await store.get(`/v1/cards/anna/${list}`), 'UNAUTHORIZED');
        assertProblem(await store.get(`/v1/cards/nobody/${list}`, asOperator), 'UNKNOWN_CARD');
        for (const query of ['limit=0', 'limit=101', 'cursor=AAAA', 'cursor=']) {
          assertProblem(await store.get(`/v1/cards/anna/${list}?${query}`, asOperator), 'INVALID_REQUEST');
        }
        assertProblem(await store.get(`/v1/cards/anna/${list}?at=0.1.000000000000`, asOperator), 'POSITION_UNKNOWN');
      }
    }));

  test('a store without SQL views has no statements, and says so', () =>
    withStore({ args: ['--doors', 'gates'], environment: guarded }, async (store) => {
      await makeCard(store, { id: 'anna' });
      for (const list of ['statement', 'journeys']) {
        assertProblem(await store.get(`/v1/cards/anna/${list}`, asOperator), 'NO_LISTS');
      }
    }));
});

describe('journeys of a card', () => {
  test('journeys are listed newest first, the open one before all, and fares name journey and rule', (t) =>
    withFollower(t, async (store) => {
      await build(store);
      await makeCard(store, { id: 'anna', balance: euros(5000) });
      const noon = Date.now() - 3_600_000;
      const minute = 60_000;
      await tap(store, 0, 1, directions.in, noon);
      await tap(store, 1, 1, directions.out, noon + 10 * minute);
      // An exit without an entry, and a journey that goes on.
      await tap(store, 1, 2, directions.out, noon + 20 * minute);
      await tap(store, 0, 2, directions.in, noon + 30 * minute);
      const { items, next } = await read<JourneysView>(store, '/v1/cards/anna/journeys');
      assert.equal(next, null);
      const at = (minutes: number): string => new Date(noon + minutes * minute).toISOString();
      const common = { card: 'anna', category: 'adult', capped: null, chain: null };
      assert.deepEqual(items, [
        {
          ...common,
          id: 'journey_0_3',
          entry: { gate: 'gate a', station: 'a', at: at(30) },
          exit: null,
          fare: euros(0),
          rule: null,
          status: 'open',
        },
        {
          ...common,
          id: 'journey_0_2',
          entry: null,
          exit: { gate: 'gate b', station: 'b', at: at(20) },
          fare: euros(900),
          rule: 'maximum fare',
          status: 'incomplete',
        },
        {
          ...common,
          id: 'journey_0_1',
          entry: { gate: 'gate a', station: 'a', at: at(0) },
          exit: { gate: 'gate b', station: 'b', at: at(10) },
          fare: euros(310),
          rule: 'zones 1-2',
          status: 'complete',
        },
      ]);
      const single: unknown[] = [];
      for (let from: string | null = ''; from !== null;) {
        const page: JourneysView = await read(
          store,
          `/v1/cards/anna/journeys?limit=1${from === '' ? '' : `&cursor=${from}`}`,
        );
        assert.equal(page.items.length, 1);
        single.push(...page.items);
        from = page.next;
      }
      assert.deepEqual(single, items);
      const { entries, balance } = await read<StatementView>(store, '/v1/cards/anna/statement');
      assert.deepEqual(
        entries.map(({ kind, amount, journey, rule, at: tapped }) => [kind, amount.amount, journey, rule, tapped]),
        [
          ['fare', -900, 'journey_0_2', 'maximum fare', at(20)],
          ['fare', -310, 'journey_0_1', 'zones 1-2', at(10)],
          ['opening', 5000, null, null, null],
        ],
      );
      assert.equal(balance.amount, 3790);
    }));
});
