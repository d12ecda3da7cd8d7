/** Names and e-mails: one rule at every door and in every file. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { readEvents } from '../../../src/cli/import/rows.ts';
import { readHall } from '../../../src/cli/import/hall.ts';
import { composed, findSpelled, isComposed, lookOf, spelledAs, spellings } from '../../../src/doors/kit/texts.ts';
import type { Answer } from '../../http/support/client.ts';
import { withStore } from '../../http/support/store.ts';

type Call = (text: string) => Promise<Answer>;

/** A control character of each kind: line breaks, tabs, NUL, DEL, and those of the upper half. */
const controls = ['\u0000', '\t', '\n', '\r', '\u001b', '\u007f', '\u0080', '\u0085', '\u009b'];

describe('a name with a control character', () => {
  test('a name with a control character is refused by every door that takes names', async () => {
    await withStore({}, async (store) => {
      const sale = { kind: 'counted', capacity: 5 };
      await store.post('/v1/sales', { ...sale, name: 'A' }, null);
      await store.post('/v1/sales', { name: 'H', kind: 'seated', hall: hallOf('A', '1', '1') }, null);
      await store.post('/api/events', { name: 'E', event_date: '2030-01-01' }, null);
      await store.post('/api/users', { name: 'U', email: 'u@example.org' }, null);
      const added = (section: string, row: string, number: string): Promise<Answer> =>
        store.post('/v1/sales/sale_0_2/seats', { seats: [{ section, row, number }] }, null);
      await refusesEach({
        'a sale': (name) => store.post('/v1/sales', { ...sale, name }, null),
        'a change of a sale': (name) => store.ask('PATCH', '/v1/sales/sale_0_1', { json: { name } }),
        'a section': (name) =>
          store.post('/v1/sales', { name: 'H', kind: 'seated', hall: hallOf(name, '1', '1') }, null),
        'a row': (name) => store.post('/v1/sales', { name: 'H', kind: 'seated', hall: hallOf('A', name, '1') }, null),
        'a seat': (name) => store.post('/v1/sales', { name: 'H', kind: 'seated', hall: hallOf('A', '1', name) }, null),
        'an added seat': (name) => added('B', 'r', name),
        'a row of an added seat': (name) => added('B', name, '1'),
        'a section of an added seat': (name) => added(name, 'r', '1'),
        'a change of a seat': (number) => store.ask('PATCH', '/v1/sales/sale_0_2/seats/A-1-1', { json: { number } }),
        'a customer': (name) => store.post('/v1/customers', { name }, null),
        'a ticket event': (name) => store.post('/api/v1/events', { name }, null),
        'a user': (name) => store.post('/api/users', { name, email: `${Math.random()}@example.org` }, null),
        'a change of a user': (name) => store.ask('PUT', '/api/users/1', { json: { name } }),
        'an event': (name) => store.post('/api/events', { name, event_date: '2030-01-01' }, null),
        'a change of an event': (name) => store.ask('PUT', '/api/events/1', { json: { name } }),
        'a status of an event': (status) => store.ask('PUT', '/api/events/1', { json: { status } }),
      });
    });
    await withStore({ args: ['--doors', 'drops'] }, (store) =>
      refusesEach({
        'a drop': (name) => store.post('/api/drops', { name, price: 1, totalStock: 1 }, null),
        'a user of drops': (username) => store.post('/api/users', { username }, null),
      }),
    );
  });

  test('a name with a control character is refused in files', () => {
    for (const control of controls) {
      const name = `Eve${control}nt`;
      const events = readEvents(Buffer.from(JSON.stringify([{ name, event_date: '2030-01-01' }])), 'events.json');
      assert.equal(events.ok, false, JSON.stringify(name));
      for (const file of [{ name, ...hallOf('A', '1', '1') }, hallOf(name, '1', '1'), hallOf('A', '1', name)]) {
        assert.equal(readHall(Buffer.from(JSON.stringify(file))).ok, false, JSON.stringify(file));
      }
    }
  });
});

