/** What one line of an order, a hold or a join is refused for, in the order in which it is looked at. */
import type { Command } from '../command.ts';
import { asks, kinds } from '../command.ts';
import type { OutcomeRow } from '../outcomes.ts';
import { lower, outcomes } from '../outcomes.ts';
import { refusalOfWindow } from './sales.ts';
import { asksTooMuch, choosePart, chooseSeats, refusalOfAsk, refusalOfNames } from './seat-choice.ts';
import type { State } from '../state.ts';
import { waitStates } from '../tables/waitlist.ts';

/** One line, with the demand of all lines on its sale: two lines never pass one by one. */
export function refusalOfLine(state: State, command: Command, line: number): OutcomeRow | null {
  const sale = command.lineSale[line]!;
  const sales = state.sales;
  if (sale >= sales.count || sales.removed.get(sale) === 1) return outcomes.UNKNOWN_SALE;
  const seated = sales.seated.get(sale) === 1;
  const joins = command.kind === kinds.joinWaitlist;
  if (seated) {
    const names = refusalOfNames(state, command, line);
    if (names !== null) return names;
  }
  let demand = command.lineQuantity[line]!;
  if (demand < 1) return outcomes.INVALID_QUANTITY;
  if (command.lineCount > 1) {
    for (let other = 0; other < command.lineCount; other += 1) {
      if (other !== line && command.lineSale[other] === sale) demand += command.lineQuantity[other]!;
    }
  }
  const maxPerCustomer = sales.maxPerCustomer.get(sale);
  const named = maxPerCustomer > 0 || joins || command.partial;
  if (named && command.customerLength === 0) return outcomes.CUSTOMER_REQUIRED;
  if (!joins && (seated || command.asksSeats)) {
    const ask = refusalOfAsk(state, command, line);
    if (ask !== null) return ask;
  }
  const window = refusalOfWindow(state, sale);
  if (window !== null) return window;
  const maxPerOrder = sales.maxPerOrder.get(sale);
  if (maxPerOrder > 0 && demand > maxPerOrder) return outcomes.LIMIT_REACHED;
  if (seated && asksTooMuch(state, command)) return outcomes.LIMIT_REACHED;
  if (maxPerCustomer > 0 && demand + unitsOf(state, command, sale) > maxPerCustomer) return outcomes.LIMIT_REACHED;
  if (holdsTooMuch(state, command, sale, demand)) return outcomes.HOLDS_TOO_MUCH;
  // Of another shape it is refused already, and may have no hall to choose from.
  if (command.partial)
    return refusalOfShape(command) ?? choosePart(state, command) ?? refusalOfRest(state, command, sale);
  if (demand > sales.available(sale) || state.owedOffers.includes(sale)) return outcomes.SOLD_OUT;
  return seated && !joins ? chooseSeats(state, command, line) : null;
}

/** What a hold is refused for: its one line. Without one it would be decided by what the reused command held before. */
export function lineOfHold(state: State, command: Command): OutcomeRow | null {
  if (command.lineCount !== 1) return outcomes.INVALID_QUANTITY;
  return lower(refusalOfLine(state, command, 0), refusalOfShape(command));
}

/** Only an order of one best line can be partial. */
export function refusalOfShape(command: Command): OutcomeRow | null {
  if (!command.partial) return null;
  const isBest = command.lineCount === 1 && command.asksSeats && command.lineAsk[0] === asks.best;
  return isBest && command.kind === kinds.order ? null : outcomes.INVALID_QUANTITY;
}

function unitsOf(state: State, command: Command, sale: number): number {
  const customer = state.findCustomer(command.text, command.customerStart, command.customerLength);
  return customer < 0 ? 0 : state.limits.unitsOf(sale, customer);
}

/** Whether a hold would give its customer, or its client's address, more of a sale than the command lets them hold. */
function holdsTooMuch(state: State, command: Command, sale: number, demand: number): boolean {
  if (command.kind !== kinds.hold) return false;
  const { mostOfCustomer, mostOfAddress, address } = command;
  if (mostOfAddress > 0 && demand + state.heldByAddress.unitsOf(sale, address) > mostOfAddress) return true;
  if (mostOfCustomer === 0 || command.customerLength === 0) return false;
  const customer = state.findCustomer(command.text, command.customerStart, command.customerLength);
  return demand + (customer < 0 ? 0 : state.heldByCustomer.unitsOf(sale, customer)) > mostOfCustomer;
}

/** A partial order that does not get all joins the line for the rest. */
function refusalOfRest(state: State, command: Command, sale: number): OutcomeRow | null {
  const joins = state.chosen.count < command.lineQuantity[0]!;
  return joins && isLineFull(state, command, sale) ? outcomes.WAITLIST_FULL : null;
}

/** Whether nobody more may join a line; who is in it stays there. */
export function isLineFull(state: State, command: Command, sale: number): boolean {
  const { waitlist } = state;
  if (waitlist.waitingOf(sale) < state.mostWaiting(sale)) return false;
  const customer = state.findCustomer(command.text, command.customerStart, command.customerLength);
  const entry = customer < 0 ? -1 : waitlist.find(sale, customer);
  return entry < 0 || waitlist.state.get(entry) > waitStates.offered;
}
