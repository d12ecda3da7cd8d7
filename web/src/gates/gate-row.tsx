/** The gates of a station. Each can be tapped in and out at, with the card that is chosen. */
import { useEffect, useState } from 'react';
import type { KnownGate, TapDirection } from '../../../sdk/src/index.ts';
import { buttonClass } from '../shared/button.tsx';
import { useSignal } from '../shared/signal.ts';
import type { GateLook } from './gate-picture.tsx';
import { GatePicture } from './gate-picture.tsx';
import type { Hand, Passage } from './hand.ts';

/** Gates of one station that are shown. */
const mostGates = 4;
/** How long flaps stay open, ms. */
const openMs = 2600;

export function GateRow({ gates, hand }: { gates: readonly KnownGate[]; hand: Hand }) {
  const [last] = useSignal(hand.passages);
  return (
    <ul className="grid grid-cols-[repeat(auto-fit,minmax(9.25rem,1fr))] content-start gap-3 sm:gap-4">
      {gates.slice(0, mostGates).map((gate) => (
        <GateTile key={gate.id} gate={gate} hand={hand} last={last?.gate === gate.id ? last : null} />
      ))}
    </ul>
  );
}

function GateTile({ gate, hand, last }: { gate: KnownGate; hand: Hand; last: Passage | null }) {
  const look = useLook(last);
  const busy = useSignal(hand.busy);
  const words = { shut: '', open: 'Open', denied: 'Stop' }[look];
  return (
    <li
      data-gate={gate.id}
      data-look={look}
      className={`min-w-0 rounded-2xl border p-3 transition-colors sm:p-4 ${{ shut: 'border-line bg-sheet', open: 'border-good bg-good-wash', denied: 'border-signal bg-signal-wash' }[look]}`}
    >
      <p className="flex items-baseline justify-between gap-2">
        <span className="truncate font-bold">{gate.id}</span>
        <span
          className={`label shrink-0 font-semibold ${{ shut: '', open: 'text-good', denied: 'text-signal' }[look]}`}
        >
          {words}
        </span>
      </p>
      <GatePicture look={look} className="mx-auto my-2 w-full max-w-44" />
      <div className="grid grid-cols-2 gap-2">
        <TapButton gate={gate} direction="in" hand={hand} isBusy={busy !== null} />
        <TapButton gate={gate} direction="out" hand={hand} isBusy={busy !== null} />
      </div>
    </li>
  );
}

interface TapButtonProps {
  readonly gate: KnownGate;
  readonly direction: TapDirection;
  readonly hand: Hand;
  readonly isBusy: boolean;
}

/** Never disabled: it keeps the focus while a tap is under way. */
function TapButton({ gate, direction, hand, isBusy }: TapButtonProps) {
  return (
    <button
      type="button"
      aria-disabled={isBusy || undefined}
      onClick={() => isBusy || void hand.tap(gate, direction)}
      className={`${buttonClass(direction === 'in' ? 'solid' : 'outline')} min-w-0 !px-1 aria-disabled:!opacity-100`}
    >
      {direction === 'in' ? 'In' : 'Out'}
      <span className="sr-only"> at {gate.id}</span>
    </button>
  );
}

/** Open or denied for a moment after a passage; shut before and after. */
function useLook(last: Passage | null): GateLook {
  const [shown, setShown] = useState<Passage | null>(null);
  useEffect(() => {
    setShown(last);
    if (last === null) return undefined;
    const timer = setTimeout(() => setShown(null), openMs);
    return () => clearTimeout(timer);
  }, [last]);
  if (shown === null) return 'shut';
  return shown.outcome.result === 'open' ? 'open' : 'denied';
}
