/**
 * The commands with `--url`, on a store that runs: the same as on a folder, and every way in which
 * there is no such store.
 */
import assert from 'node:assert/strict';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, test } from 'node:test';
import { operatorKey, withStore } from '../../http/support/store.ts';
import type { Options, TestStore } from '../../http/support/store.ts';
import { withFolder } from '../../log/support/folders.ts';
import { StoreClient } from '../../../src/cli/import/client.ts';
import { Target } from '../../../src/cli/import/target.ts';
import { assertSeats, found, labelsOf, runRefused, runSound, seatLines, start, written } from './support.ts';

const opera = JSON.stringify({ sections: [{ name: 'A', rows: [{ name: '1', seats: { from: 1, to: 4 } }] }] });

function withUrl(
  use: (url: string, folder: string, store: TestStore) => Promise<void>,
  options: Options = {},
): Promise<void> {
  return withFolder((folder) => withStore(options, (store) => use(`http://127.0.0.1:${store.port}`, folder, store)));
}

function targetAt(url: string): Target {
  return new Target(new StoreClient({ url, operatorKey: null }));
}

describe('an import into a running store', () => {
  test('a running store takes halls, events and seats, and a second import says that they exist', () =>
    withUrl(async (url, folder) => {
      const hall = written(folder, 'hall.json', opera);
      const events = written(folder, 'events.csv', ['name,event_date', 'Hamlet,2027-01-31', 'Lear,2027-02-01']);
      const seats = written(folder, 'seats.csv', [...seatLines('Hamlet', 5, 500), ...seatLines('2', 1, 10).slice(1)]);
      const commands = [
        ['seed', 'hall', hall],
        ['import', 'events', events],
        ['import', 'seats', seats],
      ];
      const said: string[] = [];
      for (const round of [1, 2])
        for (const command of commands) said.push(`${round} ${await runSound([...command, '--url', `${url}/`])}`);
      assert.deepEqual(said, [
        `1 ${hall}: "hall" is sale_0_1, 4 seats\n`,
        `1 ${events}: 2 events imported\n`,
        `1 ${seats}: 2510 seats imported\n`,
        `2 ${hall}: "hall" is sale_0_1, 4 seats; it was there already, and nothing changed\n`,
        `2 ${events}: all 2 events were there already; nothing changed\n`,
        `2 ${seats}: all 2510 seats were there already; nothing changed\n`,
      ]);
      const there = await found(targetAt(url));
      assertSeats(labelsOf(there, 'Hamlet'), 5, 500);
      assertSeats(labelsOf(there, 'Lear'), 1, 10);
      assert.equal(there.sales.length, 3);
    }));

  test('a running store takes nothing of a file with flaws, and each is named', () =>
    withUrl(async (url, folder, store) => {
      const events = written(folder, 'events.csv', ['name,event_date', 'Hamlet,2027-01-31']);
      await runSound(['import', 'events', events, '--url', url]);
      await runSound(['import', 'seats', written(folder, 'a.csv', seatLines('1', 1, 1)), '--url', url]);
      const { position } = store.node.engine;
      const file = written(folder, 'seats.csv', [...seatLines('Hamlet', 3, 500), 'Lear,,1,1']);
      assert.deepEqual(await runRefused(['import', 'seats', file, '--url', url]), [
        `${file} line 2: the seat is there already: take this line away`,
        `${file} line 1502, column event: there is no event "Lear": write the id or the name of one that is there`,
        `holdfast: ${file} has 2 flaws; nothing was imported`,
      ]);
      assert.equal(store.node.engine.position, position);
    }));

  test('a running store takes two imports of one file at once, and makes each thing once', () =>
    withUrl(async (url, folder) => {
      const rows = Array.from({ length: 150 }, (_, i) => `Night ${i},2027-01-31`);
      const file = written(folder, 'events.csv', ['name,event_date', ...rows]);
      const children = [1, 2, 3].map(() => start(['import', 'events', file, '--url', url]));
      assert.deepEqual(await Promise.all(children.map((child) => child.exited)), [0, 0, 0]);
      const names = (await found(targetAt(url))).events.map(({ name }) => name);
      assert.equal(names.length, 150);
      assert.equal(new Set(names).size, 150);
    }));

  test('a running store takes imports from the operator only', () =>
    withUrl(
      async (url, folder, store) => {
        const hall = written(folder, 'hall.json', opera);
        const events = written(folder, 'events.csv', ['name,event_date', 'Hamlet,2027-01-31']);
        for (const command of [
          ['seed', 'hall', hall],
          ['import', 'events', events],
        ]) {
          const [needs] = await runRefused([...command, '--url', url]);
          assert.match(needs!, /needs its operator key: put it into HOLDFAST_OPERATOR_KEY/);
          const [wrong] = await runRefused([...command, '--url', url], { operatorKey: 'the-wrong-key-altogether' });
          assert.match(wrong!, /has another operator key than HOLDFAST_OPERATOR_KEY holds/);
          assert.ok(!wrong!.includes('the-wrong-key'), 'a key is not printed');
          assert.equal(store.node.engine.state.sales.count, 0 + (command.includes(events) ? 1 : 0));
          await runSound([...command, '--url', url], { operatorKey });
        }
        assert.equal(store.node.engine.state.sales.count, 2);
      },
      { environment: { HOLDFAST_OPERATOR_KEY: operatorKey } },
    ));
});

