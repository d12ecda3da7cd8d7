/** Customers of the native API. */
import type { CustomerDefinition } from '../../engine/commands/customers.ts';
import { kinds, scopes } from '../../engine/command.ts';
import { outcomes } from '../../engine/outcomes.ts';
import type { Answer } from '../../http/answer.ts';
import type { Call } from '../../http/call.ts';
import { HttpFailure, problems } from '../../http/problems.ts';
import type { Route } from '../../http/door.ts';
import { checkOf, invalidField } from '../kit/validation.ts';
import { notTheirs } from '../kit/owners.ts';
import { composedOrNull, isEmail } from '../kit/texts.ts';
import type { Context, Made } from './context.ts';
import * as schemas from './schemas.ts';
import { customerView, madeCustomerView } from './views.ts';

const checkCustomer = checkOf(schemas.customerRequest);
const encoder = new TextEncoder();

export function customerRoutes(context: Context): Route[] {
  return [
    {
      method: 'POST',
      path: '/v1/customers',
      needs: 'buy',
      free: true,
      summary: 'Register a customer',
      body: schemas.customerRequest,
      key: 'optional',
      answers: { 201: { description: 'Registered', schema: schemas.customer } },
      handle: (call) => createCustomer(context, call),
    },
    {
      method: 'GET',
      path: '/v1/customers/:id',
      needs: 'see',
      summary: 'One customer: registered, or known from an order or hold',
      answers: { 200: { description: 'The customer', schema: schemas.customer } },
      handle: (call) => readCustomer(context, call),
    },
  ];
}

async function createCustomer(context: Context, call: Call): Promise<Answer> {
  const body = checkCustomer(await call.readJson());
  // A schema counts characters, some of which are two units.
  const email = composedOrNull(body.email);
  if (email !== null && !isEmail(email)) throw invalidField('/email', 'must have at most 255 UTF-16 units');
  const command = context.command.reset(kinds.createCustomer);
  if (body.id !== undefined) context.setCustomer(body.id, '/id');
  const mayAdopt = context.owners.speaksFor(call, body.id === undefined ? -1 : customerRow(context, body.id));
  const definition: CustomerDefinition = {
    id: body.id ?? null,
    name: composedOrNull(body.name),
    email,
    // Not asked of the state here: an order that names the id may be on its way.
    ...(mayAdopt ? {} : { onlyNew: true }),
  };
  command.body = definition;
  const made = (row: number): Made => {
    const view = madeCustomerView(context.state, row);
    return { location: `/v1/customers/${encodeURIComponent(String(view['id']))}`, view };
  };
  return context.create(call, scopes.caller, body, made, (outcome) => {
    if (outcome.row === outcomes.CUSTOMER_EXISTS && !mayAdopt) throw notTheirs();
    return context.refused(outcome, call);
  });
}

/** Row of the customer with an id, or -1. */
function customerRow(context: Context, id: string): number {
  const bytes = encoder.encode(id);
  return context.state.findCustomer(bytes, 0, bytes.length);
}

function readCustomer(context: Context, call: Call): Answer {
  const row = customerRow(context, call.param('id'));
  if (row < 0 || context.state.customers.removed.get(row) === 1)
    throw new HttpFailure(problems.NOT_FOUND, 'There is no such customer.');
  return context.read(JSON.stringify(customerView(context.state, row)));
}
