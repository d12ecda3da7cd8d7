/**
 * A store that comes out the same each time: nothing of it is random, and its clock is the test's.
 */
import type { Settings } from '../../../src/cli/settings.ts';
import { engineVersion } from '../../../src/engine/state.ts';
import { openFileLog } from '../../../src/log/file/file-log.ts';
import type { MemoryDisk } from '../../../src/log/memory/memory-disk.ts';
import { openMemoryLog } from '../../../src/log/memory/memory-log.ts';
import { Node } from '../../../src/node/node.ts';
import type { Store, StoreOptions } from '../../../src/store/open.ts';

/** The secret that signs tokens. */
export const secret = 'the-secret-that-signs-tokens-of-the-transcripts';
const epoch = '0123456789ab';

/**
 * As a fresh one is opened to be served, but with the same keys, marks and ids each time. `disk`:
 * of a log in memory.
 */
export async function openFixed(
  { log: place, maxKeys }: Pick<Settings, 'log' | 'maxKeys'>,
  { time, onNotice }: Pick<StoreOptions, 'time' | 'onNotice'>,
  disk: MemoryDisk,
): Promise<Store> {
  const log =
    place.kind === 'file'
      ? await openFileLog({ folder: place.folder, onNotice })
      : await openMemoryLog({ onNotice, disk });
  const node = await Node.start({ log, onNotice, ...(time === undefined ? {} : { time }) });
  await node.begin({
    engineVersion,
    cell: 0,
    hashKey: [1, 2, 3, 4],
    orderKeyRetentionMs: 24 * 3600 * 1000,
    holdKeyRetentionMs: 10 * 60 * 1000,
    sweepLimit: 1000,
    maxKeys: maxKeys ?? 1000,
  });
  await node.announceStart(epoch);
  const close = async (): Promise<void> => {
    await node.close();
    await log.close();
  };
  return { node, log, fresh: true, snapshot: 0, close };
}
