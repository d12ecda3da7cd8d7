/**
 * Holds of the best two seats that are left, in a hall of 100,000 seats of which half are sold, on
 * both roads, beside the bare server.
 */
import type { Address } from '../load/http-client.ts';
import { parseObject } from '../load/json.ts';
import { checkPair, createHall, seatCounts, sellHalf } from './halls.ts';
import { LoadGenerator } from '../load/load-generator.ts';
import type { LoadResult } from '../load/spec.ts';
import type { Counts } from '../audit/claim.ts';
import { NotProvenError, prove } from '../audit/claim.ts';
import { closeAndAudit, proofNotes } from './purchase.ts';
import type { Report } from './report.ts';
import type { Road } from './roads.ts';
import { idOn, nameOn, openRoads, roadsNote } from './roads.ts';
import { compare } from './rounds.ts';
import type { Comparison, Pair } from './rounds.ts';
import { bareRouteLike, startBare } from '../processes/servers.ts';
import type { Server } from '../processes/servers.ts';
import type { BenchSettings } from './settings.ts';
import { createSale, plenty, saleCounts } from './shop.ts';
import { plainSide, provenSide, sampleEvery, send } from './sides.ts';
import type { Shape, Side } from './sides.ts';

const hallSeats = 100_000;
/** A run ends when they are used up: there are 25,000 pairs. */
const maxRequests = 20_000;
/** Short, to leave most of the pairs to the measurement. */
const maxWarmupMs = 100;
const twoSeats = '{"best":{"quantity":2}}';
/** The same hold of a counted sale, which searches for nothing. */
const twoUnits = '{"quantity":2}';

/** A road, the sales of its halls so far, and the bare server that answers the same. */
interface Stall {
  readonly road: Road;
  readonly sales: string[];
  readonly bare: Server;
  readonly path: string;
  /** A counted sale, for the plain holds. */
  readonly counted: string;
}

export async function bestAvailable(settings: BenchSettings): Promise<Report> {
  const roads = await openRoads(settings);
  const generator = new LoadGenerator();
  const complaints: string[] = [];
  let compared: Comparison;
  try {
    const stalls = await Promise.all(roads.map(openStall));
    const warmupMs = Math.min(settings.warmupMs, maxWarmupMs);
    compared = await compare(generator, stalls.flatMap(pairsOf), { ...settings, warmupMs });
    for (const stall of stalls) complaints.push(...(await audit(stall)));
  } finally {
    await generator.close();
    for (const { server } of roads) await server.close();
  }
  const notes = [
    `each run in a new hall of ${hallSeats} seats: 2,500 rows of 40, of each row ten pairs of seats sold here and there; at most ${maxRequests} holds a run, of two seats each`,
    'closed loop, a fresh key a request; every hold is of two seats next to each other that nobody else has: the map counts them all, samples are looked at',
    ...roadsNote(roads),
    ...proofNotes(roads[0]!.server),
    ...compared.notes,
  ];
  return { bench: 'best-available', figures: compared.figures, notes, complaints };
}

async function openStall(road: Road): Promise<Stall> {
  const { server } = road;
  const sale = await createHall(server, 40);
  const counted = await createSale(server, plenty);
  const path = `/v1/sales/${sale}/holds`;
  const bare = await startBare([
    await bareRouteLike(server, { path, pattern: '/v1/sales/:sale/holds', body: twoSeats }),
  ]);
  return { road, sales: [sale, counted], bare, path, counted };
}

/** Holds of the best seats and plain holds, in the same rounds, beside the same bare server. */
function pairsOf(stall: Stall): Pair[] {
  const { road, bare, path } = stall;
  const request = { path, body: twoSeats, distinct: 'id', maxRequests };
  const theirs = plainSide(nameOn(road, 'bare'), bare, request, 201);
  return [
    { id: idOn(road, 'best'), what: nameOn(road, 'hold of the best two seats'), ours: hallSide(stall), bare: theirs },
    { id: idOn(road, 'plain'), what: nameOn(road, 'hold of two units'), ours: plainHolds(stall), bare: theirs },
  ];
}

function plainHolds({ road, counted }: Stall): Side {
  const { server, isPublic } = road;
  return provenSide(
    nameOn(road, 'plain'),
    server,
    { path: `/v1/sales/${counted}/holds`, body: twoUnits, distinct: 'id', sampleEvery, maxRequests },
    { counts: () => pairCounts(server, counted), yes: 201, moves: 'held', numbers: 'ids', hasTokens: isPublic },
  );
}

/** Ours: each run in a new hall. */
function hallSide({ road, sales }: Stall): Side {
  const { server, isPublic } = road;
  return {
    name: nameOn(road, 'best'),
    run: async (generator: LoadGenerator, shape: Shape) => {
      const sale = await createHall(server, hallSeats);
      sales.push(sale);
      await sellHalf(server, sale, hallSeats);
      const counts = (): Promise<Counts> => pairCounts(server, sale);
      const before = await counts();
      const request = { path: `/v1/sales/${sale}/holds`, body: twoSeats, distinct: 'id', sampleEvery, maxRequests };
      const result = await send(generator, server, request, shape);
      const claim = { body: twoSeats, yes: 201, moves: 'held', numbers: 'ids', hasTokens: isPublic } as const;
      await prove({ address: server, result, before, counts, ...claim });
      await proveSeats(server, sale, result);
      return result;
    },
  };
}

async function audit({ road: { server }, sales, bare }: Stall): Promise<string[]> {
  await bare.close();
  const total = { sold: 0, held: 0 };
  for (const sale of sales) {
    const { sold, held } = await saleCounts(server, sale);
    total.sold += sold;
    total.held += held;
  }
  return closeAndAudit(server, total.sold, total.held);
}

/** In pairs of seats or units, as each success takes a pair. */
async function pairCounts(at: Address, sale: string): Promise<Counts> {
  const { sold, held, remaining } = await saleCounts(at, sale);
  return { sold: sold / 2, held: held / 2, remaining: remaining / 2 };
}

/** @throws NotProvenError */
async function proveSeats(at: Address, sale: string, { statuses, samples }: LoadResult): Promise<void> {
  const held = 2 * (statuses[201] ?? 0);
  const counted = await seatCounts(at, sale);
  if (counted.held !== held || counted.sold !== hallSeats / 2) {
    throw new NotProvenError(
      `${held} seats were promised and ${hallSeats / 2} sold before; the map says ${JSON.stringify(counted)}`,
    );
  }
  const given = new Set<string>();
  for (const { body } of samples) checkPair(parseObject(body)['seats'], given);
}
