/**
 * Large bodies and their readers: shared bytes count once, and past the bound the longest waiting
 * readers are cut, by a reset.
 */
import assert from 'node:assert/strict';
import net from 'node:net';
import { describe, test } from 'node:test';
import { AccessControl } from '../../../src/http/access.ts';
import { Listener } from '../../../src/http/listener.ts';
import { problemAnswer } from '../../../src/doors/kit/native-errors.ts';
import { SharedBody } from '../../../src/doors/kit/shared-body.ts';
import { UnsentBytes } from '../../../src/doors/kit/unsent.ts';
import { requestText } from '../../http/support/raw.ts';

const kib = 1024;

/** A reader for whom something waits. */
class Waiting {
  isCut = false;
  cut(): void {
    this.isCut = true;
  }
}

describe('unsent bytes', () => {
  test('shared unsent bytes are counted once, until the last reader has taken them', () => {
    const unsent = new UnsentBytes(1000);
    const shared = { keptBytes: 600 };
    const [one, two] = [new Waiting(), new Waiting()];
    unsent.enter(one, 100, shared);
    unsent.enter(two, 100, shared);
    assert.equal(unsent.total, 800);
    unsent.leave(one);
    unsent.leave(one);
    assert.equal(unsent.total, 700);
    unsent.leave(two);
    assert.equal(unsent.total, 0);
  });

  test('unsent bytes past the bound cut the longest waiting readers, and no more than needed', () => {
    const unsent = new UnsentBytes(1000);
    const readers = Array.from({ length: 5 }, () => new Waiting());
    for (const reader of readers) unsent.enter(reader, 300);
    assert.deepEqual(
      readers.map(({ isCut }) => isCut),
      [true, true, false, false, false],
    );
    assert.equal(unsent.total, 900);
    // Alone too large is no exception.
    const large = new Waiting();
    unsent.enter(large, 2000);
    assert.deepEqual([large.isCut, unsent.total], [true, 0]);
  });
});

test('an answer that is cut is reset, so no reader takes it for complete; other readers get it all', async () => {
  const unsent = new UnsentBytes(700 * kib);
  const text = new Uint8Array(64 * kib).fill(97);
  const make = (): SharedBody =>
    new SharedBody(32 * 1024 * kib, 10, function* () {
      for (let i = 0; i < 512; i += 1) yield text;
    });
  const silent = (): void => {};
  const listener = new Listener({
    port: 0,
    host: '127.0.0.1',
    doors: [
      {
        name: 'large',
        prefixes: [],
        failed: ({ row, detail }) => problemAnswer(row, detail),
        routes: [
          {
            method: 'GET',
            path: '/large',
            needs: 'buy',
            summary: 'Much',
            answers: { 200: { description: 'Much' } },
            handle: (call) => make().answer(call, 'end', { 'Content-Type': 'text/plain' }, unsent),
          },
        ],
      },
    ],
    access: new AccessControl({ operatorKey: null, open: false, origins: [] }),
    logger: { debug: silent, info: silent, warn: silent, error: silent, fatal: silent, isLevelEnabled: () => false },
  });
  const sockets: { readonly socket: net.Socket; ended: string }[] = [];
  try {
    for (let i = 0; i < 8; i += 1) {
      const socket = net.connect(listener.port, '127.0.0.1');
      const opened = { socket, ended: '' };
      socket.pause();
      socket.on('error', ({ message }) => (opened.ended = message)).on('end', () => (opened.ended = 'in good order'));
      socket.write(requestText('GET', '/large', []));
      sockets.push(opened);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    assert.ok(unsent.total <= 700 * kib);
    const read = await fetch(`http://127.0.0.1:${listener.port}/large`, { headers: { 'Accept-Encoding': 'identity' } });
    const whole = await read.text();
    assert.equal(whole.length, 32 * 1024 * kib + 3);
    assert.ok(whole.endsWith('end'));
    for (const { socket } of sockets) socket.resume();
    await new Promise((resolve) => setTimeout(resolve, 300));
    assert.match(sockets[0]!.ended, /ECONNRESET|reset/i);
    assert.ok(sockets.every(({ ended }) => ended !== 'in good order'));
  } finally {
    for (const { socket } of sockets) socket.destroy();
    await listener.close(0);
  }
});
