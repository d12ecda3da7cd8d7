/**
 * One connection to PostgreSQL that reconnects: it is opened on demand and dropped when it breaks.
 * Callers take turns, so transactions never mix.
 *
 *     none ──ask──▶ open ──error of the network, FATAL, time limit──▶ none
 *                    └──error of a statement──▶ rolled back, open
 *
 * Every wait has a limit. Both sides notice a peer that vanishes: this one by the limit on answers,
 * the server by TCP's own. A statement's time limit on the server is shorter than the limit here,
 * so a statement that is given up has also ended.
 */
import { Socket } from 'node:net';
import { Client, DatabaseError } from 'pg';
import type { QueryArrayConfig, QueryArrayResult, QueryConfig, QueryResult } from 'pg';
import type { PostgresAddress } from './address.ts';
import { CopyIn } from './copy.ts';
import { storeError } from './errors.ts';
import { DatabaseUnavailableError } from '../database.ts';

export interface Patience {
  readonly connectMs: number;
  /** Longest for one statement, its wait for locks included. */
  readonly statementMs: number;
  /** Longest wait for another session's lock. */
  readonly lockMs: number;
  /** Longest wait for an answer. Longer than a statement: the server gives up first. */
  readonly answerMs: number;
}

export const defaultPatience: Patience = { connectMs: 10_000, statementMs: 60_000, lockMs: 10_000, answerMs: 65_000 };

/** About three weeks: for statements that must be waited for, such as a migration's. */
export const noLimitMs = 2 ** 31 - 1;
const closeWithinMs = 2_000;
const quiet = (): void => undefined;

export class PostgresConnection {
  readonly place: string;
  private readonly address: PostgresAddress;
  private readonly patience: Patience;
  private readonly application: string;
  private session: Session | null = null;
  private turn: Promise<unknown> = Promise.resolve();
  private closed = false;

  constructor(address: PostgresAddress, application: string, patience: Patience = defaultPatience) {
    this.address = address;
    this.place = address.place;
    this.patience = patience;
    this.application = application;
  }

  get isOpen(): boolean {
    return this.session !== null && !this.session.broken;
  }

  /**
   * Runs `use` between `begin` and a commit, alone on the connection. Errors of `use` are rethrown
   * after a rollback.
   * @throws the errors of `SqlDatabase`; only DatabaseUnavailableError may hide a commit that has
   * happened
   */
  transaction<Result>(begin: string, use: (session: Session) => Promise<Result>): Promise<Result> {
    return this.alone(async (session) => {
      try {
        await session.query({ text: begin });
        const result = await use(session);
        const { command } = await session.query({ text: 'COMMIT' });
        if (command !== 'COMMIT') throw new DatabaseUnavailableError(`${this.place}: the transaction was rolled back`);
        return result;
      } catch (error) {
        await this.undo(session);
        throw error;
      }
    });
  }

  /** One statement, which is a transaction of its own. */
  query<Row extends object>(config: QueryConfig): Promise<QueryResult<Row>> {
    return this.alone((session) => session.query<Row>(config));
  }

  /** Waits for pending statements, then closes. */
  async close(): Promise<void> {
    this.closed = true;
    await this.turn;
    await this.session?.end();
    this.session = null;
  }

  private alone<Result>(use: (session: Session) => Promise<Result>): Promise<Result> {
    const done = this.turn.then(async () => {
      const session = await this.open();
      try {
        return await use(session);
      } finally {
        if (session.broken) this.drop(session);
      }
    });
    this.turn = done.catch(quiet);
    return done;
  }

  private async open(): Promise<Session> {
    if (this.closed) throw new DatabaseUnavailableError(`${this.place}: closed`);
    if (this.session !== null && !this.session.broken) return this.session;
    if (this.session !== null) this.drop(this.session);
    this.session = await connect(this.address, this.application, this.patience);
    return this.session;
  }

  private async undo(session: Session): Promise<void> {
    if (session.broken) return;
    try {
      await session.query({ text: 'ROLLBACK' });
    } catch {
      // The server rolls back what a closed connection left.
      session.broken = true;
    }
  }

  private drop(session: Session): void {
    session.destroy();
    if (this.session === session) this.session = null;
  }
}

