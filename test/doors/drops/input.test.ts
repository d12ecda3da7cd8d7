/**
 * Requests that nobody should send get a clear error in the dialect's shape, and have no effect.
 */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { TestStore } from '../../http/support/store.ts';
import { Command, kinds } from '../../../src/engine/command.ts';
import { dropDefinition } from '../../../src/doors/drops/drops.ts';
import { addDrop, addUser, available, dropNow, part, purchase, refusal, reserve, withDrops } from './support.ts';

const halfACharacter = '400 Invalid JSON: The body has half a character (a lone surrogate).';
const noIds = ['abc', '0', '-1', '1.5', '01', ' 1', '9007199254740992', '4294967296', '1e0', '%00', 'null', "1'--"];

async function make(store: TestStore, fields: object): Promise<string> {
  const answer = await store.ask('POST', '/api/drops', { json: { name: 'A', price: 1, totalStock: 1, ...fields } });
  return answer.status === 201 ? '201' : refusal(answer);
}

describe('ids', () => {
  test('malformed ids of users are a user not found', () =>
    withDrops(async (store) => {
      const drop = await addDrop(store);
      await addUser(store, 'u');
      for (const id of [...noIds, -1, 1.5, 2 ** 53, 2, true, [1], { id: 1 }]) {
        assert.equal(refusal(await reserve(store, drop, id)), '400 User not found', JSON.stringify(id));
      }
      for (const id of ['', null, 0, false]) {
        assert.equal(refusal(await reserve(store, drop, id)), '400 userId is required');
        assert.equal(refusal(await purchase(store, 1, id)), '400 userId is required');
      }
      assert.equal(await available(store, drop), 100);
    }));
});

