/** Names of seats as the engine keeps them. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { SaleDefinition } from '../../src/engine/commands/sales.ts';
import { Command, kinds } from '../../src/engine/command.ts';
import { dump, stateHash } from '../../src/engine/dump.ts';
import { Engine } from '../../src/engine/engine.ts';
import { defaultGenesis, defaultSale } from './rows.ts';
import { restored, snapshotOf } from './subjects.ts';

/** Longer than any earlier text in a buffer, and of more bytes than letters. */
const long = (letter: string): string => letter.repeat(255);

function begun(): { engine: Engine; apply: (kind: keyof typeof kinds, body: Command['body']) => string } {
  const engine = new Engine();
  const apply = (kind: keyof typeof kinds, body: Command['body']): string => {
    const command = new Command().reset(kinds[kind]);
    command.body = body;
    return engine.apply(command, engine.position + 1, 0).row.code;
  };
  apply('genesis', defaultGenesis);
  return { engine, apply };
}

test('seats with long names are found apart, from the first look-up on', () => {
  const { engine, apply } = begun();
  const seats = ['1', long('á'), long('€')];
  const section = long('ö');
  const row = long('界');
  const hall = { sections: [{ name: section, rows: [{ name: row, seats }] }] };
  const sale: SaleDefinition = { ...defaultSale, kind: 'seated', capacity: 3, hall };
  assert.equal(apply('createSale', sale), 'OK');
  for (const number of seats) {
    assert.equal(apply('addSeats', { sale: 0, seats: [{ section, row, number, place: 9 }] }), 'SEAT_EXISTS');
  }
  assert.equal(apply('addSeats', { sale: 0, seats: [{ section, row, number: long('ß') }] }), 'OK');
  assert.deepEqual(
    dump(engine).sales[0]!.seats.map(({ number }) => number),
    [...seats, long('ß')],
  );
  const again = restored(snapshotOf(engine));
  assert.equal(stateHash(dump(again)), stateHash(dump(engine)));
  for (const [seat] of seats.entries()) assert.equal(apply('removeSeat', { sale: 0, seat }), 'OK');
  assert.equal(apply('addSeats', { sale: 0, seats: [{ section, row, number: long('á') }] }), 'OK');
});
