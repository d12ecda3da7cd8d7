/**
 * Holds that are limited by the units that their customer and address hold: only these records have
 * twelve bytes more.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Command } from '../../src/engine/command.ts';
import { termsOf } from '../../src/engine/commands/holds.ts';
import { describeCommand } from '../../src/engine/record.ts';
import { commandOf } from './rows.ts';
import { decoded, encoded, fieldsOf } from '../log/support/records.ts';

function made(row: string): Command {
  const [kind = '', ...words] = row.split(' ');
  return commandOf(kind, words, 1_700_000_000_000);
}

const limited = [
  'hold 3x2 for=90s maxOfCustomer=5',
  'hold 3x2 for=90s by=anna key=k scope=sale:3 maxOfAddress=7 address=4294967295',
  'hold 3x2 for=90s maxOfCustomer=4294967295 maxOfAddress=1 address=1',
  'hold 3:5,6 for=1s by=anna key=k maxOfCustomer=2 maxOfAddress=3 address=9',
  'hold 3*2 for=1s maxOfAddress=3 address=9',
];

for (const row of limited) {
  test(`${row} comes back as it was written`, () => {
    const command = made(row);
    const bytes = encoded(command);
    const [again, ...more] = decoded(bytes);
    assert.equal(more.length, 0);
    assert.deepEqual(fieldsOf(again!), fieldsOf(command));
    assert.deepEqual(encoded(again!), bytes);
    const plain = encoded(made(row.replaceAll(/ (maxOf|address)\w*=\d+/g, '')));
    assert.equal(bytes.length, plain.length + 12);
  });
}

test('a reader has no limits left for the next record', () => {
  const [first, second] = decoded(encoded(made(limited[2]!), made('hold 3x2 for=90s')));
  assert.equal(termsOf(first!).maxOfAddress, 1);
  assert.deepEqual(
    [termsOf(second!).maxOfCustomer, termsOf(second!).maxOfAddress, termsOf(second!).address],
    [0, 0, 0],
  );
});

test('a record of another kind has no limits, and a record that ends before them is refused', () => {
  const confirm = encoded(made('confirm 7'));
  const view = new DataView(confirm.buffer, confirm.byteOffset);
  view.setUint16(10, view.getUint16(10, true) | 0x4000, true);
  assert.throws(() => decoded(confirm), /has limits/);
  const hold = encoded(made('hold 3x2 for=90s'));
  new DataView(hold.buffer, hold.byteOffset).setUint16(10, 0x4001, true);
  assert.throws(() => decoded(hold), /shorter than its limits/);
});

test('a description has the limits in words, but not the address', () => {
  const words = describeCommand(made(limited[1]!));
  assert.deepEqual([words['maxOfAddress'], words['address']], [7, undefined]);
});
