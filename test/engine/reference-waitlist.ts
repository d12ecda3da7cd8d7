/** The waitlists of the reference engine: joins, leaves and offers of returned stock. */
import { bestSeats } from './reference-best.ts';
import type { Share } from './reference-holds.ts';
import { addLines, endHold, setAside, startOrder } from './reference-holds.ts';
import type { Entry, Model } from './reference-model.ts';
import { aheadOf, availableOf, civilMs, customerOf, unitsOf, waitingFor } from './reference-model.ts';
import { ofWindow } from './reference-rules.ts';

const maxLooks = 2000;

/** Goes through the owed sales once: at most `sweepLimit` offers over all of them. */
export function makeOffers(model: Model): void {
  const owed = model.owed;
  model.owed = [];
  let made = 0;
  const mayOffer = (): boolean => {
    made += 1;
    return made <= model.settings.sweepLimit;
  };
  for (const sale of owed) if (!offerStock(model, sale, mayOffer)) model.owed.push(sale);
}

/** Returns whether the sale is settled: no further offer can be made. */
function offerStock(model: Model, number: number, mayOffer: () => boolean): boolean {
  const sale = model.sales[number]!;
  if (sale.removed || ofWindow(sale, civilMs(model)) !== null) return true;
  for (const entry of waitingFor(model, number).slice(0, maxLooks)) {
    if (!fits(model, entry)) continue;
    if (!mayOffer()) return false;
    const { quantity, customer } = entry;
    const share: Share = { sale: number, quantity, seats: seatsFor(model, entry) };
    const at = model.waitlist.indexOf(entry);
    if (entry.books) {
      entry.state = 'served';
      entry.order = startOrder(model, customer, null, number);
      addLines(model, share, sale.price?.amount ?? null);
    } else {
      entry.state = 'offered';
      entry.hold = setAside(model, { ...share, customer }, sale.made.holdMs, at);
    }
  }
  return true;
}

/** The best available in a seated sale; none in another. */
function seatsFor(model: Model, { sale, quantity }: Entry): readonly number[] {
  if (model.sales[sale]!.made.kind === 'counted') return [];
  const anywhere = { ask: 'best', seats: [], section: null, accessible: false, split: true } as const;
  const found = bestSeats(model, { sale, quantity, ...anywhere });
  if (typeof found === 'string') throw new Error(`${quantity} fit in sale ${sale}, and best available says ${found}`);
  return found;
}

function fits(model: Model, { sale, quantity, customer }: Entry): boolean {
  if (quantity > availableOf(model, sale)) return false;
  const { maxPerCustomer } = model.sales[sale]!.made;
  return maxPerCustomer === null || unitsOf(model, sale, customer) + quantity <= maxPerCustomer;
}

/** The entry, how many wait before it, and whether it is new. */
export function join(
  model: Model,
  { sale, quantity, customer, books }: Pick<Entry, 'sale' | 'quantity' | 'customer' | 'books'>,
): { entry: number; ahead: number; isNew: boolean } {
  customerOf(model, customer);
  const there = model.waitlist.find(
    (entry) => entry.sale === sale && entry.customer === customer && ['waiting', 'offered'].includes(entry.state),
  );
  const { position } = model;
  const createdAtMs = civilMs(model);
  const made = { sale, customer, quantity, createdAtMs, position, books };
  const entry: Entry = there ?? { ...made, state: 'waiting', hold: null, order: null };
  if (there === undefined) model.waitlist.push(entry);
  return { entry: model.waitlist.indexOf(entry), ahead: aheadOf(model, entry), isNew: there === undefined };
}

export function leave(model: Model, number: number): void {
  const entry = model.waitlist[number]!;
  if (entry.hold !== null) endHold(model, model.holds[entry.hold]!, 'released');
  entry.state = 'left';
}