describe('a drop', () => {
  const stock = '400 totalStock must be a whole number from 1 to 1000000000';
  const price = '400 Price must be a number from 0 to 100000000, with at most two decimals';

  test('a drop has from 1 to 1e9 units', () =>
    withDrops(async (store) => {
      for (const totalStock of [0, -2, 1.5, 1_000_000_001, 2 ** 53, 'many', '-2', '0x10', true, [1], {}]) {
        assert.equal(await make(store, { totalStock }), stock, JSON.stringify(totalStock));
      }
      for (const totalStock of [1, 1_000_000_000, '250']) assert.equal(await make(store, { totalStock }), '201');
    }));

  test('a drop has a price in the currency of the setting, and keeps the one it was made in', () =>
    withDrops(
      async (store) => {
        assert.equal(
          await make(store, { price: 199.99 }),
          '400 Price must be a number from 0 to 100000000, without decimals',
        );
        assert.equal(await make(store, { price: 2500 }), '201');
        const { sales } = store.node.engine.state;
        assert.deepEqual(sales.price(0), { amount: 2500, currency: 'JPY' });
        assert.equal((await dropNow(store, 1))['price'], 2500);
        const command = new Command().reset(kinds.createSale);
        command.body = dropDefinition('From before', 1, { amount: 19_999, currency: 'USD' }, null);
        await store.node.submit(command, () => undefined, undefined);
        assert.equal((await dropNow(store, 2))['price'], 199.99);
        const described = JSON.stringify((await store.get('/openapi.json')).json);
        assert.match(described, /In JPY; decimals: at most 0/);
      },
      { args: ['--currency', 'JPY'] },
    ));

  test('a drop has three decimals in its price where the currency has', () =>
    withDrops(
      async (store) => {
        assert.equal(await make(store, { price: '1.234' }), '201');
        assert.equal(store.node.engine.state.sales.amount.get(0), 1234);
        assert.equal((await dropNow(store, 1))['price'], 1.234);
      },
      { args: ['--currency', 'KWD'] },
    ));

  test('a drop has a decimal price, kept in minor units', () =>
    withDrops(async (store) => {
      for (const wrong of ['abc', -1, '-1', 0.001, 1e9, 1e21, 100_000_000.01, '1e3', ' 1', true, [1], {}, '1,5']) {
        assert.equal(await make(store, { price: wrong }), price, JSON.stringify(wrong));
      }
      let row = 0;
      for (const [given, cents] of [
        [200, 20_000],
        [199.99, 19_999],
        [0, 0],
        ['0.1', 10],
        [1.15, 115],
        [100_000_000, 10_000_000_000],
      ] as const) {
        assert.equal(await make(store, { price: given }), '201');
        assert.equal(store.node.engine.state.sales.amount.get(row), cents);
        row += 1;
        assert.equal((await store.get(`/api/drops/${row}`)).body['price'], Number(given));
      }
    }));

  test('a drop has a name of text, 200 characters at most', () =>
    withDrops(async (store) => {
      assert.equal(await make(store, { name: 'x'.repeat(10_000) }), '400 Name must have at most 200 characters');
      assert.equal(await make(store, { name: 'x'.repeat(201) }), '400 Name must have at most 200 characters');
      assert.equal(await make(store, { name: 'a\u0000b' }), '400 Name must not have control characters');
      assert.equal(await make(store, { name: '\ud800' }), halfACharacter);
      assert.equal(await make(store, { name: '\u{1f600}'.repeat(101) }), '400 Name must have at most 200 characters');
      assert.equal(await make(store, { name: '\u{1f600}'.repeat(100) }), '201');
      for (const name of [['x'], {}, true, '  ']) {
        assert.equal(await make(store, { name }), '400 Name must be a string that is not empty');
      }
      for (const name of [0, false, '', null]) {
        assert.equal(await make(store, { name }), '400 Missing required fields: name, price, totalStock');
      }
      assert.equal(await make(store, { name: 'x'.repeat(200) }), '201');
      assert.equal(await make(store, { name: '<b>"\'; DROP TABLE drops; --</b>' }), '201');
      const numbered = await store.ask('POST', '/api/drops', { json: { name: 90.5, price: 1, totalStock: 1 } });
      assert.equal(part(numbered, 'drop')['name'], '90.5');
    }));

  test('a drop starts at a time that exists', () =>
    withDrops(async (store) => {
      for (const dropStartTime of ['2026-02-30T00:00:00Z', '2026-13-01', '2026-01-01T25:00:00Z']) {
        assert.equal(await make(store, { dropStartTime }), '400 dropStartTime is no time that exists');
      }
      for (const dropStartTime of ['tomorrow', 12, {}, '2026', true]) {
        assert.match(await make(store, { dropStartTime }), /^400 dropStartTime must be a time such as/);
      }
      for (const dropStartTime of [null, '', '2026-01-11', '2026-01-11T09:00:00+02:00', '2026-01-11 09:00']) {
        assert.equal(await make(store, { dropStartTime }), '201', String(dropStartTime));
      }
    }));

  test('a drop has holds of the set duration, a day at most', () =>
    withDrops(async (store) => {
      for (const holdSeconds of [0, -1, 1.5, 86_401, '60', true]) {
        assert.equal(await make(store, { holdSeconds }), '400 holdSeconds must be a whole number from 1 to 86400');
      }
      assert.equal(await make(store, { holdSeconds: 86_400 }), '201');
    }));
});

describe('a user', () => {
  test('a user has a name of text, 255 characters at most, exactly as sent', () =>
    withDrops(async (store) => {
      const made = async (username: unknown): Promise<string> => {
        const answer = await store.ask('POST', '/api/users', { json: { username } });
        return answer.status === 201 ? String(part(answer, 'user')['username']) : refusal(answer);
      };
      assert.equal(await made('x'.repeat(10_000)), '400 Username must have at most 255 characters');
      assert.equal(await made('x'.repeat(256)), '400 Username must have at most 255 characters');
      assert.equal(await made('a\nb'), '400 Username must not have control characters');
      assert.equal(await made('\u{1f600}'.repeat(128)), '400 Username must have at most 255 characters');
      assert.equal(await made('\udc00'), halfACharacter);
      for (const name of ['', null, '   ', 0, false]) assert.equal(await made(name), '400 Username is required');
      for (const name of [[], {}, true]) assert.equal(await made(name), '400 Username must be a string');
      for (const name of [
        '王'.repeat(255),
        `${'\u{1f600}'.repeat(127)}x`,
        '__proto__',
        'constructor',
        ' spaced ',
        "'; --",
      ]) {
        assert.equal(await made(name), name);
      }
      assert.equal(await made(2049), '2049');
      assert.equal(await made('2049'), '400 Username already exists');
    }));
});
