/** The command lines in the dialect's documents work as they are, except for the address. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { requireProgram } from '../../support/requires.ts';
import { curl, json, shows } from '../shell.ts';
import { withDrops } from './support.ts';

describe('the documented lines', () => {
  test(
    'the documented lines work one after the other, and answer what the documents show',
    requireProgram('curl'),
    () =>
      withDrops(async (store) => {
        const address = `http://localhost:${store.port}/api`;
        const post = (path: string, body: string): Promise<unknown> =>
          curl('-X', 'POST', `${address}${path}`, ...json, '-d', body);
        const drop = { id: 1, name: 'Air Jordan 1 High OG', price: 200, totalStock: 100, availableStock: 100 };
        assert.deepEqual(await curl(`${address}/health`), { status: 'OK', message: 'Inventory system is running' });
        shows(await post('/users', '{"username": "demo_user"}'), { user: { id: 1, username: 'demo_user' } });
        shows(await curl(`${address}/users`), { users: [{ id: 1, username: 'demo_user' }] });
        const made = await post(
          '/drops',
          `{
          "name": "Air Jordan 1 High OG",
          "price": 200,
          "totalStock": 100
        }`,
        );
        shows(made, { message: 'Drop created successfully', drop });
        shows(await curl(`${address}/drops`), [{ ...drop, recentPurchases: [] }]);
        shows(await curl(`${address}/drops/1`), { ...drop, recentPurchases: [] });
        const reservation = { id: 1, status: 'ACTIVE' };
        shows(await post('/reserve/1', '{"userId": 1}'), { message: 'Reservation successful', reservation });
        const bought = { id: 1, userId: 1, dropId: 1 };
        shows(await post('/purchase/1', '{"userId": 1}'), {
          message: 'Purchase completed successfully',
          purchase: bought,
        });
        shows(await post('/users', '{}'), { error: 'Username is required' });
      }),
  );

  test(
    'the documented lines work on a store that opened with its demonstration, as the documents begin',
    requireProgram('curl'),
    () =>
      withDrops(
        async (store) => {
          const address = `http://localhost:${store.port}/api`;
          const [first] = (await curl(`${address}/drops`)) as unknown[];
          const drop = { id: 1, name: 'Air Jordan 1 High OG', price: 200, availableStock: 100, totalStock: 100 };
          shows(first, { ...drop, recentPurchases: [] });
          assert.deepEqual(await curl(`${address}/drops/1`), first);
          shows(await curl(`${address}/users`), { users: [{ id: 1, username: 'demo_user' }] });
          const byUser = ['-X', 'POST', ...json, '-d', '{"userId": 1}'];
          shows(await curl(`${address}/reserve/1`, ...byUser), { reservation: { id: 1, status: 'ACTIVE' } });
          shows(await curl(`${address}/purchase/1`, ...byUser), { purchase: { id: 1, userId: 1, dropId: 1 } });
          const again = await curl(`${address}/drops/1`);
          shows(again, { ...drop, availableStock: 99, recentPurchases: [{ username: 'demo_user' }] });
        },
        { args: ['--demo'] },
      ),
  );
});
