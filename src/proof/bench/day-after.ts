/**
 * What comes after a day: once it is closed, what was out of order is settled; then it is rated
 * again under a tariff that differs in one pair, and the differences are booked.
 */
import { adjustmentOf } from '../../engine/commands/adjustments.ts';
import { Command, kinds } from '../../engine/command.ts';
import { rate } from '../../rating/rate.ts';
import type { Settlement } from '../../rating/settlement.ts';
import { settlementsOf, settlementTerms } from '../../rating/settlement.ts';
import type { Store } from '../../store/open.ts';
import { openStore } from '../../store/open.ts';
import { Problems } from '../audit/problems.ts';
import { cityTariff } from '../taps/city.ts';
import { dayMs } from '../taps/day-curve.ts';

/** One pair of zones costs so much more under the other tariff, minor units. */
const raised = 50;
/** Later than any day is closed. */
const laterMs = 3 * dayMs;
const bookedAtOnce = 256;
/** Runs from here on are re-ratings. */
const rerating = 0x1_0000;

export interface After {
  /** Days of cards that were settled, and what that gave back less what it took. */
  readonly settled: number;
  readonly settledSum: number;
  readonly settleSeconds: number;
  /** Days of cards that differ under the other tariff, and what all of them owe more. */
  readonly differ: number;
  readonly owedMore: number;
  readonly rerateSeconds: number;
  readonly problems: readonly string[];
}

/** `day`: days since 1970-01-01. The folder's server has stopped. */
export async function afterDay(folder: string, day: number, progress: (sentence: string) => void): Promise<After> {
  const problems = new Problems();
  progress('settling the day');
  let beganMs = performance.now();
  const settled = await onStore(folder, (store) => settle(store, folder, problems));
  const settleSeconds = (performance.now() - beganMs) / 1000;
  progress('rating the day again');
  const again = await rate({ folder, from: day, to: day, tariff: null });
  for (const { card, booked, due } of again.differences())
    problems.add('a settled day is not what its taps come to', `card ${card} paid ${booked} and owes ${due}`);
  beganMs = performance.now();
  const other = await rate({ folder, from: day, to: day, tariff: cityTariff(raised) });
  const rerateSeconds = (performance.now() - beganMs) / 1000;
  const differences = [...other.differences()].map(({ card, booked, due }): Settlement => ({
    card,
    day,
    amount: booked - due,
    replaces: booked,
    run: rerating,
  }));
  const owedMore = -sumOf(differences);
  let allMore = 0;
  for (const { booked, due } of other.rows()) allMore += due - booked;
  if (allMore !== owedMore) problems.add('the differences do not add up', `${owedMore} of ${allMore}`);
  await onStore(folder, (store) => bookAll(store, differences, other.position, problems));
  return {
    settled: settled.length,
    settledSum: sumOf(settled),
    settleSeconds,
    differ: differences.length,
    owedMore,
    rerateSeconds,
    problems: problems.sentences(),
  };
}

function sumOf(settlements: readonly Settlement[]): number {
  return settlements.reduce((sum, { amount }) => sum + amount, 0);
}

/** The stopped store, some days later. */
async function onStore<Result>(folder: string, use: (store: Store) => Promise<Result>): Promise<Result> {
  const time = { wallMs: () => Date.now() + laterMs, monotonicMs: () => performance.now() };
  const place = { kind: 'file', folder } as const;
  const store = await openStore({ place, maxKeys: null, time, acceptClock: true, onNotice: () => undefined });
  try {
    return await use(store);
  } finally {
    await store.close();
  }
}

async function settle(store: Store, folder: string, problems: Problems): Promise<readonly Settlement[]> {
  const { state } = store.node.engine;
  do await store.node.submit(new Command().reset(kinds.tick), () => undefined, undefined);
  while (state.days.closing !== null);
  const terms = settlementTerms(state);
  if (terms === null) return [];
  const { from, to, since } = terms;
  const rating = await rate({ folder, from, to, tariff: null, cards: new Set(since.keys()) });
  const settlements = settlementsOf(rating, terms);
  await bookAll(store, settlements, rating.position, problems);
  return settlements;
}

async function bookAll(
  { node }: Store,
  settlements: readonly Settlement[],
  upTo: number,
  problems: Problems,
): Promise<void> {
  const command = new Command();
  for (let first = 0; first < settlements.length; first += bookedAtOnce) {
    const some = settlements.slice(first, first + bookedAtOnce).map(async ({ card, day, amount, replaces, run }) => {
      command.reset(kinds.adjust).target = card;
      Object.assign(adjustmentOf(command), { day, amount, replaces, run, upTo });
      // Encoded before it returns: the command is used again.
      return await node.submit(command, ({ ok, row }) => (ok ? null : row.code), undefined);
    });
    for (const refusal of await Promise.all(some))
      if (refusal !== null) problems.add('an adjustment was refused', refusal);
  }
}
