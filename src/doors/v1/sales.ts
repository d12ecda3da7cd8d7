/** /v1/sales: create, list, read, change. */
import type { Static } from 'typebox';
import { isCurrency } from '../../../sdk/src/money.ts';
import type { Command } from '../../engine/command.ts';
import type { SaleChange, SaleDefinition } from '../../engine/commands/sales.ts';
import { doors, kinds, scopes } from '../../engine/command.ts';
import type { Outcome } from '../../engine/outcome.ts';
import { outcomes } from '../../engine/outcomes.ts';
import type { Answer } from '../../http/answer.ts';
import type { Call } from '../../http/call.ts';
import { HttpFailure, problems } from '../../http/problems.ts';
import type { Route } from '../../http/door.ts';
import { checkOf, invalidField, invalidFields } from '../kit/validation.ts';
import { formatId, parseId } from '../kit/ids.ts';
import { composed } from '../kit/texts.ts';
import {
  countedSale,
  defaultHoldSeconds,
  defaultMaxHoldSeconds,
  defaultMaxPerOrder,
  seatedSale,
} from '../kit/sale-definition.ts';
import type { Context, Made } from './context.ts';
import { invalidParameter, readTime } from './context.ts';
import { readHall, repeatedSeats } from './hall.ts';
import { cursorParameter, limitParameter, readPage } from './paging.ts';
import * as schemas from './schemas.ts';
import { madeSaleView, saleView } from './views.ts';

const checkCounted = checkOf(schemas.countedSaleRequest);
const checkSeated = checkOf(schemas.seatedSaleFrame);
const checkPatch = checkOf(schemas.salePatch);

type CountedSale = Static<typeof schemas.countedSaleRequest>;
type SeatedSale = Static<typeof schemas.seatedSaleFrame>;

/** A definition becomes one record of the log, which has at most 1 MiB. */
export const maxSaleBytes = 1_000_000;

export function saleRoutes(context: Context): Route[] {
  const atParameter = { at: schemas.sale.properties.position };
  return [
    {
      method: 'POST',
      path: '/v1/sales',
      needs: 'run',
      summary: 'Create a sale',
      body: schemas.saleRequest,
      maxBodyBytes: maxSaleBytes,
      key: 'optional',
      answers: { 201: { description: 'Created; Location names it', schema: schemas.sale } },
      handle: (call) => createSale(context, call),
    },
    {
      method: 'GET',
      path: '/v1/sales',
      needs: 'buy',
      shared: true,
      summary: 'Sales, newest first',
      query: { ...limitParameter, ...cursorParameter, ...atParameter },
      answers: { 200: { description: 'A page of sales', schema: schemas.saleList } },
      handle: (call) => listSales(context, call),
    },
    {
      method: 'GET',
      path: '/v1/sales/:id',
      needs: 'buy',
      shared: true,
      summary: 'One sale',
      query: atParameter,
      answers: { 200: { description: 'The sale', schema: schemas.sale } },
      handle: (call) => readSale(context, call),
    },
    {
      method: 'PATCH',
      path: '/v1/sales/:id',
      needs: 'run',
      summary: 'Change name, price, window, status or capacity',
      body: schemas.salePatch,
      answers: { 200: { description: 'The sale as it is now', schema: schemas.sale } },
      handle: (call) => changeSale(context, call),
    },
  ];
}

/** The row of the sale that a command is for, removed or not: the engine says, and replays outlive the sale. @throws HttpFailure 404 */
export function saleOf(context: Context, call: Call): number {
  const row = parseId('sale', context.cell, call.param('id'));
  if (row < 0 || row >= context.state.sales.count) throw new HttpFailure(outcomes.UNKNOWN_SALE);
  return row;
}

/** The row of the sale that is read. @throws HttpFailure 404 */
export function standingSaleOf(context: Context, call: Call): number {
  const row = saleOf(context, call);
  if (context.state.sales.removed.get(row) === 1) throw new HttpFailure(outcomes.UNKNOWN_SALE);
  return row;
}

