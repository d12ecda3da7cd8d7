/** POST /v1/taps: outcomes, in the order asked; each tap counted once, whatever comes. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { assertProblem } from '../v1/support.ts';
import {
  atNoon,
  brief,
  euros,
  makeCard,
  makeCity,
  outcomesIn,
  sendTaps,
  tapJson,
  tapped,
  totalsOf,
} from './support.ts';

const at = (seconds: number): string => new Date(Date.parse('2026-06-01T12:00:00Z') + seconds * 1000).toISOString();

describe('taps', () => {
  test('in and out are charged by the tariff, and the rule is named', () =>
    atNoon(async (store) => {
      await makeCity(store);
      const entry = await sendTaps(store, tapJson({ sequence: 1 }));
      assert.deepEqual(outcomesIn(entry), [
        {
          gate: 'north-1',
          sequence: 1,
          card: 'ann',
          result: 'open',
          reason: null,
          rule: null,
          flags: [],
          fare: euros(0),
          balance: euros(1000),
          journey: 'journey_0_1',
          replayed: false,
        },
      ]);
      assert.equal(entry.string('position'), entry.header('Holdfast-Position'));
      await store.advance(600_000);
      const [exit] = await tapped(store, { gate: 'south-1', sequence: 1, direction: 'out', at: at(600) });
      assert.deepEqual(
        [exit?.['result'], exit?.['rule'], exit?.['fare'], exit?.['balance'], exit?.['journey']],
        ['open', 'zones 1-3', euros(200), euros(800), 'journey_0_1'],
      );
      assert.deepEqual((await store.get('/v1/cards/ann')).body['balance'], euros(800));
    }));

  test('outcomes come in the order asked, each with its card as it was named', () =>
    atNoon(async (store) => {
      const uuid = '6544ecbf-09f5-4dbd-962c-10cc2fc4a8f1';
      await makeCity(store, ['ann', uuid, 'Zoë "x"']);
      const cards = ['Zoë "x"', 'nobody', uuid, 'ann'];
      const outcomes = await tapped(
        store,
        cards.map((card, i) => ({ sequence: i + 1, card })),
      );
      assert.deepEqual(
        outcomes.map(({ card, sequence, result, reason, balance }) => [card, sequence, result, reason, balance]),
        [
          ['Zoë "x"', 1, 'open', null, euros(1000)],
          ['nobody', 2, 'deny', 'UNKNOWN_CARD', null],
          [uuid, 3, 'open', null, euros(1000)],
          ['ann', 4, 'open', null, euros(1000)],
        ],
      );
    }));

  test('any suffix that is sent again changes nothing and gets the same outcomes', () =>
    atNoon(async (store) => {
      await makeCity(store, ['ann', 'bob']);
      const taps = Array.from({ length: 12 }, (_, i) => ({
        sequence: i + 1,
        card: i % 3 === 2 ? 'nobody' : i % 2 === 0 ? 'ann' : 'bob',
        direction: i < 6 ? ('in' as const) : ('out' as const),
        at: at(i),
      }));
      await store.advance(60_000);
      const first = await tapped(store, taps);
      const before = await totalsOf(store);
      assert.equal(before.taps, 12);
      for (let from = 0; from < taps.length; from += 1) {
        const again = await tapped(store, taps.slice(from));
        assert.deepEqual(
          again,
          first.slice(from).map((outcome) => ({ ...outcome, replayed: true })),
        );
      }
      const { position: _, ...counted } = (await totalsOf(store)) as unknown as Record<string, unknown>;
      const { position: __, ...counts } = before as unknown as Record<string, unknown>;
      assert.deepEqual(counted, counts);
      assert.equal(counted['explained'], true);
    }));

  test('a gap is not applied, and says what is expected', () =>
    atNoon(async (store) => {
      await makeCity(store);
      await tapped(store, { sequence: 1 });
      const [gap, taken] = await tapped(store, [{ sequence: 3 }, { sequence: 2, card: 'nobody' }]);
      assert.deepEqual([gap?.['result'], gap?.['expected'], taken?.['reason']], ['gap', 2, 'UNKNOWN_CARD']);
      assert.equal((await totalsOf(store)).taps, 2);
    }));

  test('a sequence that goes back is a repeat, and a new epoch begins at 1', () =>
    atNoon(async (store) => {
      await makeCity(store, ['ann', 'bob']);
      await tapped(store, [{ sequence: 1 }, { sequence: 2, card: 'bob' }]);
      const [back] = await tapped(store, { sequence: 1, card: 'bob' });
      // The first outcome: that of the card which tapped then.
      assert.deepEqual([back?.['replayed'], back?.['journey']], [true, 'journey_0_1']);
      const [anew] = await tapped(store, { epoch: 7, sequence: 1, card: 'nobody' });
      assert.deepEqual([anew?.['replayed'], anew?.['reason']], [false, 'UNKNOWN_CARD']);
    }));

  test('beyond what is kept a repeat is unknown, and never open', () =>
    atNoon(async (store) => {
      await makeCity(store);
      for (const from of [0, 1024]) {
        const taps = Array.from({ length: 1024 }, (_, i) => ({ sequence: from + i + 1, card: 'nobody' }));
        await tapped(store, taps);
      }
      const again = await tapped(store, [{ sequence: 1024 }, { sequence: 1025 }]);
      assert.deepEqual(
        again.map(({ result, replayed }) => [result, replayed]),
        [
          ['unknown', true],
          ['deny', true],
        ],
      );
    }));
});

describe('taps that are odd', () => {
  test('what does not exist is denied, and moves the mark', () =>
    atNoon(async (store) => {
      await makeCity(store);
      const outcomes = await tapped(store, [
        { gate: 'nowhere', sequence: 1 },
        { sequence: 1, card: 'nobody' },
        { sequence: 2, station: 'nowhere' },
        { sequence: 3, station: 'south' },
        { sequence: 4, direction: 'out' },
      ]);
      assert.deepEqual(brief(outcomes), [
        ['deny', 'UNKNOWN_GATE'],
        ['deny', 'UNKNOWN_CARD'],
        ['deny', 'UNKNOWN_STATION'],
        ['deny', 'STATION_MISMATCH'],
        ['open', 'NO_ENTRY'],
      ]);
      assert.deepEqual([outcomes[4]?.['rule'], outcomes[4]?.['fare']], ['maximum fare', euros(300)]);
    }));

  test('a card at two distant stations within a minute is flagged', () =>
    atNoon(async (store) => {
      await makeCity(store);
      await tapped(store, { sequence: 1 });
      const [far] = await tapped(store, { gate: 'south-1', sequence: 1, direction: 'out', at: at(30) });
      assert.deepEqual([far?.['result'], far?.['flags']], ['open', ['DISTANT']]);
    }));

  test('a device time too far ahead or back is denied live, and flagged when the gate opened', () =>
    atNoon(async (store) => {
      await makeCity(store);
      const days = 86_400;
      const outcomes = await tapped(store, [
        { sequence: 1, at: at(121) },
        { sequence: 2, at: at(-8 * days - 1) },
        { sequence: 3, at: at(-8 * days - 1), decided: 'opened' },
        { sequence: 4, at: at(121), decided: 'opened' },
        { gate: 'south-1', sequence: 1, at: at(119), direction: 'out' },
      ]);
      assert.deepEqual(brief(outcomes).slice(0, 4), [
        ['deny', 'TIME_AHEAD'],
        ['deny', 'TIME_TOO_OLD'],
        ['open', 'TIME_TOO_OLD'],
        ['open', 'TIME_AHEAD UNFINISHED'],
      ]);
    }));

  test('what a gate denied by itself is recorded and not charged', () =>
    atNoon(async (store) => {
      await makeCity(store);
      assert.deepEqual(brief(await tapped(store, { sequence: 1, decided: 'denied' })), [['deny', 'DENIED_BY_GATE']]);
      assert.equal((await totalsOf(store)).denied, 1);
    }));

  test('a blocked card and an empty one are not let in', () =>
    atNoon(async (store) => {
      await makeCity(store, ['ann', 'bob']);
      await makeCard(store, { id: 'poor', balance: euros(99) });
      await store.post('/v1/cards/bob/block', {}, null);
      const outcomes = await tapped(store, [
        { sequence: 1, card: 'bob' },
        { sequence: 2, card: 'poor' },
        { sequence: 3, card: 'poor', decided: 'opened' },
      ]);
      assert.deepEqual(brief(outcomes), [
        ['deny', 'CARD_BLOCKED'],
        ['deny', 'LOW_BALANCE'],
        ['open', 'LOW_BALANCE'],
      ]);
    }));
});

describe('batches of taps that are refused', () => {
  const taken = async (store: Parameters<typeof totalsOf>[0]) => (await totalsOf(store)).taps;

  test('a mistake in one tap refuses all of them, with its place', () =>
    atNoon(async (store) => {
      await makeCity(store);
      const wrong = [
        [{ ...tapJson({ sequence: 2 }), sequence: 0 }, '/1/sequence'],
        [{ ...tapJson({ sequence: 2 }), direction: 2 }, '/1/direction'],
        [{ ...tapJson({ sequence: 2 }), at: 'now' }, '/1/at'],
        [{ ...tapJson({ sequence: 2 }), epoch: -1 }, '/1/epoch'],
        [{ ...tapJson({ sequence: 2 }), colour: 'red' }, '/1'],
        ['tap', '/1'],
      ] as const;
      for (const [tap, place] of wrong) {
        const answer = await sendTaps(store, [tapJson({ sequence: 1 }), tap]);
        assertProblem(answer, 'INVALID_REQUEST');
        assert.equal((answer.body['errors'] as { path: string }[])[0]?.path, place);
      }
      for (const json of [[], {}, null, 1]) assertProblem(await sendTaps(store, json), 'INVALID_REQUEST');
      assert.equal(await taken(store), 0);
    }));

  test('more than 1,024 taps of one gate are refused, also of one that does not exist', () =>
    atNoon(async (store) => {
      await makeCity(store);
      for (const gate of ['north-1', 'nowhere']) {
        const taps = Array.from({ length: 1025 }, (_, i) => tapJson({ gate, sequence: i + 1 }));
        const answer = await sendTaps(store, taps);
        assertProblem(answer, 'INVALID_REQUEST', /^\/1024\/gate is one more than the 1024 taps of one gate/);
        assert.equal(outcomesIn(await sendTaps(store, taps.slice(0, 1024))).length, 1024);
      }
      assert.equal(await taken(store), 1024);
    }));

  test('a million bytes of array, deep JSON and more than a mebibyte are refused at once', () =>
    atNoon(async (store) => {
      const send = (body: string) => store.ask('POST', '/v1/taps', { body });
      const many = await send(`[${'1,'.repeat(499_999)}1]`);
      assertProblem(many, 'INVALID_REQUEST', /has 500000 taps; at most 4096/);
      assertProblem(await send(`${'['.repeat(400_000)}${']'.repeat(400_000)}`), 'INVALID_JSON', /nested/);
      assertProblem(await send(`[${' '.repeat(1024 * 1024)}]`), 'BODY_TOO_LARGE');
      assertProblem(await send(JSON.stringify(tapJson({ sequence: 1 })).replace('{', '{"gate":"x",')), 'INVALID_JSON');
    }));

  test('the same tap may not be a form, a text, or of no type that a page could send', () =>
    atNoon(async (store) => {
      await makeCity(store);
      for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'application/octet-stream']) {
        const answer = await store.ask('POST', '/v1/taps', {
          body: JSON.stringify(tapJson({ sequence: 1 })),
          headers: { 'Content-Type': type },
        });
        assertProblem(answer, 'UNSUPPORTED_TYPE');
      }
      assert.equal(await taken(store), 0);
    }));
});
