/** The stream over connections that break, repeat, fall silent or are refused. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { ConnectionState, StreamEvent, StreamOptions, StreamReader } from '../../sdk/src/index.ts';
import { Holdfast, HoldfastError } from '../../sdk/src/index.ts';
import type { Respond } from './support/fixture.ts';
import { cut, json, problem, silence, stream, withScript } from './support/fixture.ts';

const time = 'event: time\ndata: {"now":"2026-01-01T00:00:00.000Z"}\n\n';
const quick = { baseMs: 2, capMs: 10 };

function sale(id: string, position: string, available: number, ownId = `id: ${position}\n`): string {
  return `${ownId}event: sale\ndata: {"id":"${id}","available":${available},"position":"${position}"}\n\n`;
}

function purchase(order: string, ownId = ''): string {
  return `${ownId}event: purchase\ndata: {"sale":"a","order":"${order}","name":null,"quantity":1}\n\n`;
}

function ready(position: string): string {
  return `id: ${position}\nevent: ready\ndata: {"position":"${position}"}\n\n`;
}

function brief(event: StreamEvent): string {
  switch (event.type) {
    case 'sale':
      return `${event.sale.id}=${event.sale.available}`;
    case 'purchase':
      return `${event.purchase.order}!`;
    case 'hold':
      return `${event.hold.id}:${event.hold.status}`;
    case 'waitlist':
      return `${event.entry.id}:${event.entry.position}`;
    default:
      return event.type;
  }
}

/**
 * Reads a scripted stream until an event `last`; returns the events, the requests, and the states
 * in their order.
 */
async function read(
  script: readonly Respond[],
  last: string,
  options: StreamOptions = {},
  onEvent: (event: StreamEvent, reader: StreamReader) => void = () => {},
): Promise<{ told: string[]; since: (string | undefined)[]; queries: string[]; states: ConnectionState[] }> {
  const told: string[] = [];
  const states: ConnectionState[] = [];
  let since: (string | undefined)[] = [];
  let queries: string[] = [];
  await withScript(script, async (url, asked) => {
    const onState = (state: ConnectionState): void => void states.push(state);
    const reader = new Holdfast({ url }).stream({ retry: quick, onState, ...options });
    for await (const event of reader) {
      told.push(brief(event));
      onEvent(event, reader);
      if (told.at(-1) === last) break;
    }
    assert.equal(reader.state, 'closed');
    since = asked.map(({ headers }) => headers['last-event-id'] as string | undefined);
    queries = asked.map(({ url: { search } }) => search);
  });
  return { told, since, queries, states };
}

describe('a stream that breaks', () => {
  test('a stream that breaks resumes after its last id', async () => {
    const { told, since, states } = await read(
      [
        stream(time + sale('a', '0.5', 9, '') + ready('0.5') + sale('a', '0.6', 8), 'cut'),
        stream(time + sale('a', '0.7', 7), 'end'),
        stream(time + sale('a', '0.8', 6)),
      ],
      'a=6',
    );
    assert.deepEqual(told, ['a=9', 'ready', 'a=8', 'a=7', 'a=6']);
    assert.deepEqual(since, [undefined, '0.6', '0.7']);
    assert.deepEqual(states, ['open', 'connecting', 'open', 'connecting', 'open', 'closed']);
  });

  test('a stream that breaks begins again with the present state when it broke before that was complete', async () => {
    const first = time + sale('a', '0.5', 9, '');
    const { told, since } = await read(
      [stream(first, 'cut'), stream(first + sale('b', '0.5', 4, '') + ready('0.5'))],
      'ready',
    );
    assert.deepEqual(told, ['a=9', 'b=4', 'ready']);
    assert.deepEqual(since, [undefined, undefined]);
  });

  test('a stream that breaks is offline from the first failed attempt until it is open again', async () => {
    const { states } = await read(
      [
        stream(time + ready('0.5'), 'cut'),
        cut,
        problem(503, 'NOT_TAKEN', true),
        json(502, {}),
        stream(sale('a', '0.6', 1)),
      ],
      'a=1',
    );
    assert.deepEqual(states, ['open', 'connecting', 'offline', 'open', 'closed']);
  });

  test('a silent stream counts as broken', async () => {
    const { told, since } = await read([stream(time + ready('0.5')), silence, stream(sale('a', '0.6', 1))], 'a=1', {
      silenceMs: 50,
    });
    assert.deepEqual(told, ['ready', 'a=1']);
    assert.deepEqual(since, [undefined, '0.5', '0.5']);
  });

  test('a stream that meets another server at its address goes on when the store is back', async () => {
    const { told } = await read([json(200, {}), stream(time + sale('a', '0.6', 1))], 'a=1');
    assert.deepEqual(told, ['a=1']);
  });
});

