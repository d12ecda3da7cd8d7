/** Joins and leaves of a waitlist as records. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Command, kinds, scopes } from '../../src/engine/command.ts';
import { cancellationOf } from '../../src/engine/commands/cancellation.ts';
import { termsOf, extensionOf } from '../../src/engine/commands/holds.ts';
import { linesOf } from '../../src/engine/commands/lines.ts';
import { customerText, describeCommand, keyText, RecordReader, RecordWriter } from '../../src/engine/record.ts';

function encoded(...commands: readonly Command[]): Uint8Array {
  const writer = new RecordWriter(16);
  for (const command of commands) writer.add(command);
  return writer.bytes().slice();
}

function join(sale: number, quantity: number, customer: string): Command {
  const command = new Command().reset(kinds.joinWaitlist);
  linesOf(command).add(sale, quantity);
  command.setCustomer(customer);
  return command;
}

function keyedJoin(): Command {
  const command = join(0xffffffff, 2, 'çarl');
  command.setKey(scopes.sale, 0xffffffff, 'schlüssel');
  command.fingerprintLow = 0xffffffff;
  command.fingerprintHigh = 0x80000001;
  command.notAfterMs = 1_700_000_000_000.25;
  return command;
}

function leave(entry: number): Command {
  const command = new Command().reset(kinds.leaveWaitlist);
  command.target = entry;
  return command;
}

function fieldsOf(command: Command): Record<string, unknown> {
  const { kind, scope, scopeId, fingerprintLow, fingerprintHigh, notAfterMs, target } = command;
  return {
    numbers: { kind, scope, scopeId, fingerprintLow, fingerprintHigh, notAfterMs, target },
    lines: Array.from({ length: linesOf(command).count }, (_, line) => [
      linesOf(command).sale[line],
      linesOf(command).quantity[line],
    ]),
    key: keyText(command),
    customer: customerText(command),
    rest: [termsOf(command).holdMs, extensionOf(command).untilMs, cancellationOf(command).count, command.body],
  };
}

const samples = [join(3, 2, 'anna'), keyedJoin(), leave(7), leave(0xffffffff), new Command().reset(kinds.joinWaitlist)];

test('a join and a leave come back as they were written, whatever the command had before', () => {
  const reader = new RecordReader();
  const command = new Command();
  reader.reset(encoded(...samples, ...samples.toReversed()));
  const seen: unknown[] = [];
  while (reader.next(command)) seen.push(fieldsOf(command));
  assert.deepEqual(seen, [...samples, ...samples.toReversed()].map(fieldsOf));
});

/** Records as they stand in logs. These bytes never change. */
const written: readonly (readonly [Command, string])[] = [
  [
    join(3, 2, 'anna'),
    '2c000000 1a 00 0000 0400 0100 00000000 0000000000000000 000000000000f07f 0300000002000000 616e6e61',
  ],
  [
    keyedJoin(),
    '37000000 1a 01 0a00 0500 0100 ffffffff ffffffff01000080 00048056febc7842 ffffffff02000000' +
      '7363686cc3bc7373656c c3a761726c',
  ],
  [leave(7), '24000000 1b 00 0000 0000 0000 00000000 0000000000000000 000000000000f07f 07000000'],
];

test('the bytes of a join and of a leave never change', () => {
  for (const [command, bytes] of written) {
    assert.equal(Buffer.from(encoded(command)).toString('hex'), bytes.replaceAll(' ', ''));
  }
});

test('a join and a leave are described in words', () => {
  const lines = [{ sale: 3, quantity: 2 }];
  assert.deepEqual(describeCommand(join(3, 2, 'anna')), { kind: 'joinWaitlist', customer: 'anna', lines });
  assert.deepEqual(describeCommand(leave(7)), { kind: 'leaveWaitlist', entry: 7 });
});

test('a truncated join or leave is refused', () => {
  for (const sample of samples) {
    const record = encoded(sample);
    for (let length = 1; length < record.length; length += 1) {
      const reader = new RecordReader();
      reader.reset(record.subarray(0, length));
      assert.throws(() => reader.next(new Command()), /no valid length/);
    }
  }
});

test('a join that is shorter than its lines is refused', () => {
  const record = encoded(join(3, 2, ''));
  for (const lineCount of [2, 64, 65, 0xffff]) {
    new DataView(record.buffer).setUint16(10, lineCount, true);
    const reader = new RecordReader();
    reader.reset(record);
    assert.throws(() => reader.next(new Command()), Error);
  }
});
