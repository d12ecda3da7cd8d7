/**
 * Lists of orders and holds by customer or sale, for which only the SQL views keep an index. Each
 * thing is shown from the engine's state.
 */
import { Type } from 'typebox';
import type { State } from '../../engine/state.ts';
import type { Answer } from '../../http/answer.ts';
import type { Route } from '../../http/door.ts';
import { HttpFailure, problems } from '../../http/problems.ts';
import type { Read } from '../kit/operation.ts';
import type { Operations } from '../kit/operations.ts';
import type { ListPage } from '../kit/listed.ts';
import { reached } from '../kit/listed.ts';
import { writePosition } from '../kit/positions.ts';
import { answerAt } from '../kit/native-answers.ts';
import { askedPosition } from '../kit/at-position.ts';
import { orderText } from './order-views.ts';
import { cursorParameter, limitParameter, readCursor, readLimit, writeCursor } from '../kit/paging.ts';
import { invalidParameter } from '../kit/requests.ts';
import { standingSaleOf } from './rows.ts';
import * as schemas from './schemas.ts';
import { holdStatus, holdText } from './views.ts';

export interface ListedRows {
  /** Ids (row + 1), newest first. */
  readonly ids: readonly number[];
  /** The log position at which the list is true; 0 for none. */
  readonly position: number;
}

/** The index that the lists are read from. Rejects when it cannot be read just now. */
export interface Lists {
  /** By the customer's id as the caller knows it. */
  ordersOfCustomer(customer: string, page: ListPage): Promise<ListedRows>;
  holdsOfCustomer(customer: string, page: ListPage): Promise<ListedRows>;
  /** By the sale's row + 1. */
  ordersOfSale(sale: number, page: ListPage): Promise<ListedRows>;
}

const parameters = { ...limitParameter, ...cursorParameter, at: schemas.sale.properties.position };

/** `lists`: null when the store keeps none. */
export function listRoutes(operations: Operations, lists: Lists | null): Route[] {
  const answer = (item: typeof schemas.order | typeof schemas.hold, description: string): Route['answers'] => ({
    200: {
      description,
      schema: Type.Object({
        items: Type.Array(item),
        next: Type.Union([Type.String(), Type.Null()]),
        position: schemas.sale.properties.position,
      }),
    },
  });
  return [
    operations.read(
      {
        method: 'GET',
        path: '/v1/orders',
        needs: 'see',
        summary: 'List the orders of a customer or a sale, newest first; may lag by some milliseconds',
        query: {
          customer: Type.Optional(Type.String()),
          sale: Type.Optional(
            Type.String({ description: 'Lists the orders of a sale. Send either `customer` or `sale`.' }),
          ),
          ...parameters,
        },
        answers: answer(schemas.order, 'A page of orders, and the log position at which it is true.'),
      },
      listOrders(lists),
    ),
    operations.read(
      {
        method: 'GET',
        path: '/v1/holds',
        needs: 'see',
        summary: 'List the holds of a customer, newest first; may lag by some milliseconds',
        query: { customer: Type.String(), ...parameters },
        answers: answer(schemas.hold, 'A page of holds, and the log position at which it is true.'),
      },
      listHolds(lists),
    ),
  ];
}

function listOrders(lists: Lists | null): Read<URLSearchParams> {
  return {
    read: (call) => call.url.searchParams,
    answer: (query, state) => {
      const customer = query.get('customer');
      const sale = query.get('sale');
      if ((customer === null) === (sale === null))
        throw invalidParameter(customer === null ? 'customer' : 'sale', 'must be given: either customer or sale');
      const show = (row: number): string => orderText(state, row, Infinity);
      if (customer !== null) {
        return listed(lists, query, state, (from, page) => from.ordersOfCustomer(customer, page), show);
      }
      const row = standingSaleOf(state, sale ?? '');
      return listed(lists, query, state, (from, page) => from.ordersOfSale(row + 1, page), show);
    },
  };
}

function listHolds(lists: Lists | null): Read<URLSearchParams> {
  return {
    read: (call) => call.url.searchParams,
    answer: (query, state) => {
      const customer = query.get('customer');
      if (customer === null) throw invalidParameter('customer', 'must be given');
      const show = (row: number): string =>
        holdText(state, row, holdStatus(state, row, state.nowMs), state.civilDeadlineMs(row));
      return listed(lists, query, state, (from, page) => from.holdsOfCustomer(customer, page), show);
    },
  };
}

async function listed(
  lists: Lists | null,
  query: URLSearchParams,
  state: State,
  read: (lists: Lists, page: ListPage) => Promise<ListedRows>,
  show: (row: number) => string,
): Promise<Answer> {
  if (lists === null) throw new HttpFailure(problems.NO_LISTS);
  const limit = readLimit(query);
  // One more than shown, to know whether there is a next page.
  const page = { before: readCursor(query, state, 'b'), limit: limit + 1 };
  const { ids, position } = await reached(askedPosition(state, query.get('at')), () => read(lists, page));
  const shown = ids.slice(0, limit);
  const last = shown.at(-1);
  const next = ids.length > limit && last !== undefined ? writeCursor(state, 'b', last, position) : null;
  const items = shown.map((id) => show(id - 1)).join(',');
  const at = writePosition(state, position);
  return answerAt(state, position, `{"items":[${items}],"next":${JSON.stringify(next)},"position":"${at}"}`);
}
