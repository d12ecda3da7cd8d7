/** Commands about cards, gates and taps as logs have them: these bytes never change. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Command } from '../../src/engine/command.ts';
import { Command as NewCommand, kinds } from '../../src/engine/command.ts';
import { maxTaps, tapsOf } from '../../src/engine/commands/taps.ts';
import { describeCommand } from '../../src/engine/record.ts';
import { decoded, encoded, fieldsOf } from '../log/support/records.ts';
import { commandOf } from './rows.ts';
import { tapsIn } from './rows-taps.ts';

const beginMs = 1_700_000_000_000;

function made(row: string): Command {
  const [name = '', ...words] = row.split(' ');
  return name === 'in' || name === 'out' ? tapsIn([name, ...words], beginMs) : commandOf(name, words, beginMs);
}

/** Each command as a row of a table, and its record: header, then the rest. */
const hot: readonly (readonly [string, ...string[]])[] = [
  [
    'topUp 7 500',
    '38000000 20 00 0000 0000 0000 00000000 0000000000000000 000000000000f07f',
    '07000000 0000000000407f40 0000000000000000 00000000',
  ],
  [
    'topUp 4294967295 -1.5EUR key=k scope=card:7',
    '39000000 20 07 0100 0000 0000 07000000 0100000000000000 000000000000f07f',
    'ffffffff 000000000000f8bf 0000000000000000 45555200 6b',
  ],
  [
    'refund 7 30 journey=4294967297',
    '38000000 21 00 0000 0000 0000 00000000 0000000000000000 000000000000f07f',
    '07000000 0000000000003e40 000010000000f041 00000000',
  ],
  ['blockCard 7', '24000000 22 00 0000 0000 0000 00000000 0000000000000000 000000000000f07f', '07000000'],
  [
    'unblockCard 4294967295 key=k scope=card:7',
    '25000000 23 07 0100 0000 0000 07000000 0100000000000000 000000000000f07f',
    'ffffffff 6b',
  ],
  [
    'adjust 7 day=19676 amount=-250 replaces=1000 run=4294967295 upTo=12',
    '44000000 24 00 0000 0000 0000 00000000 0000000000000000 000000000000f07f',
    '07000000 dc4c0000 0000000000406fc0 0000000000408f40 ffffffff 0000000000002840',
  ],
  [
    'adjust 4294967295 day=19676',
    '44000000 24 00 0000 0000 0000 00000000 0000000000000000 000000000000f07f',
    'ffffffff dc4c0000 0000000000000000 0000000000000000 00000000 000000000000f07f',
  ],
  [
    'in 0 #1',
    '3c000000 2b 00 0000 0000 0100 00000000 0000000000000000 000000000000f07f',
    '00000000 00000000 01000000 00000000 0000 00 00 00008056febc7842',
  ],
  [
    'out 2 #4294967295 epoch=4294967295 card=none station=65535 at=5000ms opened + in 0 #2 card=7 denied at=-0.5ms',
    '58000000 2b 00 0000 0000 0200 00000000 0000000000000000 000000000000f07f',
    '02000000 ffffffff ffffffff ffffffff ffff 03 00 0080b857febc7842',
    '00000000 00000000 02000000 07000000 0000 04 00 00f87f56febc7842',
  ],
];

for (const [row, ...bytes] of hot) {
  test(`the bytes of "${row}" never change`, () => {
    const record = bytes.join('').replaceAll(' ', '');
    assert.equal(Buffer.from(encoded(made(row))).toString('hex'), record);
    const [command, ...more] = decoded(Buffer.from(record, 'hex'));
    assert.equal(more.length, 0);
    assert.deepEqual(fieldsOf(command!), fieldsOf(made(row)));
    assert.deepEqual(describeCommand(command!), describeCommand(made(row)));
  });
}

/** Commands whose fields are a JSON body: number of the kind, and that body. */
const cold: readonly (readonly [string, number, string])[] = [
  ['createCard anna', 30, '{"id":"anna","name":null,"category":"adult","balance":0,"currency":null}'],
  [
    'createCard 6544ecbf-09f5-4dbd-962c-10cc2fc4a8f1 name=Anna category=child balance=10000EUR',
    30,
    '{"id":"6544ecbf-09f5-4dbd-962c-10cc2fc4a8f1","name":"Anna","category":"child","balance":10000,"currency":"EUR"}',
  ],
  ['issueCards count=3 balance=100EUR', 31, '{"count":3,"category":"adult","balance":100,"currency":"EUR"}'],
  [
    'setTariff stations=A:1 zones=200',
    40,
    '{"effectiveFromMs":null,"currency":"EUR","stations":[{"id":"A","name":"A","zone":1,"number":null}],' +
      '"fares":{"zones":[[200]]},"minimumBalance":100,"maximumFare":800,"journeyMinutes":[],"passbackSeconds":0,' +
      '"caps":[],"peaks":[],"timeZone":"UTC","offsets":[],"categories":{},"sameStation":null,"interchanges":[]}',
  ],
  ['addGate north', 41, '{"id":"north","number":null,"station":null}'],
  ['addGate south number=7 station=A', 41, '{"id":"south","number":7,"station":"A"}'],
  ['skipTaps 0 epoch=9 from=1 to=5', 42, '{"gate":0,"epoch":9,"from":1,"to":5,"reason":"lost"}'],
  ['addKey abc gates=a,b label=North', 45, '{"hash":"abc","right":"tap","gates":["a","b"],"label":"North"}'],
  ['removeKey 3', 46, '{"key":3}'],
];

for (const [row, kind, body] of cold) {
  test(`the record of "${row}" never changes`, () => {
    const record = encoded(made(row));
    assert.equal(record[4], kind);
    assert.equal(Buffer.from(record.subarray(32)).toString(), body);
    assert.equal(record.length, 32 + body.length);
    assert.deepEqual(decoded(record).map(fieldsOf), [fieldsOf(made(row))]);
  });
}

test('a record of taps has as many as it says, and at most so many', () => {
  const full = new NewCommand().reset(kinds.taps);
  const tap = { gate: 0, epoch: 0, card: 0, station: 0, direction: 0, decided: 0, atMs: 0 };
  for (let sequence = 1; sequence <= maxTaps; sequence += 1) tapsOf(full).add({ ...tap, sequence });
  assert.throws(() => tapsOf(full).add({ ...tap, sequence: 0 }), /at most 8192 taps/);
  const record = encoded(full);
  const view = new DataView(record.buffer);
  assert.equal(tapsOf(decoded(record)[0]!).count, maxTaps);
  for (const count of [maxTaps + 1, 0x3fff, 0x4001, 0x8001]) {
    view.setUint16(10, count, true);
    assert.throws(() => decoded(record), Error, `${count} taps`);
  }
});
