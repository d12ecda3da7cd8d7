/** Holds, and then the confirmation of each: two requests, measured one after the other in every round. */
import { callObject, textOf } from './client.ts';
import { Generator } from './load/generator.ts';
import { prove } from './proof.ts';
import { closeAndAudit, oneUnit } from './purchase.ts';
import type { Figure, Report } from './report.ts';
import { figuresOf, interleave, limitsOf } from './rounds.ts';
import { bareRouteLike, serverFor, startBare, type Server } from './servers.ts';
import type { BenchSettings } from './settings.ts';
import { createSale, plenty, saleCounts } from './shop.ts';
import { plainSide, send, type Side } from './sides.ts';

const empty = '{}';
const confirmPath = '/v1/holds/{target}/confirm';
const sampleEvery = 200;

export async function holdConfirm(settings: BenchSettings): Promise<Report> {
  const ours = await serverFor(settings.url);
  const generator = new Generator();
  const figures: Figure[] = [];
  const notes = [
    'closed loop, a fresh key a request; a round confirms the holds it has placed, for as long as they last',
  ];
  let sold = 0;
  try {
    const sale = await createSale(ours.url, plenty);
    const holdsPath = `/v1/sales/${sale}/holds`;
    const placed = await callObject('POST', `${ours.url}${holdsPath}`, { quantity: 1 });
    const bare = await startBare([
      await bareRouteLike(ours.url, holdsPath, '/v1/sales/:sale/holds', oneUnit),
      await bareRouteLike(
        ours.url,
        confirmPath.replace('{target}', textOf(placed, 'id')),
        '/v1/holds/:hold/confirm',
        empty,
      ),
    ]);
    const bareHold = { path: holdsPath, body: oneUnit, distinct: 'id', keepAs: 'bare' };
    const sides = [
      holdSide(ours, sale),
      plainSide('bare, hold', bare, bareHold, 201),
      confirmSide(ours, sale),
      plainSide('bare, confirm', bare, { path: confirmPath, body: empty, targets: 'bare' }, 201),
    ];
    for (const connections of settings.connections) {
      const shape = {
        connections,
        warmupMs: settings.warmupMs,
        measureMs: settings.measureMs,
        pacing: { kind: 'closed' },
      } as const;
      const rounds = await interleave(generator, sides, shape, settings.rounds, settings.progress);
      for (const side of ['hold', 'confirm']) {
        figures.push(
          ...figuresOf(rounds, `${side}/${connections}`, `${side}, ${connections} connections`, side, `bare, ${side}`),
        );
      }
      notes.push(...limitsOf(rounds));
    }
    await bare.close();
    sold = (await saleCounts(ours.url, sale)).sold;
  } finally {
    await generator.close();
  }
  return { bench: 'hold-confirm', figures, notes, complaints: await closeAndAudit(ours, sold) };
}

function holdSide(server: Server, sale: string): Side {
  return {
    name: 'hold',
    run: async (generator, shape) => {
      const counts = () => saleCounts(server.url, sale);
      const before = await counts();
      const request = { path: `/v1/sales/${sale}/holds`, body: oneUnit, distinct: 'id', keepAs: 'ours', sampleEvery };
      const result = await send(generator, server, request, shape);
      await prove({ url: server.url, body: oneUnit, result, before, counts, yes: 201, moves: 'held' });
      return result;
    },
  };
}

function confirmSide(server: Server, sale: string): Side {
  return {
    name: 'confirm',
    run: async (generator, shape) => {
      const counts = () => saleCounts(server.url, sale);
      const before = await counts();
      const request = { path: confirmPath, body: empty, distinct: 'id', targets: 'ours', sampleEvery };
      const result = await send(generator, server, request, shape);
      await prove({ url: server.url, body: empty, result, before, counts, yes: 201, moves: 'held to sold' });
      return result;
    },
  };
}
