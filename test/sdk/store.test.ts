/** All calls against a real store, as an operator and as anybody. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Sale } from '../../sdk/src/index.ts';
import { Holdfast, HoldfastError } from '../../sdk/src/index.ts';
import { operatorKey, Store } from './support/store.ts';

const store = new Store();
let operator: Holdfast;
/** Somebody with tokens of their own. */
const anybody = (): Holdfast => new Holdfast({ url: store.url });

before(async () => {
  await store.start();
  operator = new Holdfast({ url: store.url, operatorKey });
});

after(() => store.end());

async function makeSale(capacity: number, more: object = {}): Promise<Sale> {
  return await operator.sales.create({ name: 'Opening night', kind: 'counted', capacity, ...more });
}

function refusal(code: string): (error: unknown) => boolean {
  return (error) => error instanceof HoldfastError && error.code === code && !error.resultUnknown;
}

describe('a call by its path', () => {
  test("a dialect's call by path has one effect however often it is sent, and its refusal keeps its own words", async () => {
    const body = { name: 'Hamlet', event_date: '2027-01-31' };
    type Made = { readonly data: { readonly id: number } };
    const ask = (event: object, key: string) =>
      operator.request<Made>({ method: 'POST', path: '/api/events', body: event, keyed: true }, { key });
    const made = await ask(body, 'hamlet');
    assert.deepEqual([made.answer.status, made.answer.replayed, made.answer.key], [201, false, 'hamlet']);
    const again = await ask(body, 'hamlet');
    assert.deepEqual([again.data.id, again.answer.replayed], [made.data.id, true]);
    const changed = { method: 'PUT', path: `/api/events/${made.data.id}`, body: { status: 'draft' } } as const;
    assert.equal((await operator.request<Made>(changed)).data.id, made.data.id);
    const list = await operator.request<{ readonly data: readonly object[] }>({
      method: 'GET',
      path: '/api/events',
      query: { limit: 1, page: undefined },
    });
    assert.equal(list.data.length, 1);
    await assert.rejects(ask({ ...body, name: '' }, 'nameless'), (error) => {
      assert.ok(error instanceof HoldfastError);
      const { code, status, attempts, detail } = error;
      assert.deepEqual([code, status, attempts], ['HTTP_ERROR', 400, 1]);
      assert.deepEqual(error.body, { success: false, message: detail });
      assert.match(detail, /name/);
      return true;
    });
  });

  test('a native call by path has its problem document in the error', async () => {
    await assert.rejects(operator.request({ method: 'GET', path: '/v1/sales/sale_0_999' }), (error) => {
      assert.ok(error instanceof HoldfastError);
      const said = JSON.parse(JSON.stringify(error.body)) as { code: string };
      assert.deepEqual([error.code, said.code], ['UNKNOWN_SALE', 'UNKNOWN_SALE']);
      return true;
    });
    const nowhere = new Holdfast({ url: 'http://127.0.0.1:1', retry: { attempts: 1 } });
    await assert.rejects(nowhere.request({ method: 'GET', path: '/v1/sales' }), { code: 'NETWORK', body: null });
  });
});

describe('a sale', () => {
  test('a sale is made, read and changed', async () => {
    const opensAt = new Date(Date.now() + 60_000);
    const sale = await makeSale(5, {
      opensAt,
      price: { amount: 2500, currency: 'EUR' },
      image: 'https://a.example/b.png',
    });
    assert.deepEqual([sale.status, sale.available, sale.opensAt], ['scheduled', 5, opensAt.toISOString()]);
    assert.equal(sale.image, 'https://a.example/b.png');
    await assert.rejects(anybody().holds.place(sale.id, { quantity: 1 }), refusal('NOT_OPEN'));
    const changed = await operator.sales.update(sale.id, { opensAt: null, capacity: 7 });
    assert.deepEqual([changed.status, changed.capacity], ['open', 7]);
    assert.deepEqual({ ...(await anybody().sales.get(sale.id)) }, { ...changed });
    await assert.rejects(anybody().sales.update(sale.id, { capacity: 9 }), refusal('UNAUTHORIZED'));
    await assert.rejects(operator.sales.get('sale_0_999'), refusal('UNKNOWN_SALE'));
  });

  test('an invalid request for a sale names the wrong fields', async () => {
    await assert.rejects(makeSale(-1), (error) => {
      assert.ok(error instanceof HoldfastError);
      assert.deepEqual([error.code, error.status, error.errors[0]?.path], ['INVALID_REQUEST', 400, '/capacity']);
      return true;
    });
  });

  test('a sale is listed in pages, newest first', async () => {
    const made: string[] = [];
    for (let count = 0; count < 5; count += 1) made.unshift((await makeSale(1)).id);
    const page = await anybody().sales.list({ limit: 2 });
    assert.deepEqual(
      page.items.map(({ id }) => id),
      made.slice(0, 2),
    );
    const listed: string[] = [];
    for await (const { id } of anybody().sales.all({ limit: 2 })) {
      listed.push(id);
      if (listed.length === 5) break;
    }
    assert.deepEqual(listed, made);
    let count = 0;
    for await (const sale of operator.sales.all()) count += sale.id === '' ? 0 : 1;
    assert.equal(count, Number(made[0]?.split('_')[2]));
  });
});

