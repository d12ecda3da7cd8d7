/**
 * A whole run of `verify`: rounds until one finds a problem, then a last check of all of them after
 * a clean stop.
 */
import { reasonOf } from '../../reason.ts';
import type { KnownIds } from '../audit/answer-audit.ts';
import { Client } from './client.ts';
import type { Record } from './client.ts';
import { History } from './history.ts';
import { LogLooks } from '../audit/log-audit.ts';
import { replayLog } from '../audit/log-replay.ts';
import { LoggedEffects } from '../audit/logged-effects.ts';
import type { Operation } from '../audit/operation.ts';
import { Problems } from '../audit/problems.ts';
import { Round } from './round.ts';
import type { RoundResult } from './round.ts';
import { ServerUnderProof } from './server-under-proof.ts';
import { readState } from './state-reads.ts';

export interface VerifySettings {
  readonly rounds: number;
  readonly json: boolean;
  /** Absolute path of the history to write; null for none. */
  readonly historyFile: string | null;
  readonly seed: number;
  /** A program to start in place of our server; null for ours. */
  readonly serverProgram: string | null;
}

export interface VerifyResult {
  readonly ok: boolean;
  readonly seed: number;
  readonly rounds: number;
  readonly operations: number;
  readonly effects: number;
  readonly unknown: number;
  readonly replays: number;
  readonly duplicates: number;
  readonly expiries: number;
  readonly kills: number;
  readonly seconds: number;
  readonly problems: readonly string[];
  /** The folder with all data, when a problem was found. */
  readonly folder: string | null;
}

type Sums = Pick<RoundResult, 'operations' | 'effects' | 'unknown' | 'replays' | 'duplicates' | 'expiries'>;

export class Run {
  private readonly settings: VerifySettings;
  private readonly onProgress: (line: string) => void;
  private readonly problems = new Problems();
  private readonly server: ServerUnderProof;
  private readonly ids: KnownIds = new Map();
  private readonly sums = {
    operations: 0,
    effects: 0,
    unknown: 0,
    replays: 0,
    duplicates: 0,
    expiries: 0,
  } satisfies Sums;
  private readonly sales: string[] = [];
  private readonly sample: Operation[] = [];
  private history: History | null = null;
  private rounds = 0;

  constructor(settings: VerifySettings, onProgress: (line: string) => void) {
    this.settings = settings;
    this.onProgress = onProgress;
    this.server = new ServerUnderProof(settings.serverProgram, this.problems);
  }

  async run(): Promise<VerifyResult> {
    const { seed, historyFile } = this.settings;
    const beganMs = performance.now();
    try {
      if (historyFile !== null) this.history = new History(historyFile);
      await this.server.start();
      await this.runRounds();
      if (this.problems.count === 0) await this.lastLook();
      await this.server.stop();
    } catch (error) {
      // An error that stops the proof is a finding too: a server that does not come back, a log
      // that cannot be read.
      this.problems.add('the proof could not go on', reasonOf(error));
      await this.server.kill();
    } finally {
      this.history?.close();
    }
    const ok = this.problems.count === 0;
    if (ok) this.server.remove();
    else this.server.keep();
    return {
      ok,
      seed,
      rounds: this.rounds,
      ...this.sums,
      kills: this.server.kills,
      seconds: Math.round((performance.now() - beganMs) / 100) / 10,
      problems: this.problems.sentences(),
      folder: ok ? null : this.server.folder,
    };
  }

  private async runRounds(): Promise<void> {
    const { seed, rounds } = this.settings;
    const { server, problems, ids, history } = this;
    let provedTo = 0;
    for (let number = 1; number <= rounds && problems.count === 0; number += 1) {
      problems.where = `round ${number}: `;
      this.rounds = number;
      const result = await new Round({ number, seed, server, problems, ids, history, provedTo }).run();
      provedTo = result.provedTo;
      this.add(result);
      this.onProgress(`round ${number}/${rounds}: ${describe(result)}: ${problems.count === 0 ? 'fine' : 'NOT fine'}`);
    }
  }

  private add(result: RoundResult): void {
    for (const name of Object.keys(this.sums) as (keyof Sums)[]) this.sums[name] += result[name];
    this.sales.push(...result.sales.keys());
    this.sample.push(...result.sample);
  }

  /**
   * Checks that everything is as it was after a clean stop, and from the snapshot that it wrote.
   */
  private async lastLook(): Promise<void> {
    const { server, problems } = this;
    problems.where = 'after the clean stop: ';
    await server.stop();
    await server.start();
    const record: Record = {
      operations: [],
      problems,
      address: server.address,
      remembering: new Set(),
      counts: new Map(),
      stopped: false,
      replays: 0,
      duplicates: 0,
    };
    const clients = Array.from({ length: 16 }, (_, number) => new Client(number, 'last', Math.random, record));
    await Promise.all(
      clients.map(async (client, at) => {
        for (let i = at; i < this.sample.length; i += clients.length) {
          const operation = this.sample[i]!;
          if (!(await client.replay(operation))) problems.add('a replayed key got no answer', operation.key ?? '');
        }
      }),
    );
    const reads = await readState(clients, this.sales, []);
    const looks = new LogLooks(problems);
    for (const read of reads.sales) looks.saleRead(read);
    const logged = new LoggedEffects(Infinity, looks.at);
    await replayLog(server.dataFolder, (...applied) => logged.note(...applied));
    looks.finish();
    for (const client of clients) client.close();
    this.sums.replays += record.replays;
    this.onProgress(
      `after a clean stop: ${record.replays} keys of all rounds replayed, ${reads.sales.length} sales read`,
    );
    problems.where = '';
  }
}

function describe(result: RoundResult): string {
  const { operations, effects, unknown, replays, expiries, killedAfterMs, kills } = result;
  const again = kills > 1 ? ` and ${kills - 1} more` : '';
  return (
    `${operations} operations, ${effects} effects, killed after ${killedAfterMs} ms${again}, ` +
    `${unknown} unknown and retried, ${replays} replayed, ${expiries} expired`
  );
}
