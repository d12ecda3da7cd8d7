/** Tariffs for tests of the engine: a small city in two zones, changed as a test wants it. */
import { Command, kinds } from '../../src/engine/command.ts';
import type { TariffDefinition } from '../../src/engine/commands/tariff.ts';
import { Engine } from '../../src/engine/engine.ts';
import { outcomeOf } from '../../src/engine/outcomes.ts';
import type { TariffVersion } from '../../src/engine/tables/tariff-version.ts';
import { TariffTable } from '../../src/engine/tables/tariffs.ts';
import { defaultGenesis } from './rows.ts';
import { beginMs } from './table.ts';

const city: TariffDefinition = {
  effectiveFromMs: null,
  currency: 'EUR',
  stations: [
    { id: 'a', number: null, name: 'A', zone: 1 },
    { id: 'b', number: null, name: 'B', zone: 2 },
    { id: 'c', number: null, name: 'C', zone: 3 },
  ],
  fares: {
    zones: [
      [200, 310, 400],
      [320, 210, 330],
      [410, 340, 220],
    ],
  },
  minimumBalance: 150,
  maximumFare: 900,
  journeyMinutes: [],
  passbackSeconds: 0,
  caps: [],
  peaks: [],
  timeZone: 'UTC',
  offsets: [],
  categories: {},
  sameStation: null,
  interchanges: [],
};

export const cityTariff = (changes: Partial<TariffDefinition> = {}): TariffDefinition => ({ ...city, ...changes });

/** A version compiled alone: its stations a, b, c have the numbers 1, 2, 3. */
export const compiled = (changes: Partial<TariffDefinition> = {}): TariffVersion =>
  new TariffTable().add(cityTariff(changes), 0);

/** An engine that is given one tariff after the other. */
export class TariffStore {
  readonly engine: Engine;
  nowMs = beginMs;
  private readonly command = new Command();

  constructor(engine?: Engine) {
    this.engine = engine ?? new Engine();
    if (engine !== undefined) return;
    this.command.reset(kinds.genesis).body = defaultGenesis;
    this.engine.apply(this.command, 1, this.nowMs);
  }

  /** The code that it gets, and for a success the version's number: "OK 0". */
  set(changes: Partial<TariffDefinition> = {}): string {
    const { engine, command } = this;
    command.reset(kinds.setTariff).body = cityTariff(changes);
    engine.apply(command, engine.position + 1, this.nowMs);
    const { code, number } = outcomeOf(engine.outcome.row.number);
    return number < 10 ? `${code} ${engine.outcome.thing}` : code;
  }
}