describe('buying', () => {
  test('buying gives an order that only its buyer opens', async () => {
    const sale = await makeSale(5, { price: { amount: 2500, currency: 'EUR' } });
    const buyer = anybody();
    const order = await buyer.orders.buy(sale.id, { quantity: 2, customer: 'ann' });
    assert.deepEqual([order.status, order.total], ['confirmed', { amount: 5000, currency: 'EUR' }]);
    assert.equal((await buyer.orders.get(order.id)).id, order.id);
    await assert.rejects(anybody().orders.get(order.id), refusal('TOKEN_REQUIRED'));
    assert.equal((await anybody().orders.get(order.id, { token: order.token })).id, order.id);
    assert.ok(!('token' in (await operator.orders.get(order.id))));
    const cancelled = await buyer.orders.cancel(order.id);
    assert.equal(cancelled.status, 'cancelled');
    assert.deepEqual(cancelled.active, { quantity: 0, total: { amount: 0, currency: 'EUR' } });
    assert.deepEqual([cancelled.total, cancelled.cancelledTotal], [order.total, order.total]);
    assert.ok(cancelled.cancelledAt !== null && cancelled.cancelledAt >= order.createdAt);
    assert.equal((await buyer.sales.get(sale.id, { at: buyer.position ?? undefined })).available, 5);
    await assert.rejects(buyer.orders.cancel(order.id), refusal('ORDER_CANCELLED'));
  });

  test('buying again with the same key gives the same order', async () => {
    const sale = await makeSale(5);
    const buyer = anybody();
    const first = await buyer.orders.buy(sale.id, { quantity: 2 });
    const again = await buyer.orders.buy(sale.id, { quantity: 2 }, { key: first.answer.key ?? undefined });
    assert.deepEqual([again.id, again.answer.replayed, first.answer.replayed], [first.id, true, false]);
    assert.equal(again.answer.position, first.answer.position);
    await assert.rejects(
      buyer.orders.buy(sale.id, { quantity: 1 }, { key: first.answer.key ?? undefined }),
      refusal('KEY_REUSED'),
    );
    assert.equal((await buyer.sales.get(sale.id)).sold, 2);
  });

  test('a basket is bought whole or not at all, and a line of it can be cancelled', async () => {
    const [one, two] = [await makeSale(3), await makeSale(1)];
    const buyer = anybody();
    const lines = [one, two].map(({ id }) => ({ sale: id, quantity: 1 }));
    const order = await buyer.orders.buyBasket({ lines });
    await assert.rejects(buyer.orders.buyBasket({ lines }), refusal('SOLD_OUT'));
    const cancelled = await buyer.orders.cancel(order.id, { lines: [1] });
    assert.deepEqual(
      cancelled.lines.map(({ status }) => status),
      ['confirmed', 'cancelled'],
    );
    assert.deepEqual([cancelled.status, cancelled.active.quantity], ['partially_cancelled', 1]);
    const free = { amount: 0, currency: null };
    assert.deepEqual([order.total, cancelled.total, cancelled.cancelledTotal], [null, free, free]);
    assert.deepEqual([(await buyer.sales.get(one.id)).sold, (await buyer.sales.get(two.id)).sold], [1, 0]);
  });

  test("a purchase is shown under the buyer's registered name", async () => {
    const sale = await makeSale(3);
    const customer = await operator.customers.create({ name: 'Ann' });
    assert.equal((await operator.customers.get(customer.id)).name, 'Ann');
    await assert.rejects(operator.customers.create({ id: customer.id }), refusal('CUSTOMER_EXISTS'));
    await anybody().orders.buy(sale.id, { quantity: 2, customer: customer.id });
    await anybody().orders.buy(sale.id, { quantity: 1 });
    const { items } = await anybody().sales.buyers(sale.id);
    assert.deepEqual(
      items.map(({ name, quantity }) => [name, quantity]),
      [
        [null, 1],
        ['Ann', 2],
      ],
    );
  });
});

