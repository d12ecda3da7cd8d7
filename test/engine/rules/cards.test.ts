/** Cards: ids that the engine makes, and what one movement of money leaves behind. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { changeKinds } from '../../../src/engine/changes.ts';
import { Command, kinds } from '../../../src/engine/command.ts';
import { maxBalance, minBalance, moneyOf } from '../../../src/engine/commands/cards.ts';
import { Engine } from '../../../src/engine/engine.ts';
import { canMove, move } from '../../../src/engine/rules/money.ts';
import { cardId } from '../../../src/engine/tables/cards.ts';
import { entryKinds } from '../../../src/engine/tables/journal.ts';
import { defaultGenesis } from '../rows.ts';
import { restored, snapshotOf } from '../subjects.ts';
import { beginMs } from '../table.ts';

function begun(hashKey = defaultGenesis.hashKey): Engine {
  const engine = new Engine();
  engine.apply(withBody(kinds.genesis, { ...defaultGenesis, hashKey }), 1, beginMs);
  return engine;
}

function withBody(kind: Parameters<Command['reset']>[0], body: object): Command {
  const command = new Command().reset(kind);
  command.body = body;
  return command;
}

function apply(engine: Engine, command: Command): void {
  const { row } = engine.apply(command, engine.position + 1, beginMs + engine.position);
  assert.equal(row.code, 'OK');
}

const opening = { category: 'adult', balance: 0, currency: null };

function issue(engine: Engine, count: number): string[] {
  const { cards } = engine.state;
  const first = cards.count;
  apply(engine, withBody(kinds.issueCards, { count, ...opening }));
  return Array.from({ length: count }, (_, made) => cardId(engine.state, first + made));
}

test('issued cards have UUIDs of version 8, all different, and are found by them', () => {
  const engine = begun();
  const ids = [...issue(engine, 10_000), ...issue(engine, 500)];
  assert.equal(new Set(ids).size, ids.length);
  for (const [card, id] of ids.entries()) {
    assert.match(id, /^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    const bytes = new TextEncoder().encode(id);
    assert.equal(engine.state.findCard(bytes, 0, bytes.length), card);
    const raw = Uint8Array.from(Buffer.from(`00${id.replaceAll('-', '')}`, 'hex'));
    assert.equal(engine.state.findCardByUuid(raw, 1), card);
  }
  assert.deepEqual(issue(begun(), 3), ids.slice(0, 3), 'every replica makes the same');
  assert.notEqual(issue(begun([9, 9, 9, 9]), 1)[0], ids[0], 'another store makes others');
});

test('an id that a caller has taken is passed over', () => {
  const [first = '', second = ''] = issue(begun(), 2);
  const engine = begun();
  apply(engine, withBody(kinds.createCard, { id: second, name: null, ...opening }));
  // Row 1 would have that id.
  const [made] = issue(engine, 1);
  assert.notEqual(made, second);
  assert.notEqual(made, first);
  assert.match(made!, /-8[0-9a-f]{3}-/);
});

test('a store of many cards is the same after a restore, and goes on the same', () => {
  const engine = begun();
  const names = [null, '', 'Ännä'];
  const ids = Array.from({ length: 300 }, (_, i) => (i % 2 === 0 ? `card ${'x'.repeat(i)}` : `Ō-${i}`));
  for (const [i, id] of ids.entries()) {
    apply(engine, withBody(kinds.createCard, { id, name: names[i % 3]!, ...opening }));
    if (i % 100 === 0) issue(engine, 10_000);
  }
  const copy = restored(snapshotOf(engine));
  assert.deepEqual(snapshotOf(copy), snapshotOf(engine));
  assert.deepEqual(issue(copy, 5), issue(engine, 5));
  for (const id of ids) {
    const bytes = new TextEncoder().encode(id);
    const card = copy.state.findCard(bytes, 0, bytes.length);
    assert.equal(cardId(copy.state, card), id);
    assert.equal(card, engine.state.findCard(bytes, 0, bytes.length));
  }
});

test('a movement changes balance and totals, and has an entry that says all of it', () => {
  const engine = begun();
  issue(engine, 2);
  const { state } = engine;
  const { journal, cards, changes } = state;
  changes.collecting = true;
  journal.collecting = true;
  const command = new Command().reset(kinds.refund);
  command.target = 1;
  Object.assign(moneyOf(command), { amount: 250, journey: 7 });
  apply(engine, command);
  const { entries } = journal;
  const at = entries.at(entries.total - 1);
  const columns = [entries.kind, entries.card, entries.amount, entries.balance, entries.journey, entries.position];
  assert.deepEqual(
    columns.map((column) => column[at]),
    [entryKinds.refund, 1, 250, 250, 7, engine.position],
  );
  assert.equal(entries.bookedAtMs[at], state.civilMs);
  move(state, 1, entryKinds.fare, -400);
  move(state, 1, entryKinds.adjustment, 50);
  move(state, 0, entryKinds.adjustment, -5);
  assert.deepEqual([cards.balanceOf(0), cards.balanceOf(1)], [-5, -100]);
  assert.deepEqual(cards.totals, { opened: 0, toppedUp: 0, fares: 400, refunded: 250, adjusted: 45 });
  const { opened, toppedUp, fares, refunded, adjusted } = cards.totals;
  assert.equal(opened + toppedUp - fares + refunded + adjusted, cards.balanceOf(0) + cards.balanceOf(1));
  const noted = Array.from({ length: changes.count }, (_, change) => [changes.kind(change), changes.row(change)]);
  assert.deepEqual(
    noted,
    [1, 1, 1, 0].map((card) => [changeKinds.card, card]),
  );
});

test('no movement takes a balance out of what a card can hold, or in parts of a minor unit', () => {
  const engine = begun();
  issue(engine, 1);
  const { state } = engine;
  move(state, 0, entryKinds.fare, minBalance);
  assert.equal(state.cards.balanceOf(0), minBalance);
  assert.deepEqual([canMove(state, 0, -1), canMove(state, 0, 0), canMove(state, 0, 2 ** 32 - 1)], [false, true, true]);
  assert.throws(() => move(state, 0, entryKinds.fare, -1), /would have a balance of -2147483649/);
  move(state, 0, entryKinds.topUp, maxBalance - minBalance);
  assert.equal(state.cards.balanceOf(0), maxBalance);
  assert.throws(() => move(state, 0, entryKinds.topUp, 1), /would have a balance of 2147483648/);
  assert.throws(() => move(state, 0, entryKinds.fare, -0.5), /would have a balance/);
});
