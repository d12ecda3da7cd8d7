/** Addresses and networks: what is one, which holds which, and as whom limits count a client. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { clientKeyOf, isInside, isPrivateIp, parseIp, parseNetwork } from '../../src/http/ip.ts';

function ip(text: string): Uint8Array {
  const bytes = parseIp(text);
  assert.ok(bytes !== null, text);
  return bytes;
}

describe('an address', () => {
  test('an address has one form of bytes, however it is written', () => {
    for (const forms of [
      ['192.0.2.1', '::ffff:192.0.2.1', '::FFFF:c000:201', '0:0:0:0:0:ffff:192.0.2.1'],
      ['::1', '0:0:0:0:0:0:0:1', '0::0.0.0.1'],
      ['2001:db8::a', '2001:0DB8:0:0::000A', '2001:db8::a%eth0'],
      ['::', '0::', '::0'],
      ['1::', '1:0::0:0'],
    ]) {
      for (const form of forms) assert.deepEqual(ip(form), ip(forms[0]!), form);
    }
  });

  test('other texts are not addresses', () => {
    for (const text of [
      '',
      ' ',
      'unknown',
      '_hidden',
      '1.2.3',
      '1.2.3.4.5',
      '256.1.1.1',
      '1.2.3.4:80',
      '[::1]',
      ':::',
      '1::2::3',
      'g::1',
      '::1/64',
      `${'0:'.repeat(40)}1`,
    ]) {
      assert.equal(parseIp(text), null, text);
    }
  });

  test('an address is counted by itself, or by its /64', () => {
    assert.equal(clientKeyOf(ip('192.0.2.1')), '192.0.2.1');
    assert.equal(clientKeyOf(ip('::ffff:192.0.2.1')), '192.0.2.1');
    assert.equal(clientKeyOf(ip('2001:db8:1:2:3:4:5:6')), '2001:db8:1:2::/64');
    assert.equal(clientKeyOf(ip('2001:db8:1:2::ffff')), '2001:db8:1:2::/64');
    assert.notEqual(clientKeyOf(ip('2001:db8:1:3::1')), '2001:db8:1:2::/64');
  });

  test('an address that does not identify a client is private', () => {
    for (const text of [
      '127.0.0.1',
      '::1',
      '10.1.2.3',
      '172.31.255.255',
      '192.168.1.1',
      '169.254.1.1',
      '100.64.0.1',
      'fd00::1',
      'fe80::1',
      '::ffff:10.0.0.1',
    ]) {
      assert.ok(isPrivateIp(ip(text)), text);
    }
    for (const text of ['8.8.8.8', '172.32.0.1', '100.128.0.1', '2001:db8::1', '::2', '192.167.1.1', '11.0.0.1']) {
      assert.ok(!isPrivateIp(ip(text)), text);
    }
  });
});

describe('a network', () => {
  test('a network holds the addresses that share its first bits, and no others', () => {
    for (const [network, inside, outside] of [
      ['10.0.0.0/8', '10.255.255.255', '11.0.0.0'],
      ['192.0.2.128/25', '192.0.2.255', '192.0.2.127'],
      ['192.0.2.7', '192.0.2.7', '192.0.2.6'],
      ['192.0.2.7/32', '::ffff:192.0.2.7', '192.0.2.8'],
      ['0.0.0.0/0', '255.1.2.3', '2001:db8::1'],
      ['2001:db8::/33', '2001:db8:7fff::1', '2001:db8:8000::1'],
      ['fd00::/8', 'fdff::1', 'fc00::1'],
      ['::1', '::1', '::2'],
      ['::/0', '1.2.3.4', null],
    ] as const) {
      const parsed = parseNetwork(network);
      assert.ok(parsed !== null, network);
      assert.ok(isInside(ip(inside), parsed), `${inside} in ${network}`);
      if (outside !== null) assert.ok(!isInside(ip(outside), parsed), `${outside} in ${network}`);
    }
  });

  test('other texts are not networks', () => {
    for (const text of [
      '',
      '/8',
      '10.0.0.0/',
      '10.0.0.0/33',
      '::/129',
      '10.0.0.0/8/8',
      '10.0.0.0/-1',
      '10.0.0.0/0x8',
    ]) {
      assert.equal(parseNetwork(text), null, text);
    }
    for (const text of ['10.0.0.0/ 8', 'localhost', 'example.com/8', '10.*', 'fe80::1%eth0/64', '10.0.0']) {
      assert.equal(parseNetwork(text), null, text);
    }
  });
});
