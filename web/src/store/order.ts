/**
 * The order in which sales stand: those that can be bought first, and no line moves under the eye.
 */
import { useMemo, useRef } from 'react';
import { clock } from './clock.ts';
import { live } from './live.ts';
import { phaseOf } from './phase.ts';
import { orderOf } from './sale-order.ts';

/**
 * The ids by what can be done with them when the page first showed them, then as given. What comes
 * later comes in front.
 */
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
