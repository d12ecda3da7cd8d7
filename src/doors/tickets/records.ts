/**
 * Events and purchases as records, beside the rush: lists and reads, making an event, and buying
 * from a named event.
 */
import type { State } from '../../engine/state.ts';
import { doors, kinds, scopes } from '../../engine/command.ts';
import { linesOf } from '../../engine/commands/lines.ts';
import { fingerprintText } from '../../engine/fingerprint.ts';
import type { Answer } from '../../http/answer.ts';
import type { Call } from '../../http/call.ts';
import type { Node } from '../../node/node.ts';
import { jsonText } from '../kit/answers.ts';
import { checkKey, readKey } from '../kit/idempotency.ts';
import { formatId } from '../kit/ids.ts';
import { jsonOf, missing } from '../kit/input.ts';
import { keepsOldForm } from '../kit/old-form.ts';
import type { Operation, Read } from '../kit/operation.ts';
import { composed } from '../kit/texts.ts';
import { eventDefinition, eventView, findEvent, listedEvent, madeEvent, olderEvent } from './events.ts';
import type { KeyIndex } from './purchase-keys.ts';
import { keysOf } from './purchase-keys.ts';
import { allEvents, findPurchase, newestLines, purchaseTotals, purchaseView } from './purchases.ts';
import { asObject } from './quantity.ts';
import type { EventRequest, Page, PurchaseRequest } from './requests.ts';
import { maxListed, readEvent, readPage, readPurchase } from './requests.ts';
import type { Statistics } from './statistics.ts';

export const listEvents: Read<Page> = {
  read: pageOf,
  answer: ({ limit, page }, state) => {
    const events = allEvents(state);
    const end = Math.max(0, events.length - (page - 1) * limit);
    const newest = events.slice(Math.max(0, end - limit), end).reverse();
    return data(newest.map((row) => listedEvent(state, row)));
  },
};

export const createEvent: Operation<EventRequest> = {
  // The key is checked before the body is read, as the original does.
  admit: (call) => void readKey(call.header('idempotency-key')),
  read: (call, body) => readEvent(asObject(jsonOf(call, body))),
  fill: ({ name, totalSeats }, _, command) => {
    command.reset(kinds.createSale).body = eventDefinition(composed(name), totalSeats);
    return undefined;
  },
  keep: (key, { name, totalSeats }, command) => {
    command.setKey(scopes.operator, doors.tickets, key);
    fingerprintText(command, JSON.stringify([name, totalSeats]));
  },
  /** As it was made, before any sale: a retry gets the same. */
  answer: ({ thing }, _, state) => {
    const made = madeEvent(state, thing);
    return keepsOldForm(state, state.sales.position.get(thing))
      ? data(olderEvent(made), {}, 201)
      : data(made, { message: 'Event created successfully' }, 201);
  },
};

/** One event; buyers and their keys are for operators only. */
export function oneEvent(
  node: Node,
  index: KeyIndex | null,
): Read<{ readonly id: string; readonly isOperator: boolean }> {
  return {
    read: (call) => ({ id: call.param('id'), isOperator: call.isOperator }),
    answer: async ({ id, isOperator }, state) => {
      const row = eventOf(state, id);
      const event = eventView(state, row);
      if (!isOperator) return data(event);
      const lines = await newestLines(state, [row], maxListed, 1);
      return data({ ...event, purchases: await purchasesOf(node, index, lines) });
    },
  };
}

export const availability: Read<string> = {
  read: (call) => call.param('id'),
  answer: (id, state) => {
    const { name, totalSeats, seatsSold, seatsRemaining } = eventView(state, eventOf(state, id));
    const isAvailable = seatsRemaining > 0;
    return data({
      eventId: id,
      name,
      totalSeats,
      seatsSold,
      availableSeats: seatsRemaining,
      seatsRemaining,
      isAvailable,
    });
  },
};