describe('an event', () => {
  test('an event is delivered once, however often it is repeated', async () => {
    const { told } = await read(
      [
        // The cut comes between events of one position; only the last one has the id.
        stream(ready('0.5') + purchase('o1') + purchase('o1') + purchase('o2'), 'cut'),
        stream(time + purchase('o1'), 'cut'),
        stream(purchase('o1') + purchase('o1') + purchase('o2') + purchase('o3') + sale('a', '0.6', 5), 'cut'),
        stream(sale('a', '0.6', 5) + purchase('o4') + sale('a', '0.7', 4)),
      ],
      'a=4',
    );
    assert.deepEqual(told, ['ready', 'o1!', 'o1!', 'o2!', 'o3!', 'a=5', 'o4!', 'a=4']);
  });

  test('an event of a purchase that was left out in a rush does not come after a later one', async () => {
    const { told } = await read(
      [
        // The store left o1 out, and sends it to a reader that resumes.
        stream(ready('0.5') + purchase('o2'), 'cut'),
        stream(
          purchase('o1', 'id: 0.6\n') + purchase('o2') + purchase('o2') + ready('0.7') + purchase('o3', 'id: 0.8\n'),
        ),
      ],
      'o3!',
    );
    assert.deepEqual(told, ['ready', 'o2!', 'o2!', 'ready', 'o3!']);
  });

  test('an event is expected again only until the store has sent the missed ones', async () => {
    const { told } = await read([stream(purchase('o1'), 'cut'), stream(ready('0.7') + purchase('o2'))], 'o2!');
    assert.deepEqual(told, ['o1!', 'ready', 'o2!']);
  });

  test('an event after the last id is never a repetition of one before it', async () => {
    const { told } = await read(
      [stream(purchase('o1') + sale('a', '0.6', 5), 'cut'), stream(purchase('o1') + sale('a', '0.7', 4))],
      'a=4',
    );
    assert.deepEqual(told, ['o1!', 'a=5', 'o1!', 'a=4']);
  });

  test('an event of a sale is never older than the one before', async () => {
    const { told } = await read(
      [
        stream(sale('a', '0.9', 3) + sale('b', '0.9', 7), 'cut'),
        stream(sale('a', '0.8', 4) + sale('b', '0.10', 6) + sale('a', '0.10', 2)),
      ],
      'a=2',
    );
    assert.deepEqual(told, ['a=3', 'b=7', 'b=6', 'a=2']);
  });

  test('an event of a hold or a place in line is news when it differs', async () => {
    const hold = (status: string): string => `event: hold\ndata: {"id":"h","status":"${status}"}\n\n`;
    const place = (position: number): string =>
      `event: waitlist\ndata: {"id":"w","status":"waiting","position":${position}}\n\n`;
    const { told } = await read(
      [
        stream(ready('0.5') + hold('active') + place(3), 'cut'),
        stream(ready('0.5') + hold('active') + place(3) + place(2) + hold('expired')),
      ],
      'h:expired',
    );
    assert.deepEqual(told, ['ready', 'h:active', 'w:3', 'ready', 'w:2', 'h:expired']);
  });

  test('an event of a later version, or a malformed one, is skipped', async () => {
    const odd =
      'event: weather\ndata: {"id":"x"}\n\nevent: sale\ndata: {"id":\n\nevent: sale\ndata: {}\n\ndata: hi\n\n';
    const { told } = await read([stream(odd + 'event: time\ndata: 5\n\n' + sale('a', '0.6', 1))], 'a=1');
    assert.deepEqual(told, ['a=1']);
  });

  test('an event may come in any pieces', async () => {
    const bytes = Buffer.from(`${time}${sale('ö€😀', '0.6', 1)}`.replaceAll('\n', '\r\n'));
    const drip: Respond = async (_, response) => {
      response.writeHead(200, { 'Content-Type': 'text/event-stream; charset=utf-8' });
      for (let from = 0; from < bytes.length; from += 7) {
        response.write(bytes.subarray(from, from + 7));
        await new Promise((resolve) => setImmediate(resolve));
      }
    };
    assert.deepEqual((await read([drip], 'ö€😀=1')).told, ['ö€😀=1']);
  });
});

describe('a reset', () => {
  test('a reset is delivered, and all later events are news', async () => {
    const reset = 'event: reset\ndata: {"reason":"the position is too old"}\n\n';
    const { told, since } = await read(
      [
        stream(sale('a', '0.9', 3) + sale('b', '0.9', 5), 'cut'),
        stream(time + reset + sale('a', '0.2', 9, '') + sale('b', '0.9', 5, ''), 'cut'),
        stream(sale('a', '0.2', 9, '') + sale('b', '0.9', 5, '') + ready('0.9')),
      ],
      'ready',
    );
    assert.deepEqual(told, ['a=3', 'b=5', 'reset', 'a=9', 'b=5', 'ready']);
    // Until it has a new position it resumes from the unknown one and gets `reset` again, since its
    // state may name things that are gone.
    assert.deepEqual(since, [undefined, '0.9', '0.9']);
  });

  test('a position that the store does not know leads to a reset', async () => {
    const refusal = { code: 'INVALID_REQUEST', detail: 'x', errors: [{ path: 'since', message: 'is no position' }] };
    const { told, since } = await read([json(400, refusal), stream(sale('a', '0.2', 9))], 'a=9', { since: '7.7' });
    assert.deepEqual(told, ['reset', 'a=9']);
    assert.deepEqual(since, ['7.7', undefined]);
  });
});

