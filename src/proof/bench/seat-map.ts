/** The map of a hall of 10,000 seats, half sold, over HTTP: whole and compact, with a hold between any two so that none is the last one again. */
import { call, callObject } from '../load/client.ts';
import { createHall, seatCounts, sellHalf } from './halls.ts';
import { NotProvenError } from '../audit/claim.ts';
import { OthersWatch } from '../processes/process-stats.ts';
import type { Figure, Report } from './report.ts';
import { single } from './report.ts';
import { othersNote } from './rounds.ts';
import { serverFor } from '../processes/servers.ts';
import type { BenchSettings } from './settings.ts';
import { estimate, median } from './statistics.ts';

const hallSeats = 10_000;
/** Maps of each form a round; the round's figure is their median. */
const looks = 20;

export async function seatMap(settings: BenchSettings): Promise<Report> {
  const server = await serverFor(settings.url);
  try {
    const sale = await createHall(server.url, hallSeats);
    await sellHalf(server.url, sale, hallSeats);
    const path = `${server.url}/v1/sales/${sale}/seats`;
    const forms = { full: path, compact: `${path}?form=compact` };
    const rounds: Record<keyof typeof forms, number[]> = { full: [], compact: [] };
    const bytes = { full: 0, compact: 0 };
    const others = new OthersWatch();
    for (let round = 0; round <= settings.rounds; round += 1) {
      settings.progress(`the map, round ${round}/${settings.rounds}`);
      const times: Record<keyof typeof forms, number[]> = { full: [], compact: [] };
      for (let look = 0; look < looks; look += 1) {
        for (const form of ['full', 'compact'] as const) {
          await callObject('POST', `${server.url}/v1/sales/${sale}/holds`, { best: { quantity: 1 } });
          const beganMs = performance.now();
          const length = await read(forms[form]);
          times[form].push(performance.now() - beganMs);
          bytes[form] = Math.max(bytes[form], length);
        }
      }
      // The first round makes the layout and compiles, and is not counted.
      if (round > 0) for (const form of ['full', 'compact'] as const) rounds[form].push(median(times[form]));
    }
    await prove(server.url, sale, (settings.rounds + 1) * looks * 2);
    const time = (id: string, what: string, ms: readonly number[]): Figure => ({
      id: `seat-map/${id}`,
      what,
      unit: 'ms',
      estimate: estimate(ms),
    });
    const size = (id: string, what: string, length: number): Figure => ({
      id: `seat-map/${id}/bytes`,
      what,
      unit: 'bytes',
      estimate: single(length),
    });
    return {
      bench: 'seat-map',
      figures: [
        time('full', 'every seat as JSON', rounds.full),
        time('compact', 'the compact map', rounds.compact),
        size('full', 'every seat as JSON', bytes.full),
        size('compact', 'the compact map', bytes.compact),
      ],
      notes: [
        `a hall of ${hallSeats} seats, half of them sold; one call after another on one connection, read to the end; a hold between any two`,
        'the held and sold seats in the map are those that were held and sold',
        ...othersNote(others.cores()),
      ],
      complaints: [],
    };
  } finally {
    await server.close();
  }
}

/** Bytes of an answer that must be a map. */
async function read(url: string): Promise<number> {
  const { status, text } = await call('GET', url);
  if (status !== 200) throw new NotProvenError(`${url} answered ${status}: ${text.slice(0, 200)}`);
  return Buffer.byteLength(text);
}

/** @throws NotProvenError */
async function prove(url: string, sale: string, held: number): Promise<void> {
  const counted = await seatCounts(url, sale);
  const { items } = await callObject('GET', `${url}/v1/sales/${sale}/seats`);
  const states = (Array.isArray(items) ? items : []).map((seat: { state?: unknown }) => seat.state);
  const listed = (state: string): number => states.filter((each) => each === state).length;
  const sold = hallSeats / 2;
  const said = [counted.held, counted.sold, listed('held'), listed('sold'), states.length];
  if (said.join() !== [held, sold, held, sold, hallSeats].join()) {
    throw new NotProvenError(`${held} held and ${sold} sold, but the maps say ${said.join(', ')}`);
  }
}
