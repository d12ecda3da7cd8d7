/** The order of sales on a page: those that can be bought come first, and no line moves later. */
import { useMemo, useRef } from 'react';
import { clock } from './clock.ts';
import { live } from './live.ts';
import { phaseOf } from './phase.ts';
import { orderOf } from './sale-order.ts';

/** Ids by their phase when the page first showed them, then as given. Later ones come in front. */
export function useOrder(ids: readonly string[]): readonly string[] {
  const shown = useRef<readonly string[]>([]);
  return useMemo(() => {
    shown.current = orderOf(ids, shown.current, (id) => {
      const sale = live.find(id);
      return sale === null ? null : phaseOf(sale, clock.now());
    });
    return shown.current;
  }, [ids]);
}
