/** A sold-out storm, on both roads: every request is refused. */
import { LoadGenerator } from '../load/load-generator.ts';
import { callObject } from '../load/http-client.ts';
import type { Server } from '../processes/servers.ts';
import { bareRouteLike, startBare } from '../processes/servers.ts';
import { oneUnit, ordersPath, ticketsPath } from './purchase.ts';
import type { Report } from './report.ts';
import type { Road } from './roads.ts';
import { idOn, nameOn, openRoads, roadsNote } from './roads.ts';
import { compare } from './rounds.ts';
import type { Comparison, Pair } from './rounds.ts';
import type { BenchSettings } from './settings.ts';
import { createEvent, createSale, eventCounts, saleCounts } from './shop.ts';
import { plainSide, provenSide } from './sides.ts';

/** A road's sold-out sale, and the bare server that refuses in the same words. */
interface Stall {
  readonly road: Road;
  readonly sale: string;
  readonly bare: Server;
}

export async function refusals(settings: BenchSettings): Promise<Report> {
  const roads = await openRoads(settings);
  const generator = new LoadGenerator();
  let compared: Comparison;
  try {
    const stalls = await Promise.all(roads.map(openStall));
    compared = await compare(generator, stalls.flatMap(pairsOf), settings);
    for (const { bare } of stalls) await bare.close();
  } finally {
    await generator.close();
    for (const { server } of roads) await server.close();
  }
  const method = 'closed loop, a fresh key a request; every answer is a 409, and the stock is the same after each run';
  const notes = [method, ...roadsNote(roads), ...compared.notes];
  return { bench: 'refusals', figures: compared.figures, notes, complaints: [] };
}

async function openStall(road: Road): Promise<Stall> {
  const { server } = road;
  await createEvent(server, 1);
  const sale = await createSale(server, 1);
  for (const path of [ticketsPath, ordersPath(sale)]) await callObject(server, 'POST', path, { quantity: 1 });
  const bare = await startBare([
    await bareRouteLike(server, { path: ticketsPath, pattern: ticketsPath, body: oneUnit }),
    await bareRouteLike(server, { path: ordersPath(sale), pattern: ordersPath(':sale'), body: oneUnit }),
  ]);
  return { road, sale, bare };
}

/** A refusal carries no token, so one bare server serves both roads. */
function pairsOf({ road, sale, bare }: Stall): Pair[] {
  const { server } = road;
  const sellers = [
    { name: 'tickets', path: ticketsPath, counts: () => eventCounts(server) },
    { name: 'orders', path: ordersPath(sale), counts: () => saleCounts(server, sale) },
  ];
  return sellers.map(({ name, path, counts }) => ({
    id: idOn(road, `refusals/${name}`),
    what: nameOn(road, `409 by ${name}`),
    ours: provenSide(nameOn(road, name), server, { path, body: oneUnit }, { counts, yes: 201, no: 409, moves: 'sold' }),
    bare: plainSide(`bare, ${name}`, bare, { path, body: oneUnit }, 409),
  }));
}
