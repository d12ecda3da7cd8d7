/**
 * Listeners that do not keep up, say nothing, or say what makes no sense; pages that may not
 * listen.
 */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { dropsDoor } from '../../../src/doors/drops/door.ts';
import { dropDefinition } from '../../../src/doors/drops/drops.ts';
import type { Kind } from '../../../src/engine/command.ts';
import type { SaleChange, SaleDefinition } from '../../../src/engine/commands/sales.ts';
import { Command, kinds } from '../../../src/engine/command.ts';
import { AccessControl } from '../../../src/http/access.ts';
import { SocketIoTransport } from '../../../src/http/socket-io-transport.ts';
import { Listener } from '../../../src/http/listener.ts';
import { historyOf } from '../../../src/doors/kit/owners.ts';
import { Tokens } from '../../../src/doors/kit/tokens.ts';
import { ask } from '../../http/support/client.ts';
import { RawConnection, requestText } from '../../http/support/raw.ts';
import { EventListener } from './listener.ts';
import { PausedReader, upgrade } from './paused-reader.ts';
import { EchoServer, Wire } from './protocol/support.ts';
import { addDrop, addUser, eventually, purchase, reserve, reserved, withDrops } from './support.ts';

const polling = '/socket.io/?EIO=4&transport=polling';

function webSocket(port: number): string {
  return `ws://localhost:${port}/socket.io/?EIO=4&transport=websocket`;
}

