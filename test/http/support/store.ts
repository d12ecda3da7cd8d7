/**
 * A whole store in this process: log in memory, engine, node, doors, a real port. Nothing of it is
 * shared between tests.
 */
import { openServed } from '../../../src/cli/opened.ts';
import type { ServedLists } from '../../../src/cli/serve.ts';
import { listen, listenDrops } from '../../../src/cli/serve.ts';
import type { Settings } from '../../../src/cli/settings.ts';
import { readSettings } from '../../../src/cli/settings.ts';
import type { StoreOptions } from '../../../src/store/open.ts';
import { Command, kinds } from '../../../src/engine/command.ts';
import type { Listener, ListenerOptions } from '../../../src/http/listener.ts';
import { writePosition } from '../../../src/doors/kit/positions.ts';
import type { LogLevel } from '../../../src/http/logging.ts';
import { logLevels } from '../../../src/http/logging.ts';
import type { Node } from '../../../src/node/node.ts';
import { ManualTime } from '../../node/support/manual-time.ts';
import type { Answer, Asked } from './client.ts';
import { ask } from './client.ts';

export const operatorKey = 'an-operator-key-of-the-tests';

export interface LogLine {
  readonly level: LogLevel;
  readonly fields: Readonly<Record<string, unknown>>;
  readonly message: string;
}

export interface Options {
  readonly args?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly settings?: Partial<Settings>;
  readonly store?: Partial<StoreOptions>;
  readonly listener?: Partial<ListenerOptions>;
  readonly logLevel?: LogLevel;
  /** Where orders and holds are listed by customer, and keys are looked up. */
  readonly lists?: ServedLists;
  /** A clock that only the test moves. */
  readonly manualTime?: boolean;
  /** What opens it, where it is to be another store than a fresh one with keys of its own. */
  readonly open?: typeof openServed;
}

export class TestStore {
  readonly node: Node;
  readonly listener: Listener;
  /**
   * Of the drops door, where the settings give it a port of its own (whichever: a free one is
   * taken).
   */
  readonly drops: Listener | null;
  readonly time: ManualTime;
  readonly logged: readonly LogLine[];
  /** The last record of its opening. */
  private readonly opened: number;

  constructor(node: Node, listener: Listener, drops: Listener | null, time: ManualTime, logged: readonly LogLine[]) {
    this.node = node;
    this.listener = listener;
    this.drops = drops;
    this.time = time;
    this.logged = logged;
    this.opened = node.engine.position;
  }

  get port(): number {
    return this.listener.port;
  }

  ask(method: string, path: string, asked: Asked = {}): Promise<Answer> {
    return ask(this.port, method, path, asked);
  }

  get(path: string, headers: Readonly<Record<string, string>> = {}): Promise<Answer> {
    return this.ask('GET', path, { headers });
  }

  /** POST of JSON; with a key unless it is null. */
  post(
    path: string,
    json: unknown,
    key: string | null,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<Answer> {
    return this.ask('POST', path, {
      json,
      headers: { ...headers, ...(key === null ? {} : { 'Idempotency-Key': key }) },
    });
  }

  /** The position of the nth record since the store was opened. */
  nth(record: number): string {
    return this.at(this.opened + record);
  }

  /** A position of this store as clients see it. */
  at(position: number): string {
    return writePosition(this.node.engine.state, position);
  }

  /**
   * Moves the clock and lets a record of that time through the log, as the tick of a real clock
   * would.
   */
  async advance(ms: number): Promise<void> {
    this.time.advance(ms);
    await this.node.submit(new Command().reset(kinds.tick), () => undefined, undefined);
  }
}

/** Starts a store, uses it, and stops it in any case. */
export async function withStore(options: Options, use: (store: TestStore) => Promise<void>): Promise<void> {
  const settings: Settings = {
    ...readSettings(
      ['--port', '0', '--drops-port', '0', '--log', 'memory', '--no-demo', ...(options.args ?? [])],
      options.environment ?? {},
    ),
    ...options.settings,
  };
  const time = new ManualTime();
  const logged: LogLine[] = [];
  const store = await (options.open ?? openServed)(settings, {
    onNotice: () => {},
    ...(options.manualTime === true ? { time } : {}),
    ...options.store,
  });
  const logger = recorder(logged, options.logLevel ?? 'info');
  const listener = listen(settings, store.node, logger, options.listener, options.lists);
  const drops = listenDrops(settings, store.node, logger, { port: 0, ...options.listener });
  try {
    await use(new TestStore(store.node, listener, drops, time, logged));
  } finally {
    await listener.close(0);
    await drops?.close(0);
    await store.close();
  }
}

function recorder(into: LogLine[], least: LogLevel): ListenerOptions['logger'] {
  const enabled = (level: LogLevel): boolean => logLevels.indexOf(level) >= logLevels.indexOf(least);
  const at = (level: LogLevel) => (fields: object, message: string) => {
    if (enabled(level)) into.push({ level, fields: fields as Record<string, unknown>, message });
  };
  return {
    isLevelEnabled: enabled,
    debug: at('debug'),
    info: at('info'),
    warn: at('warn'),
    error: at('error'),
    fatal: at('fatal'),
  };
}
