/** Bytes that no writer wrote: they are refused with an error, or are a valid command. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Command, kinds } from '../../src/engine/command.ts';
import { maxLines } from '../../src/engine/commands/lines.ts';
import { RecordReader } from '../../src/engine/record.ts';
import { Random } from './random.ts';
import { decoded, encoded, fieldsOf, samples } from '../log/support/records.ts';

const runs = 20_000;

/**
 * Reads arbitrary bytes. Fields that can be read must lie within them and survive being written
 * again.
 */
function readAnything(bytes: Uint8Array): 'read' | 'refused' {
  const reader = new RecordReader();
  // The bytes right before and after the batch must not be read.
  const memory = new Uint8Array(bytes.length + 64).fill(0xa5);
  memory.set(bytes, 32);
  reader.reset(memory.subarray(32, 32 + bytes.length));
  const commands: Command[] = [];
  try {
    for (let command = new Command(); reader.next(command); command = new Command()) {
      assert.ok(commands.length <= bytes.length / 32, 'every record takes bytes');
      assert.ok(command.customerStart + command.customerLength <= bytes.length);
      fieldsOf(command);
      commands.push(command);
    }
  } catch (error) {
    assert.ok(error instanceof Error && !(error instanceof assert.AssertionError), String(error));
    return 'refused';
  }
  assert.deepEqual(decoded(encoded(...commands)).map(fieldsOf), commands.map(fieldsOf));
  return 'read';
}

test('random bytes are refused or read, and never hang', () => {
  const random = new Random(1);
  const outcomes = { read: 0, refused: 0 };
  for (let run = 0; run < runs; run += 1) {
    const bytes = Uint8Array.from({ length: random.below(200) }, () => random.below(256));
    // Most begin with a length that fits, or hardly any would come further.
    if (bytes.length >= 4 && random.chance(90))
      new DataView(bytes.buffer).setUint32(0, bytes.length - random.below(2), true);
    if (bytes.length >= 12 && random.chance(80))
      bytes.set([random.below(30), 0, random.below(9), 0, random.below(9), 0, 0, 0], 4);
    outcomes[readAnything(bytes)] += 1;
  }
  assert.ok(outcomes.read > runs / 200 && outcomes.refused > runs / 2, JSON.stringify(outcomes));
});

test('records with changed bytes are refused or read', () => {
  const random = new Random(2);
  const records = samples().map((sample) => encoded(sample));
  const outcomes = { read: 0, refused: 0 };
  for (let run = 0; run < runs; run += 1) {
    const bytes = random.pick(records).slice();
    for (let changes = 1 + random.below(3); changes > 0; changes -= 1) {
      // Half of the changes are in the header, where the lengths are.
      const at = random.chance(50) ? random.below(32) : random.below(bytes.length);
      bytes[at] = random.chance(50) ? random.below(256) : bytes[at]! ^ (1 << random.below(8));
    }
    outcomes[readAnything(bytes)] += 1;
  }
  assert.ok(outcomes.read > runs / 10 && outcomes.refused > runs / 10, JSON.stringify(outcomes));
});

test('a record that was cut, or is followed by a piece of another, is refused', () => {
  for (const sample of samples()) {
    const record = encoded(sample);
    for (let length = 1; length < record.length; length += 1) {
      assert.throws(() => decoded(record.subarray(0, length)), /no valid length/);
      assert.throws(() => decoded(Uint8Array.of(...record, ...record.subarray(0, length))), /no valid length/);
    }
  }
});

test('a record whose length is not that of its fields is refused', () => {
  for (const sample of samples()) {
    const record = encoded(sample);
    const resized = (length: number): Uint8Array => {
      const bytes = new Uint8Array(length);
      bytes.set(record.subarray(0, length));
      new DataView(bytes.buffer).setUint32(0, length, true);
      return bytes;
    };
    assert.throws(() => decoded(resized(record.length + 1)), Error);
    const withoutBody = record.length - bodyBytes(sample);
    for (let length = 0; length < record.length; length += 1) {
      if (length !== withoutBody) assert.throws(() => decoded(resized(length)), Error);
    }
  }
});

test('a record with more lines than a command has is refused', () => {
  for (const kind of [kinds.order, kinds.cancel]) {
    const record = new Uint8Array(32 + 8 * 100);
    const view = new DataView(record.buffer);
    view.setUint8(4, kind);
    for (const lineCount of [maxLines, maxLines + 1, 100]) {
      const length = kind === kinds.order ? 32 + 8 * lineCount : 36 + 4 * lineCount;
      view.setUint32(0, length, true);
      view.setUint16(10, lineCount, true);
      const batch = record.subarray(0, length);
      if (lineCount > maxLines) assert.throws(() => decoded(batch), /lines/);
      else assert.equal(decoded(batch).length, 1);
    }
  }
});

function bodyBytes({ body }: Command): number {
  return body === null ? 0 : new TextEncoder().encode(JSON.stringify(body)).length;
}

test('a body that is no JSON object is refused', () => {
  const record = encoded(samples()[0]!);
  const start = record.length - bodyBytes(samples()[0]!);
  for (const body of ['null', '1', '"x"', '{', '{}}', '\u{feff}{}', '[[[[', 'x']) {
    const text = new TextEncoder().encode(body);
    const bytes = Uint8Array.of(...record.subarray(0, start), ...text);
    new DataView(bytes.buffer).setUint32(0, bytes.length, true);
    assert.throws(() => decoded(bytes), Error, body);
  }
});

test('text that is no UTF-8 is refused when it is read as text', () => {
  const command = new Command().reset(kinds.order);
  command.setKey(0, 0, 'key');
  command.text.set([0xff, 0xfe, 0xfd]);
  const [again] = decoded(encoded(command));
  assert.throws(() => fieldsOf(again!), Error);
});
