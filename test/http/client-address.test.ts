/** The client's address, behind which proxies, and when it is unknown. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { AccessControl } from '../../src/http/access.ts';
import type { Call } from '../../src/http/call.ts';
import type { ClientAddress } from '../../src/http/client-address.ts';
import { ClientAddresses, isForwarded } from '../../src/http/client-address.ts';
import { parseNetwork } from '../../src/http/ip.ts';
import { Listener } from '../../src/http/listener.ts';
import { createLogger } from '../../src/http/logging.ts';
import { problemAnswer } from '../../src/doors/kit/native-errors.ts';
import type { Door } from '../../src/http/door.ts';
import { exchange } from './support/raw.ts';

function addresses(trusted: string, warnings: string[] = []): ClientAddresses {
  const networks = trusted === '' ? [] : trusted.split(',').map((text) => parseNetwork(text)!);
  return new ClientAddresses({ trusted: networks, warn: (message) => warnings.push(message) });
}

type Said = Readonly<Record<string, string>>;

/** Trusted proxies; the peer; what it sends; the client's address. */
const cases: readonly (readonly [string, string, Said, string | null])[] = [
  // Nobody forwards.
  ['', '203.0.113.9', {}, '203.0.113.9'],
  ['', '::ffff:203.0.113.9', {}, '203.0.113.9'],
  ['', '2001:db8:1:2:3::4', {}, '2001:db8:1:2::/64'],
  ['', '127.0.0.1', {}, null],
  ['', '192.168.1.7', {}, null],
  ['', 'fd00::1', {}, null],
  ['127.0.0.1', '127.0.0.1', {}, null],
  ['198.51.100.1', '198.51.100.1', {}, '198.51.100.1'],
  // A proxy that is not trusted may say what it likes.
  ['', '203.0.113.9', { 'X-Forwarded-For': '192.0.2.1' }, null],
  ['', '203.0.113.9', { Via: '1.1 squid' }, null],
  ['', '127.0.0.1', { 'X-Forwarded-For': '192.0.2.1' }, null],
  ['198.51.100.1', '203.0.113.9', { 'X-Forwarded-For': '192.0.2.1' }, '203.0.113.9'],
  ['198.51.100.1', '10.0.0.1', { 'X-Forwarded-For': '192.0.2.1' }, null],
  // The rightmost hop that no trusted proxy is.
  ['127.0.0.1', '127.0.0.1', { 'X-Forwarded-For': '192.0.2.1' }, '192.0.2.1'],
  ['127.0.0.1', '127.0.0.1', { 'X-Forwarded-For': '1.1.1.1, 192.0.2.1' }, '192.0.2.1'],
  ['127.0.0.1,10.0.0.0/8', '127.0.0.1', { 'X-Forwarded-For': '1.1.1.1, 192.0.2.1,10.0.0.4 , 10.1.1.1' }, '192.0.2.1'],
  ['127.0.0.1', '127.0.0.1', { 'X-Forwarded-For': '192.0.2.1, 10.0.0.4' }, '10.0.0.4'],
  ['::1', '::1', { 'X-Forwarded-For': '2001:db8:1:2:3::4' }, '2001:db8:1:2::/64'],
  ['::1', '::1', { 'X-Forwarded-For': '::ffff:192.0.2.1' }, '192.0.2.1'],
  ['::1', '::1', { 'X-Forwarded-For': '192.0.2.1:4711' }, '192.0.2.1'],
  ['::1', '::1', { 'X-Forwarded-For': '[2001:db8:1:2::1]:4711' }, '2001:db8:1:2::/64'],
  // The same in the words of RFC 7239.
  ['::1', '::1', { Forwarded: 'for=192.0.2.1' }, '192.0.2.1'],
  ['::1', '::1', { Forwarded: 'for=1.1.1.1, For="192.0.2.1:80";proto=https;by=203.0.113.43' }, '192.0.2.1'],
  ['::1', '::1', { Forwarded: 'proto=https;for="[2001:db8:1:2::1]:4711"' }, '2001:db8:1:2::/64'],
  ['::1,10.0.0.0/8', '::1', { Forwarded: 'for=192.0.2.1, for=10.0.0.9' }, '192.0.2.1'],
  // Both: equal ones count; with two different ones neither does.
  ['::1', '::1', { 'X-Forwarded-For': '192.0.2.1', Forwarded: 'for=192.0.2.1' }, '192.0.2.1'],
  ['::1', '::1', { 'X-Forwarded-For': '192.0.2.1', Forwarded: 'for=192.0.2.2' }, '0:0:0:0::/64'],
  ['127.0.0.1', '127.0.0.1', { 'X-Forwarded-For': '192.0.2.1', Forwarded: 'for=192.0.2.2' }, '127.0.0.1'],
  // A trusted proxy that does not say for whom: everybody would be one address.
  ['127.0.0.1', '127.0.0.1', { 'X-Forwarded-Proto': 'https' }, null],
  ['127.0.0.1', '127.0.0.1', { 'X-Forwarded-For': 'unknown' }, null],
  ['127.0.0.1', '127.0.0.1', { 'X-Forwarded-For': '' }, null],
  ['127.0.0.1', '127.0.0.1', { 'X-Forwarded-For': '192.0.2.1, unknown' }, null],
  ['127.0.0.1', '127.0.0.1', { Forwarded: 'for=_hidden' }, null],
  ['127.0.0.1', '127.0.0.1', { Forwarded: ';;=,for' }, null],
  ['198.51.100.1', '198.51.100.1', { Via: '1.1 cdn' }, '198.51.100.1'],
  ['127.0.0.1,10.0.0.0/8', '127.0.0.1', { 'X-Forwarded-For': '10.0.0.4' }, null],
];

