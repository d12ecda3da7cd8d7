/** /v1/sales: create, list, read, change. */
import type { SaleChange } from '../../engine/command.ts';
import { doors, kinds, scopes } from '../../engine/command.ts';
import type { Outcome } from '../../engine/outcome.ts';
import { outcomes } from '../../engine/outcomes.ts';
import type { Call } from '../../http/call.ts';
import { HttpFailure } from '../../http/problems.ts';
import type { Route } from '../../http/route.ts';
import { checkOf } from '../../http/validation.ts';
import { formatId, parseId } from '../ids.ts';
import { countedSale, defaultHoldSeconds, defaultMaxHoldSeconds } from '../sale-definition.ts';
import type { Context } from './context.ts';
import { invalidParameter, readTime } from './context.ts';
import { cursorParameter, limitParameter, readPage } from './paging.ts';
import * as schemas from './schemas.ts';
import { madeSaleView, saleView } from './views.ts';

const checkSale = checkOf(schemas.saleRequest);
const checkPatch = checkOf(schemas.salePatch);

export function saleRoutes(context: Context): Route[] {
  const atParameter = { at: schemas.sale.properties.position };
  return [
    {
      method: 'POST',
      path: '/v1/sales',
      access: 'operator',
      summary: 'Create a sale',
      body: schemas.saleRequest,
      key: 'optional',
      answers: { 201: { description: 'Created; Location names it', schema: schemas.sale } },
      handle: (call) => createSale(context, call),
    },
    {
      method: 'GET',
      path: '/v1/sales',
      access: 'public',
      summary: 'Sales, newest first',
      query: { ...limitParameter, ...cursorParameter, ...atParameter },
      answers: { 200: { description: 'A page of sales', schema: schemas.saleList } },
      handle: (call) => listSales(context, call),
    },
    {
      method: 'GET',
      path: '/v1/sales/:id',
      access: 'public',
      summary: 'One sale',
      query: atParameter,
      answers: { 200: { description: 'The sale', schema: schemas.sale } },
      handle: (call) => readSale(context, call),
    },
    {
      method: 'PATCH',
      path: '/v1/sales/:id',
      access: 'operator',
      summary: 'Change name, price, window, status or capacity',
      body: schemas.salePatch,
      answers: { 200: { description: 'The sale as it is now', schema: schemas.sale } },
      handle: (call) => changeSale(context, call),
    },
  ];
}

/** The row of the sale in the path. @throws HttpFailure 404 */
export function saleOf(context: Context, call: Call): number {
  const row = parseId('sale', context.cell, call.param('id'));
  if (row < 0 || row >= context.state.sales.count) throw new HttpFailure(outcomes.UNKNOWN_SALE);
  return row;
}

async function createSale(context: Context, call: Call): Promise<Response> {
  const body = checkSale(await call.readJson());
  const holdSeconds = body.holdSeconds ?? defaultHoldSeconds;
  const maxHoldSeconds = body.maxHoldSeconds ?? Math.max(defaultMaxHoldSeconds, holdSeconds);
  if (maxHoldSeconds < holdSeconds) throw invalidParameter('maxHoldSeconds', 'is less than holdSeconds');
  const opensAtMs = body.opensAt == null ? null : readTime(body.opensAt, '/opensAt');
  const closesAtMs = body.closesAt == null ? null : readTime(body.closesAt, '/closesAt');
  if (closesAtMs !== null && closesAtMs <= (opensAtMs ?? -Infinity)) {
    throw new HttpFailure(outcomes.INVALID_WINDOW);
  }
  const definition = countedSale(body.name, body.capacity, doors.v1, {
    price: body.price ?? null,
    opensAtMs,
    closesAtMs,
    holdMs: holdSeconds * 1000,
    maxHoldMs: maxHoldSeconds * 1000,
    maxPerOrder: body.maxPerOrder ?? null,
    maxPerCustomer: body.maxPerCustomer ?? null,
    refusals: body.refusals ?? 'forget',
    image: body.image ?? null,
  });
  const command = context.command.reset(kinds.createSale);
  command.body = definition;
  return context.create(call, scopes.operator, body, (row) => ({
    location: `/v1/sales/${formatId('sale', context.cell, row)}`,
    view: madeSaleView(context.state, row),
  }));
}

async function listSales(context: Context, call: Call): Promise<Response> {
  await context.reachAsked(call);
  const { engine } = context.node;
  const { items, next } = readPage(call, context.state.sales.count);
  const views = items.map((row) => saleView(context.state, row, engine.position, engine.nowMs));
  return context.read(JSON.stringify({ items: views, next }));
}

async function readSale(context: Context, call: Call): Promise<Response> {
  await context.reachAsked(call);
  const { engine } = context.node;
  const row = saleOf(context, call);
  return context.read(JSON.stringify(saleView(context.state, row, engine.position, engine.nowMs)));
}

async function changeSale(context: Context, call: Call): Promise<Response> {
  const body = checkPatch(await call.readJson());
  const sale = saleOf(context, call);
  const change: SaleChange = {
    sale,
    ...(body.name === undefined ? {} : { name: body.name }),
    ...(body.price === undefined ? {} : { price: body.price }),
    ...(body.opensAt === undefined
      ? {}
      : { opensAtMs: body.opensAt === null ? null : readTime(body.opensAt, '/opensAt') }),
    ...(body.closesAt === undefined
      ? {}
      : { closesAtMs: body.closesAt === null ? null : readTime(body.closesAt, '/closesAt') }),
    ...(body.status === undefined ? {} : { status: body.status }),
    ...(body.capacity === undefined ? {} : { capacity: body.capacity }),
    ...(body.image === undefined ? {} : { image: body.image }),
  };
  const command = context.command.reset(kinds.updateSale);
  command.body = change;
  return context.node.submit(command, (outcome) => renderChanged(outcome, context, call), undefined);
}

function renderChanged(outcome: Outcome, context: Context, call: Call): Response {
  if (!outcome.ok) return context.refused(outcome, call);
  const view = saleView(context.state, outcome.thing, outcome.position, outcome.timeMs);
  return context.answer(outcome, 200, JSON.stringify(view));
}
