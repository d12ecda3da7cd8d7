/**
 * The names that a store keeps in another form than NFC, each with the command that renames it, or
 * the reason why none can.
 */
import { formatId } from '../doors/kit/ids.ts';
import { composed, composedOrNull, isComposed, lookOf } from '../doors/kit/texts.ts';
import type { CustomerChange } from '../engine/commands/customers.ts';
import type { SaleChange } from '../engine/commands/sales.ts';
import type { SeatChange } from '../engine/commands/seats.ts';
import { doors, kinds } from '../engine/command.ts';
import { customerId, customerProfile } from '../engine/tables/customers.ts';
import { seatStates } from '../engine/tables/seats.ts';
import type { State } from '../engine/state.ts';

export type Rename =
  | { readonly kind: typeof kinds.updateSale; readonly body: SaleChange }
  | { readonly kind: typeof kinds.changeSeat; readonly body: SeatChange }
  | { readonly kind: typeof kinds.changeCustomer; readonly body: CustomerChange };

export interface StoredName {
  /** The thing with this name, such as `sale sale_0_3`. */
  readonly thing: string;
  /** The field, such as `name`. */
  readonly field: string;
  readonly text: string;
  /** Null where no command can rename it. */
  readonly rename: Rename | null;
  /** Why it stays, as the predicate of a sentence; null where it is renamed. */
  readonly stays: string | null;
}

const inUse = 'is held or sold: it can be renamed when it is free again';
const isId = 'is an id, which never changes: what was bought is known by it';

/** Names of existing sales, seats and customers. Removed ones are skipped. */
export function* storedNames(state: State): Generator<StoredName> {
  yield* namesOfSales(state);
  yield* namesOfSeats(state);
  yield* namesOfCustomers(state);
  yield* alikeUsers(state);
}

function* namesOfSales({ sales, genesis }: State): Generator<StoredName> {
  for (let sale = 0; sale < sales.count; sale += 1) {
    if (sales.removed.get(sale) === 1) continue;
    const thing = `sale ${formatId('sale', genesis.cell, sale)}`;
    const name = sales.name[sale] ?? '';
    if (!isComposed(name)) {
      const body = { sale, name: composed(name) };
      yield { thing, field: 'name', text: name, rename: { kind: kinds.updateSale, body }, stays: null };
    }
    const attributes = Object.entries(sales.attributes[sale] ?? {});
    const others = attributes.filter(([, text]) => !isComposed(text));
    // A change replaces all of them: the first one carries the others with it.
    const body = { sale, attributes: Object.fromEntries(attributes.map(([field, text]) => [field, composed(text)])) };
    for (const [field, text] of others)
      yield { thing, field, text, rename: { kind: kinds.updateSale, body }, stays: null };
  }
}

function* namesOfSeats(state: State): Generator<StoredName> {
  const { seats, sales, genesis } = state;
  for (let seat = 0; seat < seats.count; seat += 1) {
    const seatState = seats.state.get(seat);
    const sale = seats.sale.get(seat);
    if (seatState === seatStates.removed || sales.removed.get(sale) === 1) continue;
    const address = { section: seats.section(seat), row: seats.rowOf(seat), number: seats.number(seat) };
    if (Object.values(address).every(isComposed)) continue;
    const body: SeatChange = {
      sale,
      seat,
      section: composed(address.section),
      row: composed(address.row),
      number: composed(address.number),
      // Its place and rank do not change with its name.
      place: seats.place.get(seat),
      rank: seats.rank.get(seat),
    };
    const isFree = seatState === seatStates.available || seatState === seatStates.blocked;
    yield {
      thing: `seat of ${formatId('sale', genesis.cell, sale)}`,
      field: 'label',
      text: seats.label(seat),
      rename: isFree ? { kind: kinds.changeSeat, body } : null,
      stays: isFree ? null : inUse,
    };
  }
}

function* namesOfCustomers(state: State): Generator<StoredName> {
  const { customers } = state;
  for (let customer = 0; customer < customers.count; customer += 1) {
    if (customers.removed.get(customer) === 1) continue;
    const id = customerId(state, customer + 1) ?? '';
    const thing = `customer ${JSON.stringify(composed(id))}`;
    if (!isComposed(id)) yield { thing, field: 'id', text: id, rename: null, stays: isId };
    // A drops user's name is the id, and stays with it.
    if (customers.door.get(customer) === doors.drops) continue;
    const { name, email } = customerProfile(state, customer);
    for (const [field, text] of Object.entries({ name, email })) {
      if (text === null || isComposed(text)) continue;
      const body = { customer, [field]: composedOrNull(text) };
      yield { thing, field, text, rename: { kind: kinds.changeCustomer, body }, stays: null };
    }
  }
}

/** Users of the drops dialect with names that look alike, from before such names were refused. */
function* alikeUsers(state: State): Generator<StoredName> {
  const { customers } = state;
  const first = new Map<string, string>();
  for (let number = 1; number <= customers.namespaces.count(doors.drops); number += 1) {
    const name = customerId(state, customers.namespaces.row(doors.drops, number) + 1) ?? '';
    const look = lookOf(name);
    const other = first.get(look);
    if (other === undefined) {
      first.set(look, `user ${number} ${JSON.stringify(name)}`);
      continue;
    }
    const stays = `looks like ${other}, and is an id, which never changes`;
    yield { thing: `drops user ${number}`, field: 'username', text: name, rename: null, stays };
  }
}
