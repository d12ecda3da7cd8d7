/** A log of cards: a tariff, gates, cards that are issued, and journeys of some of them. */
import type { CardsIssue } from '../../engine/commands/cards.ts';
import { maxIssued } from '../../engine/commands/cards.ts';
import type { GateDefinition } from '../../engine/commands/gates.ts';
import type { Tap } from '../../engine/commands/taps.ts';
import { decisions, directions, maxTaps, ownStation, tapWindow, tapsOf } from '../../engine/commands/taps.ts';
import type { TariffDefinition } from '../../engine/commands/tariff.ts';
import type { Engine } from '../../engine/engine.ts';
import type { Command, Kind } from '../../engine/command.ts';
import { kinds } from '../../engine/command.ts';
import { NotProvenError } from '../audit/claim.ts';
import { Commands } from './commands.ts';
import { LoggedStream } from './logged-stream.ts';

const stations = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'];
const opening = 5000;
const fare = 200;
const cap = 700;

const tariff: TariffDefinition = {
  effectiveFromMs: null,
  currency: 'EUR',
  stations: stations.map((id, i) => ({ id, number: i + 1, name: id, zone: 1 })),
  fares: { zones: [[fare]] },
  minimumBalance: 100,
  maximumFare: 900,
  journeyMinutes: [],
  passbackSeconds: 0,
  caps: [{ amount: cap, window: 'day', zones: null }],
  peaks: [],
  timeZone: 'UTC',
  offsets: [],
  categories: {},
  sameStation: null,
  interchanges: [],
};

const minuteMs = 60_000;

export class CardStream {
  readonly stream: LoggedStream;
  /** Cards that were issued, and those among them with a journey. */
  issued = 0;
  travelled = 0;
  private readonly commands = new Commands();
  /** Taps that each gate has sent. */
  private readonly sent = stations.map(() => 0);

  private constructor(stream: LoggedStream) {
    this.stream = stream;
  }

  /** An empty log in this folder, begun, with a tariff and a gate at each station. */
  static async open(folder: string): Promise<CardStream> {
    const stream = await LoggedStream.open(folder);
    const cards = new CardStream(stream);
    stream.add(cards.commands.genesis());
    stream.add(cards.cold(kinds.setTariff, tariff));
    for (const station of stations) {
      stream.add(cards.cold(kinds.addGate, { id: `gate-${station}`, number: null, station } satisfies GateDefinition));
    }
    await stream.append();
    return cards;
  }

  get engine(): Engine {
    return this.stream.engine;
  }

  /** Issues up to so many cards in one record; it is applied when this resolves. */
  async issue(count: number): Promise<void> {
    const body: CardsIssue = {
      count: Math.min(count, maxIssued),
      category: 'adult',
      balance: opening,
      currency: 'EUR',
    };
    this.stream.add(this.cold(kinds.issueCards, body));
    await this.stream.append();
    this.issued += body.count;
  }

  /**
   * One journey of each of the next cards, in and out; as many as one batch takes, at most `count`.
   */
  async travel(count: number): Promise<void> {
    const riders = Math.min(count, maxTaps, tapWindow * (stations.length / 2));
    const { stream, commands } = this;
    const nowMs = Date.now();
    for (const [direction, beforeMs] of [
      [directions.in, 20 * minuteMs],
      [directions.out, 10 * minuteMs],
    ] as const) {
      const command = commands.command.reset(kinds.taps);
      for (let rider = 0; rider < riders; rider += 1) {
        const gate = (rider % (stations.length / 2)) * 2 + direction;
        this.sent[gate]! += 1;
        tapsOf(command).add(this.tap(gate, this.travelled + rider, direction, nowMs - beforeMs));
      }
      stream.add(command);
    }
    await stream.append();
    this.travelled += riders;
  }

  /** @throws NotProvenError when cards or money are not what they must be */
  async close(): Promise<void> {
    await this.stream.close();
    proveCards(this.engine, this.issued, this.travelled);
  }

  private tap(gate: number, card: number, direction: number, atMs: number): Tap {
    const sequence = this.sent[gate]!;
    return { gate, epoch: 1, sequence, card, station: ownStation, direction, decided: decisions.none, atMs };
  }

  private cold(kind: Kind, body: object): Command {
    const command = this.commands.command.reset(kind);
    command.body = body;
    return command;
  }
}

/**
 * Every card was issued, every journey charged once, and each balance is explained.
 * @throws NotProvenError
 */
export function proveCards({ state }: Engine, issued: number, travelled: number): void {
  const { cards } = state;
  let balances = 0;
  for (let card = 0; card < cards.count; card += 1) balances += cards.balanceOf(card);
  const { opened, fares } = cards.totals;
  const is = [cards.count, opened, fares, balances];
  const must = [issued, issued * opening, travelled * fare, opened - fares];
  if (is.some((value, i) => value !== must[i])) {
    throw new NotProvenError(`cards, opened, fares and balances are ${is.join(', ')}; they must be ${must.join(', ')}`);
  }
}

/** A log of so many cards, some of which travelled, without a snapshot. */
export async function buildCards(
  folder: string,
  cards: number,
  travelled: number,
  progress: (sentence: string) => void,
): Promise<CardStream> {
  const stream = await CardStream.open(folder);
  let toldMs = performance.now();
  const tell = (sentence: string): void => {
    if (performance.now() - toldMs < 1000) return;
    toldMs = performance.now();
    progress(sentence);
  };
  while (stream.issued < cards) {
    await stream.issue(cards - stream.issued);
    tell(`issuing cards: ${stream.issued} of ${cards}`);
  }
  while (stream.travelled < travelled) {
    await stream.travel(travelled - stream.travelled);
    tell(`journeys: ${stream.travelled} of ${travelled}`);
  }
  return stream;
}
