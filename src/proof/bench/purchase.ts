/** Durable purchases with unique keys, by the tickets dialect and the native API, each beside the bare server. */
import { temporaryIsMemory } from '../processes/children.ts';
import { Generator } from '../load/generator.ts';
import { auditLog } from '../audit/key-audit.ts';
import type { Report } from './report.ts';
import { compare } from './rounds.ts';
import type { Comparison } from './rounds.ts';
import { bareRouteLike, serverFor, startBare } from '../processes/servers.ts';
import type { Server } from '../processes/servers.ts';
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

/** The same, with more sides in every round: peers, which sell by the tickets dialect. */
export async function comparePurchases(
  settings: BenchSettings,
  peers: readonly Side[],
): Promise<Report & Pick<Comparison, 'rounds'>> {
  const ours = await serverFor(settings.url);
  const generator = new Generator();
  let compared: Comparison;
  let sold = 0;
  try {
    await createEvent(ours.url, plenty);
    const sale = await createSale(ours.url, plenty);
    const ordersPath = `/v1/sales/${sale}/orders`;
    const bare = await startBare([
      await bareRouteLike(ours.url, ticketsPath, ticketsPath, oneUnit),
      await bareRouteLike(ours.url, ordersPath, '/v1/sales/:sale/orders', oneUnit),
    ]);
    const pairs = [
      {
        id: 'purchase/tickets',
        what: 'POST /api/v1/purchase',
        ours: ticketsSide('tickets', ours),
        bare: plainSide('bare, tickets', bare, { path: ticketsPath, body: oneUnit }, 200),
      },
      {
        id: 'purchase/orders',
        what: 'POST /v1/sales/{id}/orders',
        ours: ordersSide('orders', ours, sale),
        bare: plainSide('bare, orders', bare, { path: ordersPath, body: oneUnit }, 201),
      },
    ];
    compared = await compare(generator, pairs, settings, peers);
    await bare.close();
    sold = (await eventCounts(ours.url)).sold + (await saleCounts(ours.url, sale)).sold;
  } finally {
    await generator.close();
  }
  const complaints = await closeAndAudit(ours, sold);
  const { figures, rounds } = compared;
  const notes = [
    'closed loop, a fresh key a request, servers kept running through all rounds, the warm-up of each run not counted',
    ...proofNotes(ours),
    ...compared.notes,
  ];
  return { bench: 'purchase', figures, notes, complaints, rounds };
}

/** What the audit of a server's log is worth. */
export function proofNotes({ folder }: Server): string[] {
  if (folder === null) return [];
  const proved = "what clients were told equals the server's counts and an independent replay of its log";
  return temporaryIsMemory()
    ? [proved, 'the temporary folder lies in memory: making it durable cost nothing']
    : [proved];
}

/** Stops a server of our own and reads its log: so many units sold, and where it is said so many held, each key once. */
export async function closeAndAudit(server: Server, sold: number, held?: number): Promise<string[]> {
  if (server.folder === null) return [];
  await server.stop();
  const found = await auditLog(server.folder);
  await server.close();
  const complaints = [...found.complaints];
  if (found.unitsSold !== sold) complaints.push(`the server said ${sold} sold, its log says ${found.unitsSold}`);
  if (held !== undefined && found.unitsHeld !== held) {
    complaints.push(`the server said ${held} held, its log says ${found.unitsHeld}`);
  }
  return complaints;
}

export function ticketsSide(name: string, server: Server): Side {
  const request = { path: ticketsPath, body: oneUnit, distinct: 'seatsRemaining', sampleEvery };
  return provenSide(name, server, request, { counts: () => eventCounts(server.url), yes: 200, moves: 'sold' });
}

export function ordersSide(name: string, server: Server, sale: string): Side {
  const request = { path: `/v1/sales/${sale}/orders`, body: oneUnit, distinct: 'id', sampleEvery };
  return provenSide(name, server, request, { counts: () => saleCounts(server.url, sale), yes: 201, moves: 'sold' });
}
