/** A gate against a real store, over a line that is cut, and a store that is killed. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { GateOptions } from '../../../sdk/src/gate/index.ts';
import { Gate } from '../../../sdk/src/gate/index.ts';
import { Holdfast } from '../../../sdk/src/index.ts';
import { Random, seedsFor } from '../../engine/random.ts';
import { makeCards, makeCity, makeGateKey } from '../support/city.ts';
import { withCuts } from '../support/cuts.ts';
import { operatorKey, Store } from '../support/store.ts';

const store = new Store();
let operator: Holdfast;
let queues = 0;
const newQueue = (): string => path.join(store.folder, `queue-${(queues += 1)}`);

before(async () => {
  await store.start();
  operator = new Holdfast({ url: store.url, operatorKey });
  await makeCity(operator);
});

after(() => store.end());

function gateAt(gate: string, options: Partial<GateOptions> = {}): Gate {
  return new Gate({
    url: store.url,
    key: operatorKey,
    gate,
    riskLimit: { entries: 1000 },
    decideWithinMs: 2000,
    retry: { baseMs: 5, capMs: 50 },
    ...options,
  });
}

async function until(isTrue: () => boolean): Promise<void> {
  for (let waited = 0; !isTrue(); waited += 1) {
    if (waited === 2000) assert.fail('it did not become true');
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

/** How many taps the store has counted, and whether its balances are explained. */
async function counted(): Promise<number> {
  const { taps, explained, open, denied } = await operator.taps.totals();
  assert.ok(explained);
  assert.equal(open + denied, taps);
  return taps;
}

describe('a gate at a store', () => {
  test('a journey costs what the tariff says, and the tap says by which rule', async () => {
    const [card] = await makeCards(operator, 1);
    assert.ok(card !== undefined);
    const [north, south] = [gateAt('north-1'), gateAt('south-1')];
    const into = await north.tap({ card: card.id, direction: 'in' });
    assert.deepEqual([into.result, into.fare, into.balance, into.offline], ['open', 0, 5000, false]);
    const out = await south.tap({ card: card.number, direction: 'out' });
    assert.deepEqual([out.result, out.fare, out.balance, out.journey], ['open', 300, 4700, into.journey]);
    assert.deepEqual([out.rule?.base, out.rule?.entry, out.rule?.exit], ['zones', 1, 2]);
    assert.deepEqual((await operator.cards.get(card.id)).balance, { amount: 4700, currency: 'EUR' });
    await north.close();
    await south.close();
  });

  test('the store denies cards that it does not know, that are blocked, and that have too little', async () => {
    const [blocked, poor] = [...(await makeCards(operator, 1)), ...(await makeCards(operator, 1, 199))];
    assert.ok(blocked !== undefined && poor !== undefined);
    await operator.cards.block(blocked.id);
    const gate = gateAt('north-1');
    const cards = ['00000000-0000-4000-8000-000000000000', blocked.id, poor.id];
    const decided = await Promise.all(cards.map((card) => gate.tap({ card, direction: 'in' })));
    assert.deepEqual(
      decided.map(({ result, reason }) => `${result} ${reason}`),
      ['deny UNKNOWN_CARD', 'deny CARD_BLOCKED', 'deny LOW_BALANCE'],
    );
    await gate.close();
  });

  test("a gate's key opens its own gate, and no other", async () => {
    const [card] = await makeCards(operator, 1);
    assert.ok(card !== undefined);
    const key = await makeGateKey(operator, ['north-2']);
    const own = gateAt('north-2', { key });
    assert.equal((await own.tap({ card: card.id, direction: 'in' })).offline, false);
    await own.close();
    const errors: string[] = [];
    const other = gateAt('south-1', { key, decideWithinMs: 300, onError: ({ message }) => errors.push(message) });
    assert.equal((await other.tap({ card: card.id, direction: 'out' })).offline, true);
    await until(() => errors.length > 0);
    assert.match(errors.join(' '), /NOT_ITS_GATE/);
    assert.deepEqual(await other.close(), { left: 1 });
  });

  test('a gate without a station names one in each tap', async () => {
    const [card] = await makeCards(operator, 1);
    assert.ok(card !== undefined);
    const gate = gateAt('bus');
    assert.equal((await gate.tap({ card: card.id, direction: 'in' })).reason, 'UNKNOWN_STATION');
    const stations = (await operator.tariff.get()).stations;
    const station = stations.find(({ id }) => id === 'south')?.number;
    assert.equal((await gate.tap({ card: card.id, direction: 'in', station })).result, 'open');
    await gate.close();
  });
});

