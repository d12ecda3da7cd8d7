/** `verify` passes on the real server and finds the fault of each deliberately broken one. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { runToEnd, temporaryFolder } from './support/servers.ts';

interface Verdict {
  readonly ok: boolean;
  readonly seed: number;
  readonly rounds: number;
  readonly effects: number;
  readonly kills: number;
  readonly replays: number;
  readonly problems: readonly string[];
  readonly folder: string | null;
}

interface HistoryLine {
  readonly client: number | null;
  readonly call_ns: number;
  readonly return_ns: number | null;
  readonly kind: string;
  readonly sale: string;
  readonly key: string | null;
  readonly quantity: number;
  readonly outcome: string;
  readonly remaining: number | null;
  readonly seq: number | null;
  readonly expires_ns?: number;
}

/** The verdict on a server, and the exit code that goes with it. */
async function verdictOn(server: string | null, rounds: number, more: readonly string[] = []): Promise<Verdict> {
  const program = server === null ? [] : ['--server', fileURLToPath(new URL(server, import.meta.url))];
  const { code, stdout, stderr } = await runToEnd(['verify', '--rounds', `${rounds}`, '--json', ...program, ...more]);
  assert.ok(stdout.startsWith('{'), stderr);
  const verdict = JSON.parse(stdout) as Verdict;
  assert.equal(code, verdict.ok ? 0 : 1);
  if (verdict.folder !== null) fs.rmSync(verdict.folder, { recursive: true });
  return verdict;
}

async function problemsOf(server: string): Promise<string> {
  const verdict = await verdictOn(server, 5);
  assert.equal(verdict.ok, false, `verify found nothing wrong with ${server} (seed ${verdict.seed})`);
  return verdict.problems.join('\n');
}

describe('verify finds what is broken on purpose', () => {
  test('verify finds a disk that reports a sync and loses the tail', async () => {
    assert.match(
      await problemsOf('./sabotage/skips-the-sync.ts'),
      /answered yes is not in the log|replayed key got another/,
    );
  });

  test('verify finds an engine that forgets keys and applies a request twice', async () => {
    assert.match(
      await problemsOf('./sabotage/forgets-keys.ts'),
      /replayed key got another answer|one key got two answers/,
    );
  });

  test('verify finds a log that acknowledges a batch and does not write it', async () => {
    assert.match(
      await problemsOf('./sabotage/forgets-a-batch.ts'),
      /answered yes is not in the log|replayed key got another/,
    );
  });

  test('verify finds a server that answers before it writes', async () => {
    assert.match(
      await problemsOf('./sabotage/answers-early.ts'),
      /answered yes is not in the log|replayed key got another/,
    );
  });
});

describe('verify passes on the server as it is', () => {
  test('verify passes on an honest server that is started like the broken ones', async () => {
    const verdict = await verdictOn('./sabotage/honest.ts', 1);
    assert.deepEqual(verdict.problems, []);
  });

  test('verify writes a history that replays by its positions, sale by sale', async (t) => {
    const file = path.join(temporaryFolder(t), 'history.jsonl');
    const verdict = await verdictOn(null, 3, ['--history', file]);
    assert.deepEqual(verdict.problems, []);
    assert.equal(verdict.rounds, 3);
    assert.ok(verdict.kills >= 3 && verdict.effects > 50 && verdict.replays > 50, JSON.stringify(verdict));
    const lines = fs.readFileSync(file, 'utf8').trimEnd().split('\n');
    checkHistory(lines.map((line) => JSON.parse(line) as HistoryLine));
  });
});

function checkHistory(all: readonly HistoryLine[]): void {
  const stock = all.filter(({ kind }) => kind === 'stock');
  assert.equal(stock.length, 12, 'three rounds of four sales');
  for (const { sale, quantity } of stock) {
    const lines = all.filter((line) => line.sale === sale && line.kind !== 'stock');
    const clients = new Set(lines.flatMap(({ client }) => (client === null ? [] : [client])));
    assert.ok(clients.size <= 16 && lines.length <= 5000, `${clients.size} clients, ${lines.length} lines`);
    checkSale(sale, quantity, lines);
  }
}

/** Replays the stock by position, in the order of the log, and checks each line against it. */
function checkSale(sale: string, capacity: number, lines: readonly HistoryLine[]): void {
  const change: Readonly<Record<string, number>> = { purchase: -1, hold: -1, cancel: 1, expire: 1 };
  const rank = ({ kind, outcome }: HistoryLine): number =>
    kind === 'expire' ? 0 : kind === 'read' || outcome !== 'ok' ? 2 : 1;
  const placed = lines.filter(({ seq, outcome }) => seq !== null && (outcome === 'ok' || outcome === 'sold_out'));
  placed.sort((one, other) => one.seq! - other.seq! || rank(one) - rank(other));
  let left = capacity;
  let latestCallNs = 0;
  for (const line of placed) {
    const what = `${sale} with ${left} left: ${JSON.stringify(line)}`;
    if (line.outcome === 'sold_out') {
      assert.ok(left < line.quantity, what);
      continue;
    }
    left += (change[line.kind] ?? 0) * line.quantity;
    assert.ok(left >= 0 && left <= capacity, what);
    if (line.remaining !== null) assert.equal(line.remaining, left, what);
    if (line.kind === 'hold') assert.ok((line.expires_ns ?? 0) > line.call_ns, what);
    if (line.kind === 'read') continue;
    assert.ok(line.return_ns !== null && line.return_ns >= latestCallNs, `${what}: the order contradicts time`);
    latestCallNs = Math.max(latestCallNs, line.call_ns);
  }
}
