/**
 * One client: it sends one request after the other and records the answers. It retries a request,
 * with the same key, as long as the outcome is unknown.
 */
import { nowNs, pause } from './clock.ts';
import type { Address } from '../load/http-client.ts';
import { HttpClient, NoAnswerError } from '../load/http-client.ts';
import type { Answer, Operation, Request } from '../audit/operation.ts';
import { answerOf, isDefinite, isOk, isOkStatus, nameOf } from '../audit/operation.ts';
import type { Problems } from '../audit/problems.ts';

/** Maximum operations of one sale in a round: a general checker must be able to decide it. */
export const maxOperationsOfSale = 5000;
/** How often an unknown operation is retried, and how long apart, ms. */
const retries = 100;
const retryAfterMs = 100;
/** How much of a body a problem's description shows, characters. */
const maxShown = 400;

/** The state that the clients of a round share. */
export interface Record {
  readonly operations: Operation[];
  readonly problems: Problems;
  readonly address: Address;
  /** Sales that pin a refusal to its key, as if it were an effect. */
  readonly remembering: ReadonlySet<string>;
  /** Operations so far, by sale. */
  readonly counts: Map<string, number>;
  /** Set when the server is about to be killed: no new operation begins. */
  stopped: boolean;
  replays: number;
  duplicates: number;
}

export class Client {
  readonly number: number;
  /** The next number in [0, 1) of this client's own. */
  readonly random: () => number;
  readonly record: Record;
  /** Own holds that no request has tried to end yet, and own standing orders. */
  readonly holds: Operation[] = [];
  readonly orders: Operation[] = [];
  /** Own operations whose keys must always give the same answer. */
  readonly lasting: Operation[] = [];
  private readonly keyPrefix: string;
  private readonly main: HttpClient;
  private readonly spare: HttpClient;
  private keys = 0;

  constructor(number: number, keyPrefix: string, random: () => number, record: Record) {
    this.number = number;
    this.keyPrefix = `${keyPrefix}-${number}`;
    this.random = random;
    this.record = record;
    this.main = new HttpClient(record.address);
    this.spare = new HttpClient(record.address);
  }

  close(): void {
    this.main.close();
    this.spare.close();
  }

  nextKey(): string {
    this.keys += 1;
    return `${this.keyPrefix}-${this.keys}`;
  }

  below(limit: number): number {
    return Math.floor(this.random() * limit);
  }

  pick<Item>(items: readonly Item[]): Item | undefined {
    return items[this.below(items.length)];
  }

  /** Takes one of the items out of the list. */
  take<Item>(items: Item[]): Item | undefined {
    return items.splice(this.below(items.length), 1)[0];
  }

  /**
   * Steps until the round is stopped, the sale has its maximum of operations, or an answer did not
   * come.
   */
  async run(step: (client: Client) => Promise<Operation | null>): Promise<void> {
    while (!this.record.stopped) {
      const operation = await step(this);
      if (operation !== null && operation.answer === null) return;
    }
  }

  /** Sends a new request once; its answer stays null if none came. */
  async ask(request: Request, client = this.number): Promise<Operation> {
    const operation = this.begin(request, client);
    await this.attempt(operation, this.main);
    return operation;
  }

  /** Sends the same request on two connections at once, as an impatient client or a proxy may. */
  async askTwice(request: Request): Promise<Operation> {
    const operation = this.begin(request, this.number);
    this.record.duplicates += 1;
    const [one, other] = await Promise.all([this.attempt(operation, this.main), this.attempt(operation, this.spare)]);
    if (
      one !== null &&
      other !== null &&
      isOkStatus(one.status) &&
      isOkStatus(other.status) &&
      one.body !== other.body
    ) {
      this.record.problems.add(
        'two sends of one key got two answers',
        `${nameOf(operation)} was told ${one.body} and ${other.body}`,
      );
    }
    // One was refused, but the other may have arrived later and taken effect.
    if ((one === null || other === null) && !isOk(operation)) {
      operation.answer = null;
      operation.returnNs = null;
    }
    return operation;
  }

  /** Sends two different requests at once, the second under a client number of its own. */
  async askBoth(one: Request, other: Request, otherClient: number): Promise<[Operation, Operation]> {
    const first = this.begin(one, this.number);
    const second = this.begin(other, otherClient);
    await Promise.all([this.attempt(first, this.main), this.attempt(second, this.spare)]);
    return [first, second];
  }

  /** Replays one of the own answered requests: the answer must be the same, byte for byte. */
  async replayOne(): Promise<null> {
    const operation = this.pick(this.lasting);
    if (operation === undefined) await pause(1);
    else await this.replay(operation, this.random() < 0.3);
    return null;
  }

  /**
   * `quoted`: the key as a string of RFC 8941, which is the same key. Resolves to whether an answer
   * came.
   */
  async replay(operation: Operation, quoted = false): Promise<boolean> {
    const request = quoted ? { ...operation, key: `"${operation.key}"` } : operation;
    const again = await this.send(request, this.main);
    const { answer } = operation;
    if (again === null || answer === null) return false;
    this.record.replays += 1;
    if (again.status !== answer.status || again.body !== answer.body) {
      this.record.problems.add(
        'a replayed key got another answer',
        `${nameOf(operation)} was told ${answer.status} ${short(answer.body)} and now ${again.status} ${short(again.body)}`,
      );
    }
    return true;
  }

  /** Retries an operation until its outcome is known. */
  async settle(operation: Operation): Promise<void> {
    for (let attempt = 0; attempt < retries && operation.answer === null; attempt += 1) {
      if (attempt > 0) await pause(retryAfterMs);
      await this.attempt(operation, this.main);
    }
    if (operation.answer === null) {
      this.record.problems.add('a key does not tell what became of it', nameOf(operation));
    }
  }

  /** A request of our own that is not recorded. Null: no answer came. */
  async send(request: Request, connection = this.main): Promise<Answer | null> {
    try {
      return answerOf(await connection.request(request));
    } catch (error) {
      if (error instanceof NoAnswerError) return null;
      throw error;
    }
  }

  private begin(request: Request, client: number): Operation {
    const operation = { ...request, client, callNs: nowNs(), returnNs: null, answer: null, loggedAt: null };
    const { counts, operations } = this.record;
    for (const { sale } of request.lines) counts.set(sale, (counts.get(sale) ?? 0) + 1);
    operations.push(operation);
    return operation;
  }

  private async attempt(operation: Operation, connection: HttpClient): Promise<Answer | null> {
    const answer = await this.send(operation, connection);
    if (answer === null || !isDefinite(answer)) return null;
    // If two sends were answered differently, the one that took effect says what happened.
    const known = operation.answer;
    if (known === null || (!isOkStatus(known.status) && isOkStatus(answer.status))) {
      operation.answer = answer;
      operation.returnNs = nowNs();
      if (operation.key !== null && this.lasts(operation)) this.lasting.push(operation);
    }
    return answer;
  }

  private lasts(operation: Operation): boolean {
    if (isOk(operation)) return true;
    const asksForStock = ['order', 'basket', 'hold'].includes(operation.kind);
    return asksForStock && operation.lines.some(({ sale }) => this.record.remembering.has(sale));
  }
}

function short(body: string): string {
  return body.length <= maxShown ? body : `${body.slice(0, maxShown)}…`;
}

/** Whether a sale may have more operations in this round. */
export function hasRoom(record: Record, sales: readonly string[]): boolean {
  // A step adds at most a handful.
  return sales.every((sale) => (record.counts.get(sale) ?? 0) < maxOperationsOfSale - 100);
}
