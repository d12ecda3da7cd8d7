/** Requests whose bodies count: each connection's own number, and how many it has sent. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { KeySource } from '../../../src/proof/load/keys.ts';
import { RequestBytes } from '../../../src/proof/load/request-bytes.ts';

const keys = new KeySource();

function bodies(body: string, lane: number, count: number): string[] {
  const request = new RequestBytes('here', { path: '/v1/taps', body, withToken: false, lane });
  return Array.from({ length: count }, () => {
    request.renew(keys, null, 0);
    const [head = '', sent = ''] = new TextDecoder().decode(request.bytes).split('\r\n\r\n');
    assert.equal(Number(/Content-Length: (\d+)/.exec(head)?.[1]), sent.length);
    return sent;
  });
}

test('a body names its connection, its number on it, and in and out in turn', () => {
  for (const body of [
    '{"gate":"gate-{lane}","sequence":{count},"direction":{way}}',
    '{"direction":{way},"sequence":{count},"gate":"gate-{lane}"}',
  ]) {
    assert.deepEqual(
      bodies(body, 17, 11).map((text) => JSON.parse(text) as unknown),
      Array.from({ length: 11 }, (_, at) => ({
        gate: 'gate-17',
        sequence: at + 1,
        direction: at % 2 === 0 ? 'in' : 'out',
      })),
    );
  }
});

test('a body without any of it stays as it is', () => {
  assert.deepEqual(bodies('{"quantity":1}', 3, 2), ['{"quantity":1}', '{"quantity":1}']);
});