describe('a hold', () => {
  test('a hold is placed, extended, confirmed', async () => {
    const sale = await makeSale(3);
    const visitor = anybody();
    const hold = await visitor.holds.place(sale.id, { quantity: 2, seconds: 30 });
    await assert.rejects(anybody().holds.confirm(hold.id), refusal('TOKEN_REQUIRED'));
    const until = new Date(Date.parse(hold.expiresAt) + 20_000);
    assert.equal((await visitor.holds.extend(hold.id, until)).expiresAt, until.toISOString());
    const order = await visitor.holds.confirm(hold.id);
    const confirmed = await visitor.holds.get(hold.id, { at: order.answer.position ?? undefined });
    assert.deepEqual([confirmed.status, confirmed.order], ['confirmed', order.id]);
    assert.equal((await visitor.orders.get(order.id)).status, 'confirmed');
    await assert.rejects(visitor.holds.release(hold.id), refusal('HOLD_CONFIRMED'));
  });

  test('a hold is released', async () => {
    const sale = await makeSale(3);
    const visitor = anybody();
    const hold = await visitor.holds.place(sale.id, { quantity: 3 });
    assert.equal((await visitor.holds.release(hold.id)).status, 'released');
    await assert.rejects(visitor.holds.confirm(hold.id), refusal('HOLD_RELEASED'));
    assert.equal((await visitor.sales.get(sale.id)).available, 3);
  });
});

describe('a waitlist', () => {
  test('a waitlist offers returned stock to the first in line, who can buy it', async () => {
    const sale = await makeSale(1);
    const [owner, first, second] = [anybody(), anybody(), anybody()];
    await assert.rejects(first.waitlist.join(sale.id, { quantity: 1, customer: 'one' }), refusal('STILL_AVAILABLE'));
    const hold = await owner.holds.place(sale.id, { quantity: 1 });
    const entry = await first.waitlist.join(sale.id, { quantity: 1, customer: 'one' });
    const behind = await second.waitlist.join(sale.id, { quantity: 1, customer: 'two' });
    assert.deepEqual([entry.position, entry.answer.status, behind.position], [1, 201, 2]);
    const again = await first.waitlist.join(sale.id, { quantity: 1, customer: 'one' });
    assert.deepEqual([again.id, again.answer.status], [entry.id, 200]);
    const stranger = second.waitlist.join(sale.id, { quantity: 1, customer: 'one' });
    await assert.rejects(stranger, refusal('TOKEN_REQUIRED'));
    await assert.rejects(second.waitlist.leave(entry), refusal('TOKEN_REQUIRED'));
    await owner.holds.release(hold.id);
    const offered = await first.waitlist.get(entry.id);
    assert.equal(offered.status, 'offered');
    assert.ok(offered.hold);
    // The offer's token came with the entry.
    assert.equal((await first.holds.confirm(offered.hold.id)).status, 'confirmed');
    assert.equal((await first.waitlist.get(entry.id)).status, 'served');
    await assert.rejects(first.waitlist.leave(entry), refusal('ENTRY_ENDED'));
    await second.waitlist.leave(behind);
    await second.waitlist.leave(behind);
    assert.equal((await second.waitlist.get(behind.id)).status, 'left');
  });
});

describe('the stream', () => {
  test('the stream tells of a sale, its buyers, and the hold and place in line that are followed', async () => {
    const sale = await makeSale(2);
    const visitor = anybody();
    const hold = await visitor.holds.place(sale.id, { quantity: 2 });
    const entry = await visitor.waitlist.join(sale.id, { quantity: 1, customer: 'ann' });
    const told: string[] = [];
    const reader = visitor.stream({ sales: [sale.id], holds: [hold.id], waitlist: [entry.id] });
    for await (const event of reader) {
      if (event.type === 'sale') told.push(`${event.sale.sold} sold, ${event.sale.held} held`);
      if (event.type === 'hold') told.push(event.hold.status);
      if (event.type === 'waitlist') told.push(event.entry.status);
      if (event.type === 'purchase') told.push(`bought ${event.purchase.quantity}`);
      if (event.type === 'waitlist' && event.entry.status === 'waiting') await visitor.holds.release(hold.id);
      if (event.type === 'waitlist' && event.entry.hold !== null) {
        await visitor.waitlist.get(entry.id);
        await visitor.holds.confirm(event.entry.hold.id);
      }
      if (event.type === 'waitlist' && event.entry.status === 'served') break;
    }
    const expected = [
      ['0 sold, 2 held', 'active', 'waiting'],
      ['0 sold, 1 held', 'released', 'offered'],
      ['1 sold, 0 held', 'bought 1', 'served'],
    ];
    assert.deepEqual(told, expected.flat());
    assert.ok(Math.abs(reader.clockOffsetMs ?? Infinity) < 1000);
  });

  test('the stream names a followed thing that does not exist', async () => {
    const listen = (client: Holdfast): Promise<void> => client.stream({ holds: ['hold_0_999'] }).listen(() => {});
    await assert.rejects(listen(operator), refusal('INVALID_REQUEST'));
    await assert.rejects(listen(anybody()), refusal('TOKEN_REQUIRED'));
  });
});
