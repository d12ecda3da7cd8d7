/** Durable purchases with unique keys, by the tickets dialect and the native API, each beside the bare server. */
import { temporaryIsMemory } from './children.ts';
import { Generator } from './load/generator.ts';
import { auditLog } from './log-audit.ts';
import { prove } from './proof.ts';
import type { Figure, Report } from './report.ts';
import { figuresOf, interleave, limitsOf, type Rounds } from './rounds.ts';
import { bareRouteLike, serverFor, startBare, type Server } from './servers.ts';
import type { BenchSettings } from './settings.ts';
import { createEvent, createSale, eventCounts, plenty, saleCounts } from './shop.ts';
import { plainSide, send, type Side } from './sides.ts';

export const ticketsPath = '/api/v1/purchase';
export const oneUnit = '{"quantity":1}';

/** One answer in so many is kept whole, to be replayed and to be looked up in the log. */
const sampleEvery = 200;

export async function purchase(settings: BenchSettings): Promise<Report> {
  const { figures, notes, complaints } = await comparePurchases(settings, []);
  return { bench: 'purchase', figures, notes, complaints };
}

/** The same, with more sides in every round: peers, which sell by the tickets dialect. */
export async function comparePurchases(
  settings: BenchSettings,
  peers: readonly Side[],
): Promise<Report & { readonly rounds: ReadonlyMap<number, Rounds> }> {
  const ours = await serverFor(settings.url);
  const generator = new Generator();
  const figures: Figure[] = [];
  const byConnections = new Map<number, Rounds>();
  let sold = 0;
  try {
    await createEvent(ours.url, plenty);
    const sale = await createSale(ours.url, plenty);
    const ordersPath = `/v1/sales/${sale}/orders`;
    const bare = await startBare([
      await bareRouteLike(ours.url, ticketsPath, ticketsPath, oneUnit),
      await bareRouteLike(ours.url, ordersPath, '/v1/sales/:sale/orders', oneUnit),
    ]);
    const sides = [
      ticketsSide('tickets', ours),
      plainSide('bare, tickets', bare, { path: ticketsPath, body: oneUnit }, 200),
      ordersSide('orders', ours, sale),
      plainSide('bare, orders', bare, { path: ordersPath, body: oneUnit }, 201),
      ...peers,
    ];
    for (const connections of settings.connections) {
      const shape = {
        connections,
        warmupMs: settings.warmupMs,
        measureMs: settings.measureMs,
        pacing: { kind: 'closed' },
      } as const;
      const rounds = await interleave(generator, sides, shape, settings.rounds, settings.progress);
      byConnections.set(connections, rounds);
      for (const [side, what] of [
        ['tickets', 'POST /api/v1/purchase'],
        ['orders', 'POST /v1/sales/{id}/orders'],
      ] as const) {
        figures.push(
          ...figuresOf(
            rounds,
            `purchase/${side}/${connections}`,
            `${what}, ${connections} connections`,
            side,
            `bare, ${side}`,
          ),
        );
      }
    }
    await bare.close();
    sold = (await eventCounts(ours.url)).sold + (await saleCounts(ours.url, sale)).sold;
  } finally {
    await generator.close();
  }
  const complaints = await closeAndAudit(ours, sold);
  const notes = [
    'closed loop, a fresh key a request, servers kept running through all rounds, the warm-up of each run not counted',
    ...(ours.folder === null
      ? []
      : ["what clients were told equals the server's counts and an independent replay of its log"]),
    ...(ours.folder !== null && temporaryIsMemory()
      ? ['the temporary folder lies in memory: making it durable cost nothing']
      : []),
    ...new Set([...byConnections.values()].flatMap(limitsOf)),
  ];
  return { bench: 'purchase', figures, notes, complaints, rounds: byConnections };
}

/** Stops a server of our own and reads its log: so many units sold, each key once. */
export async function closeAndAudit(server: Server, sold: number): Promise<string[]> {
  if (server.folder === null) return [];
  await server.stop();
  const found = await auditLog(server.folder);
  await server.close();
  const complaints = [...found.complaints];
  if (found.unitsSold !== sold) complaints.push(`the server said ${sold} sold, its log says ${found.unitsSold}`);
  return complaints;
}

export function ticketsSide(name: string, server: Server): Side {
  return {
    name,
    run: async (generator, shape) => {
      const counts = () => eventCounts(server.url);
      const before = await counts();
      const request = { path: ticketsPath, body: oneUnit, distinct: 'seatsRemaining', sampleEvery };
      const result = await send(generator, server, request, shape);
      await prove({ url: server.url, body: oneUnit, result, before, counts, yes: 200, moves: 'sold' });
      return result;
    },
  };
}

export function ordersSide(name: string, server: Server, sale: string): Side {
  return {
    name,
    run: async (generator, shape) => {
      const counts = () => saleCounts(server.url, sale);
      const before = await counts();
      const request = { path: `/v1/sales/${sale}/orders`, body: oneUnit, distinct: 'id', sampleEvery };
      const result = await send(generator, server, request, shape);
      await prove({ url: server.url, body: oneUnit, result, before, counts, yes: 201, moves: 'sold' });
      return result;
    },
  };
}
