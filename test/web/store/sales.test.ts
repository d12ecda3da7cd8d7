/** Sales on the page: their phase, their order, and their last buyers. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Buyer, Sale } from '../../../sdk/src/index.ts';
import { newestBuyers } from '../../../web/src/store/buyers.ts';
import type { Phase } from '../../../web/src/store/phase.ts';
import { nextChangeMs, phaseOf } from '../../../web/src/store/phase.ts';
import { newestFirst, orderOf } from '../../../web/src/store/sale-order.ts';
import { hallPath, isInShop, isSeated } from '../../../web/src/store/shelf.ts';

const at = (seconds: number): string => new Date(seconds * 1000).toISOString();

function sale(more: Partial<Sale> = {}): Sale {
  return {
    id: 'sale_0_1',
    name: 'Lamp',
    kind: 'counted',
    status: 'open',
    capacity: 10,
    sold: 0,
    held: 0,
    available: 10,
    price: null,
    opensAt: null,
    closesAt: null,
    holdSeconds: 60,
    maxHoldSeconds: 60,
    maxPerOrder: null,
    maxPerCustomer: null,
    refusals: 'forget',
    image: null,
    door: 'v1',
    createdAt: at(0),
    position: '0.1',
    ...more,
  };
}

describe('the phase of a sale', () => {
  const window = { opensAt: at(100), closesAt: at(200) };
  const phases: readonly (readonly [string, Partial<Sale>, number, Phase])[] = [
    ['open while there is stock', {}, 0, 'open'],
    ['in hands while none is free and not all are bought', { available: 0, held: 1, sold: 9 }, 0, 'in-hands'],
    ['sold out when all are bought', { available: 0, sold: 10 }, 0, 'sold-out'],
    ['soon until it opens', window, 99.999, 'soon'],
    ['open from then on', window, 100, 'open'],
    ['open until it closes', window, 199.999, 'open'],
    ['closed from then on, sold out or not', { ...window, available: 0, sold: 10 }, 200, 'closed'],
    ['closed when the store says so', { status: 'closed' }, 0, 'closed'],
    ['paused, before it opens too', { ...window, status: 'paused' }, 0, 'paused'],
    ['closed rather than paused when its time is over', { ...window, status: 'paused' }, 200, 'closed'],
  ];
  for (const [what, more, seconds, phase] of phases) {
    test(`a sale is ${what}`, () => assert.equal(phaseOf(sale(more), seconds * 1000), phase));
  }

  test('the phase of a sale changes when its window opens or closes, and never by itself after that', () => {
    const some = sale(window);
    assert.equal(nextChangeMs(some, 0), 100_000);
    assert.equal(nextChangeMs(some, 100_000), 200_000);
    assert.equal(nextChangeMs(some, 200_000), null);
    assert.equal(nextChangeMs(sale(), 0), null);
  });

  test('the shop shows counted sales of doors that sell so; seated ones have a hall', () => {
    assert.ok(isInShop(sale()) && isInShop(sale({ door: 'drops' })));
    assert.ok(!isInShop(sale({ door: 'tickets' })) && !isInShop(sale({ kind: 'seated' })));
    assert.ok(isSeated(sale({ kind: 'seated' })));
    assert.equal(hallPath({ id: 'a/b' }), '/box-office/a%2Fb');
  });
});

describe('the order of sales', () => {
  const phaseOfSale = (id: string): Phase | null =>
    ({ open: 'open', closed: 'closed', soon: 'soon', hands: 'in-hands' } as const)[id] ?? null;

  test('the order of sales is at first by what can be done with them, then as given', () => {
    assert.deepEqual(orderOf(['closed', 'unknown', 'soon', 'open', 'hands'], [], phaseOfSale), [
      'open',
      'hands',
      'soon',
      'closed',
      'unknown',
    ]);
    assert.deepEqual(
      orderOf(['b', 'a', 'c'], [], () => 'open'),
      ['b', 'a', 'c'],
    );
  });

  test('the order of sales moves no line that was shown: what is new comes in front, what is gone goes', () => {
    const shown = ['closed', 'open', 'gone'];
    assert.deepEqual(orderOf(['soon', 'open', 'closed'], shown, phaseOfSale), ['soon', 'closed', 'open']);
  });

  test('the order of sales has the newest in front; of one moment, the one with the greater number', () => {
    const some = [sale({ id: 'sale_0_9' }), sale({ id: 'sale_0_10' }), sale({ id: 'sale_0_2', createdAt: at(5) })];
    assert.deepEqual(
      newestFirst(some).map(({ id }) => id),
      ['sale_0_2', 'sale_0_10', 'sale_0_9'],
    );
  });
});

describe('the last buyers', () => {
  const buyer = (seconds: number, name: string | null = 'Ada', quantity = 1): Buyer => ({
    at: at(seconds),
    name,
    quantity,
  });

  test('the last buyers are three, newest first, from either source', () => {
    assert.deepEqual(newestBuyers([buyer(4), buyer(1)], [buyer(3), buyer(2)]), [buyer(4), buyer(3), buyer(2)]);
  });

  test('the last buyers are each shown once, even if a call and the stream name the same one', () => {
    assert.deepEqual(newestBuyers([buyer(4)], [buyer(4), buyer(3)]), [buyer(4), buyer(3)]);
    assert.equal(newestBuyers([buyer(4)], [buyer(4, null), buyer(4, 'Ada', 2)]).length, 3);
  });
});
