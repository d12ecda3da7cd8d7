/** The effects of the log, record by record, and the holds that expired on the way. */
import type { Command } from '../../engine/command.ts';
import { kindName, kinds } from '../../engine/command.ts';
import type { Engine } from '../../engine/engine.ts';
import type { Outcome } from '../../engine/outcome.ts';
import { keyText } from '../../engine/record.ts';
import { holdStates } from '../../engine/tables/holds.ts';

/** One effect of the log. */
export interface LoggedEffect {
  readonly position: number;
  readonly kind: string;
  /** Scope and key, as `effectKey` writes them; null for a record without a key. */
  readonly key: string | null;
  /** Row of the thing that was made or changed. */
  readonly thing: number;
  readonly remaining: number;
}

export interface LoggedExpiry {
  readonly position: number;
  readonly hold: number;
}

/** Called with the engine as it stands at a position, once it is reached. */
export type AtPosition = ReadonlyMap<number, readonly ((engine: Engine) => void)[]>;

export function effectKey(scope: number, scopeId: number, key: string): string {
  return `${scope}:${scopeId}:${key}`;
}

/** Kinds that no client sends. */
const { genesis, started, setClock, tick, settings, seed } = kinds;
const ownKinds: readonly number[] = [genesis, started, setClock, tick, settings, seed];

/** Notes the effects of the records of a replay, from a position on. */
export class LoggedEffects {
  readonly effects: LoggedEffect[] = [];
  readonly expiries: LoggedExpiry[] = [];
  private readonly from: number;
  private readonly at: AtPosition;
  /** Active holds, and the earliest of their deadlines. */
  private standing: number[] = [];
  private earliestMs = Infinity;

  constructor(from: number, at: AtPosition) {
    this.from = from;
    this.at = at;
  }

  /** A record was applied to the engine. */
  note(command: Command, outcome: Outcome, engine: Engine): void {
    if (engine.nowMs >= this.earliestMs) this.collectExpired(engine);
    if (command.kind === kinds.hold && outcome.ok && !outcome.replayed) this.stand(outcome.thing, engine);
    this.noteEffect(command, outcome, engine.position);
    for (const look of this.at.get(engine.position) ?? []) look(engine);
  }

  private noteEffect(command: Command, outcome: Outcome, position: number): void {
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

  private stand(hold: number, { state }: Engine): void {
    this.standing.push(hold);
    this.earliestMs = Math.min(this.earliestMs, state.holds.deadlineMs.get(hold));
  }

  private collectExpired(engine: Engine): void {
    const { holds } = engine.state;
    const standing = this.standing;
    this.standing = [];
    this.earliestMs = Infinity;
    for (const hold of standing) {
      const state = holds.state.get(hold);
      if (state === holdStates.active) this.stand(hold, engine);
      else if (state === holdStates.expired && engine.position >= this.from) {
        this.expiries.push({ position: engine.position, hold });
      }
    }
  }
}
