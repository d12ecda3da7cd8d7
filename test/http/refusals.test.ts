/**
 * What two readers may take for two requests: refused at every door, before it is looked at, as far
 * as the runtime shows it.
 */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Options, TestStore } from './support/store.ts';
import { operatorKey, withStore } from './support/store.ts';
import { exchange, headerOf, RawConnection } from './support/raw.ts';

const keyed = { environment: { HOLDFAST_OPERATOR_KEY: operatorKey } };
const open = { args: ['--open'] };

/** A path of each door, and one of none; the drops door has a port of its own. */
const paths = ['/v1/sales', '/api/v1/event', '/api/seats', '/', '/nothing'];

async function withPorts(
  options: Options,
  use: (ports: readonly (readonly [number, string])[], store: TestStore) => Promise<void>,
): Promise<void> {
  await withStore({ ...options, settings: { dropsPort: 4000 } }, async (store) => {
    const { position } = store.node.engine;
    await use([...paths.map((path) => [store.port, path] as const), [store.drops!.port, '/api/drops']], store);
    assert.equal(store.node.engine.position, position);
    assert.deepEqual(
      store.logged.filter(({ level }) => level === 'error'),
      [],
    );
  });
}

const hosts: readonly (readonly string[])[] = [
  ['a.example', 'b.example'],
  ['a.example', 'a.example'],
  ['localhost', 'localhost'],
  ['a.example, b.example'],
  ['a.example,b.example'],
  [''],
  ['user@a.example'],
  ['user:word@a.example'],
  ['a.example/path'],
  ['a.example?query'],
  ['a.example#part'],
  ['a example'],
  ['http://a.example'],
  ['a.example:x'],
  ['a.example:123456'],
  ['[::1'],
  ['::1'],
  ['a%2eexample'],
  ['a.example\\'],
  ['\u00e4.example'],
];

describe('a Host that is not one host', () => {
  for (const names of hosts) {
    test(`${JSON.stringify(names)} is refused by every door, read or written`, async () => {
      for (const options of [keyed, open, {}]) {
        await withPorts(options, async (ports) => {
          for (const [port, path] of ports) {
            for (const method of ['GET', 'POST', 'OPTIONS', 'PUT']) {
              const head = [`${method} ${path} HTTP/1.1`, ...names.map((name) => `Host: ${name}`)];
              const answer = await exchange(port, `${head.join('\r\n')}\r\nContent-Length: 0\r\n\r\n`);
              // Without a key a host other than this machine's is refused as a foreign one.
              const expected = options === keyed || options === open ? [400] : [400, 403];
              assert.ok(expected.includes(answer?.status ?? 0), `${method} ${path}: ${answer?.head}`);
              assert.notEqual(answer?.body, '', `${method} ${path}`);
            }
          }
        });
      }
    });
  }

  test('a Host that is not one host is refused by health checks too', () =>
    withStore({}, async (store) => {
      for (const path of ['/livez', '/readyz', '/health']) {
        const answer = await exchange(store.port, `GET ${path} HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n`);
        assert.equal(answer?.status, 400, path);
      }
    }));
});

test('a tunnel is refused, wherever it leads, and the connection closed', async () => {
  for (const options of [keyed, open, {}]) {
    await withPorts(options, async (ports) => {
      for (const [port, path] of ports) {
        for (const target of [path, 'a.example:443', '127.0.0.1:22', 'http://a.example/']) {
          const connection = await RawConnection.open(port);
          connection.send(`CONNECT ${target} HTTP/1.1\r\nHost: localhost\r\n\r\n`);
          const answer = await connection.answer();
          assert.ok(answer === null || (answer.status >= 400 && answer.status < 500), `${target}: ${answer?.head}`);
          if (answer !== null) assert.equal(headerOf(answer.head, 'connection'), 'close', target);
          assert.ok(await connection.closesWithin(1000), target);
        }
      }
    });
  }
});

test('a Content-Length that is no plain number is refused, with or without a body that is wanted', async () => {
  await withPorts(keyed, async (ports) => {
    for (const [port, path] of ports) {
      for (const lengths of [['2', '2'], ['2, 2'], ['02'], ['+2'], ['-2'], ['0x2'], ['2.0'], ['2e0'], ['two'], ['']]) {
        for (const method of ['GET', 'POST', 'DELETE', 'OPTIONS']) {
          const head = [`${method} ${path} HTTP/1.1`, 'Host: localhost', 'Content-Type: application/json'];
          const all = [...head, ...lengths.map((length) => `Content-Length: ${length}`)];
          const answer = await exchange(port, `${all.join('\r\n')}\r\n\r\n{}`);
          assert.ok(answer === null || answer.status === 400, `${method} ${path} ${String(lengths)}: ${answer?.head}`);
        }
      }
    }
  });
});

test('a target of other bytes than visible ASCII is refused, as far as the runtime shows it', async () => {
  await withPorts(keyed, async (ports) => {
    for (const [port, path] of ports) {
      for (const stray of ['\xff', '\xc0\xaf', '\xe4\xf6', '\x01', '\x7f', '\t']) {
        for (const target of [`${path}${stray}`, `${path}/${stray}`, `${path}?a=${stray}`]) {
          const answer = await exchange(port, `GET ${target} HTTP/1.1\r\nHost: localhost\r\n\r\n`);
          assert.ok(answer === null || answer.status === 400 || answer.status === 505, `${target}: ${answer?.head}`);
        }
      }
    }
  });
});

test('and so is one that names a thing by such bytes, in a write', () =>
  withStore({}, async (store) => {
    for (const path of ['/v1/sales/\xff/orders', '/v1/holds/\xc0\xaf/confirm', '/v1/orders/%ff/cancel']) {
      const head = `POST ${path} HTTP/1.1\r\nHost: localhost\r\nIdempotency-Key: k\r\nContent-Type: application/json\r\n`;
      const answer = await exchange(store.port, `${head}Content-Length: 2\r\n\r\n{}`);
      assert.equal(answer?.status, 400, path);
    }
  }));
