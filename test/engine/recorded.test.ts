/**
 * Logs that an earlier program wrote and applied, with every kind of command and nearly every
 * outcome. They are read, decided and written as they were then. The file is never regenerated:
 * logs like it exist.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { Command, kinds } from '../../src/engine/command.ts';
import type { StateDump } from '../../src/engine/dump.ts';
import { dump, stateHash } from '../../src/engine/dump.ts';
import { Engine } from '../../src/engine/engine.ts';
import { RecordReader, RecordWriter } from '../../src/engine/record.ts';
import { restored, snapshotOf } from './subjects.ts';

interface Recorded {
  readonly seed: number;
  readonly outcomeHash: string;
  readonly stateHash: string;
  /** Log time in ms, and the record in base64. */
  readonly records: readonly (readonly [number, string])[];
}

const file = new URL('../fixtures/histories.json.gz', import.meta.url);
// The test checks its shape: an invalid record does not decode.
const recorded = JSON.parse(gunzipSync(readFileSync(file)).toString()) as readonly Recorded[];
const kindsSeen = new Set<number>();
/** Kinds that came later. */
const newer: readonly string[] = [
  'createCard',
  'issueCards',
  'topUp',
  'refund',
  'blockCard',
  'unblockCard',
  'adjust',
  'setTariff',
  'addGate',
  'skipTaps',
  'taps',
  'addKey',
  'removeKey',
];

/** The dump as it was then: what is newer is empty in these histories, and is left out. */
function asThen(dumped: StateDump): StateDump {
  const { cards, cardTotals, cardCurrency, denied, journal, ...others } = dumped;
  const { tariffs, accessKeys, gates, travel, closedDay, dayStarts, ...then } = others;
  assert.deepEqual([cards, cardCurrency, denied, tariffs, accessKeys], [[], null, [], [], []]);
  assert.deepEqual([gates, travel, closedDay, dayStarts], [[], [], null, []]);
  for (const counts of [cardTotals, journal]) {
    for (const [name, count] of Object.entries(counts)) assert.equal(count, 0, name);
  }
  return then as StateDump;
}

function outcomeHashOf({ hashHigh, hashLow }: Engine): string {
  return [hashHigh, hashLow].map((word) => word.toString(16).padStart(8, '0')).join('');
}

for (const history of recorded) {
  test(`the recorded history ${history.seed} replays to its recorded outcomes and state`, () => {
    let engine = new Engine();
    const reader = new RecordReader();
    const writer = new RecordWriter();
    const command = new Command();
    const half = Math.floor(history.records.length / 2);
    for (const [at, [timeMs, base64]] of history.records.entries()) {
      const bytes = Buffer.from(base64, 'base64');
      reader.reset(bytes);
      assert.ok(reader.next(command));
      kindsSeen.add(command.kind);
      writer.clear();
      writer.add(command);
      assert.deepEqual(Buffer.from(writer.bytes()), bytes, `record ${at + 1} is written as it was`);
      engine.apply(command, at + 1, timeMs);
      // From a snapshot in the middle it goes on the same.
      if (at === half) engine = restored(snapshotOf(engine));
    }
    assert.equal(outcomeHashOf(engine), history.outcomeHash);
    assert.equal(stateHash(asThen(dump(engine))), history.stateHash);
  });
}

test('the recorded histories have every kind of command of their time', () => {
  const missing = Object.entries(kinds).filter(([name, kind]) => !kindsSeen.has(kind) && !newer.includes(name));
  assert.deepEqual(missing, []);
});
