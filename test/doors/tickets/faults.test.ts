/** What the original lost or told falsely when its process ended, in the shape in which it was seen. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Answer } from '../../http/support/client.ts';
import { ChildStore, withDataFolder } from '../../http/support/child.ts';

function buy(store: ChildStore, key: string, quantity = 1): Promise<Answer> {
  return store.ask('POST', '/api/v1/purchase', { json: { quantity }, headers: { 'Idempotency-key': key } });
}

async function openEvent(store: ChildStore, totalSeats: number): Promise<void> {
  const made = await store.ask('POST', '/api/v1/events', { json: { name: 'Night', totalSeats } });
  assert.equal(made.status, 201);
}

async function sold(store: ChildStore): Promise<unknown> {
  return (await store.ask('GET', '/api/v1/event')).body['seatsSold'];
}

describe('a store that is killed', () => {
  test('right after a hundred answers has all hundred, and replays each byte for byte', () =>
    withDataFolder(async (folder) => {
      const first = await ChildStore.start(folder);
      await openEvent(first, 1000);
      const keys = Array.from({ length: 100 }, (_, i) => `buyer-${i}`);
      const answers = await Promise.all(keys.map((key) => buy(first, key)));
      assert.equal(await first.kill('SIGKILL'), 'SIGKILL');
      assert.ok(answers.every(({ status }) => status === 200));

      const second = await ChildStore.start(folder);
      try {
        assert.equal(await sold(second), 100);
        const again = await Promise.all(keys.map((key) => buy(second, key)));
        assert.deepEqual(
          again.map(({ text }) => text),
          answers.map(({ text }) => text),
        );
        assert.ok(again.every((answer) => answer.header('Idempotency-Replayed') === 'true'));
        assert.equal(await sold(second), 100);
      } finally {
        await second.kill('SIGKILL');
      }
    }));

  test('amid a rush keeps what it answered, and each key tells whether it bought', () =>
    withDataFolder(async (folder) => {
      const first = await ChildStore.start(folder);
      await openEvent(first, 5000);
      const answered = new Map<string, string>();
      const keys = Array.from({ length: 300 }, (_, i) => `rush-${i}`);
      const rush = keys.map(async (key) => {
        const answer = await buy(first, key);
        answered.set(key, answer.text);
        if (answered.size === 100) void first.kill('SIGKILL');
      });
      await Promise.allSettled(rush);
      await first.ended;

      const second = await ChildStore.start(folder);
      try {
        const before = Number(await sold(second));
        assert.ok(before >= answered.size, `${before} sold of ${answered.size} answered`);
        const retried = await Promise.all(keys.map(async (key) => [key, await buy(second, key)] as const));
        for (const [key, answer] of retried) {
          assert.equal(answer.status, 200);
          if (answered.has(key)) assert.equal(answer.text, answered.get(key));
        }
        assert.equal(await sold(second), keys.length);
        const replayed = retried.filter(([, answer]) => answer.headers['idempotency-replayed'] === 'true').length;
        assert.equal(replayed, before);
      } finally {
        await second.kill('SIGKILL');
      }
    }));
});

describe('a store that is asked to end', () => {
  test('ends soon, with connections kept alive, and opens again as it was', () =>
    withDataFolder(async (folder) => {
      const first = await ChildStore.start(folder);
      await openEvent(first, 10);
      const answer = await buy(first, 'kept', 4);
      const startedMs = performance.now();
      assert.equal(await first.kill('SIGTERM'), 0);
      assert.ok(performance.now() - startedMs < 4000, 'it took its time to end');

      const second = await ChildStore.start(folder);
      try {
        assert.equal((await buy(second, 'kept', 4)).text, answer.text);
        assert.equal((await buy(second, 'next', 1)).text, '{"success":true,"seatsRemaining":5}');
      } finally {
        await second.kill('SIGKILL');
      }
    }));

  test('answers what is in flight first', () =>
    withDataFolder(async (folder) => {
      const store = await ChildStore.start(folder);
      await openEvent(store, 1000);
      const answers = Array.from({ length: 50 }, (_, i) => buy(store, `last-${i}`));
      const [ended, ...told] = await Promise.all([
        store.kill('SIGTERM'),
        ...answers.map((answer) => answer.catch(() => null)),
      ]);
      assert.equal(ended, 0);
      for (const answer of told) assert.ok(answer === null || answer.status === 200 || answer.status === 503);
      const yes = told.filter((answer) => answer?.status === 200).length;
      const next = await ChildStore.start(folder);
      try {
        const after = Number(await sold(next));
        assert.ok(after >= yes, `${after} sold of ${yes} answered`);
      } finally {
        await next.kill('SIGKILL');
      }
    }));
});
