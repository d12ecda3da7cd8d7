/** A gate against a store that is late, silent, gone, or has forgotten. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, describe, test } from 'node:test';
import type { Conflict, GateOptions } from '../../../sdk/src/gate/index.ts';
import { Gate } from '../../../sdk/src/gate/index.ts';
import { headBytes, recordBytes, recordKinds } from '../../../sdk/src/gate/queue-records.ts';
import type { ScriptedGateStore } from '../support/scripted-gate-store.ts';
import { withGateStore } from '../support/scripted-gate-store.ts';

const root = fs.mkdtempSync(path.join(os.tmpdir(), 'holdfast-gate-'));
let files = 0;
const newPath = (): string => path.join(root, `queue-${(files += 1)}`);
after(() => fs.rmSync(root, { recursive: true, force: true }));

const entry = { card: 5, direction: 'in' } as const;
const exit = { card: 5, direction: 'out' } as const;

interface Watched {
  readonly gate: Gate;
  readonly errors: string[];
  readonly conflicts: Conflict[];
}

function gateOf(url: string, options: Partial<GateOptions> = {}): Watched {
  const errors: string[] = [];
  const conflicts: Conflict[] = [];
  const gate = new Gate({
    url,
    gate: 'north-1',
    riskLimit: { entries: 3 },
    decideWithinMs: 100,
    retry: { baseMs: 5, capMs: 20 },
    onError: ({ message }) => errors.push(message),
    onConflict: (conflict) => conflicts.push(conflict),
    ...options,
  });
  return { gate, errors, conflicts };
}

/** Runs with a store and a gate, both gone afterwards. */
function withGate(
  options: Partial<GateOptions>,
  use: (store: ScriptedGateStore, watched: Watched) => Promise<void>,
): Promise<void> {
  return withGateStore(async (store) => {
    const watched = gateOf(store.url, options);
    try {
      await use(store, watched);
    } finally {
      await watched.gate.close();
    }
  });
}

