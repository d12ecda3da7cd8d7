/** A shop with a tariff, gates and cards, and taps at them in commands of many. */
import { Command, kinds } from '../../../src/engine/command.ts';
import type { Tap } from '../../../src/engine/commands/taps.ts';
import { decisions, directions, noCard, tapsOf } from '../../../src/engine/commands/taps.ts';
import { tapFlags, tapReasons, tapResults } from '../../../src/engine/tap-outcomes.ts';
import type { TapRows } from '../../../src/engine/tables/journal.ts';
import { cityTariff } from '../../engine/tariffs-support.ts';
import type { Random } from '../../engine/random.ts';
import { outcomeOf } from '../../crash/support/commands.ts';
import { issueCards } from './cards.ts';
import type { Shop } from './shop.ts';
import type { Row } from './sql-rows.ts';

const dayMs = 86_400_000;
const stations = ['a', 'b', 'c'] as const;

export class City {
  /** What the server answered, one row for each tap that moved a mark. */
  readonly answered: Row[] = [];
  readonly gates: number;
  readonly cards: number;
  private readonly shop: Shop;
  private readonly random: Random;
  private readonly sequences: number[];
  private nextId = 1;

  private constructor(shop: Shop, random: Random, gates: number, cards: number) {
    this.shop = shop;
    this.random = random;
    this.gates = gates;
    this.cards = cards;
    this.sequences = Array.from({ length: gates }, () => 0);
  }

  /** Each third gate stands nowhere and names a station in each tap. */
  static async build(shop: Shop, random: Random, { gates = 6, cards = 20 } = {}): Promise<City> {
    const tariff = new Command().reset(kinds.setTariff);
    tariff.body = cityTariff({ caps: [{ amount: 700, window: 'day', zones: null }] });
    await made(shop, tariff);
    for (let nth = 0; nth < gates; nth += 1) {
      const gate = new Command().reset(kinds.addGate);
      gate.body = { id: `gate ${nth}`, number: null, station: nth % 3 === 2 ? null : stations[nth % 3] };
      await made(shop, gate);
    }
    await issueCards(shop, cards, 20_000);
    return new City(shop, random, gates, cards);
  }

  /** Taps in one command: mostly sound ones, of the last days; and all that gates get wrong. */
  async tap(count: number): Promise<void> {
    const { shop, random } = this;
    const command = new Command().reset(kinds.taps);
    const taps = tapsOf(command);
    for (let nth = 0; nth < count; nth += 1) taps.add(this.next(random));
    // The rows are those of the record that was applied last, while it is answered.
    await shop.node.submit(
      command,
      (outcome) => {
        const { journal, tariffs } = shop.node.engine.state;
        for (let number = journal.firstTap; number < journal.firstTap + outcome.thing; number += 1) {
          this.note(journal.taps, journal.taps.at(number), (station) => tariffs.stationId(station));
        }
      },
      undefined,
    );
  }

  private next(random: Random): Tap {
    const gate = random.below(this.gates);
    const atMs = Date.now() - (random.chance(70) ? random.below(3_600_000) : random.below(7 * dayMs));
    const repeats = random.chance(8) && this.sequences[gate]! > 0;
    const sequence = repeats ? 1 + random.below(this.sequences[gate]!) : this.sequences[gate]! + 1;
    const skips = !repeats && random.chance(2);
    const isUnknown = random.chance(1);
    if (!repeats && !skips && !isUnknown) this.sequences[gate] = sequence;
    return {
      gate: isUnknown ? 99 : gate,
      epoch: 0,
      sequence: skips ? sequence + 3 : sequence,
      card: random.chance(3) ? noCard : random.below(this.cards),
      station: gate % 3 === 2 ? 1 + random.below(4) : 0,
      direction: random.chance(50) ? directions.in : directions.out,
      decided: random.pick([decisions.none, decisions.none, decisions.opened, decisions.denied]),
      atMs: random.chance(2) ? atMs - 40 * dayMs : atMs,
    };
  }

  private note(taps: TapRows, at: number, stationId: (station: number) => string | null): void {
    this.nextId += 1;
    const result = taps.result[at];
    if (taps.replayed[at] === 1 || (result !== tapResults.open && result !== tapResults.deny)) return;
    if (taps.reason[at] === tapReasons.UNKNOWN_GATE) return;
    this.answered.push({
      id: this.nextId - 1,
      gate_id: taps.gate[at]! + 1,
      epoch: 0,
      sequence: taps.sequence[at]!,
      card_id: taps.card[at] === noCard ? null : taps.card[at]! + 1,
      station: stationId(taps.station[at]!),
      direction: (taps.bits[at]! & 1) === directions.in ? 'in' : 'out',
      at_ms: taps.atMs[at]!,
      result: result === tapResults.open ? 'open' : 'deny',
      reason: taps.reason[at] === 0 ? null : nameOf(tapReasons, taps.reason[at]!),
      flags: namesIn(taps.flags[at]!),
      fare: taps.fare[at]!,
      journey: taps.journey[at] === 0 ? null : taps.journey[at]!,
    });
  }
}

async function made(shop: Shop, command: Command): Promise<void> {
  const outcome = await outcomeOf(shop.node, command);
  if (!outcome.ok) throw new Error(`it was refused: ${outcome.row.code}`);
}

function nameOf(names: Readonly<Record<string, number>>, number: number): string {
  return Object.entries(names).find(([, one]) => one === number)?.[0] ?? '';
}

function namesIn(flags: number): string {
  return Object.entries(tapFlags)
    .filter(([, bit]) => (flags & bit) !== 0)
    .map(([name]) => name)
    .join(',');
}
