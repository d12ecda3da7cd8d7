/**
 * Names in files and in a store from before, composed in different ways: the same name is the same
 * thing.
 */
import assert from 'node:assert/strict';
import path from 'node:path';
import { test } from 'node:test';
import { openStopped } from '../../../src/cli/opened.ts';
import { eventDefinition } from '../../../src/doors/seats/events.ts';
import { seatedSale } from '../../../src/doors/kit/sale-definition.ts';
import type { SaleDefinition } from '../../../src/engine/commands/sales.ts';
import { Command, doors, kinds } from '../../../src/engine/command.ts';
import { withFolder } from '../../log/support/folders.ts';
import { foundIn, labelsOf, runSound, written } from './support.ts';

const nfc = 'Märchen';
const nfd = nfc.normalize('NFD');
const there = 'was there already; nothing changed';

/** A store with sales as they were made before names were kept in NFC. */
async function madeBefore(data: string, ...sales: readonly SaleDefinition[]): Promise<void> {
  const store = await openStopped(data);
  for (const sale of sales) {
    const command = new Command().reset(kinds.createSale);
    command.body = sale;
    await store.node.submit(command, ({ ok, row }) => assert.ok(ok, row.code), undefined);
  }
  await store.close();
}

function withPlaces(use: (folder: string, data: string) => Promise<void>): Promise<void> {
  return withFolder((folder) => use(folder, path.join(folder, 'data')));
}

test('an event is made in NFC, and found by a file in either form', () =>
  withPlaces(async (folder, data) => {
    const files = [nfd, nfc].map((name, i) => written(folder, `${i}.csv`, ['name,event_date', `${name},2027-01-31`]));
    assert.match(await runSound(['import', 'events', files[0]!, '--data', data]), /1 event imported/);
    for (const file of files) assert.ok((await runSound(['import', 'events', file, '--data', data])).includes(there));
    assert.deepEqual(
      (await foundIn(data)).events.map(({ name }) => name),
      [nfc],
    );
  }));

test('an event that is kept in NFD is found by a file in NFC, and gets seats by either name', () =>
  withPlaces(async (folder, data) => {
    await madeBefore(data, eventDefinition(nfd, '2027-01-31T00:00:00.000Z', 'active', null));
    const events = written(folder, 'events.csv', ['name,event_date', `${nfc},2027-01-31`]);
    assert.ok((await runSound(['import', 'events', events, '--data', data])).includes(there));
    const header = 'event,section,row_number,seat_number';
    for (const [i, name] of [nfc, nfd].entries()) {
      const seats = written(folder, `${i}.csv`, [header, `${name},${name},1,${i + 1}`]);
      assert.match(await runSound(['import', 'seats', seats, '--data', data]), /1 seat imported/);
      assert.ok((await runSound(['import', 'seats', seats, '--data', data])).includes(there));
    }
    assert.deepEqual(labelsOf(await foundIn(data), nfd), [`${nfc}-1-1`, `${nfc}-1-2`]);
  }));

test('seats that are kept in NFD are found by a file in NFC, and others are added beside them', () =>
  withPlaces(async (folder, data) => {
    const hall = { sections: [{ name: nfd, rows: [{ name: '1', rank: 1, seats: { from: 1, to: 2 } }] }] };
    const event = eventDefinition('Event', '2027-01-31T00:00:00.000Z', 'active', null);
    await madeBefore(data, { ...event, hall, capacity: 2 });
    const header = 'event,section,row_number,seat_number';
    const known = written(folder, 'known.csv', [header, `Event,${nfc},1,1`, `Event,${nfc},1,2`]);
    assert.match(await runSound(['import', 'seats', known, '--data', data]), /all 2 seats were there already/);
    const more = written(folder, 'more.csv', [header, `Event,${nfc},1,3`]);
    assert.match(await runSound(['import', 'seats', more, '--data', data]), /1 seat imported/);
    assert.deepEqual(
      labelsOf(await foundIn(data), 'Event'),
      [1, 2, 3].map((number) => `${nfd}-1-${number}`),
    );
  }));

test('a hall is found by a file in either form, whichever it is kept in', () =>
  withPlaces(async (folder, data) => {
    const hallOf = (name: string) => ({ sections: [{ name, rows: [{ name, seats: [name, `${name} 2`] }] }] });
    const files = [nfd, nfc].map((name, i) =>
      written(folder, `${i}.json`, JSON.stringify({ name: `Hall ${name}`, ...hallOf(name) })),
    );
    for (const file of files) await runSound(['seed', 'hall', file, '--data', data]);
    assert.deepEqual(
      (await foundIn(data)).sales.map(({ name }) => name),
      [`Hall ${nfc}`],
    );
    const older = path.join(folder, 'older');
    await madeBefore(older, seatedSale(`Hall ${nfd}`, hallOf(nfd), doors.v1));
    for (const file of files) await runSound(['seed', 'hall', file, '--data', older]);
    assert.deepEqual(
      (await foundIn(older)).sales.map(({ name }) => name),
      [`Hall ${nfd}`],
    );
  }));
