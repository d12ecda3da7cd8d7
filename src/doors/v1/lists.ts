/** Lists of orders and holds by customer or sale: what only the SQL views keep an index for. Each thing is shown as the engine has it. */
import { Type } from 'typebox';
import { outcomes } from '../../engine/outcomes.ts';
import type { Answer } from '../../http/answer.ts';
import type { Call } from '../../http/call.ts';
import { writePosition } from '../kit/positions.ts';
import { HttpFailure, problems } from '../../http/problems.ts';
import type { Route } from '../../http/door.ts';
import { parseId } from '../kit/ids.ts';
import type { Context } from './context.ts';
import { invalidParameter } from './context.ts';
import { cursorParameter, limitParameter, readCursor, readLimit, writeCursor } from './paging.ts';
import * as schemas from './schemas.ts';
import { orderText } from './order-views.ts';
import { holdStatus, holdText } from './views.ts';

export interface ListedRows {
  /** Ids (row + 1), newest first. */
  readonly ids: readonly number[];
  /** The log position that the list is true at; 0 while there is none. */
  readonly position: number;
}

export interface ListPage {
  /** Only ids below this one; null for the newest. */
  readonly before: number | null;
  readonly limit: number;
}

/** What the lists are read from. Rejects when it cannot be read just now. */
export interface Lists {
  /** By the customer's id as the caller knows it. */
  ordersOfCustomer(customer: string, page: ListPage): Promise<ListedRows>;
  holdsOfCustomer(customer: string, page: ListPage): Promise<ListedRows>;
  /** By the sale's row + 1. */
  ordersOfSale(sale: number, page: ListPage): Promise<ListedRows>;
}

/** How long a list waits for the position that `?at=` names, ms, and how often it looks. */
const reachWithinMs = 2000;
const lookMs = 25;

const parameters = { ...limitParameter, ...cursorParameter, at: schemas.sale.properties.position };

/** `lists`: null where the store keeps none. */
export function listRoutes(context: Context, lists: Lists | null): Route[] {
  const bound = new ListHandlers(context, lists);
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
    {
      method: 'GET',
      path: '/v1/orders',
      needs: 'see',
      summary: 'Orders of a customer or of a sale, newest first; some milliseconds behind the sale',
      query: {
        customer: Type.Optional(Type.String()),
        sale: Type.Optional(Type.String({ description: 'In the place of customer.' })),
        ...parameters,
      },
      answers: answer(schemas.order, 'A page of orders, and the position that it is true at'),
      handle: (call) => bound.orders(call),
    },
    {
      method: 'GET',
      path: '/v1/holds',
      needs: 'see',
      summary: 'Holds of a customer, newest first; some milliseconds behind the sale',
      query: { customer: Type.String(), ...parameters },
      answers: answer(schemas.hold, 'A page of holds, and the position that it is true at'),
      handle: (call) => bound.holds(call),
    },
  ];
}

class ListHandlers {
  private readonly context: Context;
  private readonly lists: Lists | null;

  constructor(context: Context, lists: Lists | null) {
    this.context = context;
    this.lists = lists;
  }

  orders(call: Call): Promise<Answer> {
    const { searchParams } = call.url;
    const customer = searchParams.get('customer');
    const sale = searchParams.get('sale');
    if ((customer === null) === (sale === null))
      throw invalidParameter(customer === null ? 'customer' : 'sale', 'must be given: either customer or sale');
    const { state } = this.context;
    const show = (row: number): string => orderText(state, row, Infinity);
    if (customer !== null) return this.list(call, (lists, page) => lists.ordersOfCustomer(customer, page), show);
    const row = parseId('sale', this.context.cell, sale ?? '');
    if (row < 0 || row >= state.sales.count || state.sales.removed.get(row) === 1) {
      throw new HttpFailure(outcomes.UNKNOWN_SALE);
    }
    return this.list(call, (lists, page) => lists.ordersOfSale(row + 1, page), show);
  }

  holds(call: Call): Promise<Answer> {
    const customer = call.url.searchParams.get('customer');
    if (customer === null) throw invalidParameter('customer', 'must be given');
    const { state } = this.context;
    return this.list(
      call,
      (lists, page) => lists.holdsOfCustomer(customer, page),
      (row) => {
        const status = holdStatus(state, row, this.context.node.engine.nowMs);
        return holdText(state, row, status, state.civilDeadlineMs(row));
      },
    );
  }

  private async list(
    call: Call,
    read: (lists: Lists, page: ListPage) => Promise<ListedRows>,
    show: (row: number) => string,
  ): Promise<Answer> {
    const { context } = this;
    if (this.lists === null) throw new HttpFailure(problems.NO_LISTS);
    const limit = readLimit(call);
    // One more than is shown tells whether there is a next page.
    const page = { before: readCursor(call, context.state, 'b'), limit: limit + 1 };
    const { ids, position } = await this.reachAsked(call, () => read(this.lists!, page));
    const shown = ids.slice(0, limit);
    const last = shown.at(-1);
    const next = ids.length > limit && last !== undefined ? writeCursor(context.state, 'b', last, position) : null;
    const at = writePosition(context.state, position);
    const body = `{"items":[${shown.map((id) => show(id - 1)).join(',')}],"next":${JSON.stringify(next)},"position":"${at}"}`;
    return { status: 200, headers: { 'Content-Type': 'application/json', 'Holdfast-Position': at }, body };
  }

  /** Reads a list, again and again until it has reached `?at=POSITION`. @throws HttpFailure 409, 503 */
  private async reachAsked(call: Call, read: () => Promise<ListedRows>): Promise<ListedRows> {
    const asked = this.context.askedPosition(call);
    const untilMs = performance.now() + reachWithinMs;
    for (;;) {
      const listed = await readable(read);
      if (listed.position >= asked) return listed;
      if (performance.now() >= untilMs) throw new HttpFailure(problems.LISTS_BEHIND);
      await new Promise((resolve) => setTimeout(resolve, lookMs));
    }
  }
}

async function readable(read: () => Promise<ListedRows>): Promise<ListedRows> {
  try {
    return await read();
  } catch {
    // Why is the follower's to say, in the log and under /readyz: it is the same database.
    throw new HttpFailure(problems.LISTS_BEHIND);
  }
}
