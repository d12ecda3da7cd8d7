/** The crowd: how fast it is asked to tap, how fast it does, and what that comes to. */
import { useEffect, useState } from 'react';
import { announce } from '../shared/announce.ts';
import { Button } from '../shared/button.tsx';
import { count } from '../shared/format.ts';
import { useSignal } from '../shared/signal.ts';
import type { Crowd, CrowdNumbers } from './crowd.ts';
import { Sums } from './sums.tsx';
import type { Totals } from './totals.ts';

/** The stops of the slider, taps a second. */
const rates = [100, 200, 500, 1000, 2000, 5000, 10_000, 20_000] as const;
const first = 3;

export function CrowdPanel({
  crowd,
  totals,
  riders,
  gates,
}: {
  crowd: Crowd;
  totals: Totals;
  riders: number;
  gates: number;
}) {
  const numbers = useSignal(crowd.numbers);
  const sums = useSignal(totals.now);
  const [stop, setStop] = useState(first);
  const isStill = numbers.state === 'still';
  crowd.target = rates[stop] ?? rates[0];
  useEffect(() => totals.keepReading(!isStill), [totals, isStill]);
  const toggle = (): void => {
    if (isStill || numbers.state === 'leaving') {
      crowd.start();
      announce(`The crowd walks, at ${count(crowd.target)} taps a second.`);
    } else {
      crowd.stop();
      announce(`The crowd goes home, after ${count(numbers.taps)} taps.`);
    }
  };
  return (
    <div className="mt-5 grid gap-6 lg:grid-cols-[minmax(0,1fr)_22rem] lg:gap-10">
      <div className="min-w-0" data-crowd={numbers.state}>
        <div className="flex flex-wrap items-end gap-x-6 gap-y-4">
          <label className="min-w-56 flex-1">
            <span className="flex items-baseline justify-between gap-3">
              <span className="font-semibold">Taps a second</span>
              <span className="numeral text-lg">{count(crowd.target)}</span>
            </span>
            <input
              type="range"
              min={0}
              max={rates.length - 1}
              value={stop}
              aria-valuetext={`${count(crowd.target)} taps a second`}
              onChange={(event) => setStop(Number(event.target.value))}
              className="mt-1 h-11 w-full cursor-pointer accent-ink"
            />
          </label>
          <Button look={isStill ? 'solid' : 'outline'} className="min-w-44" onClick={toggle}>
            {isStill ? 'Let the crowd walk' : numbers.state === 'leaving' ? 'Walk on' : 'Send it home'}
          </Button>
        </div>
        <Figures numbers={numbers} />
        <Curve history={numbers.history} target={crowd.target} />
        <p className="label mt-3 text-pretty">
          {count(riders)} riders at {count(gates)} gates. Batches leave this page over one WebSocket, several in flight;
          the time is from sending a batch to its answer, which comes after the disk has it.
        </p>
        {numbers.isCut && (
          <p className="arrives mt-3 rounded-lg border border-signal bg-signal-wash px-4 py-3 text-[0.9375rem] leading-snug font-medium">
            The connection of the crowd is cut. It goes on by itself, and asks each gate's counter where it stands.
          </p>
        )}
      </div>
      <Sums totals={sums} />
    </div>
  );
}

function Figures({ numbers }: { numbers: CrowdNumbers }) {
  const { rate, p99Ms, taps, denied } = numbers;
  return (
    <dl className="mt-6 grid grid-cols-2 gap-x-6 gap-y-4 sm:grid-cols-4">
      <Figure name="a second" value={count(Math.round(rate))} testId="rate" />
      <Figure
        name="99 of 100 within"
        value={p99Ms === null ? '–' : `${p99Ms < 10 ? p99Ms.toFixed(1) : count(Math.round(p99Ms))} ms`}
        testId="p99"
      />
      <Figure name="taps in all" value={count(taps)} testId="taps" />
      <Figure name="kept out" value={count(denied)} testId="denied" />
    </dl>
  );
}

function Figure({ name, value, testId }: { name: string; value: string; testId: string }) {
  return (
    <div className="flex min-w-0 flex-col-reverse">
      <dt className="label">{name}</dt>
      <dd className="numeral truncate text-3xl leading-none sm:text-4xl" data-testid={testId}>
        {value}
      </dd>
    </div>
  );
}

const [width, height] = [600, 120];
const most = 120;

/** The rate of the last minute. */
function Curve({ history, target }: { history: readonly number[]; target: number }) {
  const top = Math.max(target, ...history) * 1.08;
  const x = (index: number): number => width - ((history.length - 1 - index) * width) / (most - 1);
  const y = (rate: number): number => height - (rate / top) * height;
  const line = history
    .map((rate, index) => `${index === 0 ? 'M' : 'L'}${x(index).toFixed(1)} ${y(rate).toFixed(1)}`)
    .join('');
  return (
    <svg
      viewBox={`0 0 ${width} ${height}`}
      preserveAspectRatio="none"
      className="mt-6 h-28 w-full border-b-2 border-ink"
      role="img"
      aria-label="Taps a second over the last minute"
    >
      <path
        d={`M0 ${y(target).toFixed(1)}H${width}`}
        className="stroke-edge"
        strokeWidth="1"
        strokeDasharray="4 4"
        vectorEffect="non-scaling-stroke"
      />
      {history.length > 1 && (
        <>
          <path d={`${line}V${height}H${x(0).toFixed(1)}Z`} className="fill-ink/8" />
          <path d={line} className="fill-none stroke-ink" strokeWidth="2" vectorEffect="non-scaling-stroke" />
        </>
      )}
    </svg>
  );
}
