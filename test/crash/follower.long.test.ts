/** The follower, killed with -9 at any instant under a running sale: each row is there once. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, test } from 'node:test';
import { readFollowerRecord } from '../../src/store/follower-records.ts';
import { reconciled } from '../followers/support/shop.ts';
import { createEvent } from './support/http.ts';
import { startLoad } from './support/load.ts';
import { program, startServer, temporaryFolder } from './support/servers.ts';

const kills = 25;

describe('a follower that is killed with -9', { timeout: 120_000 }, () => {
  test('a follower that is killed again and again under a running sale has each row once', async (t) => {
    const folder = temporaryFolder(t);
    const data = `${folder}/data`;
    const { url } = await startServer(t, folder);
    await createEvent(url, 1_000_000);
    const load = startLoad(url, 4);
    const written = (): number => readFollowerRecord(data, 'sql')?.position ?? 0;
    const instants: number[] = [];
    for (let kill = 0; kill < kills; kill += 1) {
      const child = spawn(process.execPath, ['--no-env-file', program, 'follow', '--data', data, '--sql', 'sqlite'], {
        stdio: 'ignore',
      });
      // Every third follower dies in its first moments, the others while they write.
      const before = written();
      while (kill % 3 > 0 && written() === before) await new Promise((resolve) => setTimeout(resolve, 5));
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 300));
      child.kill('SIGKILL');
      await once(child, 'exit');
      instants.push(written());
    }
    load.stop();
    await load.ended;
    assert.ok(new Set(instants).size > kills / 2, `it was killed while it wrote: ${instants.join(', ')}`);
    const last = spawn(process.execPath, ['--no-env-file', program, 'follow', '--data', data, '--log-level', 'warn'], {
      stdio: ['ignore', 'ignore', 'inherit'],
      env: { ...process.env, HOLDFAST_SQL: 'sqlite' },
    });
    t.after(() => last.kill('SIGKILL'));
    while (!((await reconciledOrNull(data))?.rows ?? 0) || (await lag(url, data)) > 0) {
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    last.kill('SIGTERM');
    const [code] = (await once(last, 'exit')) as [number | null];
    assert.equal(code, 0);
    const { found, refusal, rows } = await reconciled(data);
    assert.equal(refusal, null);
    assert.deepEqual(found, []);
    // At least an order and its line for each purchase.
    assert.ok(rows >= 2 * load.answered.size, `${rows} rows for ${load.answered.size} purchases`);
  });
});

async function lag(url: string, data: string): Promise<number> {
  const answer = (await (await fetch(`${url}/readyz`)).json()) as { position: string };
  return Number(answer.position.split('.')[1]) - (readFollowerRecord(data, 'sql')?.position ?? 0);
}

async function reconciledOrNull(data: string): Promise<{ rows: number } | null> {
  return readFollowerRecord(data, 'sql')?.state === 'following' ? await reconciled(data) : null;
}
