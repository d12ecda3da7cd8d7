/**
 * The map of a hall of 10,000 seats, half sold, over HTTP, on both roads. Full and compact maps are
 * read, with a hold between any two reads.
 */
import { NotProvenError } from '../audit/claim.ts';
import type { Address, HttpRequest } from '../load/http-client.ts';
import { callObject, HttpClient } from '../load/http-client.ts';
import { objectsOf } from '../load/json.ts';
import { OthersWatch } from '../processes/process-stats.ts';
import { createHall, seatCounts, sellHalf } from './halls.ts';
import type { Figure, Report } from './report.ts';
import { single } from './report.ts';
import type { Road } from './roads.ts';
import { idOn, nameOn, openRoads, roadsNote } from './roads.ts';
import { othersNote } from './rounds.ts';
import type { BenchSettings } from './settings.ts';
import { estimate, median } from './statistics.ts';

const hallSeats = 10_000;
/** Maps of each form in a round; the round's figure is their median. */
const looks = 20;

const forms = ['full', 'compact'] as const;
type Form = (typeof forms)[number];
type ByForm<Value> = Record<Form, Value>;

const words: Readonly<ByForm<string>> = { full: 'every seat as JSON', compact: 'the compact map' };

/** A road's hall, and the results of its maps: a median time a round, and the longest answer. */
interface Looked {
  readonly road: Road;
  readonly sale: string;
  readonly client: HttpClient;
  readonly rounds: ByForm<number[]>;
  readonly bytes: ByForm<number>;
}

export async function seatMap(settings: BenchSettings): Promise<Report> {
  const roads = await openRoads(settings);
  try {
    const halls = await Promise.all(roads.map(openHall));
    const others = new OthersWatch();
    for (let round = 0; round <= settings.rounds; round += 1) {
      settings.progress(`the map, round ${round}/${settings.rounds}`);
      // The first round makes the layout and warms the JIT compiler, and is not counted.
      for (const hall of halls) await lookRound(hall, round > 0);
    }
    const cores = others.cores();
    for (const { road, sale, client } of halls) {
      client.close();
      await prove(road.server, sale, (settings.rounds + 1) * looks * forms.length);
    }
    return {
      bench: 'seat-map',
      figures: halls.flatMap(figuresOf),
      notes: [
        `a hall of ${hallSeats} seats, half of them sold; one call after another on one connection, read to the end; a hold between any two`,
        'the held and sold seats in the map are those that were held and sold',
        ...roadsNote(roads),
        ...othersNote(cores),
      ],
      complaints: [],
    };
  } finally {
    for (const { server } of roads) await server.close();
  }
}

async function openHall(road: Road): Promise<Looked> {
  const { server } = road;
  const sale = await createHall(server, hallSeats);
  await sellHalf(server, sale, hallSeats);
  const client = new HttpClient(server);
  return { road, sale, client, rounds: { full: [], compact: [] }, bytes: { full: 0, compact: 0 } };
}

async function lookRound({ road, sale, client, rounds, bytes }: Looked, counts: boolean): Promise<void> {
  const times: ByForm<number[]> = { full: [], compact: [] };
  for (let look = 0; look < looks; look += 1) {
    for (const form of forms) {
      await callObject(road.server, 'POST', `/v1/sales/${sale}/holds`, { best: { quantity: 1 } });
      const beganMs = performance.now();
      const length = await read(client, mapPath(sale, form));
      times[form].push(performance.now() - beganMs);
      bytes[form] = Math.max(bytes[form], length);
    }
  }
  if (counts) for (const form of forms) rounds[form].push(median(times[form]));
}

function mapPath(sale: string, form: Form): string {
  return `/v1/sales/${sale}/seats${form === 'compact' ? '?form=compact' : ''}`;
}

function figuresOf({ road, rounds, bytes }: Looked): Figure[] {
  const named = (form: Form, more = ''): Pick<Figure, 'id' | 'what'> => ({
    id: idOn(road, `seat-map/${form}${more}`),
    what: nameOn(road, words[form]),
  });
  return [
    ...forms.map((form): Figure => ({ ...named(form), unit: 'ms', estimate: estimate(rounds[form]) })),
    ...forms.map((form): Figure => ({ ...named(form, '/bytes'), unit: 'bytes', estimate: single(bytes[form]) })),
  ];
}

const asBuyer: Omit<HttpRequest, 'path'> = { method: 'GET', body: null, key: null, token: null, byOperator: false };

/** The length in bytes of an answer, which must be a map. */
async function read(client: HttpClient, path: string): Promise<number> {
  const { status, body } = await client.request({ ...asBuyer, path });
  if (status !== 200) throw new NotProvenError(`${path} answered ${status}: ${body.slice(0, 200)}`);
  return Buffer.byteLength(body);
}

/** @throws NotProvenError */
async function prove(at: Address, sale: string, held: number): Promise<void> {
  const counted = await seatCounts(at, sale);
  const items = objectsOf(await callObject(at, 'GET', mapPath(sale, 'full')), 'items');
  const listed = (state: string): number => items.filter((seat) => seat['state'] === state).length;
  const sold = hallSeats / 2;
  const said = [counted.held, counted.sold, listed('held'), listed('sold'), items.length];
  if (said.join() !== [held, sold, held, sold, hallSeats].join()) {
    throw new NotProvenError(`${held} held and ${sold} sold, but the maps say ${said.join(', ')}`);
  }
}
