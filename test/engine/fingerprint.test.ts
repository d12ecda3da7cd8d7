import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Kind } from '../../src/engine/command.ts';
import { linesOf } from '../../src/engine/commands/lines.ts';
import { Command, kinds } from '../../src/engine/command.ts';
import { fingerprintQuantity, fingerprintText } from '../../src/engine/fingerprint.ts';

function shown({ fingerprintHigh, fingerprintLow }: Command): string {
  return [fingerprintHigh, fingerprintLow].map((word) => word.toString(16).padStart(8, '0')).join('');
}

function ofQuantity(kind: Kind, quantity: number, named = 0, customer: string | null = null): string {
  const command = new Command().reset(kind);
  if (customer !== null) command.setCustomer(customer);
  fingerprintQuantity(command, quantity, named);
  return shown(command);
}

function ofText(kind: Kind, text: string, hashed?: Kind): string {
  const command = new Command().reset(kind);
  fingerprintText(command, text, hashed);
  return shown(command);
}

test('fingerprints are in the log and never change', () => {
  assert.equal(ofQuantity(kinds.order, 1), '12a6fcadd4fd2f67');
  assert.equal(ofQuantity(kinds.hold, 2, 60_000, 'anna'), 'b136ed755ed0a15d');
  assert.equal(ofText(kinds.createSale, '{"name":"opera"}'), 'e309e1cecb136fbb');
});

test('a fingerprint with a kind of its own is the same for every kind of command', () => {
  const text = '["change seat",7,{"status":"available"}]';
  for (const kind of [kinds.order, kinds.hold, kinds.release, kinds.cancel, kinds.changeSeat]) {
    assert.equal(ofText(kind, text, kinds.tick), '1e351079e12b18dd');
  }
});

test('everything that the client named changes the fingerprint', () => {
  const all = [
    ofQuantity(kinds.order, 1),
    ofQuantity(kinds.order, 2),
    ofQuantity(kinds.hold, 1),
    ofQuantity(kinds.hold, 1, 60_000),
    ofQuantity(kinds.order, 1, 0, 'anna'),
    ofQuantity(kinds.order, 1, 0, 'bert'),
    ofQuantity(kinds.order, 2, 0, 'anna'),
    ofQuantity(kinds.hold, 1, 60_000, 'anna'),
    ofText(kinds.order, ''),
    ofText(kinds.order, 'a'),
    ofText(kinds.cancel, 'a'),
  ];
  assert.equal(new Set(all).size, all.length);
});

test('the fingerprint leaves out what the client did not name', () => {
  const command = new Command().reset(kinds.order);
  command.setKey(5, 7, 'key');
  command.notAfterMs = 12;
  linesOf(command).add(3, 1);
  fingerprintQuantity(command, 1, 0);
  assert.equal(shown(command), ofQuantity(kinds.order, 1));
});
