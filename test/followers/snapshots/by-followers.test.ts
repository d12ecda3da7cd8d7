/**
 * Snapshots of real followers: only of what the log's writer has confirmed, and only where the
 * follower could start from them itself.
 */
import assert from 'node:assert/strict';
import { DatabaseSync } from 'node:sqlite';
import { describe, test } from 'node:test';
import type { TestContext } from 'node:test';
import { Command, kinds } from '../../../src/engine/command.ts';
import { dump } from '../../../src/engine/dump.ts';
import type { FollowerView } from '../../../src/store/follower-records.ts';
import { SnapshotFollower } from '../../../src/followers/snapshots/snapshot-follower.ts';
import { SnapshotWriter } from '../../../src/followers/snapshots/snapshot-writer.ts';
import { RecordWriter } from '../../../src/engine/record.ts';
import { FileLogReader } from '../../../src/log/file/reader.ts';
import { DivergedError } from '../../../src/replica/outcome-checks.ts';
import { outcomeHash } from '../../../src/replica/replay.ts';
import { loadNewestSnapshot, snapshotPositions } from '../../../src/store/snapshot-files.ts';
import { replayTo } from '../../support/replay.ts';
import { follow, Shop, viewsIn } from '../support/shop.ts';

const unexpected = (notice: string): never => assert.fail(notice);

function writerIn(folder: string): SnapshotWriter {
  return new SnapshotWriter({ dataFolder: folder, everyRecords: 100, onNotice: unexpected });
}

/** What both kinds of followers do. */
interface Follows {
  readonly step: () => Promise<boolean>;
  readonly snapshot: () => Promise<void>;
  readonly view: () => FollowerView;
}

/** Each kind, on the folder of a shop. */
const followers: Readonly<Record<string, (t: TestContext, folder: string) => Promise<Follows>>> = {
  'a follower without a database': async (_, folder) => {
    const follower = new SnapshotFollower({
      folder,
      log: new FileLogReader({ folder }),
      snapshots: writerIn(folder),
      onNotice: unexpected,
      signal: new AbortController().signal,
    });
    return {
      step: () => follower.step(),
      snapshot: () => follower.snapshot(),
      view: () => follower.view(),
    };
  },
  'a follower into SQL': async (t, folder) => {
    const { follower } = await follow(t, folder, undefined, writerIn(folder));
    return { step: () => follower.step(), snapshot: () => follower.snapshot(), view: () => follower.view() };
  },
};

async function toTheEnd(follower: Follows): Promise<void> {
  while (await follower.step());
}

/** A batch whose writer had other outcomes before it than everybody else. */
async function appendContradiction(shop: Shop): Promise<void> {
  await shop.node.close();
  const records = new RecordWriter();
  records.add(new Command().reset(kinds.tick));
  const { hashLow, hashHigh, nowMs, position } = shop.node.engine;
  const check = { checkPosition: position, checkLow: hashLow ^ 1, checkHigh: hashHigh };
  await shop.log.append({ count: 1, timeMs: nowMs, nodeId: 1, firstNumber: 1, ...check, records: records.bytes() });
}

for (const [what, start] of Object.entries(followers)) {
  describe(what, () => {
    test('writes a snapshot once the batch behind it has confirmed its outcomes', async (t) => {
      const shop = await Shop.open(t);
      const sale = await shop.sale();
      await shop.buyMany(sale, 200);
      const follower = await start(t, shop.folder);
      await toTheEnd(follower);
      await follower.snapshot();
      const stood = shop.position;
      assert.deepEqual(snapshotPositions(shop.folder), [], 'nothing has confirmed it yet');
      await shop.buy(sale);
      // It is not asked again at once.
      await new Promise((resolve) => setTimeout(resolve, 600));
      await follower.snapshot();
      assert.deepEqual(snapshotPositions(shop.folder), [stood]);
      const replayed = await replayTo(shop.folder, stood);
      assert.deepEqual(dump(loadNewestSnapshot(shop.folder, unexpected)), dump(replayed));
      const { durablePosition, durableHash } = follower.view();
      assert.deepEqual([durablePosition, durableHash], [stood, outcomeHash(replayed)], 'it could start from there');
      await toTheEnd(follower);
      await follower.snapshot();
      assert.deepEqual(snapshotPositions(shop.folder), [stood], 'the next one is not due');
    });

    test('that comes to other outcomes than the log says writes none, and stops', async (t) => {
      const shop = await Shop.open(t);
      await shop.buyMany(await shop.sale(), 200);
      const follower = await start(t, shop.folder);
      await toTheEnd(follower);
      await appendContradiction(shop);
      await assert.rejects(follower.snapshot(), DivergedError);
      await assert.rejects(follower.step(), DivergedError);
      assert.deepEqual(snapshotPositions(shop.folder), []);
    });

    test('starts from the newest snapshot that it can use', async (t) => {
      const shop = await Shop.open(t);
      const sale = await shop.sale();
      await shop.buyMany(sale, 200);
      const first = await start(t, shop.folder);
      await toTheEnd(first);
      const stood = shop.position;
      await shop.buy(sale);
      await first.snapshot();
      assert.deepEqual(snapshotPositions(shop.folder), [stood]);
      const again = await start(t, shop.folder);
      assert.equal(again.view().position, stood);
      assert.equal(again.view().durablePosition, stood);
      await toTheEnd(again);
      assert.equal((await replayTo(shop.folder)).position, shop.position);
    });
  });
}

describe('a follower into SQL', () => {
  test('a follower into SQL writes no snapshot while a power cut could take its position', async (t) => {
    const shop = await Shop.open(t);
    const sale = await shop.sale();
    const { follower, catchUp } = await follow(t, shop.folder, undefined, writerIn(shop.folder));
    await catchUp();
    // Who reads the tables as of an older instant keeps the database from having all that was
    // written since.
    const reader = new DatabaseSync(viewsIn(shop.folder));
    reader.exec('begin; select * from sales');
    await shop.buyMany(sale, 200);
    await catchUp();
    await shop.buy(sale);
    await follower.snapshot();
    const { position, durablePosition } = follower.view();
    assert.ok(durablePosition < position, `${durablePosition} of ${position}`);
    assert.deepEqual(snapshotPositions(shop.folder), []);
    reader.close();
    await new Promise((resolve) => setTimeout(resolve, 600));
    await follower.snapshot();
    assert.deepEqual(snapshotPositions(shop.folder), [position]);
    assert.equal(follower.view().durablePosition, position);
  });
});
