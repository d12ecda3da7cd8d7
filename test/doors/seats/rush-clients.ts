/** The clients of a rush for seats, and a store that is killed under them. */
import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';
import { seededRandom } from '../../../src/log/memory/random.ts';
import type { Answer } from '../../http/support/client.ts';
import { ChildStore } from '../../http/support/child.ts';
import type { Ledger, Request } from './rush-ledger.ts';
import { addEvent, addSeat, addUser, dataIn, listIn, send } from './support.ts';

export const clients = 500;
const [rows, seatsInRow] = [40, 50];
/** One client in this many is a user who takes what is left and waits for the rest… */
const waiting = 10;
/** …with this many requests at first: seats that they get later they do not give back. */
const waitingRequests = 12;

/** A store on one folder that is killed and started again while clients go on asking. */
export class KilledStore {
  private readonly folder: string;
  private readonly args: readonly string[];
  private readonly environment: Record<string, string>;
  private running: Promise<ChildStore>;
  private readonly killed = new Set<ChildStore>();
  starts = 0;

  /** `args`, `environment`: what it is started with, beside its doors. */
  constructor(folder: string, args: readonly string[] = [], environment: Record<string, string> = {}) {
    this.folder = folder;
    this.args = args;
    this.environment = environment;
    this.running = this.start();
  }

  /** The answer to a request with a key, from whichever process gives it. */
  async ask(method: string, path: string, json: object, key: string): Promise<Answer> {
    for (;;) {
      const store = await this.running;
      try {
        const answer = await send(store, method, path, json, key);
        // It may be done without an answer: the same key tells.
        if (answer.status !== 503) return answer;
      } catch (error) {
        // The connection ended without an answer: only a store that was killed may do that.
        if (!this.killed.has(store)) throw error;
      }
    }
  }

  /** Kills it; resolves when it serves again. */
  async kill(): Promise<void> {
    const before = this.running;
    this.running = before.then(async (store) => {
      this.killed.add(store);
      assert.equal(await store.kill('SIGKILL'), 'SIGKILL');
      return this.start();
    });
    await this.running;
  }

  async now(): Promise<ChildStore> {
    return await this.running;
  }

  private start(): Promise<ChildStore> {
    this.starts += 1;
    return ChildStore.start(this.folder, ['--doors', 'seats,v1', ...this.args], this.environment);
  }
}

/** Two thousand seats, and a user for each client that waits. Returns the users' small ids. */
export async function stock(store: ChildStore): Promise<number[]> {
  assert.equal(await addEvent(store), 1);
  for (let row = 1; row <= rows; row += 1) {
    await Promise.all(Array.from({ length: seatsInRow }, (_, i) => addSeat(store, 1, row, i + 1)));
  }
  return await Promise.all(Array.from({ length: clients / waiting }, (_, i) => addUser(store, `client-${i}`)));
}

/**
 * Books groups of one to ten, and gives a third of them back, for as long as `goesOn` says to the
 * number of its request.
 */
async function client(
  number: number,
  userId: number | null,
  random: () => number,
  goesOn: (request: number) => boolean,
  sendOne: (request: Pick<Request, 'key' | 'method' | 'json'>) => Promise<Answer>,
): Promise<void> {
  const own: number[] = [];
  for (let i = 0; goesOn(i); i += 1) {
    const key = `client-${number}-${i}`;
    const bookingId = random() < 0.33 ? own.shift() : undefined;
    if (bookingId !== undefined) {
      const answer = await sendOne({ key, method: 'DELETE', json: { eventId: 1, bookingId } });
      assert.equal(answer.status, 200, answer.text);
      continue;
    }
    const numberOfSeats = 1 + Math.floor(random() * 10);
    const mayWait = userId !== null && i < waitingRequests;
    const waits = mayWait ? { userId, partial: true } : {};
    const answer = await sendOne({ key, method: 'POST', json: { eventId: 1, numberOfSeats, ...waits } });
    assert.ok(answer.status === 200 || (answer.status === 409 && !mayWait), answer.text);
    if (answer.status === 200 && dataIn(answer)['bookingId'] !== null) own.push(Number(dataIn(answer)['bookingId']));
  }
}

export async function bookedSeats(store: ChildStore): Promise<Set<number>> {
  const seats = [1, 2].map((page) => store.ask('GET', `/api/seats?status=booked&limit=1000&page=${page}`));
  return new Set((await Promise.all(seats)).flatMap((page) => listIn(page).map(({ id }) => Number(id))));
}

export interface RushOptions {
  readonly store: KilledStore;
  /** As `stock` gives them. */
  readonly users: readonly number[];
  readonly seed: number;
  /** Whether a client sends the request of this number, from 0. */
  readonly goesOn: (request: number) => boolean;
  /** The longest that a client thinks about an answer, ms; left out for not at all. */
  readonly thinkMs?: number;
  /** Told how many requests are answered. */
  readonly onAnswered?: (count: number) => void;
}

/**
 * Five hundred clients at once, each request with a key and sent until it is answered. The ledger
 * records the answers as they come.
 */
export async function rush(options: RushOptions, ledger: Ledger): Promise<void> {
  const { store, users, seed, goesOn, thinkMs = 0, onAnswered } = options;
  const random = seededRandom(seed);
  const sendOne = async (asked: Pick<Request, 'key' | 'method' | 'json'>): Promise<Answer> => {
    const sentMs = performance.now();
    const answer = await store.ask(asked.method, '/api/events/book', asked.json, asked.key);
    ledger.note({ ...asked, sentMs, answeredMs: performance.now(), answer });
    onAnswered?.(ledger.requests.length);
    if (thinkMs > 0) await pause(thinkMs * random());
    return answer;
  };
  await Promise.all(
    Array.from({ length: clients }, (_, number) =>
      client(number, number % waiting === 0 ? users[number / waiting]! : null, random, goesOn, sendOne),
    ),
  );
}
