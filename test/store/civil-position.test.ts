/** Which position a time is, where the clock of the machine was another in between. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Command, kinds } from '../../src/engine/command.ts';
import { positionAtTime } from '../../src/store/civil-position.ts';
import { openStore } from '../../src/store/open.ts';
import type { Store } from '../../src/store/open.ts';
import { withFolder } from '../log/support/folders.ts';
import { ManualTime } from '../node/support/manual-time.ts';

const hour = 3_600_000;

function open(folder: string, time: ManualTime): Promise<Store> {
  return openStore({ place: { kind: 'file', folder }, maxKeys: null, time, onNotice: () => {} });
}

async function tick({ node }: Store): Promise<number> {
  const command = new Command().reset(kinds.tick);
  return await node.submit(command, ({ position }) => position, undefined);
}

test('a time gives its last position, before, at and after the records', () =>
  withFolder(async (folder) => {
    const time = new ManualTime();
    const store = await open(folder, time);
    const firstMs = time.wallMs();
    const first = await tick(store);
    time.advance(5000);
    const second = await tick(store);
    await store.close();
    assert.equal(await positionAtTime(folder, firstMs), first);
    assert.equal(await positionAtTime(folder, firstMs + 4999), first);
    assert.equal(await positionAtTime(folder, firstMs + 5000), second);
    assert.equal(await positionAtTime(folder, firstMs + 99 * hour), second);
    await assert.rejects(positionAtTime(folder, firstMs - 1), /begins at position 1, after the time/);
  }));

test('a time is that of the clock, even in a log that a wrong clock has put ahead', () =>
  withFolder(async (folder) => {
    const time = new ManualTime();
    time.jump(24 * hour);
    let store = await open(folder, time);
    const ahead = await tick(store);
    await store.close();
    // The clock is put right; the log's own time goes on a day ahead.
    time.jump(-24 * hour);
    store = await open(folder, time);
    const rightMs = time.wallMs();
    const right = await tick(store);
    time.advance(hour);
    const later = await tick(store);
    await store.close();
    assert.ok(ahead < right && right < later);
    assert.equal(await positionAtTime(folder, rightMs), right);
    assert.equal(await positionAtTime(folder, rightMs + hour - 1), right);
    assert.equal(await positionAtTime(folder, rightMs + hour), later);
  }));
