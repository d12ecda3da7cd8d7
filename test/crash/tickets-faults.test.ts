/** Faults of other ticket systems, each tested in the shape of the fault. */
import assert from 'node:assert/strict';
import http from 'node:http';
import { describe, test } from 'node:test';
import { createEvent, currentEvent, purchase, remainingIn, send } from './support/http.ts';
import type { Reply } from './support/http.ts';
import { answeredAtLeast, startLoad } from './support/load.ts';
import { startServer, temporaryFolder } from './support/servers.ts';

describe('reads of the count', () => {
  test('reads between purchases do not change the count: 1,455 seats are sold once', async (t) => {
    const { url } = await startServer(t, temporaryFolder(t));
    const seats = 1455;
    await createEvent(url, seats);
    const replies: Reply[] = [];
    let next = 0;
    const buyer = async (): Promise<void> => {
      for (let minSold = 0; next < 2000;) {
        next += 1;
        const reply = await purchase(url, `key-${next}`, 1);
        replies.push(reply);
        const { seatsSold, seatsRemaining } = await currentEvent(url);
        assert.equal(seatsSold + seatsRemaining, seats);
        if (reply.status === 200) minSold = seats - remainingIn(reply);
        assert.ok(seatsSold >= minSold, `${seatsSold} sold, after ${minSold} were`);
        minSold = seatsSold;
      }
    };
    await Promise.all(Array.from({ length: 50 }, buyer));
    const bought = replies.filter(({ status }) => status === 200);
    assert.equal(bought.length, seats);
    assert.equal(new Set(bought.map(remainingIn)).size, seats);
    assert.ok(
      replies.every(({ status, body }) => status === 200 || (status === 409 && body === '{"error":"SOLD_OUT"}')),
    );
    assert.deepEqual(await currentEvent(url), { totalSeats: seats, seatsSold: seats, seatsRemaining: 0 });
  });
});

describe('kill -9', () => {
  test('kill -9 right after the hundredth yes leaves a hundred', async (t) => {
    const folder = temporaryFolder(t);
    const { url, process: server } = await startServer(t, folder);
    await createEvent(url, 5000);
    for (let i = 0; i < 100; i += 1) assert.equal((await purchase(url, `key-${i}`, 1)).status, 200);
    await server.kill();
    const again = await startServer(t, folder);
    assert.equal((await currentEvent(again.url)).seatsSold, 100);
  });

  test('kill -9 under load leaves every answered yes, and a replayed key sells nothing again', async (t) => {
    const folder = temporaryFolder(t);
    const { url, process: server } = await startServer(t, folder);
    await createEvent(url, 5000);
    const load = startLoad(url, 50);
    await answeredAtLeast(load, 100);
    await server.kill();
    await load.ended;
    const again = await startServer(t, folder);
    const { seatsSold } = await currentEvent(again.url);
    const { answered, unknown } = load;
    assert.ok(
      seatsSold >= answered.size && seatsSold <= answered.size + unknown.size,
      `${seatsSold} of ${answered.size}`,
    );
    for (const [key, first] of answered) assert.equal((await purchase(again.url, key, 1)).body, first.body);
    assert.equal((await currentEvent(again.url)).seatsSold, seatsSold);
    // Purchases without an answer either happened once or happen now.
    for (const key of unknown) assert.equal((await purchase(again.url, key, 1)).status, 200);
    assert.equal((await currentEvent(again.url)).seatsSold, answered.size + unknown.size);
  });
});

describe('SIGTERM', () => {
  test('SIGTERM ends the process even while clients keep their connections open', async (t) => {
    const { url, process: server } = await startServer(t, temporaryFolder(t));
    await createEvent(url, 10);
    const agent = new http.Agent({ keepAlive: true, maxSockets: 20 });
    t.after(() => agent.destroy());
    await Promise.all(Array.from({ length: 20 }, (_, i) => purchase(url, `key-${i}`, 1, agent)));
    const beganMs = performance.now();
    assert.deepEqual(await server.stop(), { code: 0, signal: null });
    const tookMs = performance.now() - beganMs;
    assert.ok(tookMs < 2000, `it took ${Math.round(tookMs)} ms`);
  });
});

describe('a new event', () => {
  test('a new event is on sale at once, without a read', async (t) => {
    const { url } = await startServer(t, temporaryFolder(t));
    await createEvent(url, 1);
    assert.equal((await purchase(url, 'one', 1)).status, 200);
    assert.equal((await purchase(url, 'two', 1)).status, 409);
    await createEvent(url, 7);
    const reply = await purchase(url, 'three', 2);
    assert.equal(reply.status, 200);
    assert.equal(remainingIn(reply), 5);
    assert.equal(
      (await purchase(url, 'one', 1)).body,
      '{"success":true,"seatsRemaining":0}',
      'an old key keeps its answer',
    );
  });
});

describe('bad JSON', () => {
  test('bad JSON gets a 400 of the dialect, without a stack, and the server goes on', async (t) => {
    const { url } = await startServer(t, temporaryFolder(t));
    await createEvent(url, 5);
    for (const body of ['{"quantity":', '{quantity:1}', 'nonsense', '', '\u0000', '[', '{"quantity":1}}']) {
      const reply = await send('POST', `${url}/api/v1/purchase`, { key: 'key', body });
      assert.equal(reply.status, 400, body);
      const { success, error, message } = JSON.parse(reply.body) as {
        success: boolean;
        error: string;
        message: string;
      };
      assert.deepEqual({ success, error }, { success: false, error: 'VALIDATION_ERROR' });
      assert.doesNotMatch(message, /\bat |\.ts|\.js|SyntaxError/);
    }
    assert.equal((await purchase(url, 'key', 1)).status, 200, 'the key was not used up');
  });
});
