/** /v1/sales: create, list, read, change. */
import type { Static } from 'typebox';
import { isCurrency } from '../../../sdk/src/money.ts';
import type { SaleChange, SaleDefinition } from '../../engine/commands/sales.ts';
import { doors, kinds, scopes } from '../../engine/command.ts';
import { outcomes } from '../../engine/outcomes.ts';
import type { Route } from '../../http/door.ts';
import { HttpFailure, problems } from '../../http/problems.ts';
import { formatId } from '../kit/ids.ts';
import { jsonOf } from '../kit/input.ts';
import type { Operation, Read } from '../kit/operation.ts';
import type { Operations } from '../kit/operations.ts';
import {
  countedSale,
  defaultHoldSeconds,
  defaultMaxHoldSeconds,
  defaultMaxPerOrder,
  seatedSale,
} from '../kit/sale-definition.ts';
import { composed } from '../kit/texts.ts';
import { checkOf, invalidField, invalidFields } from '../kit/validation.ts';
import { answerAt, answerNow, madeAt } from '../kit/native-answers.ts';
import { atPosition } from '../kit/at-position.ts';
import { readHall, repeatedSeats } from './hall.ts';
import { cursorParameter, limitParameter, readPage } from '../kit/paging.ts';
import { fingerprintAsked, invalidParameter, readTime } from '../kit/requests.ts';
import { saleOf, standingSaleOf } from './rows.ts';
import * as schemas from './schemas.ts';
import { madeSaleView, saleView } from './views.ts';

const checkCounted = checkOf(schemas.countedSaleRequest);
const checkSeated = checkOf(schemas.seatedSaleFrame);
const checkPatch = checkOf(schemas.salePatch);

type CountedSale = Static<typeof schemas.countedSaleRequest>;
type SeatedSale = Static<typeof schemas.seatedSaleFrame>;

/** A definition is one record of the log, which has at most 1 MiB. */
export const maxSaleBytes = 1_000_000;

export function saleRoutes(operations: Operations): Route[] {
  const { node } = operations;
  const atParameter = { at: schemas.sale.properties.position };
  return [
    operations.operation(
      {
        method: 'POST',
        path: '/v1/sales',
        needs: 'run',
        summary: 'Create a sale',
        body: schemas.saleRequest,
        maxBodyBytes: maxSaleBytes,
        key: 'optional',
        answers: { 201: { description: 'The sale was created. `Location` has its URL.', schema: schemas.sale } },
      },
      createSale,
    ),
    operations.read(
      {
        method: 'GET',
        path: '/v1/sales',
        needs: 'buy',
        shared: true,
        summary: 'List sales, newest first',
        query: { ...limitParameter, ...cursorParameter, ...atParameter },
        answers: { 200: { description: 'A page of sales.', schema: schemas.saleList } },
      },
      atPosition(node, listSales),
    ),
    operations.read(
      {
        method: 'GET',
        path: '/v1/sales/:id',
        needs: 'buy',
        shared: true,
        summary: 'Get a sale',
        query: atParameter,
        answers: { 200: { description: 'The sale.', schema: schemas.sale } },
      },
      atPosition(node, oneSale),
    ),
    operations.operation(
      {
        method: 'PATCH',
        path: '/v1/sales/:id',
        needs: 'run',
        summary: 'Change the name, price, window, status or capacity of a sale',
        body: schemas.salePatch,
        answers: { 200: { description: 'The sale after the change.', schema: schemas.sale } },
      },
      changeSale,
    ),
  ];
}

interface SaleAsk {
  /** What a key stands for. */
  readonly asked: CountedSale | SeatedSale;
  readonly definition: SaleDefinition;
}

