/**
 * The rush: many buyers at once, one unit each, from one Node process. By default it runs against a
 * running server and reports what was sold. With `--compare` a server of our own and the bare one
 * take turns.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { UserError } from '../../store/user-error.ts';
import { root, spawnChild } from '../processes/children.ts';
import type { Address } from '../load/http-client.ts';
import { call, CallError } from '../load/http-client.ts';
import { numberOf, parseObject, ShapeError } from '../load/json.ts';
import { closeAndAudit, oneUnit, ticketsPath } from './purchase.ts';
import { single } from './report.ts';
import type { Figure, Report } from './report.ts';
import { bareRouteLike, HoldfastServer, startBare } from '../processes/servers.ts';
import type { BenchSettings } from './settings.ts';
import { createEvent, eventCounts, plenty } from './shop.ts';
import { estimate, ratios } from './statistics.ts';

const defaultUrl = 'http://127.0.0.1:3000';
const clientSource = new URL('./rush-client.ts', import.meta.url);
const replays = 10;

export interface RushResult {
  readonly seconds: number;
  readonly replies: readonly { readonly key: string; readonly status: number; readonly body: string }[];
  /** Version of the Node that ran the buyers. */
  readonly version: string;
}

export async function rush(settings: BenchSettings): Promise<Report> {
  return settings.compare
    ? compareRush(settings)
    : rushAt({ url: settings.url ?? defaultUrl, operatorKey: settings.operatorKey }, settings.users);
}

/** One rush at a server that runs already. */
async function rushAt(at: Address, users: number): Promise<Report> {
  const before = await countsAt(at);
  const result = await sendRush(at.url, users);
  const sold = (await eventCounts(at)).sold - before.sold;
  const complaints = await checkRush(at, result, sold, before.remaining);
  const statuses = new Map<number, number>();
  for (const { status } of result.replies) statuses.set(status, (statuses.get(status) ?? 0) + 1);
  const failed = result.replies.filter(({ status }) => status !== 200).length;
  const lines = [
    `Sold seats: ${sold}/${users}`,
    `Failed requests: ${failed}/${users}`,
    `Duration: ${result.seconds.toFixed(3)} seconds`,
    'Status codes:',
    ...[...statuses]
      .sort(([a], [b]) => a - b)
      .map(([status, count]) => `  ${status === 0 ? 'no answer' : status}: ${count}`),
  ];
  const figures: Figure[] = [
    { id: 'rush/seconds', what: `${users} buyers at once`, unit: 's', estimate: single(result.seconds) },
    { id: 'rush/sold', what: 'sold', unit: '×', estimate: single(sold) },
    { id: 'rush/failed', what: 'failed', unit: '×', estimate: single(failed) },
  ];
  return { bench: 'rush', figures, notes: [`the buyers are Node ${result.version}, one process`], complaints, lines };
}

async function countsAt(at: Address): Promise<{ sold: number; remaining: number }> {
  try {
    return await eventCounts(at);
  } catch (error) {
    if (!(error instanceof CallError || error instanceof ShapeError)) throw error;
    throw new UserError(
      `${error.message}. A rush needs a running server with a ticket event: holdfast serve --demo, or --url`,
    );
  }
}

/** What is wrong with a rush, in sentences. `remainingBefore`: units left when it began. */
async function checkRush(at: Address, result: RushResult, sold: number, remainingBefore: number): Promise<string[]> {
  const complaints: string[] = [];
  const yes = result.replies.filter(({ status }) => status === 200);
  const unanswered = result.replies.filter(({ status }) => status === 0);
  if (unanswered.length > 0) complaints.push(`${unanswered.length} requests got no answer: ${unanswered[0]!.body}`);
  if (sold !== yes.length)
    complaints.push(`the event counts ${sold} more seats sold, ${yes.length} buyers were told yes`);
  const left = new Set(yes.map(({ body }) => numberOf(parseObject(body), 'seatsRemaining')));
  if (left.size !== yes.length)
    complaints.push(`${yes.length} buyers were told yes, with only ${left.size} different counts of seats left`);
  for (const each of left) {
    if (each < remainingBefore && each >= remainingBefore - yes.length) continue;
    complaints.push(`a buyer was told that ${each} seats are left; there were ${remainingBefore} before`);
    break;
  }
  for (const reply of yes.slice(0, replays)) {
    const again = await call(at, { method: 'POST', path: ticketsPath, body: oneUnit, key: reply.key });
    if (again.status === reply.status && again.body === reply.body) continue;
    complaints.push(`the same key was answered ${reply.body} and then ${again.status} ${again.body}`);
    break;
  }
  return complaints;
}

/** A server of our own and the bare one in turn, the same buyers at each. */
async function compareRush(settings: BenchSettings): Promise<Report> {
  const ours = await HoldfastServer.start();
  await createEvent(ours, plenty);
  const bare = await startBare([await bareRouteLike(ours, { path: ticketsPath, pattern: ticketsPath, body: oneUnit })]);
  const ourSeconds: number[] = [];
  const bareSeconds: number[] = [];
  const complaints: string[] = [];
  let version = '';
  // The first round warms the servers, and is not counted.
  for (let round = 0; round <= settings.rounds; round += 1) {
    settings.progress(`rush, round ${round}/${settings.rounds}`);
    const before = await eventCounts(ours);
    const result = await sendRush(ours.url, settings.users);
    const sold = (await eventCounts(ours)).sold - before.sold;
    complaints.push(...(await checkRush(ours, result, sold, before.remaining)));
    const bareResult = await sendRush(bare.url, settings.users);
    if (bareResult.replies.some(({ status }) => status !== 200)) complaints.push('the bare server failed a request');
    ({ version } = result);
    if (round === 0) continue;
    ourSeconds.push(result.seconds);
    bareSeconds.push(bareResult.seconds);
  }
  await bare.close();
  const { sold } = await eventCounts(ours);
  complaints.push(...(await closeAndAudit(ours, sold)));
  const what = `${settings.users} buyers at once`;
  return {
    bench: 'rush',
    figures: [
      {
        id: 'rush/ratio',
        what: `${what}, to bare`,
        unit: '× bare',
        estimate: estimate(ratios(ourSeconds, bareSeconds)),
      },
      { id: 'rush/ours', what, unit: 's', estimate: estimate(ourSeconds) },
      { id: 'rush/bare', what: `${what}, bare`, unit: 's', estimate: estimate(bareSeconds) },
    ],
    notes: [
      `the buyers are Node ${version}, a new process each time; servers kept running, the first round not counted`,
    ],
    complaints,
  };
}

/** Runs the buyers in a Node process of their own. */
export async function sendRush(url: string, users: number): Promise<RushResult> {
  const node = Bun.which('node') ?? join(root, 'node_modules', 'node', 'bin', 'node');
  const source = new Bun.Transpiler({ loader: 'ts', target: 'node' }).transformSync(readFileSync(clientSource, 'utf8'));
  const child = spawnChild([node, '--input-type=module', '-', url, String(users)], {
    stdio: [new TextEncoder().encode(source), 'pipe', 'inherit'],
  });
  const text = await new Response(child.stdout as ReadableStream<Uint8Array>).text();
  if ((await child.exited) !== 0) throw new Error('the buyers ended without a result');
  // Our own program's output, of this type.
  return JSON.parse(text) as RushResult;
}
