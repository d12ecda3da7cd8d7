/** The two rushes that the store has to withstand, from end to end. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import { describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { Client } from '../../src/proof/verify/client.ts';
import type { Record } from '../../src/proof/verify/client.ts';
import { auditAnswers } from '../../src/proof/audit/answer-audit.ts';
import { Ledger, saleReadOf } from '../../src/proof/audit/ledger.ts';
import { isOk } from '../../src/proof/audit/operation.ts';
import type { Operation, Request } from '../../src/proof/audit/operation.ts';
import { readOf } from '../../src/proof/verify/mixes.ts';
import { Problems } from '../../src/proof/audit/problems.ts';
import { seededRandom } from '../../src/log/memory/random.ts';
import { findProgram, requireThat } from '../support/requires.ts';
import { createEvent, currentEvent, purchase, send } from './support/http.ts';
import type { Told } from './support/rush-client.ts';
import { startServer, temporaryFolder } from './support/servers.ts';

const pinnedNode = fileURLToPath(new URL('../../node_modules/node/bin/node', import.meta.url));
const node = fs.existsSync(pinnedNode) ? pinnedNode : findProgram('node24');

async function rush(url: string, count: number): Promise<Told[]> {
  const program = fileURLToPath(new URL('./support/rush-client.ts', import.meta.url));
  const child = Bun.spawn([node ?? '', program, url, String(count)], { stdio: ['ignore', 'pipe', 'inherit'] });
  const text = await new Response(child.stdout).text();
  assert.equal(await child.exited, 0);
  return JSON.parse(text) as Told[];
}

describe('1,000 users at once', () => {
  const needed = requireThat(node !== undefined, 'Node 24');

  test(
    'all users buy, the sales survive kill -9, and each key gets its first answer byte for byte',
    needed,
    async (t) => {
      const folder = temporaryFolder(t);
      const { url, process: server } = await startServer(t, folder);
      await createEvent(url, 5000);
      const told = await rush(url, 1000);
      assert.equal(
        told.filter(({ status }) => status === 200).length,
        1000,
        JSON.stringify(told.find(({ status }) => status !== 200)),
      );
      assert.equal(new Set(told.map(({ body }) => body)).size, 1000, 'each yes left another number');
      const counts = { totalSeats: 5000, seatsSold: 1000, seatsRemaining: 4000 };
      assert.deepEqual(await currentEvent(url), counts);
      await server.kill();

      const again = await startServer(t, folder);
      assert.deepEqual(await currentEvent(again.url), counts);
      await Promise.all(
        told.map(async ({ key, status, body }) => {
          const reply = await purchase(again.url, key, 1);
          assert.deepEqual({ status: reply.status, body: reply.body }, { status, body });
          assert.equal(reply.headers['idempotency-replayed'], 'true');
        }),
      );
      assert.deepEqual(await currentEvent(again.url), counts);
    },
  );
});

describe('5,000 buyers for 500 seats over the native API', () => {
  const capacity = 500;
  const buyers = 5000;
  const connections = 250;

  function order(sale: string, key: string, quantity: number): Request {
    const body = JSON.stringify({ quantity });
    const lines = [{ sale, quantity }];
    return {
      kind: 'order',
      method: 'POST',
      path: `/v1/sales/${sale}/orders`,
      body,
      key,
      token: null,
      byOperator: false,
      lines,
      of: null,
    };
  }

  test('no more than 500 are sold, no fitting order is refused, and a duplicate gets its answer', async (t) => {
    const { url } = await startServer(t, temporaryFolder(t));
    const made = await send('POST', `${url}/v1/sales`, {
      body: JSON.stringify({ name: 'Concert', kind: 'counted', capacity }),
    });
    const { id: sale } = JSON.parse(made.body) as { id: string };
    const problems = new Problems();
    const record: Record = {
      operations: [],
      problems,
      address: { url, operatorKey: null },
      remembering: new Set(),
      counts: new Map(),
      stopped: false,
      replays: 0,
      duplicates: 0,
    };
    const seed = 20_260_731;
    const random = seededRandom(seed);
    const clients = Array.from({ length: connections }, (_, number) => new Client(number, 'buyer', random, record));
    let buyer = 0;
    await Promise.all(
      clients.map(async (client) => {
        while (buyer < buyers) {
          const request = order(sale, `buyer-${(buyer += 1)}`, 1 + client.below(4));
          if (random() < 0.1) await client.askTwice(request);
          else await client.ask(request);
        }
      }),
    );
    const read = await clients[0]!.ask(readOf(sale, `/v1/sales/${sale}`));
    for (const client of clients) client.close();

    const { operations } = record;
    const orders = operations.filter(({ kind }) => kind === 'order');
    assert.equal(orders.length, buyers);
    assert.ok(record.duplicates > 400, `${record.duplicates} duplicates`);
    assert.deepEqual(new Set(orders.map(({ answer }) => answer?.status)), new Set([201, 409]));
    const bought = orders.filter(isOk);
    const { sold, held } = saleReadOf(read, 0);
    assert.equal(sold, sumOf(bought));
    assert.ok(sold <= capacity && sold > capacity - 4 && held === 0, `${sold} sold, ${held} held`);
    auditAnswers(operations, new Map(), problems);
    new Ledger(new Map([[sale, capacity]]), problems).audit(operations, [], new Map());
    assert.deepEqual(problems.sentences(), [], `seed ${seed}`);
  });
});

function sumOf(orders: readonly Operation[]): number {
  return orders.reduce((sum, { lines }) => sum + (lines[0]?.quantity ?? 0), 0);
}
