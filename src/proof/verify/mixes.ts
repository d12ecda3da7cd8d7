/** The steps of three kinds of clients. Each step is one recorded operation, or none. */
import { hasRoom } from './client.ts';
import type { Client } from './client.ts';
import { parseObject, textOf, textOrNull } from '../load/json.ts';
import type { Line, Operation, Request } from '../audit/operation.ts';
import { isOk } from '../audit/operation.ts';

type Step = (client: Client) => Promise<Operation | null>;

const plain = { method: 'POST', body: null, key: null, token: null, byOperator: false, of: null, lines: [] } as const;
const maxQuantity = 4;
/** Drops own things that can no longer be acted upon, to keep the lists short. */
const maxKept = 200;

/** Buys in the tickets dialect and looks at the count in between. */
export function ticketsMix(event: string): Step {
  return async (client) => {
    if (!hasRoom(client.record, [event])) return client.replayOne();
    const dice = client.random();
    if (dice < 0.05) return client.replayOne();
    if (dice < 0.12) return client.ask(readOf(event, '/api/v1/event'));
    const quantity = 1 + client.below(maxQuantity);
    const request: Request = {
      ...plain,
      kind: 'purchase',
      path: '/api/v1/purchase',
      body: JSON.stringify({ quantity }),
      key: client.nextKey(),
      lines: [{ sale: event, quantity }],
    };
    return dice < 0.2 ? client.askTwice(request) : client.ask(request);
  };
}

/** Buys on two sales, singly and together, and cancels some of it, in whole or by line. */
export function shopMix(sales: readonly string[]): Step {
  return async (client) => {
    if (!hasRoom(client.record, sales)) return client.replayOne();
    const dice = client.random();
    const sale = client.pick(sales)!;
    if (dice < 0.05) return client.replayOne();
    if (dice < 0.1) return client.ask(readOf(sale, `/v1/sales/${sale}`));
    const order = dice < 0.25 ? client.take(client.orders) : undefined;
    if (order !== undefined) return cancel(client, order);
    const request = dice < 0.5 ? basketOf(client, sales) : orderOf(client, sale);
    return kept(client.orders, dice < 0.6 ? await client.askTwice(request) : await client.ask(request));
  };
}

/** Holds, and ends its holds in every way, or lets them expire. */
export function holdsMix(sale: string): Step {
  return async (client) => {
    if (!hasRoom(client.record, [sale])) return client.replayOne();
    const dice = client.random();
    if (dice < 0.05) return client.replayOne();
    if (dice < 0.1) return client.ask(readOf(sale, `/v1/sales/${sale}`));
    if (dice < 0.15) return kept(client.orders, await client.ask(orderOf(client, sale)));
    if (dice < 0.2) {
      const order = client.take(client.orders);
      if (order !== undefined) return cancel(client, order);
    }
    if (dice < 0.6) {
      const request = holdOf(client, sale);
      return kept(client.holds, dice < 0.25 ? await client.askTwice(request) : await client.ask(request));
    }
    if (dice < 0.67) {
      const hold = client.pick(client.holds);
      return hold === undefined ? null : client.ask(extendOf(client, hold));
    }
    const hold = client.take(client.holds);
    return hold === undefined ? null : endHold(client, hold, dice);
  };
}

function endHold(client: Client, hold: Operation, dice: number): Promise<Operation> | null {
  // Some are left alone, to expire.
  if (dice < 0.72) return null;
  if (dice < 0.8) return client.ask(releaseOf(hold));
  if (dice < 0.85) return raceToConfirm(client, hold);
  const request = confirmOf(hold, hold.key);
  return dice < 0.9 ? client.askTwice(request) : confirmed(client, request);
}

async function confirmed(client: Client, request: Request): Promise<Operation> {
  return kept(client.orders, await client.ask(request));
}

/**
 * Two requests with different keys end one hold at once. Both may confirm it, which makes one
 * order, or one of them ends it otherwise.
 */
