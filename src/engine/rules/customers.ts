/** Customers: known by an id on an order, registered, changed, removed. */
import type { Ref } from '../base/ref.ts';
import { noRef, refOf } from '../base/ref.ts';
import { changeKinds } from '../changes.ts';
import type { Command } from '../command.ts';
import type { CustomerChange, CustomerDefinition, CustomerRemoval } from '../commands/customers.ts';
import type { OutcomeRow } from '../outcomes.ts';
import { outcomes } from '../outcomes.ts';
import type { State } from '../state.ts';
import { customerProfile } from '../tables/customers.ts';

export function refusalOfCustomer(state: State, command: Command): OutcomeRow | null {
  const { uniqueEmail = false, onlyNew = false, email, door = 0 } = command.body as CustomerDefinition;
  if (command.customerLength > 0) {
    const customer = state.findCustomer(command.text, command.customerStart, command.customerLength);
    if (customer >= 0 && (onlyNew || state.customers.profile.get(customer) > 0)) return outcomes.CUSTOMER_EXISTS;
  }
  return uniqueEmail && email !== null && state.emails.find(door, email) >= 0 ? outcomes.EMAIL_TAKEN : null;
}

export function createCustomer(state: State, command: Command): number {
  const made = command.body as CustomerDefinition;
  if (command.customerLength > 0) {
    return register(state, command.text, command.customerStart, command.customerLength, made);
  }
  // A caller may have used this id already: take the next free number.
  for (;;) {
    state.customers.numbered += 1;
    const id = encoder.encode(`customer_${state.genesis.cell}_${state.customers.numbered}`);
    if (state.findCustomer(id, 0, id.length) < 0) return register(state, id, 0, id.length, made);
  }
}

export function refusalOfCustomerChange(state: State, change: CustomerChange): OutcomeRow | null {
  const { customers, emails } = state;
  const row = change.customer;
  if (row >= customers.count || customers.profile.get(row) === 0 || customers.removed.get(row) === 1) {
    return outcomes.UNKNOWN_CUSTOMER;
  }
  if (change.email == null || customers.uniqueEmail.get(row) === 0) return null;
  const holder = emails.find(customers.door.get(row), change.email);
  return holder >= 0 && holder !== row ? outcomes.EMAIL_TAKEN : null;
}

export function changeCustomer(state: State, change: CustomerChange): number {
  const row = change.customer;
  const profile = customerProfile(state, row);
  const { name = profile.name, email = profile.email } = change;
  dropEmail(state, row);
  setProfile(state, row, name, email);
  keepEmail(state, row);
  return row;
}

/** The customer's holds and orders stay; the e-mail is free again. */
export function removeCustomer(state: State, { customer }: CustomerRemoval): number {
  dropEmail(state, customer);
  state.customers.removed.set(customer, 1);
  state.changes.add(changeKinds.customer, customer, state.position);
  return customer;
}

/** The customer that a command names, added when it is new. */
export function customerOf(state: State, command: Command): Ref {
  const { text, customerStart, customerLength } = command;
  if (customerLength === 0) return noRef;
  const known = state.findCustomer(text, customerStart, customerLength);
  return refOf(known >= 0 ? known : addCustomer(state, text, customerStart, customerLength));
}

/** The hash of the id must be in `state.hash`, as `findCustomer` leaves it. */
function addCustomer(state: State, text: Uint8Array, start: number, length: number): number {
  const { customers, hash } = state;
  const row = customers.count;
  customers.count += 1;
  customers.index.insert(row, hash.h0, hash.h1, hash.h2, hash.h3);
  customers.id.set(row, customers.arena.add(text, start, length));
  customers.profile.set(row, 0);
  customers.madeProfile.set(row, 0);
  customers.profileAt.set(row, 0);
  customers.formerProfile.set(row, 0);
  customers.removed.set(row, 0);
  customers.uniqueEmail.set(row, 0);
  customers.createdAtMs.set(row, state.civilMs);
  customers.door.set(row, 0);
  customers.doorNumber.set(row, 0);
  state.changes.add(changeKinds.customer, row, state.position);
  return row;
}

function register(state: State, text: Uint8Array, start: number, length: number, made: CustomerDefinition): number {
  const { customers } = state;
  const known = state.findCustomer(text, start, length);
  const row = known >= 0 ? known : addCustomer(state, text, start, length);
  dropEmail(state, row);
  setProfile(state, row, made.name, made.email);
  customers.madeProfile.set(row, customers.profile.get(row));
  customers.uniqueEmail.set(row, made.uniqueEmail === true ? 1 : 0);
  // A customer known only by id counts as created now: the answer to its creation carries this
  // time.
  customers.createdAtMs.set(row, state.civilMs);
  // A customer keeps its number: a seed may register the same customer again.
  if (customers.doorNumber.get(row) === 0) {
    const door = made.door ?? 0;
    customers.door.set(row, door);
    customers.doorNumber.set(row, customers.namespaces.add(door, row));
  }
  keepEmail(state, row);
  return row;
}

/**
 * Registers a customer of a seed. Nothing refuses it: an e-mail that another customer must have
 * alone is left out.
 */
export function registerSeeded(state: State, made: CustomerDefinition): number {
  if (made.id === null) throw new Error('a seeded customer has an id');
  const id = encoder.encode(made.id);
  const known = state.findCustomer(id, 0, id.length);
  // The door of a numbered customer stays.
  const door = known >= 0 && state.customers.doorNumber.get(known) > 0 ? state.customers.door.get(known) : made.door;
  const holder = made.uniqueEmail === true && made.email !== null ? state.emails.find(door ?? 0, made.email) : -1;
  const email = holder >= 0 && holder !== known ? null : made.email;
  return register(state, id, 0, id.length, { ...made, email });
}

/** Profiles are never changed or freed: a replay shows the profile that was shown first. */
function setProfile(state: State, row: number, name: string | null, email: string | null): void {
  const { customers } = state;
  const { former } = customers;
  const profile = encoder.encode(JSON.stringify({ name, email }));
  if (customers.profile.get(row) > 0) {
    former.profile.set(former.count, customers.profile.get(row));
    former.position.set(former.count, customers.profileAt.get(row));
    former.before.set(former.count, customers.formerProfile.get(row));
    former.count += 1;
    customers.formerProfile.set(row, former.count);
  }
  customers.profileAt.set(row, state.position);
  customers.profile.set(row, customers.arena.add(profile, 0, profile.length));
  state.changes.add(changeKinds.customer, row, state.position);
}

function keepEmail(state: State, row: number): void {
  const { customers, emails } = state;
  if (customers.uniqueEmail.get(row) === 0 || customers.removed.get(row) === 1) return;
  emails.add(customers.door.get(row), customerProfile(state, row).email, row);
}

function dropEmail(state: State, row: number): void {
  const { customers, emails } = state;
  if (customers.uniqueEmail.get(row) === 0) return;
  emails.remove(customers.door.get(row), customerProfile(state, row).email, row);
}

const encoder = new TextEncoder();
