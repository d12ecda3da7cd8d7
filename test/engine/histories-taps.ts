/**
 * Random commands about cards and gates that collide: few cards and stations, gates that resend,
 * lose their counter or were away, clocks that differ, days that pass, tariffs that change.
 */
import type { Genesis } from '../../src/engine/commands/running.ts';
import { Command, kinds, scopes } from '../../src/engine/command.ts';
import { adjustmentOf } from '../../src/engine/commands/adjustments.ts';
import { currencyWord, moneyOf } from '../../src/engine/commands/cards.ts';
import type { Tap } from '../../src/engine/commands/taps.ts';
import { decisions, directions, noCard, noStation, tapsOf } from '../../src/engine/commands/taps.ts';
import type { StateDump } from '../../src/engine/dump.ts';
import { civilMsOf } from './civil.ts';
import { tariffFor } from './histories-tariffs.ts';
import { Records } from './histories-records.ts';
import type { Random } from './random.ts';
import { beginMs } from './table.ts';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

/** What kind of history a seed makes: how often each command comes. */
const moods = {
  /** Gates that stay connected. */
  live: { taps: 70, topUp: 6, refund: 1, adjust: 2, blockCard: 2, unblockCard: 2, skipTaps: 1, setTariff: 1 },
  /** Gates that were away, whose taps come late and out of order. */
  offline: { taps: 66, topUp: 4, refund: 1, adjust: 14, blockCard: 1, unblockCard: 1, skipTaps: 2, setTariff: 1 },
  /** Many tariffs. */
  tariffs: { taps: 60, topUp: 4, refund: 1, adjust: 3, blockCard: 1, unblockCard: 1, skipTaps: 1, setTariff: 12 },
} as const;
const rare = {
  createCard: 1,
  issueCards: 0.3,
  addGate: 1,
  addKey: 0.5,
  removeKey: 0.5,
  tick: 8,
  setClock: 0.5,
  started: 0.5,
};

export class TapHistory extends Records {
  readonly genesis: Genesis;
  nowMs = beginMs;
  private readonly random: Random;
  private readonly mood: keyof typeof moods;
  /** Whether the clock of the store is set now and then. */
  private readonly clocks: boolean;
  /** Whether gates and cards are there long before a tariff. */
  private readonly lateTariff: boolean;
  /** Taps that a gate's epoch has sent, by gate and epoch, in order. */
  private readonly sent = new Map<string, Tap[]>();
  private readonly byStations: boolean;

  constructor(random: Random) {
    super();
    this.random = random;
    this.mood = random.pick(['live', 'live', 'offline', 'offline', 'tariffs']);
    this.clocks = random.chance(30);
    this.lateTariff = random.chance(8);
    this.byStations = random.chance(30);
    this.genesis = {
      engineVersion: 2,
      cell: 1,
      hashKey: [random.word(), random.word(), random.word(), random.word()],
      orderKeyRetentionMs: dayMs,
      holdKeyRetentionMs: 600_000,
      sweepLimit: 3,
      maxKeys: 1000,
    };
  }

  /** Fills in the next command and moves the time on. */
  next(command: Command, state: StateDump | null): void {
    command.text = new Command().text;
    if (state === null) {
      command.reset(kinds.genesis).body = this.genesis;
      return;
    }
    this.nowMs += this.pause();
    if (this.begins(command, state)) return;
    this.invent(command, state);
  }

  /** First come a tariff, gates and cards; mostly, since all of that may be missing too. */
  private begins(command: Command, state: StateDump): boolean {
    const { random } = this;
    if (state.position > 12 || random.chance(4)) return false;
    if (state.tariffs.length === 0 && !this.lateTariff) command.reset(kinds.setTariff).body = this.tariff(state);
    else if (state.gates.length < 4) command.reset(kinds.addGate).body = this.gate(state);
    else if (state.cards.length < 5) command.reset(kinds.createCard).body = this.card(state);
    else return false;
    return true;
  }

  private pause(): number {
    const { random } = this;
    const day = this.mood === 'live' ? 1 : 3;
    switch (random.weighted({ none: 20, seconds: 30, minutes: 30, hours: 8, day, days: 0.7 })) {
      case 'none':
        return 0;
      case 'seconds':
        return random.below(90_000);
      case 'minutes':
        return random.below(20) * minuteMs;
      case 'hours':
        return random.below(12) * hourMs;
      case 'day':
        return dayMs + random.pick([-1, 0, 1, 2 * hourMs]);
      default:
        return random.pick([2, 3, 7, 8, 9, 11, 14]) * dayMs + random.below(1000);
    }
  }

