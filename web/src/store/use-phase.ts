/** The phase of a sale, redrawn when the clock changes it, and each second before it opens. */
import { useEffect, useReducer } from 'react';
import type { Sale } from '../../../sdk/src/index.ts';
import { clock } from './clock.ts';
import type { Phase } from './phase.ts';
import { nextChangeMs, phaseOf } from './phase.ts';

/** Maximum delay of a timer, ms. */
const maxTimerMs = 2 ** 31 - 1;

export function usePhase(sale: Sale): Phase {
  const [, redraw] = useReducer((times: number) => times + 1, 0);
  const nowMs = clock.now();
  const phase = phaseOf(sale, nowMs);
  const changeMs = nextChangeMs(sale, nowMs);
  useEffect(() => {
    if (changeMs === null) return undefined;
    const timer = setTimeout(redraw, Math.min(maxTimerMs, Math.max(0, changeMs - clock.now()) + 20));
    return () => clearTimeout(timer);
  });
  return phase;
}
