/**
 * Holds, and then the confirmation of each: two requests, measured one after the other in every round, by the native API and by
 * the drops dialect, where they are a reservation and its purchase.
 */
import { numberOf, objectOf, textOf } from '../load/client.ts';
import { Generator } from '../load/generator.ts';
import { closeAndAudit, oneUnit, proofNotes } from './purchase.ts';
import type { Report } from './report.ts';
import { compare } from './rounds.ts';
import type { Comparison, Pair } from './rounds.ts';
import { bareRouteLike, serverWithDropsFor, startBare } from '../processes/servers.ts';
import type { BareRoute, Listener, Server } from '../processes/servers.ts';
import type { BenchSettings } from './settings.ts';
import { createDrop, createSale, createUser, dropCounts, plenty, saleCounts } from './shop.ts';
import type { Counts } from './shop.ts';
import { plainSide, provenSide, sampleEvery } from './sides.ts';

/** A kind of request: its path, that path as a pattern of the bare server, and its body. */
interface Asked {
  readonly path: string;
  readonly pattern: string;
  readonly body: string;
}

/** One way of holding a unit of something that is on sale, and of buying it; both answer 201. */
interface Door {
  readonly name: string;
  readonly listener: Listener;
  readonly hold: Asked;
  /** Its path has a hole for the id of the hold. */
  readonly confirm: Asked;
  /** The id of the hold, from the answer that placed it. */
  readonly heldIn: (answer: Record<string, unknown>) => string;
  readonly counts: () => Promise<Counts>;
}

export async function holdConfirm(settings: BenchSettings): Promise<Report> {
  const { server, drops } = await serverWithDropsFor(settings.url, settings.dropsPort);
  const generator = new Generator();
  let compared: Comparison;
  let sold = 0;
  let held = 0;
  try {
    const doors = [await nativeDoor(server), await dropsDoor(server, drops)];
    const routes: BareRoute[] = [];
    for (const door of doors) routes.push(...(await bareRoutesLike(door)));
    const bare = await startBare(routes);
    compared = await compare(
      generator,
      doors.flatMap((door) => pairsOf(door, bare)),
      settings,
    );
    await bare.close();
    for (const { counts } of doors) {
      const last = await counts();
      sold += last.sold;
      held += last.held;
    }
  } finally {
    await generator.close();
  }
  const notes = [
    'closed loop, a fresh key a request; a round confirms the holds it has placed, for as long as they last',
    'drops: on a port of its own, every reservation and purchase by one user; nobody listens to its live events',
    ...proofNotes(server),
    ...compared.notes,
  ];
  const complaints = await closeAndAudit(server, sold, held);
  return { bench: 'hold-confirm', figures: compared.figures, notes, complaints };
}

async function nativeDoor(server: Server): Promise<Door> {
  const sale = await createSale(server.url, plenty);
  return {
    name: 'v1',
    listener: server,
    hold: { path: `/v1/sales/${sale}/holds`, pattern: '/v1/sales/:sale/holds', body: oneUnit },
    confirm: { path: '/v1/holds/{target}/confirm', pattern: '/v1/holds/:hold/confirm', body: '{}' },
    heldIn: (answer) => textOf(answer, 'id'),
    counts: () => saleCounts(server.url, sale),
  };
}

async function dropsDoor(server: Server, drops: Listener): Promise<Door> {
  const drop = await createDrop(server.url, drops.url);
  const body = JSON.stringify({ userId: await createUser(drops.url) });
  return {
    name: 'drops',
    listener: drops,
    hold: { path: `/api/reserve/${drop.id}`, pattern: '/api/reserve/:drop', body },
    confirm: { path: '/api/purchase/{target}', pattern: '/api/purchase/:reservation', body },
    heldIn: ({ reservation }) => String(numberOf(objectOf(reservation), 'id')),
    counts: () => dropCounts(server.url, drops.url, drop),
  };
}

/** Holds one unit and buys it, and makes the bare routes that answer the same. */
async function bareRoutesLike({ listener: { url }, hold, confirm, heldIn }: Door): Promise<BareRoute[]> {
  const held = await bareRouteLike(url, hold.path, hold.pattern, hold.body);
  const path = confirm.path.replace('{target}', heldIn(held.answer));
  return [held, await bareRouteLike(url, path, confirm.pattern, confirm.body)];
}

/** The holds, and after them their confirmations, each beside the bare server's. */
function pairsOf({ name, listener, hold, confirm, counts }: Door, bare: Server): Pair[] {
  const [ours, theirs] = [`ours, ${name}`, `bare, ${name}`];
  const proven = { distinct: 'id', sampleEvery };
  const claim = { counts, yes: 201, numbers: 'ids' } as const;
  const holds = { path: hold.path, body: hold.body };
  const confirms = { path: confirm.path, body: confirm.body };
  return [
    {
      id: `hold/${name}`,
      what: `hold by ${name}`,
      ours: provenSide(`hold, ${name}`, listener, { ...holds, ...proven, keepAs: ours }, { ...claim, moves: 'held' }),
      bare: plainSide(`bare, hold, ${name}`, bare, { ...holds, distinct: 'id', keepAs: theirs }, 201),
    },
    {
      id: `confirm/${name}`,
      what: `confirm by ${name}`,
      ours: provenSide(
        `confirm, ${name}`,
        listener,
        { ...confirms, ...proven, targets: ours },
        { ...claim, moves: 'held to sold' },
      ),
      bare: plainSide(`bare, confirm, ${name}`, bare, { ...confirms, targets: theirs }, 201),
    },
  ];
}