/** One open connection. */
export class Session {
  /** It can no longer be used. */
  broken = false;
  /** Whether a commit of this session survives a power cut, by the server's settings. */
  durable = false;
  private readonly client: Client;
  private readonly socket: Socket;
  private readonly place: string;

  constructor(client: Client, socket: Socket, place: string) {
    this.client = client;
    this.socket = socket;
    this.place = place;
    client.on('error', () => (this.broken = true));
    client.on('end', () => (this.broken = true));
  }

  /** @throws the errors of `SqlDatabase` */
  async query<Row extends object>(config: QueryConfig): Promise<QueryResult<Row>> {
    try {
      return await this.client.query<Row>(config);
    } catch (error) {
      throw this.failed(error);
    }
  }

  /** The same with rows as arrays. */
  async rows<Row extends unknown[]>(config: Omit<QueryArrayConfig, 'rowMode'>): Promise<QueryArrayResult<Row>> {
    try {
      return await this.client.query<Row>({ ...config, rowMode: 'array' });
    } catch (error) {
      throw this.failed(error);
    }
  }

  /**
   * `COPY … FROM STDIN` with rows as `copyText` writes them.
   * @throws the errors of `SqlDatabase`
   */
  async copy(text: string, rows: string): Promise<void> {
    const error = await new Promise<Error | null>((resolve) => {
      this.client.query(new CopyIn(text, rows, resolve));
    });
    if (error !== null) throw this.failed(error);
  }

  destroy(): void {
    this.broken = true;
    this.socket.destroy();
  }

  /** Says goodbye, and hangs up on a server that does not answer. */
  async end(): Promise<void> {
    const timer = setTimeout(() => this.socket.destroy(), closeWithinMs);
    await this.client.end().catch(quiet);
    clearTimeout(timer);
  }

  private failed(error: unknown): Error {
    // After a statement's error the connection is usable. After any other error the two sides may
    // disagree about the protocol's state.
    if (!(error instanceof DatabaseError) || error.severity !== 'ERROR') this.broken = true;
    return storeError(error, this.place);
  }
}

async function connect(address: PostgresAddress, application: string, patience: Patience): Promise<Session> {
  try {
    return await connectOnce(address, address.config.ssl, application, patience);
  } catch (error) {
    // The driver has no code for this one.
    const refused = error instanceof Error && error.message === 'The server does not support SSL connections';
    if (!refused || !address.plainWillDo) throw storeError(error, address.place);
  }
  try {
    return await connectOnce(address, false, application, patience);
  } catch (error) {
    throw storeError(error, address.place);
  }
}

async function connectOnce(
  address: PostgresAddress,
  ssl: PostgresAddress['config']['ssl'],
  application: string,
  { connectMs, statementMs, lockMs, answerMs }: Patience,
): Promise<Session> {
  const socket = new Socket();
  const client = new Client({
    ...address.config,
    ssl,
    application_name: application,
    connectionTimeoutMillis: connectMs,
    query_timeout: answerMs,
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
    stream: () => socket,
  });
  const session = new Session(client, socket, address.place);
  try {
    await client.connect();
    await client.query(settings(statementMs, lockMs));
    const { rows } = await client.query<{ durable: boolean }>(
      `SELECT current_setting('fsync') = 'on' AND current_setting('synchronous_commit') <> 'off' AS durable`,
    );
    session.durable = rows[0]?.durable === true;
    return session;
  } catch (error) {
    session.destroy();
    throw error;
  }
}

/**
 * Statements must not depend on settings of a role or a database, and a dead client's lock must not
 * stay.
 */
function settings(statementMs: number, lockMs: number): string {
  return `
    SET search_path = pg_catalog;
    SET timezone = 'UTC';
    SET default_transaction_isolation = 'read committed';
    SET default_transaction_read_only = off;
    SET statement_timeout = ${statementMs};
    SET lock_timeout = ${lockMs};
    SET idle_in_transaction_session_timeout = ${statementMs};
    SET tcp_keepalives_idle = 10;
    SET tcp_keepalives_interval = 5;
    SET tcp_keepalives_count = 3;
    SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') = 'off';
  `;
}
