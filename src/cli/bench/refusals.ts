/** A sold-out storm: everybody asks, nobody gets. */
import { Generator } from './load/generator.ts';
import { prove } from './proof.ts';
import { oneUnit, ticketsPath } from './purchase.ts';
import { callObject } from './client.ts';
import type { Figure, Report } from './report.ts';
import { figuresOf, interleave, limitsOf } from './rounds.ts';
import { bareRouteLike, serverFor, startBare, type Server } from './servers.ts';
import type { BenchSettings } from './settings.ts';
import { type Counts, createEvent, createSale, eventCounts, saleCounts } from './shop.ts';
import { plainSide, send, type Side } from './sides.ts';

export async function refusals(settings: BenchSettings): Promise<Report> {
  const ours = await serverFor(settings.url);
  const generator = new Generator();
  const figures: Figure[] = [];
  const notes = ['closed loop, a fresh key a request; every answer is a 409, and the stock is the same after each run'];
  try {
    await createEvent(ours.url, 1);
    const sale = await createSale(ours.url, 1);
    const ordersPath = `/v1/sales/${sale}/orders`;
    for (const path of [ticketsPath, ordersPath]) await callObject('POST', `${ours.url}${path}`, { quantity: 1 });
    const bare = await startBare([
      await bareRouteLike(ours.url, ticketsPath, ticketsPath, oneUnit),
      await bareRouteLike(ours.url, ordersPath, '/v1/sales/:sale/orders', oneUnit),
    ]);
    const sides = [
      soldOutSide('tickets', ours, ticketsPath, () => eventCounts(ours.url)),
      plainSide('bare, tickets', bare, { path: ticketsPath, body: oneUnit }, 409),
      soldOutSide('orders', ours, ordersPath, () => saleCounts(ours.url, sale)),
      plainSide('bare, orders', bare, { path: ordersPath, body: oneUnit }, 409),
    ];
    for (const connections of settings.connections) {
      const shape = {
        connections,
        warmupMs: settings.warmupMs,
        measureMs: settings.measureMs,
        pacing: { kind: 'closed' },
      } as const;
      const rounds = await interleave(generator, sides, shape, settings.rounds, settings.progress);
      for (const side of ['tickets', 'orders']) {
        figures.push(
          ...figuresOf(
            rounds,
            `refusals/${side}/${connections}`,
            `409 by ${side}, ${connections} connections`,
            side,
            `bare, ${side}`,
          ),
        );
      }
      notes.push(...limitsOf(rounds));
    }
    await bare.close();
  } finally {
    await generator.close();
    await ours.close();
  }
  return { bench: 'refusals', figures, notes, complaints: [] };
}

function soldOutSide(name: string, server: Server, path: string, counts: () => Promise<Counts>): Side {
  return {
    name,
    run: async (generator, shape) => {
      const before = await counts();
      const result = await send(generator, server, { path, body: oneUnit }, shape);
      await prove({ url: server.url, body: oneUnit, result, before, counts, yes: 201, no: 409, moves: 'sold' });
      return result;
    },
  };
}
