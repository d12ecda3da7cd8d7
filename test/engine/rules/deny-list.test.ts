/** The deny list: when a card comes on it and leaves it, and what a reader gets. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Command, kinds } from '../../../src/engine/command.ts';
import { moneyOf } from '../../../src/engine/commands/cards.ts';
import { dump, stateHash } from '../../../src/engine/dump.ts';
import { Engine } from '../../../src/engine/engine.ts';
import { outcomes } from '../../../src/engine/outcomes.ts';
import { keptChanges } from '../../../src/engine/tables/deny-list.ts';
import { Random, seedsFor } from '../random.ts';
import { defaultGenesis } from '../rows.ts';
import { restored, snapshotOf } from '../subjects.ts';
import { beginMs } from '../table.ts';
import { cityTariff } from '../tariffs-support.ts';

/** Cards that one record looks at again. */
const looks = 4096;

class Store {
  engine = new Engine();
  nowMs = beginMs;
  private readonly command = new Command();

  constructor() {
    this.command.reset(kinds.genesis).body = defaultGenesis;
    this.apply(this.command);
  }

  /** Issues so many cards with a balance each. */
  issue(count: number, balance: number): void {
    this.command.reset(kinds.issueCards).body = { count, balance, category: 'adult', currency: 'EUR' };
    this.apply(this.command);
  }

  topUp(card: number, amount: number): void {
    this.command.reset(kinds.topUp).target = card;
    moneyOf(this.command).amount = amount;
    this.apply(this.command);
  }

  setBlocked(card: number, blocked: boolean): void {
    this.command.reset(blocked ? kinds.blockCard : kinds.unblockCard).target = card;
    this.apply(this.command);
  }

  /** A tariff with a minimum balance, in force `inMs` from now; null: at once. */
  setTariff(minimumBalance: number, inMs: number | null = null): void {
    const { offsetMs } = this.engine.state.civil;
    const effectiveFromMs = inMs === null ? null : this.nowMs + offsetMs + inMs;
    this.command.reset(kinds.setTariff).body = cityTariff({ minimumBalance, effectiveFromMs });
    this.apply(this.command);
  }

  tick(ms = 0): void {
    this.nowMs += ms;
    this.apply(this.command.reset(kinds.tick));
  }

  setClock(offsetMs: number): void {
    this.command.reset(kinds.setClock).body = { offsetMs };
    this.apply(this.command);
  }

  /** Ticks while something is due now; returns how often. */
  settle(): number {
    for (let ticks = 0; ; ticks += 1) {
      if (this.engine.nextDueMs() > this.nowMs) return ticks;
      if (ticks > 100) throw new Error('something stays due');
      this.tick();
    }
  }

  /** Cards on the list, by row. */
  listed(): number[] {
    const { cards } = this.engine.state;
    return Array.from({ length: cards.count }, (_, card) => card).filter((card) => cards.listed.get(card) === 1);
  }

  private apply(command: Command): void {
    const { row } = this.engine.apply(command, this.engine.position + 1, this.nowMs);
    assert.ok(row.number < 10 || row === outcomes.BALANCE_LIMIT, row.code);
  }
}

test('without a tariff blocked cards alone are on the list', () => {
  const store = new Store();
  store.issue(3, 0);
  store.setBlocked(1, true);
  assert.deepEqual(store.listed(), [1]);
  assert.equal(store.engine.nextDueMs(), Infinity);
});

test('a card below the minimum balance is on the list until it has enough', () => {
  const store = new Store();
  store.setTariff(150);
  store.tick();
  store.issue(1, 149);
  store.issue(1, 150);
  assert.deepEqual(store.listed(), [0]);
  store.topUp(0, 1);
  assert.deepEqual(store.listed(), []);
  store.setBlocked(0, true);
  assert.deepEqual(store.listed(), [0]);
  assert.equal(store.engine.state.denyList.last, 3);
});

test('a blocked card with too little that is unblocked stays where it is, without a change', () => {
  const store = new Store();
  store.setTariff(150);
  store.tick();
  store.issue(1, 0);
  store.setBlocked(0, true);
  store.setBlocked(0, false);
  assert.deepEqual(
    dump(store.engine).denied.map(([number, , listed]) => [number, listed]),
    [[1, true]],
  );
});

