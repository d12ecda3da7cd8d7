/** The order of sales. */
import type { Sale } from '../../../sdk/src/index.ts';
import type { Phase } from './phase.ts';

const phases: readonly Phase[] = ['open', 'in-hands', 'soon', 'paused', 'sold-out', 'closed'];

/** New sales come in front, by phase, then as given. Lines that were shown before do not move. */
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

/** Newest first. Two sales of one batch share their time, so the growing numbers in ids decide. */
export function newestFirst(sales: readonly Sale[]): Sale[] {
  const number = (sale: Sale): number => Number(/\d+$/.exec(sale.id)?.[0] ?? 0);
  return [...sales].sort(
    (one, other) => Date.parse(other.createdAt) - Date.parse(one.createdAt) || number(other) - number(one),
  );
}