/** The event is named, and the key is in the body. */
export function purchaseByEvent(statistics: Statistics): Operation<PurchaseRequest> {
  return {
    read: (call, body) => {
      const ask = readPurchase(asObject(jsonOf(call, body)));
      checkKey(ask.idempotencyKey);
      return ask;
    },
    fill: ({ eventId, quantity }, state, command) => {
      linesOf(command.reset(kinds.order)).add(eventOf(state, eventId), quantity);
      return undefined;
    },
    keyIn: ({ idempotencyKey }) => idempotencyKey,
    keep: (key, { eventId, quantity }, command) => {
      command.setKey(scopes.door, doors.tickets, key);
      fingerprintText(command, `${eventId} ${quantity}`);
    },
    answer: ({ thing: order, replayed }, { idempotencyKey }, state) => {
      if (!replayed) statistics.successPurchases += 1;
      return boughtByEvent(state, order, idempotencyKey, !replayed);
    },
  };
}

function boughtByEvent(state: State, order: number, key: string, isNewPurchase: boolean): Answer {
  const { sales, lines, orders, genesis } = state;
  const line = orders.firstLine.get(order);
  const status = isNewPurchase ? 201 : 200;
  const view = { ...purchaseView(state, line, key), isNewPurchase };
  if (keepsOldForm(state, orders.position.get(order))) return data(view, {}, status);
  const message = isNewPurchase ? 'Purchase successful' : 'Purchase already exists with this idempotency key';
  const event = lines.sale.get(line);
  const named = { id: formatId('sale', genesis.cell, event), name: sales.made[event]?.name };
  return data({ ...view, event: named }, { message, isNewPurchase }, status);
}

export function listPurchases(node: Node, index: KeyIndex | null): Read<Page> {
  return {
    read: pageOf,
    answer: async ({ limit, page }, state) => {
      const lines = await newestLines(state, allEvents(state), limit, page);
      return data(await purchasesOf(node, index, lines));
    },
  };
}

export function listPurchasesOf(
  node: Node,
  index: KeyIndex | null,
): Read<{ readonly eventId: string; readonly query: URLSearchParams }> {
  return {
    read: (call) => ({ eventId: call.param('eventId'), query: call.url.searchParams }),
    answer: async ({ eventId, query }, state) => {
      const event = eventOf(state, eventId);
      const { limit, page } = readPage(query);
      const lines = await newestLines(state, [event], limit, page);
      return data(await purchasesOf(node, index, lines));
    },
  };
}

export function onePurchase(node: Node): Read<string> {
  return {
    read: (call) => call.param('id'),
    answer: async (id, state) => {
      const line = findPurchase(state, id);
      if (line < 0) throw missing('Purchase not found');
      const [purchase] = await purchasesOf(node, null, [line]);
      return data(purchase);
    },
  };
}

export const totals: Read<undefined> = {
  read: () => undefined,
  answer: (_, state) => data(purchaseTotals(state)),
};

export const freshKey: Read<undefined> = {
  read: () => undefined,
  answer: () => data({ idempotencyKey: crypto.randomUUID() }),
};

/** Purchases by their lines, with their keys. */
async function purchasesOf(
  node: Node,
  index: KeyIndex | null,
  lines: readonly number[],
): Promise<Record<string, unknown>[]> {
  const { state } = node.engine;
  const orderOf = (line: number): number => state.lines.order.get(line);
  const keys = await keysOf(node, index, new Set(lines.map(orderOf)));
  return lines.map((line) => purchaseView(state, line, keys.get(orderOf(line)) ?? null));
}

function pageOf(call: Call): Page {
  return readPage(call.url.searchParams);
}

/** Row of an event. @throws HttpFailure 404 */
function eventOf(state: State, id: string): number {
  const row = findEvent(state, id);
  if (row < 0) throw missing('Event not found');
  return row;
}

function data(value: unknown, more: object = {}, status = 200): Answer {
  return jsonText(JSON.stringify({ success: true, data: value, ...more }), status);
}
