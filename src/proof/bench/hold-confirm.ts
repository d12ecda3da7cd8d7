/**
 * Holds, and then the confirmation of each: two requests, measured one after the other in every
 * round, on both roads. They go to the native API and to the drops dialect, which calls them
 * reservation and purchase.
 */
import { LoadGenerator } from '../load/load-generator.ts';
import type { Json } from '../load/json.ts';
import { numberOf, objectOf, textOf, textOrNull } from '../load/json.ts';
import type { BareQuestion, BareRoute, Endpoint, Server } from '../processes/servers.ts';
import { bareRouteLike, startBare } from '../processes/servers.ts';
import type { Counts } from '../audit/claim.ts';
import { closeAndAudit, oneUnit, proofNotes } from './purchase.ts';
import type { Report } from './report.ts';
import type { Road, RoadWithDrops } from './roads.ts';
import { idOn, nameOn, openRoadsWithDrops, roadsNote } from './roads.ts';
import { compare } from './rounds.ts';
import type { Comparison, Pair } from './rounds.ts';
import type { BenchSettings } from './settings.ts';
import { createDrop, createSale, createUser, dropCounts, plenty, saleCounts } from './shop.ts';
import { plainSide, provenSide, sampleEvery } from './sides.ts';

/** One way to hold a unit and then to buy it; both requests are answered with 201. */
interface Door {
  readonly name: string;
  readonly road: Road;
  readonly endpoint: Endpoint;
  readonly hold: BareQuestion;
  /** Its path has a hole for the id of the hold. */
  readonly confirm: BareQuestion;
  /** Whether a hold comes with a token, which its confirmation must present. */
  readonly hasTokens: boolean;
  /** The id of the hold, from the answer that placed it. */
  readonly heldIn: (answer: Json) => string;
  readonly counts: () => Promise<Counts>;
}

export async function holdConfirm(settings: BenchSettings): Promise<Report> {
  const roads = await openRoadsWithDrops(settings);
  const generator = new LoadGenerator();
  const complaints: string[] = [];
  let compared: Comparison;
  try {
    const doors = (await Promise.all(roads.map(openDoors))).flat();
    const bares = new Map<Road, Server>();
    for (const road of roads) bares.set(road, await startBareFor(doors.filter((door) => door.road === road)));
    const pairs = doors.flatMap((door) => pairsOf(door, bares.get(door.road)!));
    compared = await compare(generator, pairs, settings);
    for (const bare of bares.values()) await bare.close();
    for (const road of roads) complaints.push(...(await audit(road, doors)));
  } finally {
    await generator.close();
    for (const { server } of roads) await server.close();
  }
  const notes = [
    'closed loop, a fresh key a request; a round confirms the holds it has placed, for as long as they last',
    'drops: on a port of its own, every reservation and purchase by one user; nobody listens to its live events',
    ...roadsNote(roads),
    ...proofNotes(roads[0]!.server),
    ...compared.notes,
  ];
  return { bench: 'hold-confirm', figures: compared.figures, notes, complaints };
}

async function audit(road: Road, doors: readonly Door[]): Promise<string[]> {
  const total = { sold: 0, held: 0 };
  for (const door of doors.filter((each) => each.road === road)) {
    const { sold, held } = await door.counts();
    total.sold += sold;
    total.held += held;
  }
  return closeAndAudit(road.server, total.sold, total.held);
}

async function openDoors(road: RoadWithDrops): Promise<Door[]> {
  return [await nativeDoor(road), await dropsDoor(road)];
}

async function nativeDoor(road: Road): Promise<Door> {
  const { server, isPublic } = road;
  const sale = await createSale(server, plenty);
  return {
    name: 'v1',
    road,
    endpoint: server,
    hold: { path: `/v1/sales/${sale}/holds`, pattern: '/v1/sales/:sale/holds', body: oneUnit },
    confirm: { path: '/v1/holds/{id}/confirm', pattern: '/v1/holds/:hold/confirm', body: '{}' },
    hasTokens: isPublic,
    heldIn: (answer) => textOf(answer, 'id'),
    counts: () => saleCounts(server, sale),
  };
}

/**
 * This dialect has no tokens, on either road: the user's number grants access to the user's things.
 */
async function dropsDoor(road: RoadWithDrops): Promise<Door> {
  const { server, drops } = road;
  const drop = await createDrop(server, drops);
  const body = JSON.stringify({ userId: await createUser(drops) });
  return {
    name: 'drops',
    road,
    endpoint: drops,
    hold: { path: `/api/reserve/${drop.id}`, pattern: '/api/reserve/:drop', body },
    confirm: { path: '/api/purchase/{id}', pattern: '/api/purchase/:reservation', body },
    hasTokens: false,
    heldIn: (answer) => String(numberOf(objectOf(answer, 'reservation'), 'id')),
    counts: () => dropCounts(server, drops, drop),
  };
}

async function startBareFor(doors: readonly Door[]): Promise<Server> {
  const routes: BareRoute[] = [];
  for (const door of doors) routes.push(...(await bareRoutesLike(door)));
  return startBare(routes);
}

/** Holds one unit and buys it, and makes the bare routes that answer the same. */
async function bareRoutesLike({ endpoint, hold, confirm, heldIn }: Door): Promise<BareRoute[]> {
  const held = await bareRouteLike(endpoint, hold);
  const path = confirm.path.replace('{id}', heldIn(held.answer));
  const token = textOrNull(held.answer, 'token');
  return [held, await bareRouteLike(endpoint, { ...confirm, path, token })];
}

/**
 * The holds, and after them their confirmations, each beside the bare server's. Without tokens, one
 * bare server serves both roads.
 */
function pairsOf(door: Door, bare: Server): Pair[] {
  const { road, name, endpoint, hold, confirm, hasTokens, counts } = door;
  const bareName = (what: string): string => (hasTokens ? nameOn(road, what) : what);
  const [ours, theirs] = [nameOn(road, `ours, ${name}`), bareName(`bare, ${name}`)];
  const proven = { distinct: 'id', sampleEvery };
  const claim = { counts, yes: 201, numbers: 'ids', hasTokens } as const;
  const holds = { path: hold.path, body: hold.body, keepTokens: hasTokens };
  const confirms = { path: confirm.path, body: confirm.body };
  return [
    {
      id: idOn(road, `hold/${name}`),
      what: nameOn(road, `hold by ${name}`),
      ours: provenSide(
        nameOn(road, `hold, ${name}`),
        endpoint,
        { ...holds, ...proven, keepAs: ours },
        { ...claim, moves: 'held' },
      ),
      bare: plainSide(bareName(`bare, hold, ${name}`), bare, { ...holds, distinct: 'id', keepAs: theirs }, 201),
    },
    {
      id: idOn(road, `confirm/${name}`),
      what: nameOn(road, `confirm by ${name}`),
      ours: provenSide(
        nameOn(road, `confirm, ${name}`),
        endpoint,
        { ...confirms, ...proven, things: ours },
        { ...claim, moves: 'held to sold' },
      ),
      bare: plainSide(bareName(`bare, confirm, ${name}`), bare, { ...confirms, things: theirs }, 201),
    },
  ];
}
