/** The rush: five hundred clients for two thousand seats, with cancellations, and the store killed three times in the middle of it. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { seededRandom } from '../../../src/log/memory/random.ts';
import type { Answer } from '../../http/support/client.ts';
import { ChildStore, withDataFolder } from '../../http/support/child.ts';
import type { Request } from './rush-ledger.ts';
import { Ledger } from './rush-ledger.ts';
import { addEvent, addSeat, addUser, dataIn, listIn, send } from './support.ts';

const [clients, requestsEach, rows, seatsInRow] = [500, 12, 40, 50];
/** The store is killed when so many requests have been answered. */
const kills = [1000, 2600, 4200];
/** Every so many clients is a user who takes what is left and waits for the rest. */
const waiting = 10;

/** A store on one folder that is killed and started again while clients go on asking. */
class KilledStore {
  private readonly folder: string;
  private running: Promise<ChildStore>;
  private readonly killed = new Set<ChildStore>();
  starts = 0;

  constructor(folder: string) {
    this.folder = folder;
    this.running = this.start();
  }

  /** The answer to a request with a key, from whichever process gives it. */
  async ask(method: string, path: string, json: object, key: string): Promise<Answer> {
    for (;;) {
      const store = await this.running;
      try {
        const answer = await send(store, method, path, json, key);
        // It may be done, and told nobody: the same key tells.
        if (answer.status !== 503) return answer;
      } catch (error) {
        // The connection ended without an answer: only a store that was killed may do that.
        if (!this.killed.has(store)) throw error;
      }
    }
  }

  kill(): void {
    const before = this.running;
    this.running = before.then(async (store) => {
      this.killed.add(store);
      assert.equal(await store.kill('SIGKILL'), 'SIGKILL');
      return this.start();
    });
  }

  async now(): Promise<ChildStore> {
    return await this.running;
  }

  private start(): Promise<ChildStore> {
    this.starts += 1;
    return ChildStore.start(this.folder, ['--doors', 'seats,v1']);
  }
}

/** Two thousand seats, and a user for each client who waits. Returns the users' small ids. */
async function stock(store: ChildStore): Promise<number[]> {
  assert.equal(await addEvent(store), 1);
  for (let row = 1; row <= rows; row += 1) {
    await Promise.all(Array.from({ length: seatsInRow }, (_, i) => addSeat(store, 1, row, i + 1)));
  }
  return await Promise.all(Array.from({ length: clients / waiting }, (_, i) => addUser(store, `client-${i}`)));
}

/** Books groups of one to ten, and gives a third of them back. */
async function client(
  number: number,
  userId: number | null,
  random: () => number,
  sendOne: (request: Pick<Request, 'key' | 'method' | 'json'>) => Promise<Answer>,
): Promise<void> {
  const own: number[] = [];
  for (let i = 0; i < requestsEach; i += 1) {
    const key = `client-${number}-${i}`;
    const bookingId = random() < 0.33 ? own.shift() : undefined;
    if (bookingId !== undefined) {
      const answer = await sendOne({ key, method: 'DELETE', json: { eventId: 1, bookingId } });
      assert.equal(answer.status, 200, answer.text);
      continue;
    }
    const numberOfSeats = 1 + Math.floor(random() * 10);
    const waits = userId === null ? {} : { userId, partial: true };
    const answer = await sendOne({ key, method: 'POST', json: { eventId: 1, numberOfSeats, ...waits } });
    assert.ok(answer.status === 200 || (answer.status === 409 && userId === null), answer.text);
    if (answer.status === 200 && dataIn(answer)['bookingId'] !== null) own.push(Number(dataIn(answer)['bookingId']));
  }
}

async function bookedSeats(store: ChildStore): Promise<Set<number>> {
  const seats = [1, 2].map((page) => store.ask('GET', `/api/seats?status=booked&limit=1000&page=${page}`));
  return new Set((await Promise.all(seats)).flatMap((page) => listIn(page).map(({ id }) => Number(id))));
}

test('through three kills no seat is sold twice, every answered booking is there, and each key gets its first answer', () =>
  withDataFolder(async (folder) => {
    const store = new KilledStore(folder);
    const seed = 20_261_121;
    try {
      const users = await stock(await store.now());
      const ledger = new Ledger();
      const sendOne = async (asked: Pick<Request, 'key' | 'method' | 'json'>): Promise<Answer> => {
        const sentMs = performance.now();
        const answer = await store.ask(asked.method, '/api/events/book', asked.json, asked.key);
        ledger.note({ ...asked, sentMs, answeredMs: performance.now(), answer });
        if (kills.includes(ledger.requests.length)) store.kill();
        return answer;
      };
      const random = seededRandom(seed);
      await Promise.all(
        Array.from({ length: clients }, (_, number) =>
          client(number, number % waiting === 0 ? users[number / waiting]! : null, random, sendOne),
        ),
      );
      assert.equal(ledger.requests.length, clients * requestsEach, `seed ${seed}`);
      assert.equal(store.starts, 1 + kills.length);

      const standing = ledger.standingSeats();
      const child = await store.now();
      assert.deepEqual(await bookedSeats(child), standing, `seed ${seed}`);
      const { sold, held } = (await child.ask('GET', '/v1/sales/sale_0_1')).body;
      assert.deepEqual([sold, held], [standing.size, 0]);
      assert.ok(standing.size > 1000, `${standing.size} seats are sold: what comes back is bought again`);

      const { position } = (await child.ask('GET', '/readyz')).body;
      for (const { key, method, json, answer } of ledger.successes) {
        const again = await store.ask(method, '/api/events/book', json, key);
        assert.deepEqual([again.status, again.text], [200, answer.text], key);
        assert.equal(again.header('Idempotency-Replayed'), 'true');
      }
      assert.equal((await child.ask('GET', '/readyz')).body['position'], position, 'repeating did nothing');
      assert.ok(ledger.successes.length > 1000, `${ledger.successes.length} of ${ledger.requests.length}`);
    } finally {
      await (await store.now()).kill('SIGKILL');
    }
  }));
