/**
 * Durable purchases with unique keys, by the tickets dialect and the native API, on both roads,
 * each beside the bare server.
 */
import { auditStock } from '../audit/stock-audit.ts';
import { LoadGenerator } from '../load/load-generator.ts';
import { temporaryIsMemory } from '../processes/children.ts';
import type { Endpoint, Server } from '../processes/servers.ts';
import { bareRouteLike, startBare } from '../processes/servers.ts';
import type { Report } from './report.ts';
import type { Road } from './roads.ts';
import { idOn, nameOn, openRoads, roadsNote } from './roads.ts';
import { compare } from './rounds.ts';
import type { Comparison, Pair } from './rounds.ts';
import type { BenchSettings } from './settings.ts';
import { createEvent, createSale, eventCounts, plenty, saleCounts } from './shop.ts';
import { plainSide, provenSide, sampleEvery } from './sides.ts';
import type { Side } from './sides.ts';

export const ticketsPath = '/api/v1/purchase';
export const oneUnit = '{"quantity":1}';

export async function purchase(settings: BenchSettings): Promise<Report> {
  const { figures, notes, complaints } = await comparePurchases(settings, []);
  return { bench: 'purchase', figures, notes, complaints };
}

/** What is on sale on a road. */
interface Stall {
  readonly road: Road;
  readonly sale: string;
  readonly bare: Server;
}

/** The same, with more sides in every round: peers, which speak the tickets dialect. */
export async function comparePurchases(
  settings: BenchSettings,
  peers: readonly Side[],
): Promise<Report & Pick<Comparison, 'rounds'>> {
  const roads = await openRoads(settings);
  const generator = new LoadGenerator();
  const complaints: string[] = [];
  let compared: Comparison;
  try {
    const stalls = await Promise.all(roads.map(openStall));
    compared = await compare(generator, stalls.flatMap(pairsOf), settings, peers);
    for (const { road, sale, bare } of stalls) {
      await bare.close();
      const sold = (await eventCounts(road.server)).sold + (await saleCounts(road.server, sale)).sold;
      complaints.push(...(await closeAndAudit(road.server, sold)));
    }
  } finally {
    await generator.close();
    for (const { server } of roads) await server.close();
  }
  const { figures, rounds } = compared;
  const notes = [
    'closed loop, a fresh key a request, servers kept running through all rounds, the warm-up of each run not counted',
    ...roadsNote(roads),
    ...proofNotes(roads[0]!.server),
    ...compared.notes,
  ];
  return { bench: 'purchase', figures, notes, complaints, rounds };
}

async function openStall(road: Road): Promise<Stall> {
  const { server } = road;
  await createEvent(server, plenty);
  const sale = await createSale(server, plenty);
  const bare = await startBare([
    await bareRouteLike(server, { path: ticketsPath, pattern: ticketsPath, body: oneUnit }),
    await bareRouteLike(server, { path: ordersPath(sale), pattern: ordersPath(':sale'), body: oneUnit }),
  ]);
  return { road, sale, bare };
}

/** An answer of the tickets dialect carries no token, so one bare server serves both roads. */
function pairsOf({ road, sale, bare }: Stall): Pair[] {
  const orders = { path: ordersPath(sale), body: oneUnit };
  return [
    {
      id: idOn(road, 'purchase/tickets'),
      what: nameOn(road, 'POST /api/v1/purchase'),
      ours: ticketsSide(nameOn(road, 'tickets'), road.server),
      bare: plainSide('bare, tickets', bare, { path: ticketsPath, body: oneUnit }, 200),
    },
    {
      id: idOn(road, 'purchase/orders'),
      what: nameOn(road, 'POST /v1/sales/{id}/orders'),
      ours: ordersSide(nameOn(road, 'orders'), road.server, sale),
      bare: plainSide(nameOn(road, 'bare, orders'), bare, orders, 201),
    },
  ];
}

export function ordersPath(sale: string): string {
  return `/v1/sales/${sale}/orders`;
}

/** The result of auditing a server's log. */
export function proofNotes({ folder }: Server): string[] {
  if (folder === null) return [];
  const proved = "what clients were told equals the server's counts and an independent replay of its log";
  return temporaryIsMemory()
    ? [proved, 'the temporary folder lies in memory: making it durable cost nothing']
    : [proved];
}

/**
 * Stops a server of our own and checks its log: the expected units sold, the expected units held
 * where given, and each key once.
 */
export async function closeAndAudit(server: Server, sold: number, held?: number): Promise<string[]> {
  if (server.folder === null) return [];
  await server.stop();
  const found = await auditStock(server.folder);
  await server.close();
  const complaints = [...found.complaints];
  if (found.unitsSold !== sold) complaints.push(`the server said ${sold} sold, its log says ${found.unitsSold}`);
  if (held !== undefined && found.unitsHeld !== held) {
    complaints.push(`the server said ${held} held, its log says ${found.unitsHeld}`);
  }
  return complaints;
}

export function ticketsSide(name: string, server: Endpoint): Side {
  const request = { path: ticketsPath, body: oneUnit, distinct: 'seatsRemaining', sampleEvery };
  return provenSide(name, server, request, { counts: () => eventCounts(server), yes: 200, moves: 'sold' });
}

/** Sent by buyers, who get tokens where the server has an operator key. */
export function ordersSide(name: string, server: Endpoint, sale: string): Side {
  const request = { path: ordersPath(sale), body: oneUnit, distinct: 'id', sampleEvery };
  const claim = { counts: () => saleCounts(server, sale), yes: 201, moves: 'sold' } as const;
  return provenSide(name, server, request, { ...claim, hasTokens: server.operatorKey !== null });
}
