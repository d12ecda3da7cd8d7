/**
 * Small runs of the benchmarks that compare with the bare server: they are proved, and give the
 * figures that targets ask for.
 */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { targets } from '../../../bench/targets.ts';
import { bestAvailable } from '../../../src/proof/bench/best-available.ts';
import { CallError } from '../../../src/proof/load/http-client.ts';
import { checkPair } from '../../../src/proof/bench/halls.ts';
import { holdConfirm } from '../../../src/proof/bench/hold-confirm.ts';
import { LoadGenerator } from '../../../src/proof/load/load-generator.ts';
import { purchase } from '../../../src/proof/bench/purchase.ts';
import { refusals } from '../../../src/proof/bench/refusals.ts';
import type { Report } from '../../../src/proof/bench/report.ts';
import { seatMap } from '../../../src/proof/bench/seat-map.ts';
import { HoldfastServer, newOperatorKey, startWithDrops } from '../../../src/proof/processes/servers.ts';
import { defaults } from '../../../src/proof/bench/settings.ts';
import type { BenchSettings } from '../../../src/proof/bench/settings.ts';
import { readBenchArguments } from '../../../src/cli/bench.ts';
import { provenSide } from '../../../src/proof/bench/sides.ts';

const small: BenchSettings = { ...defaults, rounds: 1, measureMs: 150, warmupMs: 50, connections: [8, 64] };

/**
 * Each id has a ratio to the bare server and both rates, at each number of connections, and nothing
 * is left unproved.
 */
