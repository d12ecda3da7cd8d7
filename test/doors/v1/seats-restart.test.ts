/**
 * Halls after a restart, from the log alone and from a snapshot: the same map, the same answers,
 * and streams that go on.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ChildStore, withDataFolder } from '../../http/support/child.ts';
import type { Answer } from '../../http/support/client.ts';
import { rowsOf } from './halls.ts';
import { StreamReader } from './stream-reader.ts';

for (const [how, signal] of [
  ['kill -9', 'SIGKILL'],
  ['a stop with a snapshot', 'SIGTERM'],
] as const) {
  test(`a hall is as it was after ${how}`, () =>
    withDataFolder(async (folder) => {
      let store = await ChildStore.start(folder);
      const post = (path: string, json: unknown, key: string): Promise<Answer> =>
        store.ask('POST', path, { json, headers: { 'Idempotency-Key': key } });
      const read = async (query = ''): Promise<string> =>
        (await store.ask('GET', `/v1/sales/sale_0_1/seats${query}`)).text;
      await post('/v1/sales', { name: 'Hall', kind: 'seated', hall: rowsOf(5, 5) }, 'hall');
      const since = `?since=${(JSON.parse(await read()) as { position: string }).position}`;
      const asks = (): Promise<Answer[]> =>
        Promise.all([
          post('/v1/sales/sale_0_1/orders', { seats: ['A-1-3'] }, 'order'),
          post('/v1/sales/sale_0_1/holds', { seats: ['A-2-1', 'A-2-2'], seconds: 600 }, 'hold'),
          post('/v1/sales/sale_0_1/seats', { seats: [{ section: 'B', row: '1', number: 'x' }] }, 'seats'),
        ]);
      const answers = await asks();
      for (const { status, text } of answers) assert.equal(status, 201, text);
      await store.ask('PATCH', '/v1/sales/sale_0_1/seats/A-1-1', { json: { number: '9' } });
      await store.ask('DELETE', '/v1/sales/sale_0_1/seats/A-2-5');
      const before = [await read(), await read('?form=compact'), await read(since)];
      await store.kill(signal);
      store = await ChildStore.start(folder);
      const after = [await read(), await read('?form=compact'), await read(since)];
      // True at another position, of another start.
      const unplaced = (texts: readonly string[]): string[] =>
        texts.map((text) => text.replace(/"position":"[\w.]+"/, ''));
      assert.deepEqual(unplaced(after), unplaced(before));
      const again = await asks();
      assert.deepEqual(
        again.map(({ text }) => text),
        answers.map(({ text }) => text),
      );
      const last = answers[2]!.header('Holdfast-Position');
      const sold = (await post('/v1/sales/sale_0_1/orders', { seats: ['B-1-x'] }, 'more')).header('Holdfast-Position');
      const resume = async (position: string): Promise<unknown> => {
        const reader = await StreamReader.open(store.port, '?seats=sale_0_1', { 'Last-Event-ID': position });
        const [news] = (await reader.ready()).of('seats');
        reader.end();
        return news?.data['reload'] ?? news?.data['seats'];
      };
      // Behind the last of the answers the hall itself was changed.
      assert.equal(await resume(last), true);
      const changed = (JSON.parse(before[0]!) as { position: string }).position;
      assert.deepEqual(await resume(changed), { 'B-1-x': 'sold' });
      assert.equal(await resume(sold), undefined);
      await store.kill('SIGTERM');
    }));
}
