/**
 * Whether what clients were told is what the server says. A load that cannot be proved has failed,
 * at any speed.
 *
 * 1. Every request was answered with an expected status.
 * 2. The server's count rose by exactly the number of successes.
 * 3. One member differs in every success: the units left after it, or an id. Numbers have no gap:
 *    the units left are all the numbers between the counts before and after, and ids count up by
 *    one.
 * 4. A success carries a token where buyers get one, and none elsewhere: the request came by the
 *    road that is measured.
 * 5. Some requests are replayed with their keys. They get their first answer byte for byte, and the
 *    count stays as it is.
 */
import type { Address } from '../load/http-client.ts';
import { call } from '../load/http-client.ts';
import { parseObject } from '../load/json.ts';
import type { LoadResult, Sample } from '../load/spec.ts';

/** How many keys are replayed after each run. */
const replays = 10;

export class NotProvenError extends Error {
  override readonly name = 'NotProvenError';
}

/** What a server says of a sale. */
export interface Counts {
  readonly sold: number;
  readonly held: number;
  readonly remaining: number;
}

export interface Claim {
  readonly address: Address;
  readonly body: string;
  readonly result: LoadResult;
  readonly before: Counts;
  readonly counts: () => Promise<Counts>;
  /** The status of a success, and that of a correct refusal where one may occur. */
  readonly yes: number;
  readonly no?: number;
  /** What a success moves: stock to sold, stock to held, or held to sold. */
  readonly moves: 'sold' | 'held' | 'held to sold';
  /** What the differing member is, where it is a number; by default the units left. */
  readonly numbers?: 'left' | 'ids';
  /** Whether a success carries a token, as it does for buyers who are not operators. */
  readonly hasTokens?: boolean;
}

/** @throws NotProvenError */
export async function prove(claim: Claim): Promise<void> {
  const { address, body, result } = claim;
  const yeses = checkAnswers(claim);
  const after = await claim.counts();
  checkCounts(claim, yeses, after);
  if (result.distinct !== null) checkDistinct(claim, yeses, after);
  const samples = result.samples.filter(({ status }) => status === claim.yes);
  checkTokens(claim, samples);
  for (const sample of samples.slice(0, replays)) {
    const { key, path, token, status } = sample;
    const again = await call(address, { method: 'POST', path, body, key, token });
    if (again.status !== status || again.body !== sample.body) {
      throw new NotProvenError(`key ${key} was answered ${sample.body} and then ${again.status} ${again.body}`);
    }
  }
  const atLast = await claim.counts();
  if (atLast.sold !== after.sold || atLast.held !== after.held) throw new NotProvenError('a replay changed the stock');
}

function checkAnswers({ result, yes, no }: Claim): number {
  const { statuses, unanswered } = result;
  if (unanswered > 0) throw new NotProvenError(`${unanswered} requests were not answered: what they did is not known`);
  const other = Object.keys(statuses).filter((status) => Number(status) !== yes && Number(status) !== no);
  if (other.length > 0) throw new NotProvenError(`there were other answers than expected: ${JSON.stringify(statuses)}`);
  return statuses[yes] ?? 0;
}

function checkCounts({ before, moves }: Claim, yeses: number, after: Counts): void {
  const sold = after.sold - before.sold;
  const held = after.held - before.held;
  const remaining = after.remaining - before.remaining;
  const expected = {
    sold: [yeses, 0, -yeses],
    held: [0, yeses, -yeses],
    'held to sold': [yeses, -yeses, 0],
  }[moves];
  if (sold !== expected[0] || held !== expected[1] || remaining !== expected[2]) {
    throw new NotProvenError(
      `clients were told yes ${yeses} times; the server has ${sold} sold, ${held} held and ${remaining} left more than before`,
    );
  }
}

function checkTokens({ hasTokens = false }: Claim, samples: readonly Sample[]): void {
  for (const { body } of samples) {
    const found = typeof parseObject(body)['token'] === 'string';
    if (found !== hasTokens) throw new NotProvenError(`a yes came with${found ? '' : 'out'} a token: ${body}`);
  }
}

function checkDistinct({ result, before, numbers }: Claim, yeses: number, after: Counts): void {
  const { answers, different, lowest, highest } = result.distinct!;
  if (answers !== yeses || different !== yeses) {
    throw new NotProvenError(`${yeses} yeses, but only ${different} that differ from all others`);
  }
  if (lowest === null || highest === null) return;
  if (numbers === 'ids') {
    if (highest - lowest + 1 === yeses) return;
    throw new NotProvenError(`${yeses} yeses have the ids from ${lowest} to ${highest}, which are not as many`);
  }
  if (lowest !== after.remaining || highest !== before.remaining - 1) {
    throw new NotProvenError(
      `clients were told from ${highest} to ${lowest} left; it was ${before.remaining} to ${after.remaining}`,
    );
  }
}