function hallOf(section: string, row: string, number: string): object {
  return { sections: [{ name: section, rows: [{ name: row, seats: [number] }] }] };
}

async function refusesEach(calls: Readonly<Record<string, Call>>): Promise<void> {
  for (const [what, call] of Object.entries(calls)) {
    for (const control of controls) {
      const { status, text } = await call(`Na${control}me`);
      assert.equal(status, 400, `${what} with ${JSON.stringify(control)}: ${text}`);
    }
    const fits = await call('N\u00e4me, \u{1f39f}');
    assert.ok(fits.status < 300, `${what}: ${fits.text}`);
  }
}

test('an e-mail is one at every door, or at none', () =>
  withStore({}, async (store) => {
    const good = ['a@b.c', 'a.b+c@sub.example.org', '\u00fc@\u00fc.example', `${'x'.repeat(243)}@example.org`];
    const bad = [
      'a',
      '@b.c',
      'a@b',
      'a@',
      'a@b@c.d',
      'a@.c',
      'a@b.',
      'a@b..c',
      'a b@c.d',
      'a@b.c\u0000',
      'a@b\u0085.c',
      `${'x'.repeat(244)}@example.org`,
    ];
    for (const [emails, least] of [
      [good, 200],
      [bad, 400],
    ] as const) {
      for (const [i, email] of emails.entries()) {
        const v1 = await store.post('/v1/customers', { email }, null);
        const seats = await store.post('/api/users', { email, name: `U${i}` }, null);
        for (const { status, text } of [v1, seats])
          assert.equal(Math.floor(status / 100) * 100, least, `${email}: ${text}`);
      }
    }
  }));

const nfc = 'Caf\u00e9';
const nfd = 'Cafe\u0301';
/** Marks in an order that neither form has. */
const odd = 'q\u0307\u0323';

describe('a name in several forms', () => {
  test('a name in any form is kept in NFC', () => {
    for (const text of [nfc, nfd]) assert.equal(composed(text), nfc);
    assert.deepEqual([isComposed(nfc), isComposed(nfd), isComposed('Cafe')], [true, false, true]);
  });

  test('a name in any form is looked up as sent, then in NFC, then in NFD', () => {
    assert.deepEqual(spellings('plain'), ['plain']);
    assert.deepEqual(spellings(nfc), [nfc, nfd]);
    assert.deepEqual(spellings(nfd), [nfd, nfc]);
    assert.deepEqual(spellings(odd), [odd, 'q\u0323\u0307']);
    const find = (known: string) => (text: string) => [nfc, nfd].indexOf(text === known ? known : '');
    assert.deepEqual(
      [findSpelled(nfc, find(nfd)), findSpelled(nfd, find(nfc)), findSpelled('x', find(nfc))],
      [1, 0, -1],
    );
    assert.equal(
      spelledAs(nfc, (text) => text === nfd),
      nfd,
    );
    assert.equal(
      spelledAs(nfd, () => false),
      nfc,
    );
  });

  test('names look alike if they differ in case, spaces, composition or invisible characters', () => {
    const alike = [
      [nfc, nfd, ' cafe\u0301 ', 'CAFÉ', 'Caf\u00e9\u200b', '\ufeffcafé'],
      ['Ann Lee', 'ann  lee', 'Ann\u00a0Lee', 'ANN LEE ', 'ann\u2003lee'],
      ['Straße', 'STRASSE', 'strasse'],
      ['ΟΔΟΣ', 'οδος', 'οδοσ'],
      ['ﬁn', 'fin', 'ＦＩＮ'],
    ];
    for (const names of alike) assert.equal(new Set(names.map(lookOf)).size, 1, names.join(', '));
    const apart = ['ann', 'ännchen', 'annlee', 'ann lee', 'ann-lee', 'anne', 'ana', 'añn'];
    assert.equal(new Set(apart.map(lookOf)).size, apart.length);
  });
});
