/** Orders and holds that ask for seats, as records. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Command, kinds } from '../../src/engine/command.ts';
import { maxLines, maxSeats, linesOf } from '../../src/engine/commands/lines.ts';
import { describeCommand, RecordReader } from '../../src/engine/record.ts';
import { commandOf } from './rows.ts';
import { decoded, encoded, fieldsOf } from '../log/support/records.ts';

function made(row: string): Command {
  const [kind = '', ...words] = row.split(' ');
  return commandOf(kind, words, 1_700_000_000_000);
}

/**
 * Records as they stand in logs: header; lines; what each line asks; flags and seats; text. These
 * bytes never change.
 */
const written: readonly (readonly [string, ...string[]])[] = [
  [
    'order 3:7,9',
    '39000000 14 00 0000 0000 0180 00000000 0000000000000000 000000000000f07f',
    '03000000 02000000  01 00 00000000  00 0200 07000000 09000000',
  ],
  [
    'order 3*2@4as 5x6 2:1 by=anna',
    '55000000 14 00 0000 0400 0380 00000000 0000000000000000 000000000000f07f',
    '03000000 02000000  05000000 06000000  02000000 01000000',
    '02 03 05000000  00 00 00000000  01 00 00000000  00 0100 01000000  616e6e61',
  ],
  [
    'order 3*2@nones partial=yes key=k scope=sale:3 print=7',
    '32000000 14 01 0100 0000 0180 03000000 0700000000000000 000000000000f07f',
    '03000000 02000000  02 02 ffffffff  01 0000  6b',
  ],
  [
    'hold 3*2a for=90s',
    '39000000 15 00 0000 0000 0180 00000000 0000000000000000 000000000000f07f',
    '03000000 02000000  0000000000f9f540  02 01 00000000  00 0000',
  ],
  [
    'order 3x2 partial=yes',
    '31000000 14 00 0000 0000 0180 00000000 0000000000000000 000000000000f07f',
    '03000000 02000000  00 00 00000000  01 0000',
  ],
];

for (const [row, ...bytes] of written) {
  test(`the bytes of "${row}" never change`, () => {
    const record = bytes.join('').replaceAll(' ', '');
    assert.equal(Buffer.from(encoded(made(row))).toString('hex'), record);
    const [command, ...more] = decoded(Buffer.from(record, 'hex'));
    assert.equal(more.length, 0);
    assert.deepEqual(fieldsOf(command!), fieldsOf(made(row)));
  });
}

test('a counted line keeps its first format, whatever an earlier command asked for', () => {
  const command = made('order 3*2@4as');
  command.reset(kinds.order);
  linesOf(command).add(3, 2);
  assert.equal(encoded(command).length, encoded(made('order 3x2')).length);
  const reader = new RecordReader();
  const again = new Command();
  reader.reset(encoded(made('order 3*2@4as partial=yes'), made('order 3x2'), made('order 3:1 4x1'), made('order 4x1')));
  const seen: unknown[] = [];
  while (reader.next(again)) seen.push(fieldsOf(again));
  const rows = ['order 3*2@4as partial=yes', 'order 3x2', 'order 3:1 4x1', 'order 4x1'];
  assert.deepEqual(
    seen,
    rows.map((row) => fieldsOf(made(row))),
  );
});

test('a command of another kind writes no seats', () => {
  for (const kind of [kinds.confirm, kinds.cancel, kinds.extend, kinds.release, kinds.tick, kinds.leaveWaitlist]) {
    const command = new Command().reset(kind);
    const plain = encoded(command);
    linesOf(command).asksSeats = true;
    linesOf(command).partial = true;
    assert.deepEqual(encoded(command), plain);
  }
});

test('a record that asks for seats is refused when its kind has no lines', () => {
  for (const kind of Object.values(kinds)) {
    const record = encoded(made('order 3*2'));
    record[4] = kind;
    if (kind === kinds.order || kind === kinds.joinWaitlist) assert.equal(decoded(record).length, 1);
    else assert.throws(() => decoded(record), Error, String(kind));
  }
});

test('an unknown way to ask for seats is refused', () => {
  const record = encoded(made('order 3*2 4:5'));
  const changed = (at: number, byte: number): Uint8Array => {
    const bytes = record.slice();
    bytes[at] = byte;
    return bytes;
  };
  const asks = 32 + 2 * 8;
  for (const byte of [3, 255]) assert.throws(() => decoded(changed(asks, byte)), /unknown way/);
  for (const byte of [4, 128]) assert.throws(() => decoded(changed(asks + 1, byte)), /unknown way/);
  for (const byte of [2, 255]) assert.throws(() => decoded(changed(asks + 12, byte)), /unknown way/);
  assert.equal(decoded(changed(asks + 1, 3)).length, 1);
  assert.equal(linesOf(decoded(changed(asks + 12, 1))[0]!).partial, true);
});

test('a record has as many seats as its lines name', () => {
  const record = encoded(made('order 3:5,6 4*1'));
  const view = new DataView(record.buffer);
  const count = 32 + 2 * 8 + 2 * 6 + 1;
  assert.equal(view.getUint16(count, true), 2);
  for (const seats of [0, 1, 3, maxSeats, 0xffff]) {
    view.setUint16(count, seats, true);
    assert.throws(() => decoded(record), /names .* seats/);
  }
  view.setUint16(count, 2, true);
  view.setUint32(36, 1, true);
  assert.throws(() => decoded(record), /names 2 seats/);
});

test('a command names at most 512 seats over all lines', () => {
  const command = new Command().reset(kinds.order);
  linesOf(command).addSeats(
    0,
    Array.from({ length: maxSeats - 1 }, (_, seat) => seat),
  );
  assert.throws(() => linesOf(command).addSeats(1, [1, 2]), /at most 512 seats/);
  linesOf(command).addSeats(1, [1]);
  assert.deepEqual(fieldsOf(decoded(encoded(command))[0]!), fieldsOf(command));
  for (let line = linesOf(command).count; line < maxLines; line += 1)
    linesOf(command).addBest(line, 1, 0, false, false);
  assert.throws(() => linesOf(command).addBest(0, 1, 0, false, false), /at most 64 lines/);
  assert.throws(() => linesOf(command).addSeats(0, []), /at most 64 lines/);
  assert.deepEqual(fieldsOf(decoded(encoded(command))[0]!), fieldsOf(command));
});

test('a description says in words what is asked for', () => {
  assert.deepEqual(describeCommand(made('order 3:7,9 4:1')), {
    kind: 'order',
    lines: [
      { sale: 3, quantity: 2 },
      { sale: 4, quantity: 1 },
    ],
    seats: [7, 9, 1],
  });
  assert.deepEqual(describeCommand(made('order 3*2@4as partial=yes by=anna')), {
    kind: 'order',
    customer: 'anna',
    lines: [{ sale: 3, quantity: 2, best: true, section: 4, accessible: true, split: true }],
    partial: true,
  });
  assert.deepEqual(describeCommand(made('hold 3*2 for=1s')), {
    kind: 'hold',
    lines: [{ sale: 3, quantity: 2, best: true }],
    holdMs: 1000,
  });
});
