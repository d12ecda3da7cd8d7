/**
 * One round: new sales, clients that load them, a kill -9 at a random instant, a restart on the
 * same folder, and the proof.
 *
 *     make sales -> load -> kill -> settle -> replay -> audit
 *                           (again in its recovery, again while clients retry)
 */
import { seededRandom } from '../../log/memory/random.ts';
import { auditAnswers } from '../audit/answer-audit.ts';
import type { KnownIds } from '../audit/answer-audit.ts';
import { Client } from './client.ts';
import type { Record } from './client.ts';
import { pause } from './clock.ts';
import type { History } from './history.ts';
import { objectOf, parseObject, textOf } from '../load/json.ts';
import { Ledger } from '../audit/ledger.ts';
import { auditEffects, LogLooks } from '../audit/log-audit.ts';
import { replayLog } from '../audit/log-replay.ts';
import { LoggedEffects } from '../audit/logged-effects.ts';
import { holdsMix, shopMix, ticketsMix } from './mixes.ts';
import type { Operation } from '../audit/operation.ts';
import { isOk } from '../audit/operation.ts';
import type { Problems } from '../audit/problems.ts';
import type { ServerUnderProof } from './server-under-proof.ts';
import { auditThings, deadlinesOf, readState } from './state-reads.ts';
import { auditTickets } from '../audit/tickets-audit.ts';

/** The number that a general checker can decide at once. */
export const clientsOfSale = 16;

export interface RoundSettings {
  readonly number: number;
  readonly seed: number;
  readonly server: ServerUnderProof;
  readonly problems: Problems;
  readonly ids: KnownIds;
  readonly history: History | null;
  /** Log position up to which earlier rounds have been proved. */
  readonly provedTo: number;
}

export interface RoundResult {
  readonly operations: number;
  readonly effects: number;
  readonly unknown: number;
  readonly replays: number;
  readonly duplicates: number;
  readonly expiries: number;
  readonly killedAfterMs: number;
  readonly kills: number;
  readonly provedTo: number;
  /** Sales by id, with their capacity, and some operations, for a second check at the end. */
  readonly sales: ReadonlyMap<string, number>;
  readonly sample: readonly Operation[];
}

/** Number of answered keys of each round that are replayed once more at the end. */
const sampleSize = 200;

export class Round {
  private readonly settings: RoundSettings;
  private readonly random: () => number;
  private readonly record: Record;
  private readonly operator: Client;
  private readonly sales = new Map<string, number>();
  private readonly remembering = new Set<string>();
  private readonly clients: Client[] = [];

  constructor(settings: RoundSettings) {
    const { seed, number, server, problems } = settings;
    this.settings = settings;
    this.random = seededRandom(seed ^ Math.imul(number, 0x9e3779b1));
    this.record = {
      operations: [],
      problems,
      address: server.address,
      remembering: this.remembering,
      counts: new Map(),
      stopped: false,
      replays: 0,
      duplicates: 0,
    };
    this.operator = this.client(0);
  }

  async run(): Promise<RoundResult> {
    const { server, problems } = this.settings;
    const killsBefore = server.kills;
    try {
      const event = await this.createEvent(this.between(100, 4000));
      const shopSales = [await this.createSale(this.between(50, 2000)), await this.createSale(this.between(50, 1000))];
      const holdSale = await this.createSale(this.between(30, 600));
      const killedAfterMs = await this.load(event, shopSales, holdSale);
      const unknown = this.record.operations.filter(({ answer, kind }) => answer === null && kind !== 'read');
      await this.recover();
      await this.replayAll();
      const { effects, expiries, end } = await this.audit(event);
      const operations = this.record.operations.length;
      const { replays, duplicates } = this.record;
      return {
        operations,
        effects,
        unknown: unknown.length,
        replays,
        duplicates,
        expiries,
        killedAfterMs,
        kills: server.kills - killsBefore,
        provedTo: end,
        sales: this.sales,
        sample: this.sample(),
      };
    } finally {
      for (const client of [this.operator, ...this.clients]) client.close();
      problems.where = '';
    }
  }

  private client(number: number): Client {
    const { seed, number: round } = this.settings;
    const prefix = `${seed.toString(36)}-${round}`;
    return new Client(number, prefix, seededRandom(Math.imul(seed, 31) ^ (round << 12) ^ number), this.record);
  }

  private between(least: number, most: number): number {
    // Small ones more often: selling out is the harder case.
    return Math.floor(least + (most - least) * this.random() ** 2);
  }

  private async createEvent(capacity: number): Promise<string> {
    const body = { name: `Round ${this.settings.number}`, totalSeats: capacity };
    const made = await this.create('/api/v1/events', body);
    return this.made(textOf(objectOf(parseObject(made.answer?.body ?? ''), 'data'), 'id'), capacity);
  }

  private async createSale(capacity: number): Promise<string> {
    const refusals = this.random() < 0.3 ? 'remember' : 'forget';
    const terms = { holdSeconds: 3600, maxHoldSeconds: 7200, price: { amount: 1999, currency: 'EUR' }, refusals };
    const body = { name: `Round ${this.settings.number}`, kind: 'counted', capacity, ...terms };
    const made = await this.create('/v1/sales', body);
    const id = this.made(textOf(parseObject(made.answer?.body ?? ''), 'id'), capacity);
    if (refusals === 'remember') this.remembering.add(id);
    return id;
  }