describe('a reader', () => {
  test('a reader asks for the given things, and follows others from its position on', async () => {
    const { queries, since, told, states } = await read(
      [stream(ready('0.5')), stream(sale('a', '0.6', 1))],
      'a=1',
      { sales: ['a', 'b'], holds: ['h'] },
      ({ type }, reader) => type === 'ready' && reader.follow({ holds: [], waitlist: ['w', 'v'] }),
    );
    assert.deepEqual(queries, ['?sales=a%2Cb&holds=h', '?sales=a%2Cb&waitlist=w%2Cv']);
    assert.deepEqual(since, [undefined, '0.5']);
    assert.deepEqual(told, ['ready', 'a=1']);
    assert.deepEqual(states, ['open', 'closed']);
  });

  test('a reader in a page of another origin puts its position in the address, which needs no preflight', async () => {
    const inPage = async (origin: string): Promise<readonly unknown[]> => {
      Object.defineProperty(globalThis, 'location', { value: { origin }, configurable: true });
      try {
        const { queries, since } = await read([stream(ready('0.5'), 'cut'), stream(sale('a', '0.6', 1))], 'a=1');
        return [queries, since];
      } finally {
        delete (globalThis as { location?: unknown }).location;
      }
    };
    for (const origin of ['http://elsewhere.example', 'null']) {
      assert.deepEqual(await inPage(origin), [
        ['', '?since=0.5'],
        [undefined, undefined],
      ]);
    }
  });

  test('a reader that is refused says why, and is closed', () =>
    withScript([problem(400, 'INVALID_REQUEST', false)], async (url, asked) => {
      const reader = new Holdfast({ url }).stream({ retry: quick });
      await assert.rejects(
        reader.listen(() => {}),
        (error) => error instanceof HoldfastError && error.code === 'INVALID_REQUEST',
      );
      assert.deepEqual([reader.state, asked.length], ['closed', 1]);
    }));

  test('a reader ends when it is closed or aborted, in any state', async () => {
    const doings: readonly (readonly Respond[])[] = [[silence], [stream(ready('0.5'))], [cut]];
    for (const script of doings) {
      for (const how of ['close', 'abort'] as const) {
        await withScript(script, async (url) => {
          const controller = new AbortController();
          const retry = { baseMs: 60_000, capMs: 60_000 };
          const reader = new Holdfast({ url, random: () => 1 }).stream({ signal: controller.signal, retry });
          setTimeout(() => (how === 'close' ? reader.close() : controller.abort()), 30);
          await reader.listen(() => {});
          assert.equal(reader.state, 'closed');
        });
      }
    }
  });

  test('a reader delivers nothing after it is closed', () =>
    withScript([stream(sale('a', '0.5', 2) + sale('a', '0.6', 1))], async (url) => {
      const reader = new Holdfast({ url }).stream();
      const told: string[] = [];
      await reader.listen((event) => {
        told.push(brief(event));
        reader.close();
      });
      assert.deepEqual(told, ['a=2']);
    }));

  test('a reader passes on what its listener throws, and has one consumer', () =>
    withScript([stream(ready('0.5'))], async (url) => {
      const reader = new Holdfast({ url }).stream();
      const failure = new Error('the page is broken');
      const listening = reader.listen(() => {
        throw failure;
      });
      assert.throws(() => reader[Symbol.asyncIterator](), /consumer/);
      await assert.rejects(listening, failure);
      assert.equal(reader.state, 'closed');
    }));

  test('a reader waits as long as the store says, unless told otherwise', async () => {
    const startMs = performance.now();
    const script = [stream(`retry: 120\n\n${ready('0.5')}`, 'end'), stream(sale('a', '0.6', 1))];
    await withScript(script, async (url) => {
      for await (const { type } of new Holdfast({ url, random: () => 1 }).stream()) if (type === 'sale') break;
    });
    const tookMs = performance.now() - startMs;
    assert.ok(tookMs >= 115 && tookMs < 900, `${tookMs} ms`);
  });

  test('a reader knows the time of the server', () =>
    withScript([stream(time + ready('0.5'))], async (url) => {
      const client = new Holdfast({ url });
      const reader = client.stream();
      assert.deepEqual([reader.clockOffsetMs, Math.abs(client.now() - Date.now()) < 50], [null, true]);
      for await (const { type } of reader) if (type === 'ready') break;
      assert.ok(Math.abs(client.now() - Date.UTC(2026, 0, 1)) < 5000);
      assert.ok(Math.abs(reader.now() - client.now()) < 50);
    }));
});
