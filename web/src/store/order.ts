/** The order in which sales stand: those that can be bought first, and no line moves under the eye. */
import { useMemo, useRef } from 'react';
import { clock } from './clock.ts';
import { live } from './live.ts';
import type { Phase } from './phase.ts';
import { phaseOf } from './phase.ts';

const phases: readonly Phase[] = ['open', 'in-hands', 'soon', 'paused', 'sold-out', 'closed'];

/** The ids by what can be done with them when the page first showed them, then as given. What comes later comes in front. */
export function useOrder(ids: readonly string[]): readonly string[] {
  const shown = useRef<readonly string[]>([]);
  return useMemo(() => {
    const there = new Set(ids);
    const known = new Set(shown.current);
    const rank = (id: string): number => {
      const sale = live.find(id);
      return sale === null ? phases.length : phases.indexOf(phaseOf(sale, clock.now()));
    };
    const fresh = ids.filter((id) => !known.has(id)).map((id) => ({ id, rank: rank(id) }));
    fresh.sort((one, other) => one.rank - other.rank);
    shown.current = [...fresh.map(({ id }) => id), ...shown.current.filter((id) => there.has(id))];
    return shown.current;
  }, [ids]);
}
