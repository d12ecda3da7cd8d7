/** A door's description of itself for the suite. */
import type { Answer } from '../../http/support/client.ts';

/** A request as sent, except its key. */
export interface Ask {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly path: string;
  readonly json?: object;
}

/** How a door says no: its status, and its whole body or what must be in it. */
export type Refusal = readonly [status: number, body: string | RegExp];

export interface DoorTable {
  /** As the settings call the door; what follows a comma tells two tables of one door apart. */
  readonly name: string;
  /** Of a store that is open for this door. */
  readonly args: readonly string[];
  /** Whether it is a part of the native API: others are seen through it, too. */
  readonly isNative?: true;
  /** Whether operators alone take, and see what is left. */
  readonly forOperators?: true;

  /** Makes this many units, for sale under their first id, in a fresh store. Called with 0 too. */
  readonly stock: (units: number) => readonly Ask[];
  /** Makes more in a store that has some, where that is not what `stock` does. */
  readonly restock?: (units: number) => readonly Ask[];
  /** Takes one unit, as the crowd does. What two buyers send may be the same. */
  readonly take: (buyer: number) => Ask;
  readonly taken: number;
  /** What tells the answer to one taking from all others. */
  readonly tellsApart: (answer: Answer) => string | number;
  /** Where the door itself does not say it, the native API beside it does: `args` opens both. */
  readonly left: { readonly ask: Ask; readonly read: (answer: Answer) => number };
  /** Whether a stranger gets a `token` with what was taken. */
  readonly tokens?: true;
  /** Once all is taken, what lets buyer 1 take one after all. */
  readonly relief: readonly Ask[] | { readonly passSeconds: number };

  /** Whether what is taken needs a key, or may have one. */
  readonly key: 'required' | 'optional';
  /** What else takes a key, and whether it needs one. Need not succeed. */
  readonly keyed: readonly (readonly [Ask, 'required' | 'optional'])[];
  /**
   * Other requests that the key of what buyer 0 took does not stand for: their content is another,
   * or what they do.
   */
  readonly others: readonly Ask[];

  /** Where what is taken is set aside, and bought by a second request. */
  readonly hold?: {
    /** Where it is not what `take` does. */
    readonly place?: (buyer: number) => Ask;
    readonly placed: number;
    readonly confirm: (placed: Answer, buyer: number) => Ask;
    readonly confirmed: number;
    readonly seconds: number;
    readonly confirmedAlready: Refusal;
    readonly expired: Refusal;
  };
  /** Where what is taken can be given back. */
  readonly cancel?: {
    readonly ask: (taken: Answer) => Ask;
    readonly cancelled: number;
    readonly cancelledAlready: Refusal;
  };

  readonly says: {
    readonly soldOut: Refusal;
    readonly keyReused: Refusal;
    /** Where a key is required. */
    readonly missingKey?: Refusal;
    readonly malformedKey: Refusal;
    readonly emptyKey: Refusal;
    readonly noRoom: Refusal;
    readonly keysFull: Refusal;
    readonly unknownResult: Refusal;
    readonly noJson: Refusal;
    readonly fieldTwice: Refusal;
    readonly noObject: Refusal;
    readonly tooLarge: Refusal;
    readonly otherType: Refusal;
    readonly foreignOrigin: Refusal;
    readonly foreignHost: Refusal;
  };
  /**
   * Names of the fields that its errors have, in their order; more than one set where it has more
   * than one form.
   */
  readonly errorForms: readonly (readonly string[])[];
  /** An invalid id in a path: every call with an id there, and its answer. */
  readonly byId: (id: string) => readonly (readonly [Ask, Refusal])[];
  readonly unknown: readonly (readonly [Ask, Refusal])[];
  readonly invalid: readonly (readonly [Ask, Refusal])[];
}
