/**
 * The kinds of command, one row each: the layout of its fields in a record, why it is refused, its
 * effect, and how its key is kept. A new noun is its commands, its table, its rules, and its rows
 * here.
 */
import type { Command, Kind, KindName } from '../command.ts';
import { kindName, kinds } from '../command.ts';
import type { KeyDefinition, KeyRemoval } from '../commands/access-keys.ts';
import { cancelCodec } from '../commands/cancellation.ts';
import type { CardDefinition, CardsIssue } from '../commands/cards.ts';
import { moneyCodec } from '../commands/cards.ts';
import type { GateDefinition, TapsSkip } from '../commands/gates.ts';
import { adjustmentCodec } from '../commands/adjustments.ts';
import { tapsCodec } from '../commands/taps.ts';
import type { Codec } from '../commands/codec.ts';
import { coldCodec, targetCodec } from '../commands/codec.ts';
import type { CustomerChange, CustomerRemoval } from '../commands/customers.ts';
import { extendCodec, holdCodec } from '../commands/holds.ts';
import { linesCodec, linesOf } from '../commands/lines.ts';
import type { SeedDefinition } from '../commands/running.ts';
import type { SaleChange, SaleDefinition, SaleRemoval } from '../commands/sales.ts';
import type { SeatChange, SeatRemoval, SeatsAddition } from '../commands/seats.ts';
import type { TariffDefinition } from '../commands/tariff.ts';
import type { Outcome } from '../outcome.ts';
import type { OutcomeRow } from '../outcomes.ts';
import { outcomes } from '../outcomes.ts';
import type { State } from '../state.ts';
import * as accessKeys from './access-keys.ts';
import { adjust, refusalOfAdjustment } from './adjustments.ts';
import * as cards from './cards.ts';
import * as gates from './gates.ts';
import { taps } from './taps.ts';
import * as customers from './customers.ts';
import * as holds from './holds.ts';
import { lineOfHold } from './lines.ts';
import * as orders from './orders.ts';
import { changeSettings, setClock, start } from './running.ts';
import * as sales from './sales.ts';
import * as seats from './seats.ts';
import * as seeds from './seed.ts';
import * as tariffs from './tariffs.ts';
import { nextDueMs } from './time.ts';
import * as waitlist from './waitlist.ts';

interface KindRow {
  readonly codec: Codec;
  /** The refusal with the lowest number; null when the command can take effect. Changes nothing. */
  refuse(state: State, command: Command): OutcomeRow | null;
  /** The effect: changes the tables, and fills `thing` and `remaining` of the outcome. */
  apply(state: State, command: Command, outcome: Outcome): void;
  /** Whether refusals of a keyed command are pinned to its key; left out: they never are. */
  remembers?(state: State, command: Command): boolean;
  /**
   * Whether the key of a success is kept as long as the hold (`thing`) that the command made or
   * changed.
   */
  readonly keyOfHold?: true;
  /** When a node appends such a command on its own; left out: never. */
  readonly duty?: Duty;
}

/** A record that a node appends on its own once log time has come to it. */
export interface Duty {
  /** Log time from which on a record of this kind is due, ms; Infinity while none is. */
  dueMs(state: State): number;
  /** Fills the fields of a command that was reset to the kind. */
  fill(state: State, command: Command): void;
  /** Any record serves the purpose: none of this kind is appended while another is on its way. */
  readonly byAnyRecord?: true;
}

export interface KindDuty {
  readonly kind: Kind;
  readonly duty: Duty;
}

const never = (): null => null;
const nothing = (): void => {};
const noEffect = (_: State, __: Command, outcome: Outcome): void => {
  outcome.row = outcomes.NO_EFFECT;
};

/** A kind whose command has a body, and whose effect gives the row of the thing. */
function cold<Body>(
  refuse: (state: State, body: Body) => OutcomeRow | null,
  apply: (state: State, body: Body) => number,
): KindRow {
  return {
    codec: coldCodec,
    refuse: (state, command) => refuse(state, command.body as Body),
    apply: (state, command, outcome) => {
      outcome.thing = apply(state, command.body as Body);
    },
  };
}

const ofCard = targetCodec('card');
const ofHold = targetCodec('hold');
const ofEntry = targetCodec('entry');

