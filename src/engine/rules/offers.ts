/**
 * Offers: returned stock goes to the first entry in line that it fits, as a hold (or as an order,
 * for an entry that books). Offers are made within the record that returned the stock, at most
 * `sweepLimit` at a time. Those still owed follow with the next record, which the node sends at
 * once.
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

/** Max number of a sale's entries that one pass looks at: those that do not fit are passed over. */
const maxLooks = 2000;

/** Makes the offers that are owed, up to the limit of one record. */
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

/** Makes at most `max` offers of a sale's stock. Returns whether one more is still owed. */
function offerSale(state: State, sale: number, max: number): boolean {
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
    if (made === max) return true;
    offer(state, sale, entry);
    made += 1;
  }
  return false;
}

function fits(state: State, sale: number, entry: number): boolean {
  const { sales, waitlist, limits } = state;
  const quantity = waitlist.quantity.get(entry);
  if (quantity > sales.available(sale)) return false;
  const max = sales.maxPerCustomer.get(sale);
  return max === 0 || limits.unitsOf(sale, rowOf(waitlist.customer.get(entry))) + quantity <= max;
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
