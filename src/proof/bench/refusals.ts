/** A sold-out storm: everybody asks, nobody gets. */
import { Generator } from '../load/generator.ts';
import { oneUnit, ticketsPath } from './purchase.ts';
import { callObject } from '../load/client.ts';
import type { Report } from './report.ts';
import { compare } from './rounds.ts';
import type { Comparison } from './rounds.ts';
import { bareRouteLike, serverFor, startBare } from '../processes/servers.ts';
import type { BenchSettings } from './settings.ts';
import { createEvent, createSale, eventCounts, saleCounts } from './shop.ts';
import { plainSide, provenSide } from './sides.ts';

export async function refusals(settings: BenchSettings): Promise<Report> {
  const ours = await serverFor(settings.url);
  const generator = new Generator();
  let compared: Comparison;
  try {
    await createEvent(ours.url, 1);
    const sale = await createSale(ours.url, 1);
    const ordersPath = `/v1/sales/${sale}/orders`;
    for (const path of [ticketsPath, ordersPath]) await callObject('POST', `${ours.url}${path}`, { quantity: 1 });
    const bare = await startBare([
      await bareRouteLike(ours.url, ticketsPath, ticketsPath, oneUnit),
      await bareRouteLike(ours.url, ordersPath, '/v1/sales/:sale/orders', oneUnit),
    ]);
    const sellers = [
      { name: 'tickets', path: ticketsPath, counts: () => eventCounts(ours.url) },
      { name: 'orders', path: ordersPath, counts: () => saleCounts(ours.url, sale) },
    ];
    const pairs = sellers.map(({ name, path, counts }) => ({
      id: `refusals/${name}`,
      what: `409 by ${name}`,
      ours: provenSide(name, ours, { path, body: oneUnit }, { counts, yes: 201, no: 409, moves: 'sold' }),
      bare: plainSide(`bare, ${name}`, bare, { path, body: oneUnit }, 409),
    }));
    compared = await compare(generator, pairs, settings);
    await bare.close();
  } finally {
    await generator.close();
    await ours.close();
  }
  const method = 'closed loop, a fresh key a request; every answer is a 409, and the stock is the same after each run';
  return { bench: 'refusals', figures: compared.figures, notes: [method, ...compared.notes], complaints: [] };
}