async function raceToConfirm(client: Client, hold: Operation): Promise<Operation> {
  const other = client.random() < 0.5 ? confirmOf(hold, client.nextKey()) : releaseOf(hold, client.nextKey());
  const [one, second] = await client.askBoth(confirmOf(hold, hold.key), other, client.number + 1);
  return one.answer === null ? one : second;
}

async function cancel(client: Client, order: Operation): Promise<Operation> {
  const several = order.lines.length > 1 && client.random() < 0.6;
  const line = client.below(order.lines.length);
  const body = several ? { lines: [line] } : {};
  const operation = await client.ask({
    ...plain,
    kind: 'cancel',
    path: `/v1/orders/${idOf(order)}/cancel`,
    body: JSON.stringify(body),
    // The key's scope is the order, so the order's own key may be used again, but only once.
    key: several ? client.nextKey() : order.key,
    token: tokenOf(order),
    lines: several ? order.lines.slice(line, line + 1) : order.lines,
    of: order,
  });
  if (several && isOk(operation)) kept(client.orders, order);
  return operation;
}

function orderOf(client: Client, sale: string): Request {
  const quantity = 1 + client.below(maxQuantity);
  return {
    ...plain,
    kind: 'order',
    path: `/v1/sales/${sale}/orders`,
    body: JSON.stringify({ quantity }),
    key: client.nextKey(),
    lines: [{ sale, quantity }],
  };
}

/** One to three lines, now and then two of them on one sale. */
function basketOf(client: Client, sales: readonly string[]): Request {
  const lines: Line[] = Array.from({ length: 1 + client.below(3) }, () => ({
    sale: client.pick(sales)!,
    quantity: 1 + client.below(maxQuantity),
  }));
  return {
    ...plain,
    kind: 'basket',
    path: '/v1/orders',
    body: JSON.stringify({ lines }),
    key: client.nextKey(),
    lines,
  };
}

function holdOf(client: Client, sale: string): Request {
  const quantity = 1 + client.below(maxQuantity);
  const body = client.random() < 0.4 ? { quantity, seconds: 1 } : { quantity };
  return {
    ...plain,
    kind: 'hold',
    path: `/v1/sales/${sale}/holds`,
    body: JSON.stringify(body),
    key: client.nextKey(),
    lines: [{ sale, quantity }],
  };
}

function onHold(hold: Operation): Pick<Request, 'token' | 'lines' | 'of'> {
  return { token: tokenOf(hold), lines: hold.lines, of: hold };
}

function confirmOf(hold: Operation, key: string | null): Request {
  return { ...plain, ...onHold(hold), kind: 'confirm', path: `/v1/holds/${idOf(hold)}/confirm`, key };
}

function releaseOf(hold: Operation, key: string | null = hold.key): Request {
  return { ...plain, ...onHold(hold), kind: 'release', method: 'DELETE', path: `/v1/holds/${idOf(hold)}`, key };
}

function extendOf(client: Client, hold: Operation): Request {
  const until = new Date(Date.now() + 500 + client.below(2000)).toISOString();
  return {
    ...plain,
    ...onHold(hold),
    kind: 'extend',
    path: `/v1/holds/${idOf(hold)}/extend`,
    body: JSON.stringify({ until }),
    key: client.nextKey(),
  };
}

export function readOf(sale: string, path: string): Request {
  return { ...plain, kind: 'read', method: 'GET', path, lines: [{ sale, quantity: 0 }] };
}

function kept(list: Operation[], operation: Operation): Operation {
  if (isOk(operation)) list.push(operation);
  if (list.length > maxKept) list.shift();
  return operation;
}

function idOf(operation: Operation): string {
  return textOf(parseObject(operation.answer?.body ?? ''), 'id');
}

function tokenOf(operation: Operation): string | null {
  return textOrNull(parseObject(operation.answer?.body ?? ''), 'token');
}