async function until(isTrue: () => boolean): Promise<void> {
  for (let waited = 0; !isTrue(); waited += 1) {
    if (waited === 1000) assert.fail('it did not become true');
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

/** Cards, directions and decisions of what the store has applied. */
function applied({ applied: taps }: ScriptedGateStore): string[] {
  return taps.map(({ sequence, card, direction, decided }) => `${sequence} ${card} ${direction} ${decided}`);
}

function withoutAcknowledgements(file: Buffer): Buffer {
  const kept = [file.subarray(0, headBytes)];
  for (let at = headBytes; at < file.length; at += recordBytes) {
    if (file[at] !== recordKinds.acknowledged) kept.push(file.subarray(at, at + recordBytes));
  }
  return Buffer.concat(kept);
}

describe('a gate that is connected', () => {
  test('a tap has the outcome of the store', () =>
    withGate({ key: 'the key', epoch: 9 }, async (store, { gate }) => {
      const open = await gate.tap(entry);
      assert.deepEqual(open, {
        result: 'open',
        reason: null,
        flags: [],
        fare: 100,
        balance: 1000,
        journey: 'journey_0_1',
        rule: { base: 'none', peak: 0, cap: 0, chained: false, category: 0, entry: 0, exit: 0, cappedBy: 0 },
        offline: false,
        sequence: 1,
      });
      store.says = () => ({ result: 'deny', reason: 'LOW_BALANCE' });
      const denied = await gate.tap({ ...entry, station: 4, at: new Date(5000) });
      assert.deepEqual(
        [denied.result, denied.reason, denied.offline, denied.sequence],
        ['deny', 'LOW_BALANCE', false, 2],
      );
      const [, second] = store.applied;
      assert.deepEqual(second, {
        gate: 7,
        epoch: 9,
        sequence: 2,
        card: 5,
        station: 4,
        direction: 'in',
        decided: 'none',
        atMs: 5000,
      });
      await gate.uploaded();
      assert.deepEqual([gate.queued, gate.state, gate.counter], [0, 'open', { epoch: 9, nextSequence: 3 }]);
      assert.equal(store.offered[0]?.replaceAll(' ', ''), 'holdfast.taps,holdfast.key.dGhlIGtleQ');
    }));

  test('many taps at once are sent in few batches, in order, and each has its own outcome', () =>
    withGate({ decideWithinMs: 2000 }, async (store, { gate }) => {
      await gate.tap(entry);
      store.says = ({ card }) =>
        Number(card) % 2 === 0 ? { result: 'open' } : { result: 'deny', reason: 'CARD_BLOCKED' };
      const cards = Array.from({ length: 700 }, (_, index) => index + 1);
      const decided = await Promise.all(cards.map((card) => gate.tap({ card, direction: 'in' })));
      assert.deepEqual(
        decided.map(({ result }) => result),
        cards.map((card) => (card % 2 === 0 ? 'open' : 'deny')),
      );
      assert.deepEqual(
        store.applied.map(({ sequence }) => sequence),
        Array.from({ length: 701 }, (_, index) => index + 1),
      );
      assert.ok(store.batches.length < 40, `${store.batches.length} batches`);
    }));

  test('at most 1,024 taps are sent and not acknowledged', () =>
    withGate({ riskLimit: { entries: 5000 } }, async (store, { gate }) => {
      await gate.tap(exit);
      store.isLate = true;
      const taps = Array.from({ length: 3000 }, () => gate.tap(exit));
      await Promise.all(taps);
      const sent = store.batches.flat().length - 1;
      assert.ok(sent <= 1024, `${sent} sent`);
      assert.equal(gate.queued, 3000);
      store.release();
      await gate.uploaded();
      assert.equal(store.applied.length, 3001);
    }));

  test('taps that make no sense are refused, and not sent', () =>
    withGate({}, async (store, { gate }) => {
      await assert.rejects(gate.tap({ card: 'ann', direction: 'in' }), RangeError);
      await assert.rejects(gate.tap({ ...entry, station: -1 }), RangeError);
      await assert.rejects(gate.tap({ ...entry, at: new Date(NaN) }), RangeError);
      await gate.close();
      await assert.rejects(gate.tap(entry), /closed/);
      assert.deepEqual([gate.queued, store.batches], [0, []]);
      assert.throws(() => gateOf(store.url, { decideWithinMs: 0 }), RangeError);
      assert.throws(() => gateOf('ftp://x'), TypeError);
    }));
});

describe('a gate that is offline', () => {
  test('entries open up to the risk limit, exits always, and all is uploaded as it was', () =>
    withGate({}, async (store, { gate }) => {
      await gate.tap({ card: 1, direction: 'in' });
      store.isDown = true;
      store.cutAll();
      await until(() => gate.state === 'offline');
      const startedMs = performance.now();
      const results: string[] = [];
      for (let tap = 0; tap < 4; tap += 1) {
        const { result, reason, offline, fare } = await gate.tap(entry);
        assert.deepEqual([offline, fare], [true, null]);
        results.push(`${result} ${reason}`);
      }
      results.push((await gate.tap(exit)).result);
      assert.ok(performance.now() - startedMs < 90, 'a gate that is known to be offline waits for nothing');
      assert.deepEqual(results, ['open null', 'open null', 'open null', 'deny RISK_LIMIT', 'open']);
      assert.equal(store.applied.length, 1);
      store.isDown = false;
      await gate.uploaded();
      assert.deepEqual(applied(store), [
        '1 1 in none',
        '2 5 in opened',
        '3 5 in opened',
        '4 5 in opened',
        '5 5 in denied',
        '6 5 out opened',
      ]);
    }));

  test('cards on the deny list stay out, and may leave', () =>
    withGateStore(async (store) => {
      store.denyList = {
        items: [
          { card: '6544ecbf-09f5-4dbd-962c-10cc2fc4a8f1', number: 8, reason: 'CARD_BLOCKED' },
          { card: 'bob', number: 5, reason: 'LOW_BALANCE' },
        ],
        whole: true,
        next: '2',
        more: false,
        position: '0.1',
      };
      const queue = newPath();
      const { gate } = gateOf(store.url, { queue });
      await until(() => gate.denyList.readAtMs !== null);
      assert.equal(gate.denyList.cards, 2);
      store.isDown = true;
      store.cutAll();
      await until(() => gate.state === 'offline');
      const blocked = await gate.tap({ card: '6544ECBF-09F5-4DBD-962C-10CC2FC4A8F1', direction: 'in' });
      assert.deepEqual([blocked.result, blocked.reason], ['deny', 'CARD_BLOCKED']);
      assert.equal((await gate.tap(entry)).reason, 'LOW_BALANCE');
      assert.equal((await gate.tap(exit)).result, 'open');
      await gate.close();
      // Started without a network, the gate has the list from its file.
      const again = gateOf(store.url, { queue }).gate;
      await until(() => again.state === 'offline');
      assert.deepEqual([again.denyList.cards, (await again.tap(entry)).reason], [2, 'LOW_BALANCE']);
      await again.close();
    }));

  test('two hundred taps are in the file, and the next process uploads them once', () =>
    withGateStore(async (store) => {
      const queue = newPath();
      const down = gateOf('http://127.0.0.1:1', { queue, riskLimit: { entries: 2 }, number: 7 }).gate;
      await until(() => down.state === 'offline');
      const cards = Array.from({ length: 200 }, (_, index) => index + 1);
      await Promise.all(cards.map((card) => down.tap({ card, direction: 'in' })));
      assert.deepEqual(await down.close(), { left: 200 });
      const { gate } = gateOf(store.url, { queue, riskLimit: { entries: 2 } });
      await gate.uploaded();
      assert.deepEqual(
        store.applied.map(({ card, sequence, decided, gate: number }) => [card, sequence, decided, number]),
        cards.map((card) => [card, card, 'opened', 7]),
      );
      assert.deepEqual(await gate.close(), { left: 0 });
    }));

  test('a queue that is full takes no entries, and keeps nobody in', () =>
    withGate({ maxQueued: 2, number: 7 }, async (store, { gate }) => {
      store.isDown = true;
      store.cutAll();
      await until(() => gate.state === 'offline');
      await gate.tap(exit);
      await gate.tap(exit);
      const [into, out] = [await gate.tap(entry), await gate.tap(exit)];
      assert.deepEqual([into.result, into.reason, out.result, out.sequence], ['deny', 'QUEUE_FULL', 'open', null]);
      assert.equal(gate.queued, 2);
    }));

  test('a disk that fails keeps riders out, nobody in, and is reported', () =>
    withGateStore(async (store) => {
      const queue = newPath();
      const { gate, errors } = gateOf(store.url, { queue });
      await gate.tap(entry);
      fs.rmSync(`${queue}.lock`);
      const into = await gate.tap(entry);
      assert.deepEqual([into.result, into.reason, into.sequence], ['deny', 'NOT_STORED', null]);
      assert.equal((await gate.tap(exit)).result, 'open');
      assert.equal(errors.length, 1);
      await gate.close();
      assert.equal(store.applied.length, 1, 'a tap that was not stored is not sent');
    }));
});

describe('a store that is late', () => {
  test('the gate decides at the deadline, and the tap counts once', () =>
    withGate({ epoch: 3 }, async (store, { gate, conflicts }) => {
      await gate.tap(exit);
      store.isLate = true;
      const startedMs = performance.now();
      const decided = await gate.tap(entry);
      const tookMs = performance.now() - startedMs;
      assert.deepEqual([decided.result, decided.offline, decided.sequence], ['open', true, 2]);
      assert.ok(tookMs >= 95 && tookMs < 200, `${tookMs} ms`);
      // The next one does not wait for a store that is known to be late.
      assert.equal((await gate.tap(exit)).offline, true);
      assert.ok(performance.now() - startedMs < 300);
      store.release();
      await gate.uploaded();
      assert.deepEqual(applied(store), ['1 5 out none', '2 5 in none', '3 5 out opened']);
      assert.equal((await gate.tap(entry)).offline, false);
      assert.deepEqual(conflicts, []);
    }));

  test('a tap that the gate opened and the store had denied is sent once more, as opened', () =>
    withGate({}, async (store, { gate }) => {
      await gate.tap(exit);
      store.says = () => ({ result: 'deny', reason: 'LOW_BALANCE' });
      store.isLate = true;
      assert.equal((await gate.tap(entry)).result, 'open');
      store.release();
      await gate.uploaded();
      assert.deepEqual(applied(store), ['1 5 out none', '2 5 in none', '3 5 in opened']);
      assert.equal(store.applied[1]?.atMs, store.applied[2]?.atMs);
    }));

  test('and only once, when the gate ends before or after that tap is stored', () =>
    withGateStore(async (store) => {
      const queue = newPath();
      const reopen = async (): Promise<void> => {
        const { gate } = gateOf(store.url, { queue });
        await gate.uploaded();
        await gate.close();
      };
      const { gate } = gateOf(store.url, { queue });
      await gate.tap(exit);
      store.says = () => ({ result: 'deny', reason: 'LOW_BALANCE' });
      store.isLate = true;
      assert.equal((await gate.tap(entry)).result, 'open');
      assert.deepEqual(await gate.close(), { left: 1 });
      store.release();
      await reopen();
      const entries = ['2 5 in none', '3 5 in opened'];
      assert.deepEqual(applied(store).slice(1), entries);

      // Both are in the file, as after a crash before any acknowledgement was noted.
      store.isLate = true;
      const late = gateOf(store.url, { queue }).gate;
      assert.equal((await late.tap({ card: 6, direction: 'in' })).result, 'open');
      store.release();
      await late.uploaded();
      fs.writeFileSync(queue, withoutAcknowledgements(fs.readFileSync(queue)));
      fs.rmSync(`${queue}.lock`);
      await reopen();
      assert.deepEqual(applied(store).slice(3), ['4 6 in none', '5 6 in opened']);
      await late.close();
    }));

  test('a rider who was kept out goes in by the outcome that came late', () =>
    withGate({ riskLimit: { entries: 0 } }, async (store, { gate, conflicts }) => {
      await gate.tap(exit);
      store.isLate = true;
      const denied = await gate.tap(entry);
      assert.deepEqual([denied.result, denied.reason], ['deny', 'RISK_LIMIT']);
      store.release();
      await gate.uploaded();
      assert.deepEqual(
        conflicts.map(({ card, sequence, journey }) => [card, sequence, journey]),
        [[5, 2, 'journey_0_2']],
      );
      const open = await gate.tap(entry);
      assert.deepEqual([open.result, open.sequence, open.journey, open.offline], ['open', 2, 'journey_0_2', false]);
      assert.deepEqual(applied(store), ['1 5 out none', '2 5 in none']);
      assert.equal((await gate.tap(entry)).sequence, 3, 'once');
    }));

  test('a connection that is silent is left, and what was sent on it is sent again', () =>
    withGate({ answerMs: 150 }, async (store, { gate }) => {
      await gate.tap(exit);
      store.isLate = true;
      await gate.tap(entry);
      await until(() => gate.state === 'offline');
      store.isLate = false;
      await gate.uploaded();
      assert.deepEqual(applied(store), ['1 5 out none', '2 5 in none']);
      const sent = store.batches.flat().map(({ sequence, decided }) => `${sequence} ${decided}`);
      assert.deepEqual(sent.slice(0, 2), ['1 none', '2 none']);
      assert.deepEqual([...new Set(sent.slice(2))], ['2 opened']);
    }));
});

describe('a counter', () => {
  test('a gap is filled from the queue', () =>
    withGate({ epoch: 4 }, async (store, { gate, errors }) => {
      await gate.tap(exit);
      store.isLate = true;
      const taps = Array.from({ length: 5 }, () => gate.tap(exit));
      await Promise.all(taps);
      // The store has lost what it had not answered yet.
      store.forget(4, 1);
      store.applied.length = 1;
      store.cutAll();
      store.isLate = false;
      await gate.uploaded();
      assert.deepEqual(
        store.applied.map(({ sequence }) => sequence),
        [1, 2, 3, 4, 5, 6],
      );
      assert.deepEqual([store.skips, errors], [[], []]);
    }));

  test('taps that the store lost after it had them are skipped, and the next ones count', () =>
    withGate({ epoch: 4, decideWithinMs: 1000 }, async (store, { gate }) => {
      for (let tap = 0; tap < 6; tap += 1) await gate.tap(exit);
      store.forget(4, 2);
      const decided = await gate.tap(exit);
      assert.deepEqual([decided.sequence, decided.offline], [7, false]);
      assert.deepEqual(store.skips, [{ epoch: 4, from: 3, to: 6, reason: 'the gate has lost these taps' }]);
      assert.equal((await gate.tap(exit)).sequence, 8);
    }));

  test('a counter that goes back is noticed, and a new epoch begins', () =>
    withGateStore(async (store) => {
      const first = gateOf(store.url, { epoch: 4 }).gate;
      for (let card = 1; card <= 5; card += 1) await first.tap({ card, direction: 'in' });
      await first.close();
      // As with a file from a backup: the same epoch again, from its third tap on.
      const { gate, errors } = gateOf(store.url, { epoch: 4, sequence: 3, decideWithinMs: 1000 });
      const decided = await Promise.all([6, 7, 8, 9, 10].map((card) => gate.tap({ card, direction: 'in' })));
      await gate.uploaded();
      assert.ok(decided.every(({ result, offline }) => result === 'open' && !offline));
      assert.deepEqual(
        store.applied.map(({ card }) => card).toSorted((one, other) => Number(one) - Number(other)),
        [1, 2, 3, 4, 5, 6, 7, 8, 9, 10],
      );
      assert.notEqual(gate.counter.epoch, 4);
      assert.equal(errors.length, 1);
      assert.match(errors[0] ?? '', /the store knows sequence 3 already/);
      await gate.close();
    }));

  test('a lost file begins another epoch', () =>
    withGateStore(async (store) => {
      const queue = newPath();
      const epochs: number[] = [];
      for (let run = 0; run < 2; run += 1) {
        const { gate } = gateOf(store.url, { queue, decideWithinMs: 1000 });
        assert.equal((await gate.tap(exit)).sequence, 1);
        epochs.push(gate.counter.epoch);
        await gate.close();
        fs.rmSync(queue);
      }
      assert.notEqual(epochs[0], epochs[1]);
    }));
});

describe('a store that refuses', () => {
  test('a batch that is refused stays queued, is reported, and is sent again', () =>
    withGate({}, async (store, { gate, errors }) => {
      await gate.tap(exit);
      store.status = 503;
      assert.equal((await gate.tap(exit)).offline, true);
      await until(() => errors.length > 0);
      assert.match(errors[0] ?? '', /refused a batch with 503: \{"code":"REFUSED"\}/);
      store.status = 0;
      await gate.uploaded();
      assert.equal(store.applied.length, 2);
    }));

  test('a gate that the store does not know keeps its taps', () =>
    withGateStore(async (store) => {
      store.says = () => ({ result: 'deny', reason: 'UNKNOWN_GATE' });
      const { gate, errors } = gateOf(store.url);
      assert.equal((await gate.tap(exit)).offline, true);
      await until(() => errors.length > 0);
      assert.deepEqual([gate.queued, errors[0]], [1, 'the store took nothing: UNKNOWN_GATE']);
      assert.deepEqual(await gate.close({ uploadMs: 30 }), { left: 1 });
    }));
});
