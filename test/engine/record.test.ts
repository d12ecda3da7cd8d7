import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { KindName } from '../../src/engine/command.ts';
import { Command, kinds, scopes } from '../../src/engine/command.ts';
import { maxLines, linesOf } from '../../src/engine/commands/lines.ts';
import {
  customerText,
  describeCommand,
  keyText,
  maxRecordBytes,
  RecordReader,
  RecordWriter,
} from '../../src/engine/record.ts';
import { decoded, encoded, fieldsOf, samples } from '../log/support/records.ts';

test('the samples cover every kind', () => {
  const tried = new Set(samples().map(({ kind }) => kind));
  assert.deepEqual(
    Object.values(kinds).filter((kind) => !tried.has(kind)),
    [],
  );
});

for (const sample of samples()) {
  const shown = JSON.stringify(describeCommand(sample)).slice(0, 70);
  test(`${shown} comes back as it was written`, () => {
    const bytes = encoded(sample);
    const [again, ...more] = decoded(bytes);
    assert.equal(more.length, 0);
    assert.deepEqual(fieldsOf(again!), fieldsOf(sample));
    assert.deepEqual(encoded(again!), bytes, 'the same command, the same bytes');
  });
}

test('records lie back to back in a batch and are read in order', () => {
  const all = samples();
  const batch = encoded(...all);
  assert.deepEqual(decoded(batch).map(fieldsOf), all.map(fieldsOf));
  assert.equal(
    batch.length,
    all.reduce((sum, sample) => sum + encoded(sample).length, 0),
  );
});

test('a batch is read at any offset in memory', () => {
  const batch = encoded(...samples());
  for (const offset of [1, 3, 8]) {
    const memory = new Uint8Array(batch.length + 16).fill(0xff);
    memory.set(batch, offset);
    assert.deepEqual(decoded(memory.subarray(offset, offset + batch.length)).length, samples().length);
  }
});

test('an empty batch has no record', () => {
  assert.deepEqual(decoded(new Uint8Array(0)), []);
});

test('the longest keys and customer ids fit, set in either order', () => {
  const longest = ['€'.repeat(255), 'x'.repeat(255), '𝕳'.repeat(127), '\u{feff}'.repeat(255)];
  for (const key of longest) {
    for (const customer of longest) {
      const command = new Command().reset(kinds.order);
      command.setCustomer(customer);
      command.setKey(scopes.caller, 0, key);
      command.setCustomer(customer);
      const [again] = decoded(encoded(command));
      assert.equal(keyText(again!), key);
      assert.equal(customerText(again!), customer);
    }
  }
  assert.throws(() => new Command().setKey(scopes.none, 0, 'x'.repeat(256)), /at most 255/);
  assert.throws(() => new Command().setCustomer('x'.repeat(256)), /at most 255/);
});

test('an order has at most 64 lines', () => {
  const command = new Command().reset(kinds.order);
  for (let line = 0; line < maxLines; line += 1) linesOf(command).add(line, 0xffffffff - line);
  assert.throws(() => linesOf(command).add(0, 1), /at most 64 lines/);
  assert.deepEqual(fieldsOf(decoded(encoded(command))[0]!), fieldsOf(command));
});

test('a writer is reused after it was cleared', () => {
  const writer = new RecordWriter(1);
  const [first, second] = samples();
  writer.add(first!);
  writer.add(second!);
  assert.equal(writer.count, 2);
  const both = writer.bytes().slice();
  writer.clear();
  assert.deepEqual([writer.count, writer.byteLength], [0, 0]);
  writer.add(first!);
  assert.deepEqual(writer.bytes(), both.subarray(0, writer.byteLength));
});

test('a body that is too long is refused and leaves the batch as it was', () => {
  const writer = new RecordWriter();
  writer.add(samples()[0]!);
  const before = writer.bytes().slice();
  const long = new Command().reset(kinds.createCustomer);
  long.body = { id: null, name: 'x'.repeat(maxRecordBytes), email: null };
  assert.throws(() => writer.add(long), /at most/);
  assert.deepEqual(writer.bytes(), before);
  assert.equal(writer.count, 1);
});

test('the next command has nothing left of the one before', () => {
  const reader = new RecordReader();
  const command = new Command();
  const expected = samples().map(fieldsOf);
  reader.reset(encoded(...samples(), ...samples().reverse()));
  const seen: unknown[] = [];
  while (reader.next(command)) seen.push(fieldsOf(command));
  assert.deepEqual(seen, [...expected, ...expected.toReversed()]);
});

/** Records as they stand in logs: the header, and what follows. These bytes never change. */
const written: Readonly<Partial<Record<KindName, readonly string[]>>> = {
  tick: ['20000000 02 00 0000 0000 0000 00000000 0000000000000000 000000000000f07f'],
  updateSale: [
    '49000000 0b 00 0000 0000 0000 00000000 0000000000000000 000000000000f07f',
    '7b2273616c65223a332c227072696365223a6e756c6c2c22737461747573223a22706175736564227d',
  ],
  hold: [
    '3e000000 15 05 0a00 0400 0100 ffffffff ffffffff01000080 00048056febc7842',
    '0300000002000000 00000000004ced40 7363686cc3bc7373656c616e6e61',
  ],
  extend: [
    '2f000000 17 05 0300 0000 0000 ffffffff ffffffff01000080 00048056febc7842',
    '07000000 0008796cfebc7842 6b6579',
  ],
  cancel: [
    '2f000000 19 05 0300 0000 0200 ffffffff ffffffff01000080 00048056febc7842',
    'ffffffff 00000000 3f000000 6b6579',
  ],
};

test('the bytes of a record never change', () => {
  for (const [kind, expected] of Object.entries(written)) {
    const sample = samples().find((sample) => sample.kind === kinds[kind as KindName])!;
    assert.equal(Buffer.from(encoded(sample)).toString('hex'), expected.join('').replaceAll(' ', ''), kind);
  }
});

test('a command is described in words', () => {
  const told = (kind: KindName): Record<string, unknown> =>
    describeCommand(samples().find((sample) => sample.kind === kinds[kind])!);
  assert.deepEqual(told('tick'), { kind: 'tick' });
  assert.deepEqual(told('hold'), {
    kind: 'hold',
    key: 'schlüssel',
    customer: 'anna',
    lines: [{ sale: 3, quantity: 2 }],
    holdMs: 60_000,
  });
  assert.deepEqual(told('extend'), { kind: 'extend', key: 'key', hold: 7, untilMs: 1_700_000_090_000.5 });
  assert.deepEqual(told('cancel'), { kind: 'cancel', key: 'key', order: 0xffffffff, cancel: [0, 63] });
});