function checkPairs(report: Report, ids: readonly string[]): void {
  assert.deepEqual(report.complaints, []);
  const values = new Map(report.figures.map(({ id, estimate }) => [id, estimate.median]));
  for (const id of ids.flatMap((each) => [`${each}/8`, `${each}/64`])) {
    const [ratio, ours, bare] = ['ratio', 'rate', 'bare/rate'].map((name) => values.get(`${id}/${name}`) ?? 0);
    assert.ok(ours! > 0 && bare! > 0, `${id}: ${ours} and ${bare} a second`);
    assert.ok(ratio! > 0, id);
    // The median of ratios is the ratio of medians where there is but one of each.
    if (report.figures[0]!.estimate.rounds === 1) assert.equal(ratio, ours! / bare!);
  }
  const kindOf = (id: string): string | undefined => id.replace(/^public\//, '').split('/')[0];
  const kinds = new Set(ids.map(kindOf));
  const asked = targets.filter(({ figure }) => figure.endsWith('/64/ratio') && kinds.has(kindOf(figure)));
  assert.deepEqual(asked.map(({ figure }) => figure).toSorted(), ids.map((id) => `${id}/64/ratio`).toSorted());
}

/** The ids of the operator's road, and after them those of the public one. */
function onBothRoads(...ids: string[]): string[] {
  return [...ids, ...ids.map((id) => `public/${id}`)];
}

describe('a small run', () => {
  test('a small run of purchases is proved, by both dialects and on both roads', async () => {
    checkPairs(await purchase(small), onBothRoads('purchase/tickets', 'purchase/orders'));
  });

  test('a small run of refusals is proved, by both dialects and on both roads', async () => {
    checkPairs(await refusals(small), onBothRoads('refusals/tickets', 'refusals/orders'));
  });

  test(
    'a small run of holds and confirmations is proved, by the native API and by drops',
    { timeout: 180_000 },
    async () => {
      const told: string[] = [];
      const report = await holdConfirm({ ...small, rounds: 2, progress: (sentence) => told.push(sentence) });
      checkPairs(report, onBothRoads('hold/v1', 'confirm/v1', 'hold/drops', 'confirm/drops'));
      const round = ['hold, v1', 'bare, hold, v1', 'confirm, v1', 'bare, confirm, v1'];
      const byDrops = round.map((side) => side.replace('v1', 'drops'));
      // A reservation comes without a token on either road: one bare server is the measure of both.
      const byDropsInPublic = byDrops.filter((side) => !side.startsWith('bare'));
      const inPublic = [...round, ...byDropsInPublic].map((side) => `${side}, public road`);
      const sides = [...round, ...byDrops, ...inPublic];
      assert.deepEqual(
        told,
        [8, 64].flatMap((connections) =>
          [1, 2].flatMap((n) => sides.map((side) => `${connections} connections, round ${n}/2: ${side}`)),
        ),
      );
      assert.match(report.notes.join('\n'), /independent replay/);
    },
  );
});

describe('a small run of seats', () => {
  test('a small run of holds of the best seats is proved, seat by seat', { timeout: 180_000 }, async () => {
    const report = await bestAvailable(small);
    checkPairs(report, onBothRoads('best'));
    assert.match(report.notes.join('\n'), /independent replay/);
  });

  test('a small run of the seat map is proved, and gives its figures', { timeout: 180_000 }, async () => {
    const { figures, complaints } = await seatMap({ ...small, rounds: 2 });
    assert.deepEqual(complaints, []);
    const values = new Map(figures.map(({ id, estimate }) => [id, estimate.median]));
    const asked = targets.flatMap(({ figure }) => (figure.includes('seat-map/') ? [figure] : []));
    assert.deepEqual(asked.toSorted(), onBothRoads('seat-map/full', 'seat-map/compact/bytes').toSorted());
    for (const figure of asked) assert.ok(values.get(figure)! > 0, figure);
    for (const id of onBothRoads('seat-map/compact/bytes')) assert.ok(values.get(id)! <= 30 * 1024);
  });
});

describe('a pair of seats', () => {
  const given = (): Set<string> => new Set(['S1-1-1']);

  test('a pair of seats is believed when the two are adjacent and were not given before', () => {
    const all = given();
    checkPair(['S1-1-9', 'S1-1-10'], all);
    assert.throws(() => checkPair(['S1-1-10', 'S1-1-11'], all), /given twice/);
  });

  for (const seats of [
    ['S1-1-3', 'S1-1-5'],
    ['S1-1-3', 'S1-2-4'],
    ['S1-1-4', 'S1-1-3'],
    ['S1-1-3'],
    ['S1-1-3', 'S1-1-4', 'S1-1-5'],
    undefined,
  ]) {
    test(`a pair of seats is not believed as ${JSON.stringify(seats)}`, () => {
      assert.throws(() => checkPair(seats, given()), /not two seats/);
    });
  }

  test("a pair of seats is not believed when one of them was another's", () => {
    assert.throws(() => checkPair(['S1-1-1', 'S1-1-2'], given()), /given twice/);
  });
});

describe('a reservation', () => {
  /**
   * Places reservations as the drops dialect does; `cook` changes an id, or the books, for the n-th
   * of them.
   */
  async function reserve(cook: (id: number, till: { held: number }) => number): Promise<void> {
    const till = { held: 0 };
    let made = 0;
    const shop = Bun.serve({
      hostname: '127.0.0.1',
      port: 0,
      fetch: () => {
        made += 1;
        till.held += 1;
        return Response.json(
          { message: 'Reserved', reservation: { id: cook(made, till), userId: 1 } },
          { status: 201 },
        );
      },
    });
    const generator = new LoadGenerator();
    try {
      const request = { path: '/api/reserve/1', body: '{"userId":1}', distinct: 'id' };
      const counts = () => Promise.resolve({ sold: 0, held: till.held, remaining: 1e6 - till.held });
      const claim = { counts, yes: 201, moves: 'held', numbers: 'ids' } as const;
      const shape = { connections: 4, warmupMs: 0, measureMs: 100, pacing: { kind: 'closed' } } as const;
      await provenSide('hold, drops', { url: shop.url.origin, operatorKey: null, pids: [] }, request, claim).run(
        generator,
        shape,
      );
    } finally {
      await generator.close();
      await shop.stop(true);
    }
  }

  test('reservations are believed when each has an id of its own and the counts move', async () => {
    await reserve((id) => id);
  });

  test('reservations are not believed when two have one id', async () => {
    await assert.rejects(
      reserve((id) => (id === 7 ? 6 : id)),
      /yeses, but only \d+ that differ/,
    );
  });

  test('reservations are not believed when there is one that no client was told of', async () => {
    await assert.rejects(
      reserve((id) => (id < 7 ? id : id + 1)),
      /yeses have the ids from 1 to \d+, which are not as many/,
    );
  });

  test('a reservation is not believed when the counts do not include it', async () => {
    await assert.rejects(
      reserve((id, till) => {
        if (id === 7) till.held -= 1;
        return id;
      }),
      /clients were told yes \d+ times; the server has 0 sold/,
    );
  });
});

describe('a running server', () => {
  test('a running server with an operator key is measured on the public road alone', async () => {
    const server = await HoldfastServer.start({ operatorKey: newOperatorKey() });
    try {
      const { url, operatorKey } = server;
      const { figures, complaints } = await purchase({ ...small, connections: [8], url, operatorKey });
      assert.deepEqual(complaints, []);
      assert.ok(figures.length > 0 && figures.every(({ id }) => id.startsWith('public/purchase/')));
      const keyless = purchase({ ...small, url, operatorKey: null });
      await assert.rejects(keyless, (error) => error instanceof CallError && /answered 401/.test(error.message));
    } finally {
      await server.close();
    }
  });

  test('a running server is measured by both doors, and left running', async () => {
    const { server, drops } = await startWithDrops();
    try {
      const settings = { ...small, connections: [8], url: server.url, dropsPort: Number(new URL(drops.url).port) };
      // Twice, since the second one finds the drop and the user of the first.
      for (let run = 1; run <= 2; run += 1) {
        const { figures, complaints, notes } = await holdConfirm(settings);
        assert.deepEqual(complaints, []);
        assert.ok(figures.some(({ id }) => id === 'confirm/drops/8/ratio'));
        assert.doesNotMatch(notes.join('\n'), /independent replay/);
      }
      const users = (await (await fetch(`${drops.url}/api/users`)).json()) as { users: unknown[] };
      assert.equal(users.users.length, 2);
    } finally {
      await server.close();
    }
  });

  test('a running server is named when its drops dialect does not answer', async () => {
    const server = await HoldfastServer.start();
    try {
      // Its own port is one, where the paths of that dialect are not.
      const dropsPort = Number(new URL(server.url).port);
      await assert.rejects(holdConfirm({ ...small, url: server.url, dropsPort }), (error: unknown) => {
        assert.ok(error instanceof CallError);
        assert.match(error.message, /POST http:\/\/127\.0\.0\.1:\d+\/api\/drops answered 404/);
        return true;
      });
    } finally {
      await server.close();
    }
  });

  test('the drops dialect of a running server has to be at a valid port', () => {
    assert.equal(readBenchArguments(['hold-confirm']).settings.dropsPort, 4000);
    assert.equal(readBenchArguments(['hold-confirm', '--drops-port', '4001']).settings.dropsPort, 4001);
    for (const none of ['0', '65536', 'x']) {
      assert.throws(
        () => readBenchArguments(['hold-confirm', '--drops-port', none]),
        /--drops-port is ".*"; it may be a whole number/,
      );
    }
  });
});