  private invent(command: Command, state: StateDump): void {
    const { random } = this;
    const kind = random.weighted({ ...rare, ...moods[this.mood] });
    command.reset(kinds[kind]);
    const card = this.someCard(state);
    switch (kind) {
      case 'taps':
        this.taps(command, state);
        return;
      case 'topUp':
      case 'refund':
        command.target = card;
        moneyOf(command).amount = random.pick([0, -5, 1, 100, 500, 500, 2_000, 2_000, 5_000, 0x7fffffff, 1.5]);
        moneyOf(command).currency = random.chance(80) ? 0 : currencyWord(random.pick(['EUR', 'EUR', 'CHF']));
        moneyOf(command).journey = kind === 'refund' ? random.below(9) : 0;
        break;
      case 'blockCard':
      case 'unblockCard':
        command.target = card;
        break;
      case 'adjust':
        this.adjustment(command, state);
        break;
      case 'setClock':
        command.body = { offsetMs: this.clocks ? random.pick([0, 0, hourMs, -hourMs, 2 * dayMs, -2 * dayMs]) : 0 };
        return;
      case 'started':
        command.body = { epoch: random.word().toString(16).padStart(12, '0') };
        return;
      default:
        command.body = this.body(kind, state);
    }
    if (!random.chance(15)) return;
    command.setKey(random.pick([scopes.card, scopes.operator]), random.below(2), random.pick(['a', 'b', 'c', 'd']));
    command.fingerprintLow = command.kind;
  }

  private body(kind: 'setTariff' | 'addGate' | 'skipTaps' | keyof typeof rare, state: StateDump): Command['body'] {
    const { random } = this;
    switch (kind) {
      case 'setTariff':
        return this.tariff(state);
      case 'addGate':
        return this.gate(state);
      case 'createCard':
        return this.card(state);
      case 'issueCards':
        return { count: random.pick([0, 1, 2]), ...this.opening() };
      case 'skipTaps': {
        const gate = this.someGate(state);
        const [epoch, mark] = this.someEpoch(state, gate);
        const from = mark + random.pick([0, 1, 1, 1, 2]);
        return { gate, epoch, from, to: from + random.pick([-1, 0, 0, 2, 1022, 1024]), reason: 'lost' };
      }
      case 'addKey':
        return {
          hash: random.below(3).toString(16).padStart(64, '0'),
          right: 'tap',
          gates: [random.pick(['g0', 'g1', 'g9'])],
          label: random.pick([null, 'hall']),
        };
      case 'removeKey':
        return { key: random.below(3) };
      default:
        return null;
    }
  }

  private tariff(state: StateDump): Command['body'] {
    return tariffFor(this.random, civilMsOf(state), state.tariffs.length === 0, this.byStations);
  }

  private gate(state: StateDump): Command['body'] {
    const { random } = this;
    const id = `g${random.chance(95) ? state.gates.length : random.below(3)}`;
    const stations = random.pick(['A', 'B', 'C', 'D', random.pick([null, 'E', 'X'])]);
    const station = state.tariffs.length === 0 && random.chance(90) ? null : stations;
    return { id, number: random.chance(80) ? null : random.below(9) + 1, station };
  }

  private card(state: StateDump): Record<string, unknown> {
    const { random } = this;
    const id = random.chance(95) ? `card${state.cards.length}` : 'card0';
    return { id, name: random.pick([null, 'Ännä']), ...this.opening() };
  }

  private opening(): Record<string, unknown> {
    const { random } = this;
    const balance = random.pick([0, 150, 900, 3_000, 20_000, random.chance(10) ? 0x80000000 : 5_000]);
    const category = random.pick(['adult', 'adult', 'child', 'senior', 'guest']);
    return { category, balance, currency: balance === 0 ? null : 'EUR' };
  }

  private someCard({ cards }: StateDump): number {
    const { random } = this;
    if (random.chance(1) || cards.length === 0) return random.pick([cards.length, 0xffffffff]);
    return random.below(Math.min(cards.length, random.chance(85) ? 3 : cards.length));
  }