/** Fills the command that makes the sale of a body. Returns the body, which a key stands for. @throws HttpFailure 400, 413 */
export function fillSaleCreation(command: Command, asked: unknown): CountedSale | SeatedSale {
  const body = checkSale(asked);
  const terms = readTerms(body);
  const definition =
    body.kind === 'seated'
      ? seatedSale(composed(body.name), readHall(body.hall, '/hall'), doors.v1, terms)
      : countedSale(composed(body.name), body.capacity, doors.v1, terms);
  // Numbers may be longer here than they came.
  if (definition.hall !== undefined && Buffer.byteLength(JSON.stringify(definition)) > maxSaleBytes) {
    throw new HttpFailure(problems.BODY_TOO_LARGE, 'The hall is too large for one call: give rows as ranges.');
  }
  command.reset(kinds.createSale).body = definition;
  return body;
}

async function createSale(context: Context, call: Call): Promise<Answer> {
  const { command } = context;
  const body = fillSaleCreation(command, await call.readJson());
  const { hall } = command.body as SaleDefinition;
  const refused = (outcome: Outcome): Answer => {
    const repeated = hall === undefined ? [] : repeatedSeats(hall, '/hall');
    if (repeated.length > 0) throw invalidFields(repeated);
    return context.refused(outcome, call);
  };
  const made = (row: number): Made => ({
    location: `/v1/sales/${formatId('sale', context.cell, row)}`,
    view: madeSaleView(context.state, row),
  });
  return context.create(call, scopes.operator, body, made, refused, () => checkCurrency(body.price, null));
}

/** `own`: the currency that the sale has, from before the list lost it. @throws HttpFailure 400 */
function checkCurrency(price: CountedSale['price'], own: string | null): void {
  if (price == null || price.currency === own || isCurrency(price.currency)) return;
  throw invalidField('/price/currency', `is "${price.currency}", which ISO 4217 does not have`);
}

function checkSale(body: unknown): CountedSale | SeatedSale {
  const { kind } = (body ?? {}) as { kind?: unknown };
  if (kind === 'seated') return checkSeated(body);
  if (kind !== undefined && kind !== 'counted') throw invalidField('/kind', 'is neither counted nor seated');
  return checkCounted(body);
}

function readTerms(body: CountedSale | SeatedSale): Partial<SaleDefinition> {
  const holdSeconds = body.holdSeconds ?? defaultHoldSeconds;
  const maxHoldSeconds = body.maxHoldSeconds ?? Math.max(defaultMaxHoldSeconds, holdSeconds);
  if (maxHoldSeconds < holdSeconds) throw invalidParameter('maxHoldSeconds', 'is less than holdSeconds');
  const opensAtMs = body.opensAt == null ? null : readTime(body.opensAt, '/opensAt');
  const closesAtMs = body.closesAt == null ? null : readTime(body.closesAt, '/closesAt');
  if (closesAtMs !== null && closesAtMs <= (opensAtMs ?? -Infinity)) {
    throw new HttpFailure(outcomes.INVALID_WINDOW);
  }
  return {
    price: body.price ?? null,
    opensAtMs,
    closesAtMs,
    holdMs: holdSeconds * 1000,
    maxHoldMs: maxHoldSeconds * 1000,
    // Null is said on purpose: no limit.
    maxPerOrder: body.maxPerOrder === undefined ? defaultMaxPerOrder : body.maxPerOrder,
    maxPerCustomer: body.maxPerCustomer ?? null,
    refusals: body.refusals ?? 'forget',
    image: body.image ?? null,
  };
}

async function listSales(context: Context, call: Call): Promise<Answer> {
  await context.reachAsked(call);
  const { engine } = context.node;
  const { removed, count } = context.state.sales;
  const { items, next } = readPage(call, engine, count, (row) => removed.get(row) === 0);
  const views = items.map((row) => saleView(context.state, row, engine.position));
  return context.read(JSON.stringify({ items: views, next }));
}

async function readSale(context: Context, call: Call): Promise<Answer> {
  await context.reachAsked(call);
  const { engine } = context.node;
  const row = standingSaleOf(context, call);
  return context.read(JSON.stringify(saleView(context.state, row, engine.position)));
}

async function changeSale(context: Context, call: Call): Promise<Answer> {
  const body = checkPatch(await call.readJson());
  const sale = saleOf(context, call);
  checkCurrency(body.price, context.state.sales.currency[sale] ?? null);
  const change: SaleChange = {
    sale,
    ...(body.name === undefined ? {} : { name: composed(body.name) }),
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

function renderChanged(outcome: Outcome, context: Context, call: Call): Answer {
  if (!outcome.ok) return context.refused(outcome, call);
  const view = saleView(context.state, outcome.thing, outcome.position);
  return context.answer(outcome, 200, JSON.stringify(view));
}
