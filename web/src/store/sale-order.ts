/** The order in which sales stand. */
import type { Sale } from '../../../sdk/src/index.ts';
import type { Phase } from './phase.ts';

const phases: readonly Phase[] = ['open', 'in-hands', 'soon', 'paused', 'sold-out', 'closed'];

/**
 * Those that are new come in front, by what can be done with them, then as given; no line moves
 * that was shown before.
 */
export function orderOf(
  ids: readonly string[],
  shown: readonly string[],
  phaseOfSale: (id: string) => Phase | null,
): string[] {
  const there = new Set(ids);
  const known = new Set(shown);
  const rank = (id: string): number => {
    const phase = phaseOfSale(id);
    return phase === null ? phases.length : phases.indexOf(phase);
  };
  const fresh = ids.filter((id) => !known.has(id)).map((id) => ({ id, rank: rank(id) }));
  fresh.sort((one, other) => one.rank - other.rank);
  return [...fresh.map(({ id }) => id), ...shown.filter((id) => there.has(id))];
}

/** Newest first. Numbers in ids grow with time; two sales of one batch share their time. */
export function newestFirst(sales: readonly Sale[]): Sale[] {
  const number = (sale: Sale): number => Number(/\d+$/.exec(sale.id)?.[0] ?? 0);
  return [...sales].sort(
    (one, other) => Date.parse(other.createdAt) - Date.parse(one.createdAt) || number(other) - number(one),
  );
}