  private async create(path: string, body: unknown): Promise<Operation> {
    const made = await this.operator.ask({
      kind: 'create',
      method: 'POST',
      path,
      body: JSON.stringify(body),
      key: this.operator.nextKey(),
      token: null,
      byOperator: true,
      lines: [],
      of: null,
    });
    if (!isOk(made))
      throw new Error(`POST ${path} was answered ${made.answer?.status ?? 'not at all'} ${made.answer?.body ?? ''}`);
    return made;
  }

  private made(id: string, capacity: number): string {
    this.sales.set(id, capacity);
    return id;
  }

  /** Loads until the kill, and returns its time, ms after the first request. */
  private async load(event: string, shopSales: readonly string[], holdSale: string): Promise<number> {
    const runs: Promise<void>[] = [];
    const begin = (first: number, step: number, mix: Parameters<Client['run']>[0]): void => {
      for (let number = first; number < first + clientsOfSale; number += step) {
        const client = this.client(number);
        this.clients.push(client);
        runs.push(client.run(mix));
      }
    };
    begin(1, 1, ticketsMix(event));
    begin(1 + clientsOfSale, 1, shopMix(shopSales));
    // These sometimes send two requests at once, the second under the number that is skipped here.
    begin(1 + 2 * clientsOfSale, 2, holdsMix(holdSale));
    const killAfterMs = Math.round(40 + 1100 * this.random());
    await pause(killAfterMs);
    this.record.stopped = true;
    await this.settings.server.kill();
    await Promise.all(runs);
    return killAfterMs;
  }

  /** Restarts the server, and lets the clients find out the outcomes of their requests. */
  private async recover(): Promise<void> {
    const { server } = this.settings;
    while (this.random() < 0.3) await server.startAndKill(20 + 200 * this.random());
    await server.start();
    const settled = Promise.all(
      this.clients.map(async (client) => {
        for (const operation of this.record.operations) {
          if (operation.client === client.number && operation.kind !== 'read') await client.settle(operation);
        }
      }),
    );
    if (this.random() < 0.3) {
      await pause(10 * this.random());
      await server.kill();
      await server.start();
    }
    await settled;
    await this.settleOthers();
  }

  /** The operations under other client numbers. */
  private async settleOthers(): Promise<void> {
    const [first] = this.clients;
    if (first === undefined) return;
    for (const operation of this.record.operations) if (operation.kind !== 'read') await first.settle(operation);
  }

  private async replayAll(): Promise<void> {
    const unanswered: string[] = [];
    await Promise.all(
      [this.operator, ...this.clients].map(async (client) => {
        for (const operation of client.lasting) {
          if (!(await client.replay(operation))) unanswered.push(operation.key ?? '');
        }
      }),
    );
    if (unanswered.length > 0) {
      this.settings.problems.add(
        'a replayed key got no answer',
        `${unanswered.length} of them, such as ${unanswered[0]}`,
      );
    }
  }

  private async audit(event: string): Promise<{ effects: number; expiries: number; end: number }> {
    const { problems, ids, server, provedTo, history } = this.settings;
    const { operations } = this.record;
    auditAnswers(operations, ids, problems);
    const reads = await readState(this.clients, [...this.sales.keys()], operations);

    // By requests and answers alone.
    const sold = auditTickets(event, this.sales.get(event) ?? 0, operations, problems);
    const eventRead = reads.sales.find(({ sale }) => sale === event);
    if (eventRead?.sold !== sold) {
      problems.add(
        "the state differs from the clients' record",
        `${event} has ${eventRead?.sold} sold, the clients bought ${sold}`,
      );
    }
    const ledger = new Ledger(new Map([...this.sales].filter(([sale]) => sale !== event)), problems);
    const active = reads.holds.filter(({ status }) => status === 'active');
    ledger.audit(operations, reads.sales, new Map(active.map(({ operation, position }) => [operation, position])));
    auditThings(reads, ledger, deadlinesOf(operations), problems);

    // By the log.
    const looks = new LogLooks(problems);
    for (const read of ledger.reads) looks.saleRead(read);
    for (const read of reads.holds) looks.holdRead(read);
    for (const read of reads.orders) looks.orderRead(read);
    for (const operation of operations) looks.refusal(operation);
    const logged = new LoggedEffects(provedTo + 1, looks.at);
    const { position } = await replayLog(server.dataFolder, (...applied) => logged.note(...applied));
    looks.finish();
    auditEffects(operations, logged.effects, problems);
    history?.writeRound(this.sales, operations, ledger.returned, logged.expiries);
    return { effects: logged.effects.length, expiries: logged.expiries.length, end: position };
  }

  private sample(): Operation[] {
    const lasting = this.clients.flatMap((client) => client.lasting);
    const every = Math.max(1, Math.floor(lasting.length / sampleSize));
    return [...this.operator.lasting, ...lasting.filter((_, at) => at % every === 0)];
  }
}