describe('the client', () => {
  for (const [trusted, peer, said, expected] of cases) {
    test(`the client at ${peer} (trusted: ${trusted || 'none'}) that sends ${JSON.stringify(said)} is ${expected}`, () => {
      const client = addresses(trusted).of(new Headers(said), peer);
      assert.equal(client.address, expected);
      assert.deepEqual([client.peer, client.forwarded], [peer, Object.keys(said).length > 0]);
    });
  }

  test('the client whose connection is gone is counted with all others that are', () => {
    assert.deepEqual(addresses('').of(new Headers(), null), { address: 'gone', peer: '', forwarded: false });
  });

  test('the client may write a chain as long as headers go, in bounded time', () => {
    const chain = `${'127.0.0.1,'.repeat(50_000)}127.0.0.1`;
    const startedMs = performance.now();
    const clients = addresses('127.0.0.1');
    for (const name of ['X-Forwarded-For', 'Forwarded']) {
      assert.equal(clients.of(new Headers({ [name]: chain }), '127.0.0.1').address, null);
    }
    assert.ok(performance.now() - startedMs < 500);
  });
});

describe('a proxy in front', () => {
  test('a proxy in front is known by what only proxies add', () => {
    for (const name of ['X-Forwarded-For', 'x-forwarded-proto', 'X-Forwarded-Port', 'Forwarded', 'X-Real-IP', 'Via']) {
      assert.ok(isForwarded(new Headers({ [name]: 'x' })), name);
    }
    assert.ok(!isForwarded(new Headers({ Host: 'a', Accept: 'b', 'X-Requested-With': 'c', Origin: 'd' })));
  });

  test('an untrusted proxy in front causes one warning', () => {
    const warnings: string[] = [];
    const clients = addresses('', warnings);
    for (const peer of ['127.0.0.1', '127.0.0.1', '203.0.113.9']) clients.of(new Headers({ Via: '1.1 a' }), peer);
    assert.equal(warnings.length, 1);
    assert.match(warnings[0]!, /proxy at 127\.0\.0\.1.*HOLDFAST_TRUSTED_PROXIES/);
  });

  test('a proxy in front is believed about host and scheme only when it is trusted', () => {
    const said = new Headers({ 'X-Forwarded-Host': 'evil.example, shop.example', 'X-Forwarded-Proto': 'https' });
    const shop = { host: 'shop.example', proto: 'https' };
    const nothing = { host: null, proto: null };
    assert.deepEqual(
      addresses('10.0.0.1').forwardingOf(said, () => '10.0.0.1'),
      shop,
    );
    assert.deepEqual(
      addresses('10.0.0.1').forwardingOf(said, () => '10.0.0.2'),
      nothing,
    );
    assert.deepEqual(
      addresses('').forwardingOf(said, () => '10.0.0.1'),
      nothing,
    );
    const forwarded = new Headers({ Forwarded: 'for=1.1.1.1;host=a, for=2.2.2.2;host="shop.example";proto=https' });
    assert.deepEqual(
      addresses('10.0.0.1').forwardingOf(forwarded, () => '10.0.0.1'),
      shop,
    );
  });
});

test('a call knows its client, and that it was forwarded, over a real connection', async () => {
  const seen: (ClientAddress & { isForwarded: boolean })[] = [];
  const door: Door = {
    name: 'asking',
    prefixes: [],
    routes: [
      {
        method: 'GET',
        path: '/',
        needs: 'buy',
        summary: 'Who asks',
        answers: {},
        handle: (call: Call) => {
          const { isForwarded: before } = call;
          seen.push({ ...call.client, isForwarded: before });
          assert.equal(call.isForwarded, before);
          return { status: 200, headers: {}, body: 'x' };
        },
      },
    ],
    failed: (failure) => problemAnswer(failure.row, failure.detail),
  };
  const access = new AccessControl({ operatorKey: null, open: true, origins: [], clients: addresses('127.0.0.0/8') });
  const listener = new Listener({ port: 0, host: '127.0.0.1', doors: [door], access, logger: createLogger('silent') });
  const request = (headers: string): string => `GET / HTTP/1.1\r\nHost: localhost\r\n${headers}\r\n`;
  try {
    await exchange(listener.port, request(''));
    // Two lines of one header are one list.
    await exchange(listener.port, request('X-Forwarded-For: 1.1.1.1\r\nX-Forwarded-For: 192.0.2.1\r\n'));
  } finally {
    await listener.close(0);
  }
  const peer = '127.0.0.1';
  assert.deepEqual(seen, [
    { address: null, peer, forwarded: false, isForwarded: false },
    { address: '192.0.2.1', peer, forwarded: true, isForwarded: true },
  ]);
});