describe('a gate that loses its store', () => {
  test('two hundred offline taps are uploaded once, and sent again they change nothing', async () => {
    const cards = await makeCards(operator, 100);
    const before = await counted();
    const queue = newQueue();
    const away = gateAt('north-1', { url: 'http://127.0.0.1:1', queue });
    await until(() => away.state === 'offline');
    for (const direction of ['in', 'out'] as const) {
      const decided = await Promise.all(cards.map(({ id }) => away.tap({ card: id, direction })));
      assert.ok(decided.every(({ result, offline }) => result === 'open' && offline));
    }
    assert.deepEqual(await away.close(), { left: 200 });
    const stored = fs.readFileSync(queue);

    const back = gateAt('north-1', { queue });
    await back.uploaded();
    await back.close();
    assert.equal(await counted(), before + 200);
    const balance = async (): Promise<number> => (await operator.taps.totals()).balances.amount;
    const balances = await balance();

    // As if none of the answers had been noted before a crash.
    fs.writeFileSync(queue, stored);
    const again = gateAt('north-1', { queue });
    await again.uploaded();
    await again.close();
    assert.deepEqual([await counted(), await balance()], [before + 200, balances]);
  });

  test('a card that was blocked stays out while the store is away', async () => {
    const [card] = await makeCards(operator, 1);
    assert.ok(card !== undefined);
    await operator.cards.block(card.id);
    const queue = newQueue();
    const gate = gateAt('north-1', { queue, denyListMs: 50 });
    await until(() => gate.denyList.readAtMs !== null);
    await gate.close();
    const away = gateAt('north-1', { queue, url: 'http://127.0.0.1:1' });
    await until(() => away.state === 'offline');
    for (const name of [card.id, card.number]) {
      const decided = await away.tap({ card: name, direction: 'in' });
      assert.deepEqual([decided.result, decided.reason, decided.offline], ['deny', 'CARD_BLOCKED', true]);
    }
    await away.close();

    const near = gateAt('north-1', { denyListMs: 30 });
    await operator.cards.unblock(card.id);
    const since = Date.now();
    await until(() => (near.denyList.readAtMs ?? 0) > since + 30);
    assert.equal((await near.tap({ card: card.id, direction: 'in' })).result, 'open');
    await near.close();
  });

  for (const seed of seedsFor(2)) {
    test(`over a line that is cut at any byte each tap counts once (seed ${seed})`, { timeout: 60_000 }, async () => {
      const cards = await makeCards(operator, 60);
      const before = await counted();
      await withCuts(store.url, new Random(seed), async (url, cuts) => {
        const gate = gateAt('north-1', { url, queue: newQueue(), decideWithinMs: 100 });
        let taps = 0;
        for (let round = 0; round < 12 || cuts() < 3; round += 1) {
          const direction = round % 2 === 0 ? 'in' : 'out';
          const decided = await Promise.all(cards.map(({ id }) => gate.tap({ card: id, direction })));
          assert.ok(decided.every(({ result, flags }) => result === 'open' || flags.length === 0));
          taps += cards.length;
        }
        await gate.uploaded();
        const { nextSequence } = gate.counter;
        await gate.close();
        // Each number once; taps that stand in for a denied one have their own.
        assert.equal(await counted(), before + nextSequence - 1);
        assert.ok(nextSequence - 1 >= taps);
      });
    });
  }

  test('a store that is killed and started again counts each tap once', { timeout: 60_000 }, async () => {
    const cards = await makeCards(operator, 50);
    const before = await counted();
    const gate = gateAt('south-1', { queue: newQueue(), decideWithinMs: 150 });
    let isOver = false;
    let offline = 0;
    const ride = async (card: string): Promise<void> => {
      for (let tap = 0; !isOver; tap += 1) {
        const decided = await gate.tap({ card, direction: tap % 2 === 0 ? 'in' : 'out' });
        if (decided.offline) offline += 1;
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
    };
    const riders = cards.map(({ id }) => ride(id));
    for (let kills = 0; kills < 2; kills += 1) {
      await new Promise((resolve) => setTimeout(resolve, 300));
      await store.kill();
      await new Promise((resolve) => setTimeout(resolve, 200));
      await store.start();
    }
    await new Promise((resolve) => setTimeout(resolve, 300));
    isOver = true;
    await Promise.all(riders);
    await gate.uploaded();
    const { nextSequence } = gate.counter;
    await gate.close();
    assert.ok(offline > 0, 'no tap met the store while it was away');
    assert.equal(await counted(), before + nextSequence - 1);
  });

  test('taps that were lost for good are skipped, and the gate goes on', async () => {
    const [card] = await makeCards(operator, 1);
    assert.ok(card !== undefined);
    const first = gateAt('north-2', { epoch: 555 });
    await first.tap({ card: card.id, direction: 'in' });
    await first.close();
    const before = await counted();
    // A counter that ran on, whose taps in between are nowhere.
    const gate = gateAt('north-2', { epoch: 555, sequence: 9 });
    const decided = await gate.tap({ card: card.id, direction: 'out' });
    assert.deepEqual([decided.offline, decided.sequence, decided.result], [false, 9, 'open']);
    await gate.close();
    assert.equal(await counted(), before + 1);
  });
});
