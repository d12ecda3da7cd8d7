/** Positions as the client compares them. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { comparePositions } from '../../sdk/src/index.ts';
import { laterPosition } from '../../sdk/src/position.ts';

const [one, other] = ['0123456789ab', 'ba9876543210'];

test('positions of one cell and epoch have an order, and no others', () => {
  assert.ok(comparePositions('0.9', '0.10')! < 0);
  assert.ok(comparePositions(`0.10.${one}`, `0.9.${one}`)! > 0);
  assert.equal(comparePositions(`0.9.${one}`, `0.9.${one}`), 0);
  for (const [left, right] of [
    [`0.9.${one}`, `0.10.${other}`],
    [`0.9.${one}`, '0.10'],
    [`0.9.${one}`, `1.9.${one}`],
    ['0.9', 'x'],
  ] as const) {
    assert.equal(comparePositions(left, right), null, `${left} ${right}`);
  }
});

test('the newer of two positions without an order is the later one', () => {
  assert.equal(laterPosition(`0.900.${one}`, `0.20.${other}`), `0.20.${other}`);
  assert.equal(laterPosition(`0.900.${one}`, `0.20.${one}`), `0.900.${one}`);
  assert.equal(laterPosition(null, '0.1'), '0.1');
});
