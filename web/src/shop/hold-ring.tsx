/** The time that is left of a hold, by the server's clock: a ring that empties, a number, and words at the moments that matter. */
import { useEffect, useRef } from 'react';
import { announce } from '../shared/announce.ts';
import { span, spokenSpan } from '../shared/format.ts';
import { useNow } from '../store/clock.ts';
import type { HeldStock } from '../visitor/deal.ts';

const radius = 30;
const around = 2 * Math.PI * radius;
/** Redraws: the ring moves evenly with ten a second. */
const everyMs = 100;
/** Seconds left at which the rest is spoken. */
const spokenAt: readonly number[] = [30, 10];

export function HoldRing({ hold }: { hold: HeldStock }) {
  const nowMs = useNow(everyMs);
  const leftMs = Math.max(0, hold.expiresAtMs - nowMs);
  const share = Math.min(1, leftMs / Math.max(1, hold.expiresAtMs - hold.startedMs));
  const seconds = Math.ceil(leftMs / 1000);
  const spoken = useRef(seconds);
  useEffect(() => {
    const passed = spokenAt.find((at) => spoken.current > at && seconds <= at);
    spoken.current = seconds;
    if (passed !== undefined && seconds > 0) announce(`${spokenSpan(seconds * 1000)} left.`);
  }, [seconds]);
  const text = span(leftMs);
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
