/** Bytes that are no proper HTTP: refused, without effect, and the server goes on. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { RawConnection } from './support/raw.ts';
import type { TestStore } from './support/store.ts';
import { withStore } from './support/store.ts';

const host = 'Host: localhost\r\n';
const post = `POST /v1/customers HTTP/1.1\r\n${host}Content-Type: application/json\r\n`;
const chunked = `${post}Transfer-Encoding: chunked\r\n\r\n`;

/** What a request may be read in two ways by two readers, or in none. */
const refused: Readonly<Record<string, string>> = {
  'two lengths that differ': `${post}Content-Length: 2\r\nContent-Length: 3\r\n\r\n{} `,
  'a list of lengths': `${post}Content-Length: 2, 2\r\n\r\n{}`,
  'a negative length': `${post}Content-Length: -2\r\n\r\n{}`,
  'a length with a sign': `${post}Content-Length: +2\r\n\r\n{}`,
  'a length in hexadecimal': `${post}Content-Length: 0x2\r\n\r\n{}`,
  'a length beyond all numbers': `${post}Content-Length: 99999999999999999999999999\r\n\r\n{}`,
  'a length that is no number': `${post}Content-Length: two\r\n\r\n{}`,
  'a length beside chunks': `${post}Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n`,
  'chunks beside a length': `${post}Transfer-Encoding: chunked\r\nContent-Length: 2\r\n\r\n2\r\n{}\r\n0\r\n\r\n`,
  'another coding than chunks': `${post}Transfer-Encoding: gzip\r\n\r\n{}`,
  'another coding before chunks': `${post}Transfer-Encoding: gzip, chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n`,
  'a coding like chunks': `${post}Transfer-Encoding: xchunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n`,
  'a chunk of no size': `${chunked}\r\n{}\r\n0\r\n\r\n`,
  'a chunk of a size that is no number': `${chunked}zz\r\n{}\r\n0\r\n\r\n`,
  'a chunk of negative size': `${chunked}-2\r\n{}\r\n0\r\n\r\n`,
  'a chunk of a size beyond all numbers': `${chunked}fffffffffffffffffff\r\n{}\r\n0\r\n\r\n`,
  'a chunk that is longer than it says': `${chunked}1\r\n{}\r\n0\r\n\r\n`,
  'a header of two lines': `GET /livez HTTP/1.1\r\n${host}X-One: a\r\n b\r\n\r\n`,
  'a space before the colon': `GET /livez HTTP/1.1\r\n${host}X-One : a\r\n\r\n`,
  'a header without a colon': `GET /livez HTTP/1.1\r\n${host}X-One\r\n\r\n`,
  'a header without a name': `GET /livez HTTP/1.1\r\n${host}: a\r\n\r\n`,
  'a null in a header': `GET /livez HTTP/1.1\r\n${host}X-One: a\0b\r\n\r\n`,
  'no host': 'GET /livez HTTP/1.1\r\n\r\n',
  'no version': `GET /livez\r\n${host}\r\n`,
  'a version of the future': `GET /livez HTTP/9.9\r\n${host}\r\n`,
  'no path': `GET HTTP/1.1\r\n${host}\r\n`,
  'lines that end early': 'GET /livez HTTP/1.1\nHost: localhost\n\n',
  'a method that nobody knows': `FROBNICATE /livez HTTP/1.1\r\n${host}\r\n`,
  'a preface of HTTP/2': 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
  'the start of TLS': '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n',
  zeros: `${'\0'.repeat(400)}\r\n\r\n`,
  'an empty line and rubbish': '\r\nrubbish\r\n\r\n',
};

async function assertWell(store: TestStore, before: number): Promise<void> {
  assert.equal((await store.get('/livez')).status, 200);
  assert.equal(store.node.engine.position, before);
  assert.deepEqual(store.logged, []);
}

describe('a request with', () => {
  for (const [what, bytes] of Object.entries(refused)) {
    test(`${what} is refused`, () =>
      withStore({}, async (store) => {
        const { position } = store.node.engine;
        const connection = await RawConnection.open(store.port);
        connection.send(bytes);
        const answer = await connection.answer();
        assert.ok(answer === null || (answer.status >= 400 && answer.status < 506), answer?.head ?? '');
        assert.ok(answer?.status !== 500);
        assert.ok(await connection.closesWithin(1000), 'what comes behind it could be taken for another request');
        await assertWell(store, position);
      }));
  }
});

describe('a host that makes no address', () => {
  test('a host that makes no address is refused or ignored, and is no failure of the store', () =>
    withStore({}, async (store) => {
      const { position } = store.node.engine;
      for (const name of [
        '[',
        'a b',
        '%',
        'localhost:99999',
        '127.0.0.1:99999',
        ':',
        '\u00e4',
        'localhost/../x',
        '[::1',
        'a@b:c',
      ]) {
        for (const path of ['/livez', '/v1/sales?limit=1', '/nothing', '/v1/nothing', '/v1/customers/x?at=1']) {
          const connection = await RawConnection.open(store.port);
          connection.send(`GET ${path} HTTP/1.1\r\nHost: ${name}\r\n\r\n`);
          const answer = await connection.answer();
          assert.ok(answer === null || answer.status < 500, `${name} ${path}: ${answer?.head}`);
          connection.end();
        }
      }
      const old = await RawConnection.open(store.port);
      old.send('GET /nothing HTTP/1.0\r\n\r\n');
      assert.equal((await old.answer())?.status, 403);
      await assertWell(store, position);
    }));
});

describe('a path', () => {
  const paths = [
    '/%',
    '/%zz',
    '/%00',
    '/v1/sales/%',
    '/v1/sales/%ff%fe',
    '/v1/holds/..%2f..%2fetc',
    '/../../etc/passwd',
    '//',
    '/?',
    '/v1/sales?limit=%',
    '/v1/sales?at=%ff',
    '/;',
    '/v1/customers/%F0%9F%98%80',
    '/\u00e4',
  ];

  test('a path of odd bytes finds what it names, or nothing', () =>
    withStore({}, async (store) => {
      const { position } = store.node.engine;
      for (const path of paths) {
        const connection = await RawConnection.open(store.port);
        connection.send(`GET ${path} HTTP/1.1\r\n${host}\r\n`);
        const answer = await connection.answer();
        assert.ok(answer === null || answer.status < 500, `${path}: ${answer?.head}`);
        connection.end();
      }
      await assertWell(store, position);
    }));
});
