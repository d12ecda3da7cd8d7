/** Holds of the best two seats that are left, in a hall of 100,000 seats of which half are sold, beside the bare server. */
import { parseObject } from '../load/client.ts';
import { checkPair, createHall, seatCounts, sellHalf } from './halls.ts';
import { Generator } from '../load/generator.ts';
import type { LoadResult } from '../load/spec.ts';
import { NotProvenError, prove } from '../audit/claim.ts';
import { closeAndAudit, proofNotes } from './purchase.ts';
import type { Report } from './report.ts';
import { compare } from './rounds.ts';
import type { Comparison } from './rounds.ts';
import { bareRouteLike, serverFor, startBare } from '../processes/servers.ts';
import type { Server } from '../processes/servers.ts';
import type { BenchSettings } from './settings.ts';
import { saleCounts } from './shop.ts';
import type { Counts } from './shop.ts';
import { plainSide, sampleEvery, send } from './sides.ts';
import type { Shape, Side } from './sides.ts';

const hallSeats = 100_000;
/** A run ends with them: there are 25,000 pairs. */
const maxRequests = 20_000;
/** So short that most of the pairs are left to be measured. */
const mostWarmupMs = 100;
const pair = '{"best":{"quantity":2}}';

export async function bestAvailable(settings: BenchSettings): Promise<Report> {
  const server = await serverFor(settings.url);
  const generator = new Generator();
  const sales: string[] = [];
  let compared: Comparison;
  const total = { sold: 0, held: 0 };
  try {
    const sample = await createHall(server.url, 40);
    sales.push(sample);
    const path = `/v1/sales/${sample}/holds`;
    const bare = await startBare([await bareRouteLike(server.url, path, '/v1/sales/:sale/holds', pair)]);
    const theirs = plainSide('bare', bare, { path, body: pair, distinct: 'id', maxRequests }, 201);
    const ours = hallSide(server, sales);
    const pairs = [{ id: 'best', what: 'hold of the best two seats', ours, bare: theirs }];
    compared = await compare(generator, pairs, { ...settings, warmupMs: Math.min(settings.warmupMs, mostWarmupMs) });
    await bare.close();
    for (const sale of sales) {
      const { sold, held } = await saleCounts(server.url, sale);
      total.sold += sold;
      total.held += held;
    }
  } finally {
    await generator.close();
  }
  const notes = [
    `each run in a new hall of ${hallSeats} seats: 2,500 rows of 40, of each row ten pairs of seats sold here and there; at most ${maxRequests} holds a run, of two seats each`,
    'closed loop, a fresh key a request; every hold is of two seats next to each other that nobody else has: the map counts them all, samples are looked at',
    ...proofNotes(server),
    ...compared.notes,
  ];
  return {
    bench: 'best-available',
    figures: compared.figures,
    notes,
    complaints: await closeAndAudit(server, total.sold, total.held),
  };
}

/** Ours; `sales` gets the sale of each hall. */
function hallSide(server: Server, sales: string[]): Side {
  const { url } = server;
  return {
    name: 'best',
    run: async (generator: Generator, shape: Shape) => {
      const sale = await createHall(url, hallSeats);
      sales.push(sale);
      await sellHalf(url, sale, hallSeats);
      const counts = (): Promise<Counts> => pairCounts(url, sale);
      const before = await counts();
      const request = { path: `/v1/sales/${sale}/holds`, body: pair, distinct: 'id', sampleEvery, maxRequests };
      const result = await send(generator, server, request, shape);
      await prove({ url, body: pair, result, before, counts, yes: 201, moves: 'held', numbers: 'ids' });
      await proveSeats(url, sale, result);
      return result;
    },
  };
}

/** In pairs of seats, as a yes is. */
async function pairCounts(url: string, sale: string): Promise<Counts> {
  const { sold, held, remaining } = await saleCounts(url, sale);
  return { sold: sold / 2, held: held / 2, remaining: remaining / 2 };
}

/** @throws NotProvenError */
async function proveSeats(url: string, sale: string, { statuses, samples }: LoadResult): Promise<void> {
  const held = 2 * (statuses[201] ?? 0);
  const counted = await seatCounts(url, sale);
  if (counted.held !== held || counted.sold !== hallSeats / 2) {
    throw new NotProvenError(
      `${held} seats were promised and ${hallSeats / 2} sold before; the map says ${JSON.stringify(counted)}`,
    );
  }
  const given = new Set<string>();
  for (const { body } of samples) checkPair(parseObject(body, 'a hold')['seats'], given);
}
