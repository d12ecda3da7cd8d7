/**
 * A reader of Server-Sent Events over node's own HTTP client, and stores whose streams have times
 * of their own.
 */
import assert from 'node:assert/strict';
import http from 'node:http';
import type { V1Door } from '../../../src/doors/v1/door.ts';
import { historyOf } from '../../../src/doors/kit/owners.ts';
import { v1Door } from '../../../src/doors/v1/door.ts';
import type { StreamTimes } from '../../../src/doors/v1/stream-readers.ts';
import { AccessControl } from '../../../src/http/access.ts';
import type { ListenerOptions } from '../../../src/http/listener.ts';
import { Listener } from '../../../src/http/listener.ts';
import { Tokens } from '../../../src/doors/kit/tokens.ts';
import type { Options, TestStore } from '../../http/support/store.ts';
import { withStore } from '../../http/support/store.ts';

export interface Received {
  readonly event: string;
  /** The id that came with it; null when none did. */
  readonly id: string | null;
  readonly data: Readonly<Record<string, unknown>>;
  /** performance.now() at arrival. */
  readonly atMs: number;
}

/**
 * The complete events of a text, as the standard has it: one that is not closed by an empty line is
 * none.
 */
export function parseEvents(text: string, atMs = 0): Received[] {
  const events: Received[] = [];
  const blocks = text.split('\n\n');
  for (const block of blocks.slice(0, -1)) {
    let event = 'message';
    let id: string | null = null;
    let data: string | null = null;
    for (const line of block.split('\n')) {
      const [name, value = ''] = line.split(/: (.*)/s, 2);
      if (name === 'event') event = value;
      else if (name === 'id') id = value;
      else if (name === 'data') data = data === null ? value : `${data}\n${value}`;
    }
    if (data !== null) events.push({ event, id, data: JSON.parse(data) as Record<string, unknown>, atMs });
  }
  return events;
}

/** How long a test waits for what must come, ms. */
const patienceMs = 5000;

export class StreamReader {
  readonly events: Received[] = [];
  readonly response: http.IncomingMessage;
  /** All that was received. */
  text = '';
  closed = false;
  private rest = '';
  private wake: () => void = () => {};

  private constructor(response: http.IncomingMessage) {
    this.response = response;
    response.setEncoding('utf8');
    response.on('data', (text: string) => {
      this.text += text;
      this.rest += text;
      const end = this.rest.lastIndexOf('\n\n') + 2;
      if (end > 1) {
        this.events.push(...parseEvents(this.rest.slice(0, end), performance.now()));
        this.rest = this.rest.slice(end);
      }
      this.wake();
    });
    const over = (): void => {
      this.closed = true;
      this.wake();
    };
    response.on('end', over).on('error', over).on('close', over);
  }

  static async open(port: number, query = '', headers: Readonly<Record<string, string>> = {}): Promise<StreamReader> {
    const response = await new Promise<http.IncomingMessage>((resolve, reject) => {
      http
        .get({ host: '127.0.0.1', port, path: `/v1/stream${query}`, headers, agent: false }, resolve)
        .on('error', reject);
    });
    assert.equal(response.statusCode, 200);
    return new StreamReader(response);
  }

  /** The last complete id. */
  get lastId(): string | null {
    return this.events.findLast(({ id }) => id !== null)?.id ?? null;
  }

  of(event: string): Received[] {
    return this.events.filter((each) => each.event === event);
  }

  /** Waits until something holds for what was received. */
  async until(holds: () => boolean, what = String(holds)): Promise<void> {
    const untilMs = performance.now() + patienceMs;
    while (!holds()) {
      const leftMs = untilMs - performance.now();
      assert.ok(leftMs > 0, `did not come in ${patienceMs} ms: ${what}; the last was ${this.text.slice(-600)}`);
      assert.ok(!this.closed, `closed before: ${what}`);
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, leftMs);
        this.wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
  }

  /** Waits for the first event that a test accepts, behind the events that it has seen. */
  async next(event: string, accepts: (data: Received['data']) => boolean = () => true, from = 0): Promise<Received> {
    const find = (): Received | undefined =>
      this.events.slice(from).find((each) => each.event === event && accepts(each.data));
    await this.until(() => find() !== undefined, `${event} ${String(accepts)}`);
    return find()!;
  }

  async ready(): Promise<this> {
    await this.next('ready');
    return this;
  }

  end(): void {
    this.response.destroy();
  }
}

/** The states that events leave, by id, without the position they were looked at. */
export function statesOf(events: readonly Received[]): Map<unknown, Record<string, unknown>> {
  const states = new Map<unknown, Record<string, unknown>>();
  for (const { event, data } of events) {
    if (event === 'reset') states.clear();
    if (event !== 'sale') continue;
    const { position: _, ...state } = data;
    states.set(data['id'], state);
  }
  return states;
}

export interface StreamStore {
  readonly store: TestStore;
  /** Where streams have the times of this test. */
  readonly port: number;
  readonly door: V1Door;
}

/** A store with a second listener, whose streams have times of their own. */
export function withStreams(
  times: Partial<StreamTimes>,
  use: (streams: StreamStore) => Promise<void>,
  options: Options = {},
  parts: Partial<ListenerOptions> = {},
): Promise<void> {
  return withStore(options, async (store) => {
    const door = v1Door(store.node, new Tokens(historyOf(store.node), 'a secret of the tests, long enough'), times);
    const silent = (): void => {};
    const logger = { debug: silent, info: silent, warn: silent, error: silent, fatal: silent };
    const listener = new Listener({
      port: 0,
      host: '127.0.0.1',
      doors: [door],
      access: new AccessControl({ operatorKey: null, open: false, origins: [] }),
      logger: { ...logger, isLevelEnabled: () => false },
      ...parts,
    });
    try {
      await use({ store, port: listener.port, door });
    } finally {
      await listener.close(0);
    }
  });
}

export function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