test('a new minimum balance looks at all cards again, some thousands a record', () => {
  const store = new Store();
  store.issue(10_000, 100);
  store.issue(10, 200);
  store.setTariff(150);
  assert.equal(store.engine.nextDueMs(), store.nowMs);
  assert.equal(store.listed().length, 0, 'its own record changes nothing');
  store.tick();
  assert.equal(store.listed().length, looks);
  assert.equal(store.engine.nextDueMs(), store.nowMs);
  assert.equal(store.settle(), 2);
  assert.equal(store.listed().length, 10_000);
  assert.equal(store.engine.nextDueMs(), Infinity);
  // In the order of the rows.
  const { cards, denyList } = store.engine.state;
  assert.deepEqual([cards.denied.get(0), cards.denied.get(9_999), denyList.last], [1, 10_000, 10_000]);
  store.setTariff(150);
  assert.equal(store.settle(), 0, 'the same minimum is no new one');
  store.setTariff(50);
  store.settle();
  assert.deepEqual([store.listed().length, denyList.last], [0, 20_000]);
});

test('what changes while cards are looked at again is looked at by the new minimum', () => {
  const store = new Store();
  store.issue(10_000, 100);
  store.setTariff(150);
  store.topUp(9_999, 50);
  store.setBlocked(9_998, true);
  store.issue(1, 100);
  store.settle();
  const listed = store.listed();
  assert.equal(listed.length, 10_000);
  assert.ok(!listed.includes(9_999) && listed.includes(10_000));
});

test('a tariff that comes into force by time is taken over then, by a record that is due', () => {
  const store = new Store();
  store.issue(2, 100);
  store.setTariff(0);
  store.settle();
  store.setTariff(150, 5_000);
  assert.equal(store.engine.nextDueMs(), store.nowMs + 5_000);
  store.tick(4_999);
  assert.deepEqual(store.listed(), []);
  store.tick(1);
  assert.deepEqual(store.listed(), [0, 1]);
  assert.equal(store.engine.nextDueMs(), Infinity);
});

test('a clock that is set back brings the former minimum back', () => {
  const store = new Store();
  store.issue(2, 100);
  store.setTariff(0);
  store.settle();
  store.setTariff(150, 5_000);
  store.tick(5_000);
  assert.deepEqual(store.listed(), [0, 1]);
  store.setClock(-2_000);
  assert.equal(store.engine.nextDueMs(), store.nowMs);
  store.settle();
  assert.deepEqual(store.listed(), []);
  assert.equal(store.engine.nextDueMs(), store.nowMs + 2_000);
});

test('the changes of a reader that is too far behind are dropped, and no others', () => {
  const store = new Store();
  store.issue(3, 0);
  for (let change = 0; change < keptChanges; change += 1) store.setBlocked(change % 2, change % 4 < 2);
  const { cards, denyList } = store.engine.state;
  assert.deepEqual([denyList.last, denyList.dropped], [keptChanges, 0]);
  assert.equal(denyList.card(1), 0);
  store.setBlocked(2, true);
  assert.deepEqual([denyList.last, denyList.dropped], [keptChanges + 1, 1]);
  assert.deepEqual([denyList.card(keptChanges + 1), denyList.card(2)], [2, 1]);
  assert.equal(cards.denied.get(2), keptChanges + 1);
  store.engine = restored(snapshotOf(store.engine));
  assert.equal(store.engine.state.denyList.card(keptChanges + 1), 2);
  assert.deepEqual(store.listed(), [2]);
});

/** The rule in plain words: a list of changes, cards as objects. */
class Model {
  readonly cards: { balance: number; blocked: boolean; listed: boolean }[] = [];
  readonly changes: { card: number; listed: boolean }[] = [];
  minimum: number | null = null;
  owedFrom: number | null = null;

  look(card: number): void {
    const found = this.cards[card]!;
    const listed = found.blocked || (this.minimum !== null && found.balance < this.minimum);
    if (listed !== found.listed) this.changes.push({ card, listed });
    found.listed = listed;
  }