describe('an address without a store', () => {
  const withServer = async (answer: http.RequestListener, use: (url: string) => Promise<void>): Promise<void> => {
    const server = http.createServer(answer);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    try {
      await use(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    } finally {
      server.closeAllConnections();
      server.close();
    }
  };

  const refusedAt = (url: string): Promise<string[]> =>
    withFolder((folder) => runRefused(['seed', 'hall', written(folder, 'hall.json', opera), '--url', url]));

  test('an address without a server is refused', async () => {
    let closed = '';
    await withServer(
      () => {},
      async (url) => void (closed = url),
    );
    assert.match(
      (await refusedAt(closed))[0]!,
      /^holdfast: no store answers at http:\/\/127\.0\.0\.1:\d+ \(.+\): start it, or name/,
    );
  });

  test('a page, a redirect, foreign JSON and a path below a store are refused', async () => {
    const answers: readonly (readonly [RegExp, http.RequestListener])[] = [
      [/is not a Holdfast that this program knows/, (_, response) => response.end('<html></html>')],
      [/is not a Holdfast that this program knows/, (_, response) => response.end('{"items":[{"id":7}],"next":null}')],
      [
        /answers \/v1\/sales\?limit=100 with 302: name the address/,
        (_, response) => response.writeHead(302, { Location: '/x' }).end(),
      ],
      [/answers \/v1\/sales\?limit=100 with 404: name the address/, (_, response) => response.writeHead(404).end()],
    ];
    for (const [wanted, answer] of answers)
      await withServer(answer, async (url) => assert.match((await refusedAt(url))[0]!, wanted));
    await withUrl(async (url) => assert.match((await refusedAt(`${url}/v2`))[0]!, /with 404: name the address/));
  });

  test('the operator key is never sent along a redirect', () => {
    const heard: (string | undefined)[] = [];
    return withServer(
      ({ headers }, response) => void (heard.push(headers.authorization), response.end('{}')),
      (elsewhere) =>
        withServer(
          (_, response) => response.writeHead(307, { Location: elsewhere }).end(),
          async (url) => {
            await withFolder((folder) =>
              runRefused(['seed', 'hall', written(folder, 'hall.json', opera), '--url', url], { operatorKey }),
            );
            assert.deepEqual(heard, []);
          },
        ),
    );
  });

  test('a store with closed doors is refused', async () => {
    await withUrl(async (url) => assert.match((await refusedAt(url))[0]!, /with 404: .*doors v1 and seats are open/), {
      args: ['--doors', 'seats'],
    });
    await withUrl(
      async (url, folder) => {
        const file = written(folder, 'events.csv', ['name,event_date', 'Hamlet,2027-01-31']);
        const [said] = await runRefused(['import', 'events', file, '--url', url]);
        assert.match(said!, /answers \/api\/events.* with 404: .*doors v1 and seats are open/);
      },
      { args: ['--doors', 'v1'] },
    );
  });
});

describe('a store that fails in between', () => {
  test('a store that fails in between is asked again with the same key, and has done it once', () =>
    withUrl(async (url, folder, store) => {
      // In front of the store: every third answer is lost, and every fourth request is not taken at
      // all.
      let count = 0;
      const proxy = http.createServer((request, response) => {
        const chunks: Buffer[] = [];
        request.on('data', (chunk: Buffer) => chunks.push(chunk));
        request.on('end', () => {
          count += 1;
          if (count > 1 && count % 4 === 0) {
            response.writeHead(503).end();
            return;
          }
          const isLost = count > 1 && count % 3 === 0;
          const { method = 'GET', headers, url: path = '/' } = request;
          const onward = http.request(`${url}${path}`, { method, headers }, (answer) => {
            if (isLost) {
              answer.resume().on('end', () => request.socket.destroy());
              return;
            }
            response.writeHead(answer.statusCode ?? 500, answer.headers);
            answer.pipe(response);
          });
          onward.end(Buffer.concat(chunks));
        });
      });
      await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
      const through = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
      try {
        const events = written(folder, 'events.csv', ['name,event_date', 'Hamlet,2027-01-31', 'Lear,2027-01-31']);
        assert.match(await runSound(['import', 'events', events, '--url', through]), /2 events imported/);
        const seats = written(folder, 'seats.csv', seatLines('Lear', 4, 1000));
        assert.match(await runSound(['import', 'seats', seats, '--url', through]), /4000 seats imported/);
      } finally {
        proxy.closeAllConnections();
        proxy.close();
      }
      assert.ok(count > 12, `${count} requests`);
      const there = await found(targetAt(url));
      assert.equal(there.events.length, 2);
      assertSeats(labelsOf(there, 'Lear'), 4, 1000);
      assert.equal(store.node.engine.state.sales.count, 2);
    }));
});
