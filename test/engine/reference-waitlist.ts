/** The lines of the reference engine: who joins, who leaves, and who is offered what came back. */
import { setAside, endHold } from './reference-holds.ts';
import type { Entry, Model, Request } from './reference-model.ts';
import { aheadOf, availableOf, customerOf, unitsOf, waitingFor } from './reference-model.ts';
import { ofWindow } from './reference-rules.ts';

const mostLooks = 2000;

/** Goes through the owed sales once: at most `sweepLimit` offers over all of them. */
export function makeOffers(model: Model): void {
  const owed = model.owed;
  model.owed = [];
  const before = model.holds.length;
  for (const sale of owed) {
    const settled = offerStock(model, sale, () => model.holds.length - before < model.settings.sweepLimit);
    if (!settled) model.owed.push(sale);
  }
}

/** Gives whether the sale is settled: whether there is not one more offer to make. */
function offerStock(model: Model, sale: number, mayOffer: () => boolean): boolean {
  if (ofWindow(model.sales[sale]!, model.nowMs) !== null) return true;
  for (const entry of waitingFor(model, sale).slice(0, mostLooks)) {
    if (!fits(model, entry)) continue;
    if (!mayOffer()) return false;
    entry.state = 'offered';
    entry.hold = setAside(model, entry, model.sales[sale]!.made.holdMs, model.waitlist.indexOf(entry));
  }
  return true;
}

function fits(model: Model, { sale, quantity, customer }: Entry): boolean {
  if (quantity > availableOf(model, sale)) return false;
  const { maxPerCustomer } = model.sales[sale]!.made;
  return maxPerCustomer === null || unitsOf(model, sale, customer) + quantity <= maxPerCustomer;
}

/** The entry, how many wait before it, and whether it is new. */
export function join(model: Model, request: Request): { entry: number; ahead: number; isNew: boolean } {
  const { sale, quantity } = request.lines[0]!;
  const customer = request.customer!;
  customerOf(model, customer);
  const there = model.waitlist.find(
    (entry) => entry.sale === sale && entry.customer === customer && ['waiting', 'offered'].includes(entry.state),
  );
  const { nowMs: createdAtMs, position } = model;
  const entry: Entry = there ?? { sale, customer, quantity, createdAtMs, position, state: 'waiting', hold: null };
  if (there === undefined) model.waitlist.push(entry);
  return { entry: model.waitlist.indexOf(entry), ahead: aheadOf(model, entry), isNew: there === undefined };
}

export function leave(model: Model, number: number): void {
  const entry = model.waitlist[number]!;
  if (entry.hold !== null) endHold(model, model.holds[entry.hold]!, 'released');
  entry.state = 'left';
}
