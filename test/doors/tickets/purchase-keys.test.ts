/**
 * Lists of purchases with their keys: from the SQL views as far as these are, the rest from the
 * log.
 */
import assert from 'node:assert/strict';
import path from 'node:path';
import type { TestContext } from 'node:test';
import { describe, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { Command, kinds } from '../../../src/engine/command.ts';
import { linesOf } from '../../../src/engine/commands/lines.ts';
import type { ServedLists } from '../../../src/cli/serve.ts';
import { SqlFollower } from '../../../src/followers/sql/follower.ts';
import { openListings, openSqlDatabase } from '../../../src/followers/sql/open.ts';
import type { Log } from '../../../src/log/log.ts';
import { LogTrimmedError } from '../../../src/log/log.ts';
import { FileLogReader } from '../../../src/log/file/reader.ts';
import { temporaryFolder } from '../../followers/support/shop.ts';
import type { TestStore } from '../../http/support/store.ts';
import { withStore } from '../../http/support/store.ts';
import { buy, data, openEvent } from './support.ts';

/** A store whose log tells what is read of it. */
class Scene {
  readonly store: TestStore;
  readonly event: string;
  /** Positions of the records that were read since the last look. */
  readonly reads: number[];
  private readonly folder: string;
  private readonly place: { readonly kind: 'sqlite'; readonly file: string };

  constructor(store: TestStore, event: string, reads: number[], folder: string) {
    this.store = store;
    this.event = event;
    this.reads = reads;
    this.folder = folder;
    this.place = { kind: 'sqlite', file: path.join(folder, 'views.sqlite') };
  }

  /** Follows the log to its end, and lets go. */
  async follow(): Promise<void> {
    const { folder, place } = this;
    const ending = new AbortController();
    const openDatabase = () => openSqlDatabase(place);
    const parts = { folder, log: new FileLogReader({ folder }), onNotice: () => {}, signal: ending.signal };
    const follower = await SqlFollower.start({ ...parts, openDatabase });
    while (await follower.step());
    await follower.written();
    await follower.close();
  }

  /** The keys of a list, newest first, and how many records were read for it. */
  async list(from = '/api/v1/purchases'): Promise<{ keys: unknown[]; reads: number; text: string }> {
    this.reads.length = 0;
    const answer = await this.store.get(from);
    assert.equal(answer.status, 200, answer.text);
    const listed = data(answer) as { idempotencyKey: unknown }[] | { purchases: { idempotencyKey: unknown }[] };
    const purchases = Array.isArray(listed) ? listed : listed.purchases;
    return {
      keys: purchases.map(({ idempotencyKey }) => idempotencyKey),
      reads: this.reads.length,
      text: answer.text,
    };
  }
}

interface Around {
  /** What the store reads lists from, given what it would. */
  readonly lists?: (real: ServedLists) => ServedLists;
  /** The oldest position that the log says it keeps. */
  readonly keptFrom?: () => number;
}

async function withScene(t: TestContext, around: Around, use: (scene: Scene) => Promise<void>): Promise<void> {
  const folder = temporaryFolder(t);
  const listings = await openListings({ kind: 'sqlite', file: path.join(folder, 'views.sqlite') });
  const reads: number[] = [];
  const options = {
    args: ['--log', 'file', '--data', folder, '--sql', 'none'],
    lists: around.lists?.(listings) ?? listings,
    store: { wrapLog: (log: Log) => watched(log, reads, around.keptFrom ?? (() => log.start())) },
  };
  await withStore(options, async (store) => {
    await use(new Scene(store, await openEvent(store, 100), reads, folder));
  });
  await listings.close();
}

/** The same log; it notes what is read of it, and keeps nothing from before a position. */
function watched(log: Log, reads: number[], keptFrom: () => number): Log {
  const read: Log['read'] = async (position) => {
    reads.push(position);
    if (position < keptFrom()) throw new LogTrimmedError(`position ${position} is not kept`);
    return await log.read(position);
  };
  return new Proxy(log, {
    get: (_, name): unknown => {
      if (name === 'read') return read;
      if (name === 'start') return keptFrom;
      const value: unknown = Reflect.get(log, name);
      return typeof value === 'function' ? (value.bind(log) as unknown) : value;
    },
  });
}

async function buyAll(scene: Scene, keys: readonly string[]): Promise<void> {
  for (const key of keys) assert.equal((await buy(scene.store, 1, key)).status, 200);
}

describe('a list of purchases', () => {
  test('a list of purchases takes keys from the views as far as these are, and the rest from the log', (t) =>
    withScene(t, {}, async (scene) => {
      await buyAll(scene, ['a', "b' --", 'c']);
      const alone = await scene.list();
      assert.deepEqual([alone.keys, alone.reads], [['c', "b' --", 'a'], 3], 'there are no views yet');
      await scene.follow();
      const followed = await scene.list();
      assert.deepEqual([followed.text, followed.reads], [alone.text, 0], 'the same answer, without the log');
      await buyAll(scene, ['d', 'e']);
      const ahead = await scene.list();
      assert.deepEqual([ahead.keys, ahead.reads], [['e', 'd', 'c', "b' --", 'a'], 2]);
      for (const from of [`/api/v1/purchases/event/${scene.event}`, `/api/v1/events/${scene.event}`]) {
        const listed = await scene.list(from);
        assert.deepEqual([listed.keys, listed.reads], [ahead.keys, 2], from);
      }
    }));

  test('a list of purchases has no key where an order was made without one', (t) =>
    withScene(t, {}, async (scene) => {
      await buyAll(scene, ['a']);
      const { node } = scene.store;
      const command = new Command().reset(kinds.order);
      linesOf(command).add(node.engine.state.lines.sale.get(0), 2);
      assert.ok(await node.submit(command, ({ ok }) => ok, null));
      const alone = await scene.list();
      assert.deepEqual(alone.keys, [null, 'a']);
      await scene.follow();
      assert.equal((await scene.list()).text, alone.text);
    }));

  test('a list of purchases takes a single key from the log at once', (t) =>
    withScene(t, {}, async (scene) => {
      await buyAll(scene, ['a']);
      await scene.follow();
      assert.deepEqual((await scene.list()).reads, 1);
    }));

  test('a list of purchases is the same when the views cannot be read', (t) => {
    const lists = (real: ServedLists): ServedLists => ({
      ordersOfCustomer: (customer, page) => real.ordersOfCustomer(customer, page),
      holdsOfCustomer: (customer, page) => real.holdsOfCustomer(customer, page),
      ordersOfSale: (sale, page) => real.ordersOfSale(sale, page),
      journeysOfCard: (card, page) => real.journeysOfCard(card, page),
      entriesOfCard: (card, page) => real.entriesOfCard(card, page),
      keysOfOrders: () => Promise.reject(new Error('the database is gone')),
    });
    return withScene(t, { lists }, async (scene) => {
      await buyAll(scene, ['a', 'b']);
      await scene.follow();
      assert.deepEqual([(await scene.list()).keys, scene.reads.length], [['b', 'a'], 2]);
    });
  });

  test('a list of purchases does not wait for views that are slow', (t) => {
    const lists = (real: ServedLists): ServedLists => ({
      ordersOfCustomer: (customer, page) => real.ordersOfCustomer(customer, page),
      holdsOfCustomer: (customer, page) => real.holdsOfCustomer(customer, page),
      ordersOfSale: (sale, page) => real.ordersOfSale(sale, page),
      journeysOfCard: (card, page) => real.journeysOfCard(card, page),
      entriesOfCard: (card, page) => real.entriesOfCard(card, page),
      // It fails in the end, when no caller waits any more.
      keysOfOrders: async () => {
        await pause(1000);
        throw new Error('too late');
      },
    });
    return withScene(t, { lists }, async (scene) => {
      await buyAll(scene, ['a', 'b']);
      assert.deepEqual([(await scene.list()).keys, scene.reads.length], [['b', 'a'], 2]);
      await pause(1000);
      assert.equal((await scene.store.get('/livez')).status, 200);
    });
  });

  test('a list of purchases has no key that the log no longer keeps, even if the views have it', (t) => {
    let keptFrom = 1;
    return withScene(t, { keptFrom: () => keptFrom }, async (scene) => {
      await buyAll(scene, ['a', 'b', 'c', 'd']);
      const { position } = scene.store.node.engine;
      const whole = await scene.list();
      assert.deepEqual(whole.keys, ['d', 'c', 'b', 'a']);
      keptFrom = position - 1;
      const alone = await scene.list();
      assert.deepEqual(alone.keys, ['d', 'c', null, null]);
      keptFrom = 1;
      await scene.follow();
      keptFrom = position - 1;
      const followed = await scene.list();
      assert.deepEqual([followed.text, followed.reads], [alone.text, 0]);
    });
  });
});