  private someGate({ gates }: StateDump): number {
    return this.random.chance(1) || gates.length === 0 ? gates.length + 3 : this.random.below(gates.length);
  }

  /** An epoch of a gate with its mark: mostly the newest. */
  private someEpoch({ gates }: StateDump, gate: number): readonly [epoch: number, mark: number] {
    const { random } = this;
    const epochs = gates[gate]?.epochs ?? [];
    if (epochs.length === 0 || random.chance(2)) return [random.below(1_000_000), 0];
    return random.chance(90) ? epochs.at(-1)! : random.pick(epochs);
  }

  /** One of the card's days that was out of the ordinary, mostly with the sum that it has. */
  private adjustment(command: Command, state: StateDump): void {
    const { random } = this;
    const noted = state.travel.flatMap(({ card, notes, counted }) =>
      notes.map(({ day, uncounted, adjusted }) => {
        const fares = counted.filter(([range, of]) => range === 0 && of === day);
        return { card, day, sum: fares.reduce((sum, [, , amount]) => sum + amount, 0) + uncounted - adjusted };
      }),
    );
    const today = Math.floor(civilMsOf(state) / dayMs);
    const any = { card: this.someCard(state), day: today - random.below(14), sum: random.pick([0, 200]) };
    const { card, day, sum } = noted.length > 0 && random.chance(85) ? random.pick(noted) : any;
    command.target = card;
    Object.assign(adjustmentOf(command), {
      day,
      amount: random.pick([0, 0, 50, 200, -120, -5_000, random.chance(5) ? 0x7fffffff : 10]),
      replaces: random.chance(85) ? sum : sum + 1,
      run: random.pick([0, 0, 1, 2, 3]),
      upTo: random.chance(80) ? Infinity : state.position - random.below(40),
    });
  }

  // --- taps ---

  private taps(command: Command, state: StateDump): void {
    const { random } = this;
    const marks = new Map<string, number>();
    const offline = this.mood === 'offline' ? 45 : 8;
    // The times of one upload follow each other, most of the time.
    const late = random.chance(offline) ? random.pick([minuteMs, hourMs, 5 * hourMs, dayMs, 3 * dayMs, 8 * dayMs]) : 0;
    let atMs = civilMsOf(state) - late;
    const riding = new Map(state.travel.map(({ card, open }) => [card, open !== null]));
    for (let count = random.pick([1, 1, 1, 2, 3, 6, 12]); count > 0; count -= 1) {
      const gate = this.someGate(state);
      const [epoch, mark] = this.someEpoch(state, gate);
      const place = `${gate}/${epoch}`;
      if (random.chance(6)) {
        this.resend(command, place);
        continue;
      }
      const expected = (marks.get(place) ?? mark) + 1;
      const sequence = random.chance(94) ? expected : random.pick([0, 1, expected + 1, expected + 7, 0xffffffff]);
      atMs +=
        late === 0 && random.chance(70) ? 0 : random.pick([0, 1_000, 59_999, 60_000, 10 * minuteMs, 40 * minuteMs]);
      const card = this.someCard(state);
      const tap: Tap = {
        gate,
        epoch,
        sequence,
        card: card < state.cards.length ? card : noCard,
        station: random.chance(85) ? 0 : random.pick([1, 1, 2, 2, 3, 4, 99, noStation]),
        direction: this.direction(riding.get(card) ?? false),
        decided: late > 0 && random.chance(80) ? decisions.opened : random.pick([0, 0, 0, 0, 0, 0, 1, 2]),
        atMs:
          atMs + (random.chance(93) ? 0 : random.pick([-0.5, 119_999, 120_000, 120_001, dayMs, -9 * dayMs, -hourMs])),
      };
      riding.set(card, tap.direction === directions.in);
      if (sequence === expected && state.gates[gate] !== undefined) {
        marks.set(place, expected);
        this.sent.set(place, [...(this.sent.get(place) ?? []), tap]);
      }
      tapsOf(command).add(tap);
    }
  }

  private direction(isRiding: boolean): number {
    return this.random.chance(88) === isRiding ? directions.out : directions.in;
  }

  /** The last taps of a gate's epoch, once more. */
  private resend(command: Command, place: string): void {
    for (const tap of (this.sent.get(place) ?? []).slice(-1 - this.random.below(6))) tapsOf(command).add(tap);
  }
}
