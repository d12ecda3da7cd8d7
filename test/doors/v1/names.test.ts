/** Names and labels of the native API: kept in NFC, found in any form; ids are never changed. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Command, doors, kinds, scopes } from '../../../src/engine/command.ts';
import { linesOf } from '../../../src/engine/commands/lines.ts';
import { fingerprintQuantity } from '../../../src/engine/fingerprint.ts';
import { seatedSale } from '../../../src/doors/kit/sale-definition.ts';
import { command, makeSeated } from './halls.ts';
import { assertProblem, atNoon, changeSale, freshKey, hold, makeSale, order } from './support.ts';

const nfc = 'Bühne é';
const nfd = nfc.normalize('NFD');
const hallOf = (name: string) => ({
  sections: [{ name, rows: [{ name, seats: [name, { number: `${name} 2`, rank: 3 }] }] }],
});
const label = (name: string): string => `${name}-${name}-${name}`;

describe('a sale', () => {
  test('a sale has its name in NFC, made or changed, and a retry of what was sent is a replay', () =>
    atNoon(async (store) => {
      const body = { name: nfd, kind: 'counted', capacity: 1 };
      const made = await store.post('/v1/sales', body, 'once');
      assert.equal(made.body['name'], nfc);
      assert.equal((await store.post('/v1/sales', body, 'once')).text, made.text);
      assertProblem(await store.post('/v1/sales', { ...body, name: nfc }, 'once'), 'KEY_REUSED');
      assert.equal((await changeSale(store, made.string('id'), { name: `${nfd} 2` })).body['name'], `${nfc} 2`);
    }));

  test('a sale has a hall with its names in NFC; two that are the same then are refused', () =>
    atNoon(async (store) => {
      const sale = await makeSeated(store, hallOf(nfd));
      const { items } = (await store.get(`/v1/sales/${sale}/seats`)).body as { items: { id: string }[] };
      assert.deepEqual(
        items.map(({ id }) => id),
        [label(nfc), `${label(nfc)} 2`],
      );
      const twice = { sections: [...hallOf(nfc).sections, ...hallOf(nfd).sections] };
      const refused = await store.post('/v1/sales', { name: 'x', kind: 'seated', hall: twice }, null);
      assertProblem(refused, 'INVALID_REQUEST', /gives the hall a second/);
    }));
});

describe('a seat', () => {
  for (const [kept, form] of [
    [nfc, 'NFC'],
    [nfd, 'NFD'],
  ] as const) {
    test(`a seat that is kept in ${form} is found in each form, by name, section and path`, () =>
      atNoon(async (store) => {
        const definition = seatedSale('A hall', hallOf(kept), doors.v1);
        const sale = `sale_0_${(await command(store, kinds.createSale, definition)) + 1}`;
        for (const name of [nfc, nfd]) {
          const bought = await order(store, sale, { seats: [label(name)] });
          assert.deepEqual(bought.body['seats'], [label(kept)]);
          assert.equal((await store.post(`/v1/orders/${bought.string('id')}/cancel`, {}, freshKey())).status, 200);
          assert.equal((await hold(store, sale, { best: { quantity: 1, section: name } })).status, 201);
          const held = (await hold(store, sale, { best: { quantity: 1, section: name } })).string('id');
          for (const each of [held, `hold_0_${Number(held.slice('hold_0_'.length)) - 1}`])
            assert.equal((await store.ask('DELETE', `/v1/holds/${each}`)).status, 200);
          const path = `/v1/sales/${sale}/seats/${encodeURIComponent(label(name))}`;
          assert.equal((await store.ask('PATCH', path, { json: { rank: 5 } })).status, 200);
        }
      }));

    test(`a seat is added to the section and row that are kept in ${form}, and never twice`, () =>
      atNoon(async (store) => {
        const definition = seatedSale('A hall', hallOf(kept), doors.v1);
        const sale = `sale_0_${(await command(store, kinds.createSale, definition)) + 1}`;
        for (const [i, name] of [nfc, nfd].entries()) {
          const seats = [{ section: name, row: name, number: `${name} ${i + 3}` }];
          const added = await store.post(`/v1/sales/${sale}/seats`, { seats }, `add-${i}`);
          const [item] = added.body['items'] as { section: string; row: string; number: string }[];
          assert.deepEqual([item?.section, item?.row, item?.number], [kept, kept, `${nfc} ${i + 3}`]);
          assert.equal((await store.post(`/v1/sales/${sale}/seats`, { seats }, `add-${i}`)).text, added.text);
          const there = [{ section: name, row: name, number: name }];
          assertProblem(await store.post(`/v1/sales/${sale}/seats`, { seats: there }, null), 'SEAT_EXISTS');
        }
        const path = `/v1/sales/${sale}/seats/${encodeURIComponent(`${kept}-${kept}-${nfc} 3`)}`;
        const moved = await store.ask('PATCH', path, { json: { row: `${nfd} row`, number: nfd } });
        assert.deepEqual(moved.body['id'], `${kept}-${nfc} row-${nfc}`);
      }));
  }
});

describe('a customer', () => {
  test('a customer has name and e-mail in NFC', () =>
    atNoon(async (store) => {
      const made = await store.post(
        '/v1/customers',
        { id: 'x', name: nfd, email: `${'é'.normalize('NFD')}@example.org` },
        null,
      );
      assert.deepEqual([made.body['name'], made.body['email']], [nfc, 'é@example.org']);
    }));

  test('a customer whose id is new and not in NFC is refused', () =>
    atNoon(async (store) => {
      const sale = await makeSale(store, 9);
      const asked = [
        () => order(store, sale, { quantity: 1, customer: nfd }),
        () => hold(store, sale, { quantity: 1, customer: nfd }),
        () => store.post('/v1/orders', { lines: [{ sale, quantity: 1 }], customer: nfd }, freshKey()),
        () => store.post(`/v1/sales/${sale}/waitlist`, { quantity: 1, customer: nfd }, null),
        () => store.post('/v1/customers', { id: nfd }, null),
      ];
      for (const ask of asked)
        assertProblem(await ask(), 'INVALID_REQUEST', /new here and not in the Unicode form NFC/);
      assert.equal((await order(store, sale, { quantity: 1, customer: nfc })).body['customer'], nfc);
      assert.equal((await store.get('/v1/sales/' + sale)).body['sold'], 1);
    }));

  test('a customer whose id is new and not in NFC still gets the first answer of the key', () =>
    atNoon(async (store) => {
      await makeSale(store, 1, { refusals: 'remember' });
      const sale = 'sale_0_1';
      for (const kind of [kinds.order, kinds.hold]) {
        const one = new Command().reset(kind);
        linesOf(one).add(0, 2);
        one.setCustomer(nfd);
        one.setKey(scopes.sale, 0, `once ${kind}`);
        fingerprintQuantity(one, 2, 0);
        await store.node.submit(one, ({ row }) => assert.equal(row.code, 'SOLD_OUT'), undefined);
      }
      for (const [kind, ask] of [
        [kinds.order, order],
        [kinds.hold, hold],
      ] as const) {
        const again = await ask(store, sale, { quantity: 2, customer: nfd }, `once ${kind}`);
        assertProblem(again, 'SOLD_OUT');
        assert.equal(again.header('Idempotency-Replayed'), 'true');
        assertProblem(await ask(store, sale, { quantity: 1, customer: nfd }, `once ${kind}`), 'KEY_REUSED');
        assertProblem(await ask(store, sale, { quantity: 2, customer: nfd }), 'INVALID_REQUEST', /Unicode form NFC/);
      }
    }));

  test('a customer whose id is known in another form stays the same customer', () =>
    atNoon(async (store) => {
      const sale = await makeSale(store, 9);
      await command(store, kinds.createCustomer, { id: nfd, name: null, email: null }, nfd);
      const bought = await order(store, sale, { quantity: 1, customer: nfd }, 'once');
      assert.deepEqual([bought.status, bought.body['customer']], [201, nfd]);
      assert.equal((await order(store, sale, { quantity: 1, customer: nfd }, 'once')).text, bought.text);
      assert.equal((await store.get(`/v1/customers/${encodeURIComponent(nfd)}`)).body['id'], nfd);
      assertProblem(await order(store, sale, { quantity: 1, customer: nfc }, 'once'), 'KEY_REUSED');
    }));
});