describe('a listener that does not poll', () => {
  test('a listener that does not poll gets the latest of each drop when it comes back, and no more is kept for it', () =>
    withDrops(async (store) => {
      const user = await addUser(store, 'u');
      const drops: number[] = [];
      for (let i = 0; i < 60; i += 1) drops.push(await addDrop(store));
      const opened = await store.get(polling);
      const { sid } = JSON.parse(opened.text.slice(1)) as { sid: string };
      const session = `${polling}&sid=${sid}`;
      const push = (body: string): Promise<unknown> => store.ask('POST', session, { body, headers: text });
      await push('40');
      await store.get(session);
      // Each round changes every drop: some 3 KiB of updates, ten times what may be on the way.
      for (let round = 0; round < 50; round += 1) {
        await Promise.all(drops.map((drop) => reserve(store, drop, user)));
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
      await new Promise((resolve) => setTimeout(resolve, 100));
      const missed = await store.get(session);
      assert.ok(missed.text.length < 64 * 1024, `${missed.text.length} bytes were kept`);
      assert.ok(missed.text.length > 8 * 1024);
      const latest = new Map<number, number>();
      const hear = (payload: string): void => {
        for (const packet of payload.split('\x1e').filter((packet) => packet.startsWith('42["stockUpdate"'))) {
          const [, update] = JSON.parse(packet.slice(2)) as [string, { dropId: number; availableStock: number }];
          latest.set(update.dropId, update.availableStock);
        }
      };
      hear(missed.text);
      assert.ok([...latest.values()].some((stock) => stock !== 50));
      while (drops.some((drop) => latest.get(drop) !== 50)) hear((await store.get(session)).text);
    }));
});

test('listeners that do not poll keep a bounded share of memory together: those with the most are cut off', () =>
  withDrops(async (store) => {
    const door = dropsDoor(
      store.node,
      'USD',
      new Tokens(historyOf(store.node), 'a secret of the tests'),
      null,
      100 * 1024,
    );
    const { sockets } = door;
    assert.ok(sockets instanceof SocketIoTransport);
    const access = new AccessControl({ operatorKey: null, open: false, origins: [] });
    const logger = { debug: silent, info: silent, warn: silent, error: silent, fatal: silent };
    const listener = new Listener({
      port: 0,
      host: '127.0.0.1',
      doors: [door],
      access,
      logger: { ...logger, isLevelEnabled: () => false },
    });
    try {
      const user = await addUser(store, 'u');
      const drops: number[] = [];
      for (let i = 0; i < 60; i += 1) drops.push(await addDrop(store));
      for (let i = 0; i < 30; i += 1) {
        const { sid } = JSON.parse((await ask(listener.port, 'GET', polling)).text.slice(1)) as { sid: string };
        await ask(listener.port, 'POST', `${polling}&sid=${sid}`, { body: '40', headers: text });
      }
      assert.equal(sockets.sessionCount, 30);
      for (let round = 0; round < 20 && sockets.sessionCount > 10; round += 1) {
        await Promise.all(drops.map((drop) => reserve(store, drop, user)));
        await new Promise((resolve) => setTimeout(resolve, 30));
      }
      // Some 10 KiB each: not all thirty, but as many as fit.
      assert.ok(sockets.sessionCount < 30 && sockets.sessionCount > 2, `${sockets.sessionCount} are left`);
      // A reader that reads gets everything all the while.
      const hearer = await EventListener.connect(listener.port, 'websocket');
      assert.equal(hearer.present.length, 50);
      await reserve(store, drops[0], user);
      await eventually(() => hearer.latest(drops[0]!) !== undefined);
      hearer.close();
    } finally {
      await listener.close(0);
    }
  }));

test('a listener that comes, or comes back, is told the stock of each drop as it is', () =>
  withDrops(async (store) => {
    const [drop, user] = [await addDrop(store), await addUser(store, 'u')];
    const first = await EventListener.connect(store.port, 'websocket');
    assert.deepEqual(first.present, [{ dropId: drop, availableStock: 100 }]);
    first.close();
    await reserved(store, drop, user);
    const again = await EventListener.connect(store.port, 'polling');
    assert.deepEqual(again.present, [{ dropId: drop, availableStock: 99 }]);
    again.close();
  }));

const silent = (): void => {};
const text = { 'Content-Type': 'text/plain;charset=UTF-8' };

describe('a listener that does not read', () => {
  for (const how of ['sent', 'published'] as const) {
    test(`a listener that does not read its WebSocket is cut off before much of what is ${how} waits for it`, async () => {
      const server = new EchoServer('/socket.io/');
      const sessions: { write(data: string): unknown; readonly transport: object }[] = [];
      server.sockets.engine.on('connection', (session) => sessions.push(session));
      const reader = await PausedReader.open(server.port);
      try {
        await eventually(() => sessions.length === 1);
        const [session] = sessions;
        const side = server.sockets.output(session!);
        assert.equal(side?.subscribe('all'), true);
        let most = 0;
        for (let i = 0; i < 4000 && server.sockets.sessionCount > 0; i += 1) {
          if (how === 'sent') session!.write('x'.repeat(10_000));
          else server.sockets.publish('all', 'x'.repeat(10_000));
          most = Math.max(most, side?.unsentBytes ?? 0);
          if (i % 10 === 0) await new Promise((resolve) => setTimeout(resolve, 1));
        }
        assert.equal(server.sockets.sessionCount, 0);
        assert.ok(most > 16 * 1024 && most <= 300 * 1024, `${most} bytes waited`);
      } finally {
        reader.end();
        await server.close();
      }
    });
  }

  test('a listener that did not read gets the latest of each drop when it reads again', () =>
    withDrops(async (store) => {
      const count = 2000;
      const change = async (body: SaleDefinition | SaleChange, kind: Kind): Promise<void> => {
        const command = new Command().reset(kind);
        command.body = body;
        await store.node.submit(command, () => undefined, undefined);
      };
      const all = (make: (sale: number) => Promise<void>): Promise<void[]> =>
        Promise.all(Array.from({ length: count }, (_, sale) => make(sale)));
      await all(() => change(dropDefinition('A pair', 1, { amount: 100, currency: 'USD' }, null), kinds.createSale));
      const reader = await PausedReader.open(store.port);
      try {
        reader.send('40');
        const latest = new Map<number, number>();
        let rounds = 0;
        // Some 120 KB a round, until what the kernel takes is full and far beyond.
        for (; rounds < 90; rounds += 1) {
          await all((sale) => change({ sale, capacity: 100 + rounds }, kinds.updateSale));
          await new Promise((resolve) => setTimeout(resolve, 30));
        }
        await new Promise((resolve) => setTimeout(resolve, 200));
        let updates = 0;
        reader.read((message) => {
          if (!message.startsWith('42["stockUpdate"')) return;
          const [, update] = JSON.parse(message.slice(2)) as [string, { dropId: number; availableStock: number }];
          latest.set(update.dropId, update.availableStock);
          updates += 1;
        });
        await eventually(() => latest.size === count && [...latest.values()].every((stock) => stock === 99 + rounds));
        assert.ok(updates < count * rounds, 'nothing was conflated');
      } finally {
        reader.end();
      }
    }));
});

describe('nonsense', () => {
  test('nonsense of any kind closes at most its own socket', () =>
    withDrops(async (store) => {
      const [drop, user] = [await addDrop(store), await addUser(store, 'u')];
      const listener = await EventListener.connect(store.port, 'websocket');
      try {
        for (const said of ['hello', '4', '40{', '42["stockUpdate",{"dropId":1,"availableStock":7}]', '\u0000', '9']) {
          const socket = new Wire(webSocket(store.port));
          await socket.opened;
          socket.send(said);
          socket.send(new Uint8Array(1000));
          socket.close();
        }
        const big = new Wire(webSocket(store.port));
        await big.opened;
        big.send('4'.repeat(100_000));
        await big.closed;
        listener.send('stockUpdate', { dropId: drop, availableStock: 5 });
        listener.send('newPurchase', { dropId: drop });
        await purchase(store, await reserved(store, drop, user), user);
        await eventually(() => listener.purchases.length === 1);
        assert.deepEqual(listener.updates, [{ dropId: drop, availableStock: 99 }]);
        assert.ok(listener.isConnected);
      } finally {
        listener.close();
      }
    }));

  test('nonsense by polling is refused: unknown sessions, large bodies, false upgrades', () =>
    withDrops(async (store) => {
      assert.equal((await store.get(`${polling}&sid=nobody`)).status, 400);
      assert.equal((await store.ask('POST', `${polling}&sid=nobody`, { body: '40', headers: text })).status, 400);
      const { sid } = JSON.parse((await store.get(polling)).text.slice(1)) as { sid: string };
      const large = { body: '4'.repeat(100_000), headers: text };
      assert.equal((await store.ask('POST', `${polling}&sid=${sid}`, large)).status, 413);
      assert.equal((await store.get(`${polling}&sid=${sid}`)).status, 400);
      const webSocket = ['Upgrade: websocket', 'Connection: Upgrade', 'Sec-WebSocket-Version: 13'];
      for (const headers of [
        ['Upgrade: h2c'],
        ['Upgrade: websocket'],
        webSocket,
        [...webSocket, 'Sec-WebSocket-Key: short'],
        [...webSocket, `Sec-WebSocket-Key: \xff${'A'.repeat(21)}==`],
      ]) {
        const connection = await RawConnection.open(store.port);
        connection.send(requestText('GET', '/socket.io/?EIO=4&transport=websocket', headers));
        assert.equal((await connection.answer())?.status, 400, headers.join());
        connection.end();
      }
    }));

  test('sessions beyond the limit are refused', async () => {
    const server = new EchoServer('/socket.io/', { maxSessions: 3 });
    try {
      for (let i = 0; i < 3; i += 1) await server.session();
      const refused = await fetch(server.url('EIO=4&transport=polling'));
      assert.equal(refused.status, 503);
      assert.equal(refused.headers.get('Retry-After'), '1');
      // Those that say nothing go, and make room.
      await eventually(() => server.sockets.sessionCount === 0);
      await server.session();
    } finally {
      await server.close();
    }
  });
});

describe('who may listen', () => {
  const origin = (name: string): Record<string, string> => ({ Origin: name });

  test('is any page, where no origins are named, by a loopback name', () =>
    withDrops(async (store) => {
      const heard = await store.get(polling, origin('https://shop.example'));
      assert.equal(heard.status, 200);
      assert.equal(heard.header('Access-Control-Allow-Origin'), '*');
      assert.equal((await store.get(polling, { Host: 'rebound.example' })).status, 403);
      const preflight = await store.ask('OPTIONS', polling, { headers: origin('https://shop.example') });
      assert.equal(preflight.status, 204);
    }));

  test('is the pages of the named origins, where some are', () =>
    withDrops(
      async (store) => {
        assert.equal((await store.get(polling, origin('https://shop.example'))).status, 200);
        assert.equal((await store.get(polling, origin('https://other.example'))).status, 403);
        const connection = await RawConnection.open(store.port);
        const headers = [...upgrade, 'Origin: https://other.example'];
        connection.send(requestText('GET', '/socket.io/?EIO=4&transport=websocket', headers));
        assert.equal((await connection.answer())?.status, 403);
        connection.end();
      },
      { environment: { CORS_ORIGIN: 'https://shop.example' } },
    ));

  test('finds the client where the server of Socket.IO serves it', () =>
    withDrops(async (store) => {
      for (const file of ['socket.io.js', 'socket.io.min.js', 'socket.io.esm.min.js']) {
        const answer = await store.get(`/socket.io/${file}`);
        assert.equal(answer.status, 200);
        assert.match(answer.header('Content-Type'), /javascript/);
        assert.match(answer.text.slice(0, 200), /Socket\.IO v4/);
      }
    }));
});
