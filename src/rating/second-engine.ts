/**
 * An engine in memory that is told the taps of a period in the order in which they happened. All
 * were let through: what it charges is what is due. So there is one piece of fare logic, the
 * engine's own, and nothing is out of order here.
 */
import { Command, kinds } from '../engine/command.ts';
import type { CardsIssue } from '../engine/commands/cards.ts';
import { maxBalance, maxIssued } from '../engine/commands/cards.ts';
import type { GateDefinition } from '../engine/commands/gates.ts';
import type { Genesis } from '../engine/commands/running.ts';
import type { TariffDefinition } from '../engine/commands/tariff.ts';
import type { Tap } from '../engine/commands/taps.ts';
import { decisions, maxTaps, tapsOf } from '../engine/commands/taps.ts';
import { Engine } from '../engine/engine.ts';
import { engineVersion } from '../engine/state.ts';
import { closedAfterMs } from '../engine/tables/days.ts';
import { fullCategory } from '../engine/tables/tariffs.ts';
import { entryKinds } from '../engine/tables/journal.ts';
import type { TariffThen } from './tariffs-then.ts';

/** `card`: row in this engine. */
export type OnFare = (card: number, day: number, amount: number) => void;

const genesis: Genesis = {
  engineVersion,
  cell: 0,
  // Its ids are seen by nobody.
  hashKey: [1, 2, 3, 4],
  orderKeyRetentionMs: 1,
  holdKeyRetentionMs: 1,
  sweepLimit: 1000,
  maxKeys: 1,
};

export class SecondEngine {
  private readonly engine = new Engine();
  private readonly command = new Command();
  private readonly onFare: OnFare;
  /** One object for all taps. */
  private readonly tap: Tap = {
    gate: 0,
    epoch: 0,
    sequence: 0,
    card: 0,
    // Its one gate stands at no station: each tap names its own.
    station: 0,
    direction: 0,
    decided: decisions.opened,
    atMs: 0,
  };
  /** The next time at which a day is closed, ms. */
  private closingMs = -Infinity;

  /** `tariffs`: the oldest first. */
  constructor(tariffs: readonly TariffThen[], onFare: OnFare) {
    this.onFare = onFare;
    this.apply(this.cold(kinds.genesis, genesis), 0);
    for (const { definition, effectiveFromMs } of tariffs) {
      this.apply(this.cold(kinds.setTariff, { ...definition, effectiveFromMs } satisfies TariffDefinition), 0);
    }
    this.apply(this.cold(kinds.addGate, { id: 'all', number: 1, station: null } satisfies GateDefinition), 0);
    this.command.reset(kinds.taps);
  }

  /** Issues cards of a category; returns the row of the first. */
  issue(count: number, name: string): number {
    const { state } = this.engine;
    const first = state.cards.count;
    // Who has a category that no tariff names pays in full.
    const category = state.tariffs.categoryIndex(name) < 0 ? fullCategory : name;
    const terms = { category, balance: maxBalance, currency: state.tariffs.currency };
    for (let left = count; left > 0; left -= maxIssued) {
      const body: CardsIssue = { count: Math.min(left, maxIssued), ...terms };
      this.apply(this.cold(kinds.issueCards, body), 0);
    }
    this.command.reset(kinds.taps);
    return first;
  }

  /** The next tap: none before it was later. */
  ride(card: number, atMs: number, station: number, direction: number): void {
    const { tap, command } = this;
    if (atMs >= this.closingMs || tapsOf(command).count === maxTaps) this.goTo(atMs);
    tap.sequence += 1;
    tap.card = card;
    tap.station = station;
    tap.direction = direction;
    tap.atMs = atMs;
    tapsOf(command).add(tap);
  }

  /** Ends with the days up to this one closed, and no other. */
  closeThrough(day: number): void {
    this.flush();
    const { state } = this.engine;
    const version = state.tariffs.at(state.nowMs);
    if (version !== null) this.closeUntil(version.endOfDay(day) + closedAfterMs);
  }

  /** Applies the taps that wait, and closes the days that end before the time. */
  private goTo(atMs: number): void {
    this.flush();
    if (atMs < this.closingMs) return;
    this.closeUntil(atMs);
    const version = this.engine.state.tariffs.current(atMs);
    if (version === null) throw new Error('taps are rated without a tariff');
    this.closingMs = version.endOfDay(version.dayOf(atMs - closedAfterMs)) + closedAfterMs;
  }

  private closeUntil(atMs: number): void {
    const { engine } = this;
    do this.apply(this.command.reset(kinds.tick), Math.max(atMs, engine.nowMs));
    while (engine.state.days.closing !== null);
    this.command.reset(kinds.taps);
  }

  private flush(): void {
    if (tapsOf(this.command).count > 0) this.apply(this.command, Math.max(this.tap.atMs, this.engine.nowMs));
    this.command.reset(kinds.taps);
  }

  private cold(kind: number, body: object): Command {
    const command = this.command.reset(kind as Parameters<Command['reset']>[0]);
    command.body = body;
    return command;
  }

  private apply(command: Command, atMs: number): void {
    const { engine, onFare } = this;
    const { ok, row } = engine.apply(command, engine.position + 1, Math.max(atMs, engine.nowMs));
    if (!ok) throw new Error(`the second engine refuses a command: ${row.sentence}`);
    const { count, kind, card, day, amount } = engine.state.journal.entries;
    for (let at = 0; at < count; at += 1) {
      if (kind[at] === entryKinds.fare) onFare(card[at]!, day[at]!, -amount[at]!);
    }
  }
}