const rows: Readonly<Record<KindName, KindRow>> = {
  genesis: { codec: coldCodec, refuse: never, apply: noEffect },
  tick: {
    codec: coldCodec,
    refuse: never,
    apply: nothing,
    duty: { dueMs: nextDueMs, fill: nothing, byAnyRecord: true },
  },
  settings: { codec: coldCodec, refuse: never, apply: changeSettings },
  seed: {
    codec: coldCodec,
    refuse: (state, command) => seeds.refusalOfSeed(state, command.body as SeedDefinition),
    apply: (state, command, outcome) => {
      if (state.seeded) outcome.row = outcomes.NO_EFFECT;
      else seeds.seed(state, command.body as SeedDefinition);
    },
  },
  started: { codec: coldCodec, refuse: never, apply: start },
  setClock: { codec: coldCodec, refuse: never, apply: setClock },
  createSale: cold<SaleDefinition>((_, made) => seats.refusalOfHall(made), sales.createSale),
  updateSale: cold<SaleChange>(sales.refusalOfChange, sales.updateSale),
  removeSale: cold<SaleRemoval>(sales.refusalOfRemoval, sales.removeSale),
  createCustomer: {
    codec: coldCodec,
    refuse: customers.refusalOfCustomer,
    apply: (state, command, outcome) => {
      outcome.thing = customers.createCustomer(state, command);
    },
  },
  changeCustomer: cold<CustomerChange>(customers.refusalOfCustomerChange, customers.changeCustomer),
  removeCustomer: cold<CustomerRemoval>(customers.refusalOfCustomerChange, customers.removeCustomer),
  addSeats: cold<SeatsAddition>(seats.refusalOfAddition, seats.addSeats),
  changeSeat: cold<SeatChange>(seats.refusalOfSeatChange, seats.changeSeat),
  removeSeat: cold<SeatRemoval>(seats.refusalOfSeat, seats.removeSeat),
  order: {
    codec: linesCodec,
    refuse: orders.refusalOfOrder,
    apply: (state, command, outcome) =>
      linesOf(command).partial ? orders.partialOrder(state, command, outcome) : orders.order(state, command, outcome),
    remembers: sales.remembers,
  },
  hold: { codec: holdCodec, refuse: lineOfHold, apply: holds.hold, remembers: sales.remembers, keyOfHold: true },
  confirm: { codec: ofHold, refuse: holds.refusalOfHold, apply: holds.confirm },
  extend: { codec: extendCodec, refuse: holds.refusalOfHold, apply: holds.extend, keyOfHold: true },
  release: { codec: ofHold, refuse: holds.refusalOfHold, apply: holds.release },
  cancel: { codec: cancelCodec, refuse: orders.refusalOfCancel, apply: orders.cancel },
  joinWaitlist: {
    codec: linesCodec,
    refuse: waitlist.refusalOfJoin,
    apply: waitlist.joinWaitlist,
    remembers: sales.remembers,
  },
  leaveWaitlist: { codec: ofEntry, refuse: waitlist.refusalOfLeave, apply: waitlist.leaveWaitlist },
  createCard: {
    codec: coldCodec,
    refuse: (state, command) => cards.refusalOfCard(state, command.body as CardDefinition),
    apply: cards.createCard,
  },
  issueCards: {
    codec: coldCodec,
    refuse: (state, command) => cards.refusalOfIssue(state, command.body as CardsIssue),
    apply: cards.issueCards,
  },
  topUp: { codec: moneyCodec, refuse: cards.refusalOfMoney, apply: cards.topUp },
  refund: { codec: moneyCodec, refuse: cards.refusalOfMoney, apply: cards.refund },
  blockCard: { codec: ofCard, refuse: cards.refusalOfTarget, apply: cards.blockCard },
  unblockCard: { codec: ofCard, refuse: cards.refusalOfTarget, apply: cards.unblockCard },
  adjust: { codec: adjustmentCodec, refuse: refusalOfAdjustment, apply: adjust },
  setTariff: cold<TariffDefinition>(tariffs.refusalOfTariff, tariffs.setTariff),
  addGate: cold<GateDefinition>(gates.refusalOfGate, gates.addGate),
  skipTaps: {
    codec: coldCodec,
    refuse: (state, command) => gates.refusalOfSkip(state, command.body as TapsSkip),
    apply: gates.skipTaps,
  },
  taps: { codec: tapsCodec, refuse: never, apply: taps },
  addKey: {
    codec: coldCodec,
    refuse: (state, command) => accessKeys.refusalOfKey(state, command.body as KeyDefinition),
    apply: accessKeys.addKey,
  },
  removeKey: cold<KeyRemoval>(accessKeys.refusalOfRemoval, accessKeys.removeKey),
};

const byNumber: (KindRow | undefined)[] = [];
for (const [name, number] of Object.entries(kinds) as [KindName, Kind][]) byNumber[number] = rows[name];

/** The duties of all kinds. */
export const duties: readonly KindDuty[] = (Object.entries(rows) as [KindName, KindRow][]).flatMap(([name, { duty }]) =>
  duty === undefined ? [] : [{ kind: kinds[name], duty }],
);

/** @throws when this program does not know the kind: a newer program wrote the log */
function rowOf(kind: number): KindRow {
  const row = byNumber[kind];
  if (row === undefined) throw new Error(`this program does not know ${kindName(kind)}: the log is of a newer one`);
  return row;
}

/**
 * The layout of a kind's fields in a record.
 * @throws as `rowOf`
 */
export function codecOf(kind: number): Codec {
  return rowOf(kind).codec;
}

/**
 * The refusal of a command now; null when it can take effect. Does not check keys or lateness.
 * Leaves the chosen seats in `state.chosen` for the effect.
 */
export function refusalOf(state: State, command: Command): OutcomeRow | null {
  state.chosen.begin(true);
  return rowOf(command.kind).refuse(state, command);
}

/**
 * The same refusal, for a caller that does not need the chosen seats: the search is skipped when a
 * bound proves that it would succeed.
 */
export function mayRefuse(state: State, command: Command): OutcomeRow | null {
  state.chosen.begin(false);
  return rowOf(command.kind).refuse(state, command);
}

/** Applies the effect of a command that nothing refuses. */
export function applyEffect(state: State, command: Command, outcome: Outcome): void {
  rowOf(command.kind).apply(state, command, outcome);
}

/** Whether refusals of this command are pinned to its key. */
export function remembersRefusals(state: State, command: Command): boolean {
  return command.keyLength > 0 && (rowOf(command.kind).remembers?.(state, command) ?? false);
}

/** Whether the key of a success of this kind is kept as long as its hold. */
export function keyIsOfHold(kind: number): boolean {
  return rowOf(kind).keyOfHold === true;
}
