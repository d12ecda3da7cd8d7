/** Engine.IO 4: the 24 cases of its suite, and what is corrected in front of the engine. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { closeCases, handshakeCases, heartbeatCases } from './handshake-cases.ts';
import { EchoServer, sleep } from './support.ts';

let server: EchoServer;
before(() => {
  server = EchoServer.engine();
});
after(() => server.close());
const given = (): EchoServer => server;

handshakeCases(given);

describe('messages by polling', () => {
  for (const [what, payload] of [
    ['one packet', '4hello'],
    ['several packets', '4test1\x1e4test2\x1e4test3'],
    ['text and bytes together', '4hello\x1ebAQIDBA=='],
  ] as const) {
    test(`messages by polling go there and back: ${what}`, async () => {
      const sid = await server.session();
      const pushed = await server.push(sid, payload);
      assert.equal(pushed.status, 200);
      assert.equal(await pushed.text(), 'ok');
      const polled = await server.poll(sid);
      assert.equal(polled.status, 200);
      assert.equal(await polled.text(), payload);
    });
  }

  test('malformed messages by polling end the session', async () => {
    const sid = await server.session();
    await server.push(sid, 'abc');
    assert.equal((await server.poll(sid)).status, 400);
  });

  test('two polls of one session at once end it', async () => {
    const sid = await server.session();
    const [first, second] = await Promise.all([server.poll(sid), sleep(5).then(() => server.poll(sid, '&t=burst'))]);
    assert.equal(first.status, 200);
    assert.equal(await first.text(), '1');
    assert.equal(second.status, 400);
    assert.equal((await server.poll(sid)).status, 400);
  });
});

describe('messages by WebSocket', () => {
  test('messages by WebSocket go there and back as text', async () => {
    const wire = await server.opened();
    wire.send('4hello');
    assert.equal(await wire.next(), '4hello');
    wire.close();
  });

  test('messages by WebSocket go there and back as bytes', async () => {
    const wire = await server.opened();
    wire.send(Uint8Array.from([1, 2, 3, 4]));
    assert.deepEqual(await wire.next(), Uint8Array.from([1, 2, 3, 4]));
    wire.close();
  });

  test('malformed messages by WebSocket end the session', async () => {
    const wire = await server.opened();
    wire.send('abc');
    await wire.closed;
  });
});

heartbeatCases(given);
closeCases(given);

describe('an upgrade', () => {
  test('an upgrade moves a session from polling to a WebSocket without a gap', async () => {
    const sid = await server.session();
    const wire = server.wire(`EIO=4&transport=websocket&sid=${sid}`);
    await wire.opened;
    wire.send('2probe');
    assert.equal(await wire.next(), '3probe');
    const polled = await server.poll(sid);
    assert.equal(polled.status, 200);
    assert.equal(await polled.text(), '6');
    wire.send('5');
    wire.send('4hello');
    assert.equal(await wire.next(), '4hello');
    wire.close();
  });

  test('an upgrade makes polls of that session a 400', async () => {
    const sid = await server.session();
    const wire = server.wire(`EIO=4&transport=websocket&sid=${sid}`);
    await wire.opened;
    wire.send('2probe');
    wire.send('5');
    assert.equal(await wire.next(), '3probe');
    assert.equal((await server.poll(sid)).status, 400);
    wire.send('4hello');
    assert.equal(await wire.next(), '4hello');
    wire.close();
  });

  test('an upgrade happens once: a second WebSocket of the session is accepted and closed', async () => {
    const sid = await server.session();
    const wire = server.wire(`EIO=4&transport=websocket&sid=${sid}`);
    await wire.opened;
    wire.send('2probe');
    wire.send('5');
    assert.equal(await wire.next(), '3probe');
    const second = server.wire(`EIO=4&transport=websocket&sid=${sid}`);
    await Promise.all([second.opened, second.closed]);
    wire.send('4hello');
    assert.equal(await wire.next(), '4hello');
    wire.close();
  });
});
