/**
 * What a gate's key may do. It taps, and only at its own gates; an operator taps at all of them.
 */
import type { State } from '../../engine/state.ts';
import type { FieldError } from '../../http/problems.ts';
import { HttpFailure, problems } from '../../http/problems.ts';

/** The row of a caller's key; -1 for an operator. */
export type KeyRow = number;

export class GateKeys {
  private readonly state: State;
  /** By key, the rows of its gates that are known by now. */
  private readonly rows = new Map<KeyRow, { readonly of: ReadonlySet<number>; readonly gates: number }>();

  constructor(state: State) {
    this.state = state;
  }

  /** Rows of the gates of a key; null for an operator: all. */
  gatesOf(key: KeyRow): ReadonlySet<number> | null {
    if (key < 0) return null;
    const { gates, accessKeys } = this.state;
    const known = this.rows.get(key);
    if (known !== undefined && known.gates === gates.count) return known.of;
    const of = new Set(accessKeys.gatesOf(key).map((id) => gates.find(id)));
    of.delete(-1);
    this.rows.set(key, { of, gates: gates.count });
    return of;
  }

  /** @throws HttpFailure 403 where the key is not of this gate */
  require(key: KeyRow, gate: number): void {
    if (this.gatesOf(key)?.has(gate) === false) throw notItsGate();
  }
}

/** `errors`: the place of the gate in the request. */
export function notItsGate(errors: readonly FieldError[] = []): HttpFailure {
  const [first] = errors;
  const { sentence } = problems.NOT_ITS_GATE;
  return new HttpFailure(
    problems.NOT_ITS_GATE,
    first === undefined ? sentence : `${first.path}: ${sentence} Nothing was done.`,
    errors,
  );
}
