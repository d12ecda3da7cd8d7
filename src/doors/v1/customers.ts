/** Customers of the native API. */
import type { Static } from 'typebox';
import type { CustomerDefinition } from '../../engine/commands/customers.ts';
import { kinds, scopes } from '../../engine/command.ts';
import { outcomes } from '../../engine/outcomes.ts';
import type { State } from '../../engine/state.ts';
import type { Route } from '../../http/door.ts';
import { jsonOf, missing } from '../kit/input.ts';
import type { Caller, Operation, Read } from '../kit/operation.ts';
import type { Operations } from '../kit/operations.ts';
import type { Owners } from '../kit/owners.ts';
import { notTheirs } from '../kit/owners.ts';
import { composedOrNull, isEmail } from '../kit/texts.ts';
import { checkOf, invalidField } from '../kit/validation.ts';
import { answerNow, madeAt } from '../kit/native-answers.ts';
import { fingerprintAsked } from '../kit/requests.ts';
import { nameCustomer } from './customer-ids.ts';
import * as schemas from './schemas.ts';
import { customerView, madeCustomerView } from './views.ts';

const checkCustomer = checkOf(schemas.customerRequest);
const encoder = new TextEncoder();

export function customerRoutes(operations: Operations, owners: Owners): Route[] {
  return [
    operations.operation(
      {
        method: 'POST',
        path: '/v1/customers',
        needs: 'buy',
        free: true,
        summary: 'Register a customer',
        body: schemas.customerRequest,
        key: 'optional',
        answers: { 201: { description: 'The customer was registered.', schema: schemas.customer } },
      },
      createCustomer(owners),
    ),
    operations.read(
      {
        method: 'GET',
        path: '/v1/customers/:id',
        needs: 'see',
        summary: 'Get a customer who registered, or who is named on an order or hold',
        answers: { 200: { description: 'The customer.', schema: schemas.customer } },
      },
      oneCustomer,
    ),
  ];
}

interface CustomerAsk {
  readonly body: Static<typeof schemas.customerRequest>;
  readonly email: string | null;
  readonly caller: Caller;
  /** Whether the caller may register a known id, judged by the present state. */
  mayAdopt: boolean;
}

function createCustomer(owners: Owners): Operation<CustomerAsk> {
  return {
    read: (call, bytes) => {
      const body = checkCustomer(jsonOf(call, bytes));
      // A schema counts characters, some of which are two units.
      const email = composedOrNull(body.email);
      if (email !== null && !isEmail(email)) throw invalidField('/email', 'must have at most 255 UTF-16 units');
      return { body, email, caller: call, mayAdopt: false };
    },
    fill: (ask, state, command) => {
      const { id, name } = ask.body;
      command.reset(kinds.createCustomer);
      const flaw = id === undefined ? undefined : nameCustomer(state, command, id, '/id');
      // Thrown, since a request without effect must not count as a free call.
      if (flaw !== undefined) throw flaw;
      ask.mayAdopt = owners.speaksFor(ask.caller, id === undefined ? -1 : customerRow(state, id));
      command.body = {
        id: id ?? null,
        name: composedOrNull(name),
        email: ask.email,
        // The present state cannot decide: an order that names the id may be in flight.
        ...(ask.mayAdopt ? {} : { onlyNew: true }),
      } satisfies CustomerDefinition;
      return undefined;
    },
    keep: (key, { body }, command) => {
      command.setKey(scopes.caller, 0, key);
      fingerprintAsked(command, body);
    },
    answer: ({ thing, position }, _, state) => {
      const view = madeCustomerView(state, thing);
      const location = `/v1/customers/${encodeURIComponent(String(view['id']))}`;
      return madeAt(state, position, location, JSON.stringify(view));
    },
    refused: ({ row }, { mayAdopt }) => {
      if (row === outcomes.CUSTOMER_EXISTS && !mayAdopt) throw notTheirs();
      return null;
    },
  };
}

/** Row of the customer with an id, or -1. */
function customerRow(state: State, id: string): number {
  const bytes = encoder.encode(id);
  return state.findCustomer(bytes, 0, bytes.length);
}

const oneCustomer: Read<string> = {
  read: (call) => call.param('id'),
  answer: (id, state) => {
    const row = customerRow(state, id);
    if (row < 0 || state.customers.removed.get(row) === 1) throw missing('There is no such customer.');
    return answerNow(state, JSON.stringify(customerView(state, row)));
  },
};
