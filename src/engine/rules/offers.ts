/**
 * Offers: returned stock goes to the first in line that it fits, as a hold (or an order, for an
 * entry that books). Part of the record that returned it, at most `sweepLimit` offers at a time;
 * offers still owed go on with the next record, which the node sends at once.
 */
import { refOf, rowOf } from '../base/ref.ts';
import { changeKinds } from '../changes.ts';
import { placeHold } from './holds.ts';
import { bookEntry } from './orders.ts';
import { none } from '../tables/keys.ts';
import { refusalOfWindow } from './sales.ts';
import { chooseForOffer, takeSeats } from './seat-choice.ts';
import type { State } from '../state.ts';
import { waitStates } from '../tables/waitlist.ts';

/** Most entries of a sale that are looked at in one go: those that do not fit are passed over. */
const maxLooks = 2000;

/** Makes the offers that are owed, as many as one record may. */
export function makeOffers(state: State): void {
  if (state.owedOffers.length === 0) return;
  const owed = state.owedOffers;
  state.owedOffers = [];
  let left = state.settings.sweepLimit;
  for (const sale of owed) {
    const before = state.holds.count + state.orders.count;
    if (offerSale(state, sale, left)) state.owedOffers.push(sale);
    left -= state.holds.count + state.orders.count - before;
  }
}

/** Offers a sale's stock, at most `most` times. Returns whether there was one more to make. */
function offerSale(state: State, sale: number, most: number): boolean {
  const { waitlist, sales } = state;
  if (sales.removed.get(sale) === 1) return false;
  if (refusalOfWindow(state, sale) !== null) return false;
  let made = 0;
  let place = 0;
  for (let looks = 0; looks < maxLooks && sales.available(sale) > 0; looks += 1) {
    const entry = waitlist.nextWaiting(sale, place);
    if (entry === none) return false;
    place = waitlist.place.get(entry) + 1;
    if (!fits(state, sale, entry)) continue;
    if (made === most) return true;
    offer(state, sale, entry);
    made += 1;
  }
  return false;
}

function fits(state: State, sale: number, entry: number): boolean {
  const { sales, waitlist, limits } = state;
  const quantity = waitlist.quantity.get(entry);
  if (quantity > sales.available(sale)) return false;
  const most = sales.maxPerCustomer.get(sale);
  return most === 0 || limits.unitsOf(sale, rowOf(waitlist.customer.get(entry))) + quantity <= most;
}

function offer(state: State, sale: number, entry: number): void {
  const { waitlist, sales, changes, chosen } = state;
  const quantity = waitlist.quantity.get(entry);
  const seated = sales.seated.get(sale) === 1;
  if (seated) chooseForOffer(state, sale, quantity);
  if (waitlist.books.get(entry) === 1) return bookEntry(state, sale, entry);
  waitlist.move(entry, waitStates.offered);
  const list = seated ? takeSeats(state, chosen.seats, 0, quantity) : 0;
  const hold = placeHold(
    state,
    sale,
    quantity,
    waitlist.customer.get(entry),
    sales.holdMs.get(sale),
    refOf(entry),
    list,
  );
  waitlist.hold.set(entry, refOf(hold));
  changes.add(changeKinds.waitlist, entry, state.position);
}
