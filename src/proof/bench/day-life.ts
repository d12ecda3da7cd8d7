/** The running of a day: the gates, the server that is killed under them, and the city's desk. */
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { callObject } from '../load/http-client.ts';
import { numberOf, objectOf, objectsOf, textOf } from '../load/json.ts';
import { peakResidentBytes } from '../processes/process-stats.ts';
import { HoldfastServer } from '../processes/servers.ts';
import { currency, stationCount } from '../taps/city.ts';
import { dayMs } from '../taps/day-curve.ts';
import type { TapSenderProcess } from '../taps/sender-process.ts';
import type { TapProgress } from '../taps/spec.ts';
import type { BenchSettings } from './settings.ts';

export const batchSize = 8192;
export const batchesInFlight = 8;
/** One batch of a gate in so many goes twice; one gate in so many is offline at any time. */
const [resentOf, offlineOf] = [50, 100];
/** Of a thousand journeys one lacks its entry, and one its exit. */
const oddShare = 0.001;
const usualCards = 2_000_000;
/** After each restart the city's desk does so much. */
const [topUps, refunds] = [20, 5];

/** What the day was, as those saw it who lived it. */
export interface Lived {
  /** Days since 1970-01-01. */
  readonly day: number;
  readonly told: TapProgress;
  /** The store's own totals. */
  readonly totals: Totals;
  /** Seconds from the first tap to the last answer, restarts included. */
  readonly seconds: number;
  /** Seconds from each start after a kill to its being ready. */
  readonly recoveries: readonly number[];
  readonly desk: { readonly topUps: number; readonly refunds: number };
  readonly logBytes: number;
  readonly peakBytes: number;
}

interface Totals {
  readonly taps: number;
  readonly open: number;
  readonly denied: number;
  readonly balances: number;
  readonly fares: number;
  readonly explained: boolean;
}

export function cardsOf({ cards }: BenchSettings): number {
  return cards ?? usualCards;
}

export async function live(folder: string, gates: TapSenderProcess, settings: BenchSettings): Promise<Lived> {
  const { progress, kills } = settings;
  // Yesterday: its taps are late enough to be real, and early enough to be live.
  const fromMs = Math.floor(Date.now() / dayMs) * dayMs - dayMs;
  const traffic = { cards: cardsOf(settings), gates: settings.gates, stations: stationCount, taps: settings.taps };
  const plan = { gates: settings.gates, batchSize, resentOf, offlineOf, seed: settings.seed };
  await gates.run({
    kind: 'begin',
    traffic: { ...traffic, oddShare, fromMs, seed: settings.seed },
    gates: plan,
    inFlight: batchesInFlight,
  });
  const recoveries: number[] = [];
  const desk = { topUps: 0, refunds: 0 };
  let peakBytes = 0;
  let server = await HoldfastServer.start({ folder });
  try {
    const beganMs = performance.now();
    for (let kill = 1; kill <= kills; kill += 1) {
      await send(gates, server, Math.floor((settings.taps * kill) / (kills + 1)));
      peakBytes = Math.max(peakBytes, ...server.pids.map(peakResidentBytes));
      await server.kill();
      progress(`killed ${kill} of ${kills}`);
      server = await HoldfastServer.start({ folder });
      recoveries.push(server.readyMs / 1000);
      await workAtDesk(server, desk);
    }
    const told = await send(gates, server, Infinity);
    const seconds = (performance.now() - beganMs) / 1000;
    const totals = await totalsOf(server);
    peakBytes = Math.max(peakBytes, ...server.pids.map(peakResidentBytes));
    return { day: fromMs / dayMs, told, totals, seconds, recoveries, desk, logBytes: bytesOf(folder), peakBytes };
  } finally {
    await server.stop();
  }
}

function send(gates: TapSenderProcess, server: HoldfastServer, until: number): Promise<TapProgress> {
  return gates.run({ kind: 'send', url: streamOf(server), operatorKey: server.operatorKey, until });
}

/** Address of its stream of taps. */
export function streamOf({ url }: HoldfastServer): string {
  return `${url.replace(/^http/, 'ws')}/v1/taps/stream`;
}

/** Money in and out of some cards. The gates wait for their server meanwhile. */
async function workAtDesk(server: HoldfastServer, desk: { topUps: number; refunds: number }): Promise<void> {
  const cards = objectsOf(await callObject(server, 'GET', `/v1/cards?limit=${topUps}`), 'items');
  for (const [at, card] of cards.entries()) {
    const path = `/v1/cards/${textOf(card, 'id')}`;
    await callObject(server, 'POST', `${path}/topups`, { amount: { amount: 1000 + at, currency } });
    desk.topUps += 1000 + at;
    if (at >= refunds) continue;
    await callObject(server, 'POST', `${path}/refunds`, { amount: { amount: 100 + at, currency } });
    desk.refunds += 100 + at;
  }
}

export async function totalsOf(server: HoldfastServer): Promise<Totals> {
  const found = await callObject(server, 'GET', '/v1/taps/totals');
  const money = (name: string): number => numberOf(objectOf(found, name), 'amount');
  return {
    taps: numberOf(found, 'taps'),
    open: numberOf(found, 'open'),
    denied: numberOf(found, 'denied'),
    balances: money('balances'),
    fares: money('fares'),
    explained: found['explained'] === true,
  };
}

function bytesOf(folder: string): number {
  const segments = readdirSync(folder).filter((name) => name.startsWith('log-'));
  return segments.reduce((sum, name) => sum + statSync(join(folder, name)).size, 0);
}
