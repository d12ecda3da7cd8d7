/**
 * `holdfast names`: what an older store keeps in another form is listed, renamed by logged changes,
 * or said to stay.
 */
import assert from 'node:assert/strict';
import path from 'node:path';
import { test } from 'node:test';
import { replayedEngine } from '../../src/cli/replayed.ts';
import { openStopped } from '../../src/cli/opened.ts';
import { eventDefinition } from '../../src/doors/seats/events.ts';
import { countedSale, seatedSale } from '../../src/doors/kit/sale-definition.ts';
import type { Kind } from '../../src/engine/command.ts';
import { linesOf } from '../../src/engine/commands/lines.ts';
import { Command, doors, kinds } from '../../src/engine/command.ts';
import { customerProfile } from '../../src/engine/tables/customers.ts';
import type { Node } from '../../src/node/node.ts';
import { withFolder } from '../log/support/folders.ts';
import { runRefused, runSound, storeIn } from './import/support.ts';

const nfc = 'Zoë';
const nfd = nfc.normalize('NFD');

async function send(node: Node, kind: Kind, body: object, id?: string): Promise<number> {
  const command = new Command().reset(kind);
  command.body = body;
  if (id !== undefined) command.setCustomer(id);
  return await node.submit(
    command,
    (outcome) => {
      assert.ok(outcome.ok, outcome.row.code);
      return outcome.thing;
    },
    undefined,
  );
}

/** A store as programs made it that kept names as they were sent. */
async function olderStore(data: string): Promise<void> {
  const store = await openStopped(data);
  const { node } = store;
  const { state } = node.engine;
  await send(node, kinds.createSale, countedSale('Plain', 5, doors.v1));
  await send(node, kinds.createSale, countedSale(nfd, 5, doors.v1));
  await send(node, kinds.createSale, eventDefinition('Event', '2027-01-31T00:00:00.000Z', nfd, null));
  const seats = ['1', '2', { number: '3', accessible: true, rank: 7 }];
  const hall = { sections: [{ name: nfd, rows: [{ name: nfd, rank: 4, seats }] }] };
  const sale = await send(node, kinds.createSale, seatedSale('Hall', hall, doors.v1));
  const order = new Command().reset(kinds.order);
  linesOf(order).addSeats(sale, [state.seats.find(sale, `${nfd}-${nfd}-2`)]);
  await node.submit(order, ({ ok }) => assert.ok(ok), undefined);
  const user = { id: null, name: nfd, door: doors.seats, uniqueEmail: true };
  await send(node, kinds.createCustomer, { ...user, email: `${nfd}@example.org` });
  await send(node, kinds.createCustomer, { ...user, name: 'B', email: `b${nfd}@example.org` });
  await send(node, kinds.createCustomer, { ...user, name: 'B', email: `b${nfc}@example.org` });
  await send(node, kinds.createCustomer, { id: nfd, name: nfd, email: null }, nfd);
  for (const name of ['ann', 'Ann '])
    await send(node, kinds.createCustomer, { id: name, name, email: null, door: doors.drops }, name);
  await store.close();
}

interface Listed {
  readonly thing: string;
  readonly field: string;
  readonly renamed: boolean;
  readonly stays: string | null;
}

async function listed(data: string, ...flags: string[]): Promise<string[]> {
  const { names } = JSON.parse(await runSound(['names', '--json', '--data', data, ...flags])) as { names: Listed[] };
  return names.map(
    ({ thing, field, renamed, stays }) =>
      `${thing} ${field}${renamed ? ' renamed' : ''}${stays === null ? '' : `: ${stays}`}`,
  );
}

const sold = 'seat of sale_0_4 label: is held or sold: it can be renamed when it is free again';
const id = `customer "${nfc}" id: is an id, which never changes: what was bought is known by it`;
const alike = 'drops user 2 username: looks like user 1 "ann", and is an id, which never changes';

test('names of an older store are listed unchanged, renamed by logged commands, and those that stay are named', () =>
  withFolder(async (folder) => {
    const data = path.join(folder, 'data');
    await olderStore(data);
    const before = storeIn(data);
    const label = 'seat of sale_0_4 label';
    const found = ['sale sale_0_2 name', 'sale sale_0_3 status', label, sold, label];
    const customers = ['customer "customer_0_1" name', 'customer "customer_0_1" email'];
    assert.deepEqual(await listed(data), [
      ...found,
      ...customers,
      'customer "customer_0_2" email',
      id,
      `customer "${nfc}" name`,
      alike,
    ]);
    assert.match(
      await runSound(['names', '--data', data]),
      /sale sale_0_2, name "Zoe\u0308", kept as "Zoe\\u0308": can be renamed\n[^]*\n11 names found; --rename changes 8 of them/,
    );
    assert.deepEqual(storeIn(data), before);

    const taken = 'customer "customer_0_2" email: stays: Another customer has this e-mail.';
    assert.deepEqual(await listed(data, '--rename'), [
      ...found.map((each) => (each === sold ? each : `${each} renamed`)),
      ...customers.map((each) => `${each} renamed`),
      taken,
      id,
      `customer "${nfc}" name renamed`,
      alike,
    ]);
    assert.deepEqual(await listed(data), [sold, 'customer "customer_0_2" email', id, alike]);

    const { state } = await replayedEngine(data);
    assert.deepEqual(state.sales.name, ['Plain', nfc, 'Event', 'Hall']);
    assert.deepEqual(state.sales.attributes[2], { status: nfc, event_date: '2027-01-31T00:00:00.000Z' });
    const { seats } = state;
    const seat = seats.find(3, `${nfc}-${nfc}-3`);
    assert.deepEqual([seats.place.get(seat), seats.rank.get(seat), seats.accessible.get(seat)], [3, 7, 1]);
    assert.ok(seats.find(3, `${nfd}-${nfd}-2`) >= 0, 'what is sold keeps its name');
    assert.equal(seats.rank.get(seats.find(3, `${nfc}-${nfc}-1`)), 4);
    assert.deepEqual(customerProfile(state, 0), { name: nfc, email: `${nfc}@example.org` });
    assert.deepEqual([state.sales.available(3), state.sales.sold.get(3)], [2, 1]);
  }));

test('a store with all names in NFC is reported as such; a folder without a store is refused', () =>
  withFolder(async (folder) => {
    const data = path.join(folder, 'data');
    const store = await openStopped(data);
    await send(store.node, kinds.createSale, countedSale(nfc, 5, doors.v1));
    await store.close();
    for (const flags of [[], ['--rename']])
      assert.equal(await runSound(['names', '--data', data, ...flags]), 'every name is kept in NFC\n');
    assert.match((await runRefused(['names', '--data', folder]))[0] ?? '', /has no store in it/);
  }));
