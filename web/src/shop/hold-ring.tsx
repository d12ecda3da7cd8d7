/**
 * The remaining time of a hold, by the server's clock: a ring that empties, a number, and spoken
 * words near the end.
 */
import { useEffect, useRef } from 'react';
import { announce } from '../shared/announce.ts';
import { span, spokenSpan } from '../shared/format.ts';
import { useNow } from '../store/clock.ts';
import type { HeldStock } from '../visitor/deal.ts';
import { isSpoken, timeLeft } from './countdown.ts';

const radius = 30;
const around = 2 * Math.PI * radius;
/** Time between redraws, ms: ten a second move the ring evenly. */
const everyMs = 100;

export function HoldRing({ hold }: { hold: HeldStock }) {
  const nowMs = useNow(everyMs);
  const { ms, seconds, share } = timeLeft(hold, nowMs);
  const spoken = useRef(seconds);
  useEffect(() => {
    const speaks = isSpoken(spoken.current, seconds);
    spoken.current = seconds;
    if (speaks) announce(`${spokenSpan(seconds * 1000)} left.`);
  }, [seconds]);
  const text = span(ms);
  return (
    <div role="timer" aria-label="Time left" className="relative grid size-20 shrink-0 place-items-center text-signal">
      <svg viewBox="0 0 72 72" className="absolute inset-0 -rotate-90" aria-hidden="true">
        <circle cx="36" cy="36" r={radius} fill="none" strokeWidth="6" className="stroke-current opacity-20" />
        <circle
          cx="36"
          cy="36"
          r={radius}
          fill="none"
          strokeWidth="6"
          strokeLinecap="round"
          className="stroke-current"
          strokeDasharray={around}
          strokeDashoffset={around * (1 - share)}
        />
      </svg>
      <span
        className={`numeral ${text.length > 4 ? 'text-sm' : text.length > 2 ? 'text-lg' : 'text-[1.625rem]'}`}
        data-testid="countdown"
      >
        {text}
      </span>
    </div>
  );
}
