/**
 * Reads the log's files as any other process may, and applies them to an engine of its own: what the server should have decided. The
 * rolling hash of outcomes that the server noted in each frame must be the one that comes out here.
 */
import { Command, kindName, kinds } from '../../engine/command.ts';
import { Engine } from '../../engine/engine.ts';
import { holdStates } from '../../engine/tables/holds.ts';
import { keyText, RecordReader } from '../../engine/record.ts';
import { readFileLog } from '../../log/file/reader.ts';
import type { Batch } from '../../log/log.ts';
import { OutcomeChecks } from '../../replica/outcome-checks.ts';

/** One effect that the log brings about. */
export interface LoggedEffect {
  readonly position: number;
  readonly kind: string;
  /** Scope and key, as `effectKey` writes them; null for a record without a key. */
  readonly key: string | null;
  /** Row of what was made or changed. */
  readonly thing: number;
  readonly remaining: number;
}

export interface LoggedExpiry {
  readonly position: number;
  readonly hold: number;
}

export interface Replay {
  /** Of records from the position that was asked for. */
  readonly effects: LoggedEffect[];
  readonly expiries: LoggedExpiry[];
  readonly engine: Engine;
}

/** Called with the engine as it stands at a position, once it is reached. */
export type AtPosition = ReadonlyMap<number, readonly ((engine: Engine) => void)[]>;

/** @throws LogDamagedError, DivergedError, and what the engine throws where the log contradicts itself */
export async function replayLog(folder: string, from: number, at: AtPosition): Promise<Replay> {
  const replayer = new Replayer(from, at);
  await readFileLog({ folder, onBatch: (batch) => replayer.onBatch(batch) });
  return replayer;
}

export function effectKey(scope: number, scopeId: number, key: string): string {
  return `${scope}:${scopeId}:${key}`;
}

/** Kinds that no client asks for. */
const { genesis, started, setClock, tick, settings, seed } = kinds;
const ownKinds: readonly number[] = [genesis, started, setClock, tick, settings, seed];

class Replayer implements Replay {
  readonly effects: LoggedEffect[] = [];
  readonly expiries: LoggedExpiry[] = [];
  readonly engine = new Engine();
  private readonly from: number;
  private readonly at: AtPosition;
  private readonly reader = new RecordReader();
  private readonly command = new Command();
  private readonly checks = new OutcomeChecks();
  /** Holds that stand, and the earliest of their deadlines. */
  private standing: number[] = [];
  private earliestMs = Infinity;

  constructor(from: number, at: AtPosition) {
    this.from = from;
    this.at = at;
    this.checks.remember(this.engine);
  }

  onBatch(batch: Batch): void {
    const { engine, reader, command } = this;
    this.checks.compare(batch);
    reader.reset(batch.records);
    for (let position = batch.first; reader.next(command); position += 1) {
      engine.apply(command, position, batch.timeMs);
      if (batch.timeMs >= this.earliestMs) this.collectExpired(position);
      this.note(command, position);
      for (const look of this.at.get(position) ?? []) look(engine);
    }
    this.checks.remember(engine);
  }

  private note(command: Command, position: number): void {
    const { outcome } = this.engine;
    if (command.kind === kinds.hold && outcome.ok && !outcome.replayed) this.stand(outcome.thing);
    if (position < this.from || !outcome.ok || outcome.replayed || ownKinds.includes(command.kind)) return;
    const keyed = command.keyLength > 0;
    this.effects.push({
      position,
      kind: kindName(command.kind),
      key: keyed ? effectKey(command.scope, command.scopeId, keyText(command)) : null,
      thing: outcome.thing,
      remaining: outcome.remaining,
    });
  }

  private stand(hold: number): void {
    this.standing.push(hold);
    this.earliestMs = Math.min(this.earliestMs, this.engine.state.holds.deadlineMs.get(hold));
  }

  private collectExpired(position: number): void {
    const { holds } = this.engine.state;
    const standing = this.standing;
    this.standing = [];
    this.earliestMs = Infinity;
    for (const hold of standing) {
      const state = holds.state.get(hold);
      if (state === holdStates.active) this.stand(hold);
      else if (state === holdStates.expired && position >= this.from) this.expiries.push({ position, hold });
    }
  }
}
