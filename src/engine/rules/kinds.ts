/**
 * The kinds of command, a row each: what they are refused for, and what they do when nothing refuses them. A new noun is its
 * table, its rules, and its rows here.
 */
import type {
  Command,
  CustomerChange,
  CustomerRemoval,
  Kind,
  KindName,
  SaleChange,
  SaleDefinition,
  SaleRemoval,
  SeatChange,
  SeatRemoval,
  SeatsAddition,
  SeedDefinition,
} from '../command.ts';
import { kindName, kinds } from '../command.ts';
import type { Outcome } from '../outcome.ts';
import type { OutcomeRow } from '../outcomes.ts';
import { outcomes } from '../outcomes.ts';
import type { State } from '../state.ts';
import * as customers from './customers.ts';
import * as holds from './holds.ts';
import { lineOfHold } from './lines.ts';
import * as orders from './orders.ts';
import { changeSettings, setClock, start } from './running.ts';
import * as sales from './sales.ts';
import * as seats from './seats.ts';
import * as seeds from './seed.ts';
import * as waitlist from './waitlist.ts';

interface KindRules {
  /** Why the command cannot have its effect, the lowest number of all reasons; null when it can. Changes nothing. */
  refuse(state: State, command: Command): OutcomeRow | null;
  /** The effect: changes the tables, and fills `thing` and `remaining` of an outcome that is OK. */
  apply(state: State, command: Command, outcome: Outcome): void;
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
): KindRules {
  return {
    refuse: (state, command) => refuse(state, command.body as Body),
    apply: (state, command, outcome) => {
      outcome.thing = apply(state, command.body as Body);
    },
  };
}

const rows: Readonly<Record<KindName, KindRules>> = {
  genesis: { refuse: never, apply: noEffect },
  tick: { refuse: never, apply: nothing },
  settings: { refuse: never, apply: changeSettings },
  seed: {
    refuse: (state, command) => seeds.refusalOfSeed(state, command.body as SeedDefinition),
    apply: (state, command, outcome) => {
      if (state.seeded) outcome.row = outcomes.NO_EFFECT;
      else seeds.seed(state, command.body as SeedDefinition);
    },
  },
  started: { refuse: never, apply: start },
  setClock: { refuse: never, apply: setClock },
  createSale: cold<SaleDefinition>((_, made) => seats.refusalOfHall(made), sales.createSale),
  updateSale: cold<SaleChange>(sales.refusalOfChange, sales.updateSale),
  removeSale: cold<SaleRemoval>(sales.refusalOfRemoval, sales.removeSale),
  createCustomer: {
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
    refuse: orders.refusalOfOrder,
    apply: (state, command, outcome) =>
      command.partial ? orders.partialOrder(state, command, outcome) : orders.order(state, command, outcome),
  },
  hold: { refuse: lineOfHold, apply: holds.hold },
  confirm: { refuse: holds.refusalOfHold, apply: holds.confirm },
  extend: { refuse: holds.refusalOfHold, apply: holds.extend },
  release: { refuse: holds.refusalOfHold, apply: holds.release },
  cancel: { refuse: orders.refusalOfCancel, apply: orders.cancel },
  joinWaitlist: { refuse: waitlist.refusalOfJoin, apply: waitlist.joinWaitlist },
  leaveWaitlist: { refuse: waitlist.refusalOfLeave, apply: waitlist.leaveWaitlist },
};

const byNumber: (KindRules | undefined)[] = [];
for (const [name, number] of Object.entries(kinds) as [KindName, Kind][]) byNumber[number] = rows[name];

/** @throws when this program does not know the kind: the log is of a newer one */
function rulesOf(state: State, kind: number): KindRules {
  const found = byNumber[kind];
  if (found === undefined) {
    throw new Error(`this program does not know ${kindName(kind)} at position ${state.position}`);
  }
  return found;
}

/** The refusal of a command now, or null when it can have its effect. Keys and lateness are not looked at here. */
export function refusalOf(state: State, command: Command): OutcomeRow | null {
  state.chosen.count = 0;
  return rulesOf(state, command.kind).refuse(state, command);
}

/** Gives a command that nothing refuses its effect. */
export function applyEffect(state: State, command: Command, outcome: Outcome): void {
  rulesOf(state, command.kind).apply(state, command, outcome);
}
