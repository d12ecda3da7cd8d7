/**
 * Taps for measurements without a server: a city in an engine, and records of its day's taps,
 * encoded beforehand.
 */
import type { Genesis } from '../../engine/commands/running.ts';
import { decisions, ownStation, tapsOf } from '../../engine/commands/taps.ts';
import { Command, kinds } from '../../engine/command.ts';
import type { Engine } from '../../engine/engine.ts';
import { RecordWriter } from '../../engine/record.ts';
import { engineVersion } from '../../engine/state.ts';
import { cityCards, cityGate, cityTariff, stationCount } from './city.ts';
import { dayMs } from './day-curve.ts';
import { Traffic } from './traffic.ts';

/** A store's rules as every log begins with them. */
const genesis: Genesis = {
  engineVersion,
  cell: 0,
  hashKey: [0x9e3779b9, 0x7f4a7c15, 0xf39cc060, 0x5cedc834],
  orderKeyRetentionMs: dayMs,
  holdKeyRetentionMs: 600_000,
  sweepLimit: 1000,
  maxKeys: 1_000_000,
};

export interface CityPlan {
  readonly taps: number;
  readonly cards: number;
  readonly gates: number;
  readonly seed: number;
}

/** Records of a log, and how many they are. */
export interface Records {
  readonly count: number;
  readonly bytes: Uint8Array;
  /** Taps in them. */
  readonly taps: number;
}

/** The records that every log of the city begins with, a few thousand cards at a time. */
export function cityRecords({ gates, cards }: CityPlan): Records[] {
  const command = new Command();
  const writer = new RecordWriter(1 << 20);
  const add = (kind: (typeof kinds)[keyof typeof kinds], body: object): void => {
    command.reset(kind).body = body;
    writer.add(command);
  };
  add(kinds.genesis, genesis);
  add(kinds.setTariff, cityTariff());
  for (let gate = 0; gate < gates; gate += 1) add(kinds.addGate, cityGate(gate));
  for (const issue of cityCards(cards)) add(kinds.issueCards, issue);
  return [taken(writer, 0)];
}

/**
 * The taps of a day that began at `fromMs`, in records of `batch` taps each. Gates number them, all
 * are live.
 */
export function tapRecords(plan: CityPlan, batch: number, fromMs: number): Records[] {
  const traffic = new Traffic({ ...plan, stations: stationCount, oddShare: 0, fromMs });
  const sequences = new Uint32Array(plan.gates);
  const command = new Command();
  const writer = new RecordWriter(1 << 20);
  const all: Records[] = [];
  let more = traffic.next();
  while (more) {
    const taps = tapsOf(command.reset(kinds.taps));
    for (; more && taps.count < batch; more = traffic.next()) {
      const { gate, card, direction, atMs } = traffic;
      sequences[gate]! += 1;
      const sequence = sequences[gate]!;
      taps.add({ gate, epoch: 1, sequence, card, station: ownStation, direction, decided: decisions.none, atMs });
    }
    const { count } = taps;
    writer.add(command);
    all.push(taken(writer, count));
  }
  return all;
}

function taken(writer: RecordWriter, taps: number): Records {
  const records = { count: writer.count, bytes: writer.bytes().slice(), taps };
  writer.clear();
  return records;
}

/**
 * What is wrong in an engine after so many taps: each counted once, and the money right. Empty when
 * nothing is.
 */
export function flawsOf({ state: { cards, journal } }: Engine, taps: number): string[] {
  const { opened, toppedUp, fares, refunded, adjusted } = cards.totals;
  let balances = 0;
  for (let card = 0; card < cards.count; card += 1) balances += cards.balanceOf(card);
  const expected = opened + toppedUp - fares + refunded + adjusted;
  return [
    ...(journal.applied === taps ? [] : [`${taps} taps were made, and ${journal.applied} counted`]),
    ...(balances === expected ? [] : [`the balances are ${balances}, and not ${expected}`]),
    ...(fares > 0 ? [] : ['no tap cost anything']),
  ];
}
