/** Like damage.long.test.ts, with files of the real disk, for a sample of the damages. */
import assert from 'node:assert/strict';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { test } from 'node:test';
import { openFileLog } from '../../../src/log/file/file-log.ts';
import type { FileLog } from '../../../src/log/file/file-log.ts';
import { LogDamagedError } from '../../../src/log/log.ts';
import { seededRandom } from '../../../src/log/memory/random.ts';
import { assertSame, readAll } from '../support/batches.ts';
import { smallSegments, thousand, thousandRecords } from '../support/damage.ts';
import { withFolder } from '../support/folders.ts';

type Files = Map<string, Uint8Array>;

/**
 * Changes one file: flips a byte, cuts it, writes rubbish behind its frames or its end, or copies a
 * part elsewhere.
 */
function wound(files: Files, random: () => number): string {
  const below = (limit: number): number => Math.floor(random() * limit);
  const [name, content] = [...files][below(files.size)] ?? [];
  assert.ok(name !== undefined && content !== undefined);
  const at = below(content.length);
  const kind = (['flip', 'flip', 'cut', 'append', 'zero'] as const)[below(5)] ?? 'flip';
  if (kind === 'flip') content[at] = (content[at] ?? 0) ^ (1 + below(255));
  else if (kind === 'cut') files.set(name, content.slice(0, at));
  else if (kind === 'append') files.set(name, Uint8Array.from([...content, ...thousand[below(100)]!.records]));
  else content.fill(0, at, at + 1 + below(512));
  return `${kind} at ${at} of ${name}`;
}

async function judge(folder: string, what: string): Promise<void> {
  let log: FileLog | undefined;
  try {
    log = await openFileLog({ folder, ...smallSegments });
    assertSame(await readAll(log), thousand);
  } catch (error) {
    assert.ok(error instanceof LogDamagedError, `${what}: ${String(error)}`);
    assert.ok(error.message.includes(error.file) && error.message.includes(`byte ${error.offset}`));
  } finally {
    await log?.close();
  }
}

test('each of five hundred damages of real files is tolerated or named', { timeout: 60_000 }, async () => {
  const disk = await thousandRecords('killed');
  await withFolder(async (top) => {
    const random = seededRandom(500);
    for (let round = 0; round < 500; round += 1) {
      const folder = join(top, String(round));
      const files: Files = new Map([...disk.copy().files()].map(([path, content]) => [basename(path), content]));
      const what = wound(files, random);
      mkdirSync(folder);
      for (const [name, content] of files) writeFileSync(join(folder, name), content);
      await judge(folder, what);
      rmSync(folder, { recursive: true });
    }
  });
});
