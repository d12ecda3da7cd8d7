/** Socket.IO 5 over Engine.IO 4: the 32 cases of its suite. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { closeCases, handshakeCases, heartbeatCases } from './handshake-cases.ts';
import type { Wire } from './support.ts';
import { EchoServer } from './support.ts';

let server: EchoServer;
before(() => {
  server = EchoServer.socketIo();
});
after(() => server.close());
const given = (): EchoServer => server;

/** A socket in the main namespace. */
async function connected(): Promise<Wire> {
  const wire = await server.opened();
  wire.send('40');
  await wire.next();
  await wire.next();
  return wire;
}

handshakeCases(given);
heartbeatCases(given);
closeCases(given);

describe('an upgrade', () => {
  const upgrading = async (): Promise<{ wire: Wire; sid: string }> => {
    const sid = await server.session();
    const wire = server.wire(`EIO=4&transport=websocket&sid=${sid}`);
    await wire.opened;
    wire.send('2probe');
    return { wire, sid };
  };

  test('an upgrade moves a session from polling to a WebSocket', async () => {
    const { wire } = await upgrading();
    assert.equal(await wire.next(), '3probe');
    wire.send('5');
    wire.close();
  });

  test('an upgrade makes polls of that session a 400', async () => {
    const { wire, sid } = await upgrading();
    wire.send('5');
    assert.equal(await wire.next(), '3probe');
    assert.equal((await server.poll(sid)).status, 400);
    wire.close();
  });

  test('an upgrade happens once: a second WebSocket of the session is closed', async () => {
    const { wire, sid } = await upgrading();
    wire.send('5');
    assert.equal(await wire.next(), '3probe');
    await server.wire(`EIO=4&transport=websocket&sid=${sid}`).closed;
    wire.close();
  });
});

describe('connecting', () => {
  for (const [what, packet, namespace, auth] of [
    ['to the main namespace', '40', '', '{}'],
    ['to the main namespace with a payload', '40{"token":"123"}', '', '{"token":"123"}'],
    ['to a namespace of its own', '40/custom,', '/custom,', '{}'],
    ['to a namespace of its own with a payload', '40/custom,{"token":"abc"}', '/custom,', '{"token":"abc"}'],
  ] as const) {
    test(`${what} gives an id, and what was said on the way`, async () => {
      const wire = await server.opened();
      wire.send(packet);
      const answer = String(await wire.next());
      assert.ok(answer.startsWith(`40${namespace}`), answer);
      const said = JSON.parse(answer.slice(2 + namespace.length)) as Record<string, unknown>;
      assert.deepEqual(Object.keys(said), ['sid']);
      assert.equal(typeof said['sid'], 'string');
      assert.equal(await wire.next(), `42${namespace}["auth",${auth}]`);
      wire.close();
    });
  }

  test('connecting to a namespace that is not there is refused', async () => {
    const wire = await server.opened();
    wire.send('40/random');
    assert.equal(await wire.next(), '44/random,{"message":"Invalid namespace"}');
    wire.close();
  });

  test('connecting with a packet of another kind closes the session', async () => {
    const wire = await server.opened();
    wire.send('4abc');
    await wire.closed;
  });

  test('connecting is done in time, or the session is closed', async () => {
    const wire = await server.opened();
    const beats = (async (): Promise<void> => {
      for (;;) if ((await wire.next()) === '2') wire.send('3');
    })();
    await Promise.race([wire.closed, beats]);
  });
});

describe('disconnecting', () => {
  test('disconnecting from the main namespace leaves the session as it is', async () => {
    const wire = await connected();
    wire.send('41');
    assert.equal(await wire.next(), '2');
    wire.close();
  });

  test('disconnecting from a namespace of its own leaves the main one as it is', async () => {
    const wire = await connected();
    assert.equal(await wire.next(), '2');
    wire.send('40/custom');
    await wire.next();
    await wire.next();
    wire.send('41/custom');
    wire.send('42["message","message to main namespace"]');
    assert.equal(await wire.next(), '42["message-back","message to main namespace"]');
    wire.close();
  });
});

describe('events', () => {
  const bytes = (...values: number[]): Uint8Array<ArrayBuffer> => Uint8Array.from(values);
  const two = '{"_placeholder":true,"num":0},{"_placeholder":true,"num":1}';

  test('events go there and back as text', async () => {
    const wire = await connected();
    wire.send('42["message",1,"2",{"3":[true]}]');
    assert.equal(await wire.next(), '42["message-back",1,"2",{"3":[true]}]');
    wire.close();
  });

  test('events go there and back with bytes', async () => {
    const wire = await connected();
    wire.send(`452-["message",${two}]`);
    wire.send(bytes(1, 2, 3));
    wire.send(bytes(4, 5, 6));
    assert.equal(await wire.nextSaid(), `452-["message-back",${two}]`);
    assert.deepEqual(await wire.nextSaid(), bytes(1, 2, 3));
    assert.deepEqual(await wire.nextSaid(), bytes(4, 5, 6));
    wire.close();
  });

  test('events are acknowledged as text', async () => {
    const wire = await connected();
    wire.send('42456["message-with-ack",1,"2",{"3":[false]}]');
    assert.equal(await wire.next(), '43456[1,"2",{"3":[false]}]');
    wire.close();
  });

  test('events are acknowledged with bytes', async () => {
    const wire = await connected();
    wire.send(`452-789["message-with-ack",${two}]`);
    wire.send(bytes(1, 2, 3));
    wire.send(bytes(4, 5, 6));
    assert.equal(await wire.nextSaid(), `462-789[${two}]`);
    assert.deepEqual(await wire.nextSaid(), bytes(1, 2, 3));
    assert.deepEqual(await wire.nextSaid(), bytes(4, 5, 6));
    wire.close();
  });

  for (const [what, packet] of [
    ['of a kind that is none', '4abc'],
    ['with a payload that is none', '42{}'],
    ['with an acknowledgement that is none', '42abc["message-with-ack",1,"2",{"3":[false]}]'],
  ] as const) {
    test(`${what} close the session`, async () => {
      const wire = await connected();
      wire.send(packet);
      await wire.closed;
    });
  }
});