export const createSale: Operation<SaleAsk> = {
  read: (call, bytes) => readSale(jsonOf(call, bytes)),
  fill: ({ asked: { price }, definition }, _, command) => {
    command.reset(kinds.createSale).body = definition;
    // A request accepted under older rules keeps its answer.
    return currencyFlaw(price, null);
  },
  keep: (key, { asked }, command) => {
    command.setKey(scopes.operator, 0, key);
    fingerprintAsked(command, asked);
  },
  answer: ({ thing, position }, _, state) => {
    const location = `/v1/sales/${formatId('sale', state.genesis.cell, thing)}`;
    return madeAt(state, position, location, JSON.stringify(madeSaleView(state, thing)));
  },
  /** The engine decides whether names repeat; only then are the duplicates searched. */
  refused: (_, { definition: { hall } }) => {
    const repeated = hall === undefined ? [] : repeatedSeats(hall, '/hall');
    if (repeated.length > 0) throw invalidFields(repeated);
    return null;
  },
};

/** The sale in a body, with every default resolved. @throws HttpFailure 400, 413 */
export function readSale(json: unknown): SaleAsk {
  const asked = checkSale(json);
  const terms = readTerms(asked);
  const definition =
    asked.kind === 'seated'
      ? seatedSale(composed(asked.name), readHall(asked.hall, '/hall'), doors.v1, terms)
      : countedSale(composed(asked.name), asked.capacity, doors.v1, terms);
  // Numbers may be longer here than in the request.
  if (definition.hall !== undefined && Buffer.byteLength(JSON.stringify(definition)) > maxSaleBytes) {
    throw new HttpFailure(problems.BODY_TOO_LARGE, 'The hall is too large for one call: give rows as ranges.');
  }
  return { asked, definition };
}

/** `own`: the sale's present currency, which may no longer be in the list of currencies. */
function currencyFlaw(price: CountedSale['price'], own: string | null): HttpFailure | undefined {
  if (price == null || price.currency === own || isCurrency(price.currency)) return undefined;
  return invalidField('/price/currency', `is "${price.currency}", which ISO 4217 does not have`);
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
    // Null is explicit: no limit.
    maxPerOrder: body.maxPerOrder === undefined ? defaultMaxPerOrder : body.maxPerOrder,
    maxPerCustomer: body.maxPerCustomer ?? null,
    refusals: body.refusals ?? 'forget',
    image: body.image ?? null,
  };
}

const listSales: Read<URLSearchParams> = {
  read: (call) => call.url.searchParams,
  answer: (query, state) => {
    const { removed, count } = state.sales;
    const { items, next } = readPage(query, state, count, (row) => removed.get(row) === 0);
    const views = items.map((row) => saleView(state, row, state.position));
    return answerNow(state, JSON.stringify({ items: views, next }));
  },
};

const oneSale: Read<string> = {
  read: (call) => call.param('id'),
  answer: (id, state) => answerNow(state, JSON.stringify(saleView(state, standingSaleOf(state, id), state.position))),
};

interface ChangeAsk {
  readonly sale: string;
  readonly body: Static<typeof schemas.salePatch>;
}

const changeSale: Operation<ChangeAsk> = {
  read: (call, bytes) => {
    const body = checkPatch(jsonOf(call, bytes));
    return { sale: call.param('id'), body };
  },
  fill: ({ sale: id, body }, state, command) => {
    const sale = saleOf(state, id);
    const flaw = currencyFlaw(body.price, state.sales.currency[sale] ?? null);
    if (flaw !== undefined) throw flaw;
    command.reset(kinds.updateSale).body = changeOf(sale, body);
    return undefined;
  },
  answer: ({ thing, position }, _, state) =>
    answerAt(state, position, JSON.stringify(saleView(state, thing, position))),
};

/** The changes in a body, only those it names. @throws HttpFailure 400 */
function changeOf(
  sale: number,
  { name, price, opensAt, closesAt, status, capacity, image }: ChangeAsk['body'],
): SaleChange {
  return {
    sale,
    ...(name === undefined ? {} : { name: composed(name) }),
    ...(price === undefined ? {} : { price }),
    ...(opensAt === undefined ? {} : { opensAtMs: opensAt === null ? null : readTime(opensAt, '/opensAt') }),
    ...(closesAt === undefined ? {} : { closesAtMs: closesAt === null ? null : readTime(closesAt, '/closesAt') }),
    ...(status === undefined ? {} : { status }),
    ...(capacity === undefined ? {} : { capacity }),
    ...(image === undefined ? {} : { image }),
  };
}
