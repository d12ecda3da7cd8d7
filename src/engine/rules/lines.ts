/** Why one line of an order, a hold or a join is refused, in the order of the checks. */
import type { Command } from '../command.ts';
import { kinds } from '../command.ts';
import { termsOf } from '../commands/holds.ts';
import { asks, linesOf } from '../commands/lines.ts';
import type { OutcomeRow } from '../outcomes.ts';
import { lower, outcomes } from '../outcomes.ts';
import { refusalOfWindow } from './sales.ts';
import { asksTooMuch, choosePart, chooseSeats, refusalOfAsk, refusalOfNames } from './seat-choice.ts';
import type { State } from '../state.ts';
import { waitStates } from '../tables/waitlist.ts';

/**
 * Checks one line with the demand of all lines on its sale: two lines that are too much together
 * never pass one by one.
 */
export function refusalOfLine(state: State, command: Command, line: number): OutcomeRow | null {
  const lines = linesOf(command);
  const sale = lines.sale[line]!;
  const sales = state.sales;
  if (sale >= sales.count || sales.removed.get(sale) === 1) return outcomes.UNKNOWN_SALE;
  const seated = sales.seated.get(sale) === 1;
  const joins = command.kind === kinds.joinWaitlist;
  if (seated) {
    const names = refusalOfNames(state, lines, line);
    if (names !== null) return names;
  }
  let demand = lines.quantity[line]!;
  if (demand < 1) return outcomes.INVALID_QUANTITY;
  if (lines.count > 1) {
    for (let other = 0; other < lines.count; other += 1) {
      if (other !== line && lines.sale[other] === sale) demand += lines.quantity[other]!;
    }
  }
  const maxPerCustomer = sales.maxPerCustomer.get(sale);
  const named = maxPerCustomer > 0 || joins || lines.partial;
  if (named && command.customerLength === 0) return outcomes.CUSTOMER_REQUIRED;
  if (!joins && (seated || lines.asksSeats)) {
    const ask = refusalOfAsk(state, lines, line);
    if (ask !== null) return ask;
  }
  const window = refusalOfWindow(state, sale);
  if (window !== null) return window;
  const maxPerOrder = sales.maxPerOrder.get(sale);
  if (maxPerOrder > 0 && demand > maxPerOrder) return outcomes.LIMIT_REACHED;
  if (seated && asksTooMuch(state, lines)) return outcomes.LIMIT_REACHED;
  if (maxPerCustomer > 0 && demand + unitsOf(state, command, sale) > maxPerCustomer) return outcomes.LIMIT_REACHED;
  if (holdsTooMuch(state, command, sale, demand)) return outcomes.HOLDS_TOO_MUCH;
  // A partial order of another shape is refused first: it may have no hall to choose from.
  if (lines.partial) return refusalOfShape(command) ?? choosePart(state, lines) ?? refusalOfRest(state, command, sale);
  if (demand > sales.available(sale) || state.owedOffers.includes(sale)) return outcomes.SOLD_OUT;
  return seated && !joins ? chooseSeats(state, lines, line) : null;
}

/**
 * The refusal of a hold, which must have exactly one line. Without one, a stale line of the reused
 * command would decide.
 */
export function lineOfHold(state: State, command: Command): OutcomeRow | null {
  if (linesOf(command).count !== 1) return outcomes.INVALID_QUANTITY;
  return lower(refusalOfLine(state, command, 0), refusalOfShape(command));
}

/** Only an order of one best line can be partial. */
export function refusalOfShape(command: Command): OutcomeRow | null {
  const lines = linesOf(command);
  if (!lines.partial) return null;
  const isBest = lines.count === 1 && lines.asksSeats && lines.ask[0] === asks.best;
  return isBest && command.kind === kinds.order ? null : outcomes.INVALID_QUANTITY;
}

function unitsOf(state: State, command: Command, sale: number): number {
  const customer = state.findCustomer(command.text, command.customerStart, command.customerLength);
  return customer < 0 ? 0 : state.limits.unitsOf(sale, customer);
}

/**
 * Whether with this hold its customer, or its client's address, would hold more units of the sale
 * than the command allows.
 */
function holdsTooMuch(state: State, command: Command, sale: number, demand: number): boolean {
  if (command.kind !== kinds.hold) return false;
  const { maxOfCustomer, maxOfAddress, address } = termsOf(command);
  if (maxOfAddress > 0 && demand + state.heldByAddress.unitsOf(sale, address) > maxOfAddress) return true;
  if (maxOfCustomer === 0 || command.customerLength === 0) return false;
  const customer = state.findCustomer(command.text, command.customerStart, command.customerLength);
  return demand + (customer < 0 ? 0 : state.heldByCustomer.unitsOf(sale, customer)) > maxOfCustomer;
}

/** The refusal of the rest: a partial order joins the line for the units that it does not get. */
function refusalOfRest(state: State, command: Command, sale: number): OutcomeRow | null {
  const joins = state.chosen.count < linesOf(command).quantity[0]!;
  return joins && isLineFull(state, command, sale) ? outcomes.WAITLIST_FULL : null;
}

/** Whether the line is full for a new customer. A customer who is in it stays. */
export function isLineFull(state: State, command: Command, sale: number): boolean {
  const { waitlist } = state;
  if (waitlist.waitingOf(sale) < state.maxWaiting(sale)) return false;
  const customer = state.findCustomer(command.text, command.customerStart, command.customerLength);
  const entry = customer < 0 ? -1 : waitlist.find(sale, customer);
  return entry < 0 || waitlist.state.get(entry) > waitStates.offered;
}