  /** Before each record. */
  begin(minimum: number | null): void {
    if (minimum !== this.minimum) this.owedFrom = 0;
    this.minimum = minimum;
    if (this.owedFrom === null) return;
    const end = this.owedFrom + looks;
    for (let card = this.owedFrom; card < end && card < this.cards.length; card += 1) this.look(card);
    this.owedFrom = end < this.cards.length ? end : null;
  }

  /** What changes nothing is no reason to look. */
  setBlocked(card: number, blocked: boolean): void {
    const found = this.cards[card]!;
    if (found.blocked === blocked) return;
    found.blocked = blocked;
    this.look(card);
  }

  add(balance: number): void {
    this.cards.push({ balance, blocked: false, listed: false });
    this.look(this.cards.length - 1);
  }
}

/** A reader that has the changes up to a number, as a gate has them. */
class Reader {
  number = 0;
  readonly denied = new Set<number>();

  read(store: Store): void {
    const { cards, denyList } = store.engine.state;
    if (this.number < denyList.dropped) {
      this.denied.clear();
      for (const card of store.listed()) this.denied.add(card);
      this.number = denyList.last;
    }
    while (this.number < denyList.last) {
      this.number += 1;
      const card = denyList.card(this.number);
      // An earlier change of it is passed over.
      if (cards.denied.get(card) !== this.number) continue;
      if (cards.listed.get(card) === 1) this.denied.add(card);
      else this.denied.delete(card);
    }
  }
}

for (const seed of seedsFor(6)) {
  test(`random changes give the same list as plain words do (seed ${seed})`, () => {
    const random = new Random(seed);
    const store = new Store();
    const model = new Model();
    const [often, seldom] = [new Reader(), new Reader()];
    /** When each minimum is in force. */
    const tariffs: { fromMs: number; minimum: number }[] = [];
    const minimumNow = (): number | null =>
      (tariffs.filter(({ fromMs }) => fromMs <= store.nowMs).at(-1) ?? tariffs[0])?.minimum ?? null;
    for (let step = 0; step < 300; step += 1) {
      if (random.chance(40)) store.nowMs += random.below(2_000);
      model.begin(minimumNow());
      const kind = random.weighted({ issue: 20, topUp: 30, block: 20, unblock: 20, tariff: 4, tick: 10, restore: 3 });
      const card = random.below(model.cards.length);
      if (kind === 'issue' || model.cards.length === 0) {
        const [count, balance] = [random.pick([1, 1, 2, 900]), 50 * random.below(5)];
        store.issue(count, balance);
        for (let made = 0; made < count; made += 1) model.add(balance);
      } else if (kind === 'topUp') {
        store.topUp(card, 50);
        model.cards[card]!.balance += 50;
        model.look(card);
      } else if (kind === 'block' || kind === 'unblock') {
        store.setBlocked(card, kind === 'block');
        model.setBlocked(card, kind === 'block');
      } else if (kind === 'tariff') {
        const [minimum, inMs] = [50 * random.below(6), random.pick([null, 700, 4_000])];
        store.setTariff(minimum, inMs);
        // Of two from the same time on the later one holds.
        const fromMs = store.nowMs + (inMs ?? 0);
        const others = tariffs.filter((tariff) => tariff.fromMs !== fromMs);
        tariffs.splice(0, tariffs.length, ...others, { fromMs, minimum });
        tariffs.sort((one, other) => one.fromMs - other.fromMs);
      } else if (kind === 'restore') {
        const hash = stateHash(dump(store.engine));
        store.engine = restored(snapshotOf(store.engine));
        assert.equal(stateHash(dump(store.engine)), hash);
        store.tick();
      } else {
        store.tick();
      }
      const { denyList } = store.engine.state;
      assert.equal(denyList.last, model.changes.length);
      if (denyList.last > 0) assert.equal(denyList.card(denyList.last), model.changes.at(-1)!.card);
      if (random.chance(50)) often.read(store);
    }
    for (const reader of [often, seldom]) {
      reader.read(store);
      assert.deepEqual(
        [...reader.denied].toSorted((one, other) => one - other),
        store.listed(),
      );
    }
    assert.deepEqual(
      store.listed(),
      model.cards.flatMap(({ listed }, card) => (listed ? [card] : [])),
    );
  });
}
