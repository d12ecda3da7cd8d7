/** Others were quicker: the lost seats, and the nearest free ones, to take with one press. */
import type { Hall } from '../hall/hall.ts';
import { capitalised, numbersIn, rowsOf, saySeats } from '../hall/words.ts';
import { Button } from '../shared/button.tsx';
import { count } from '../shared/format.ts';
import { RowName } from './chosen.tsx';
import type { Lost } from './choosing.ts';

interface LostSeatsProps {
  readonly hall: Hall;
  readonly lost: Lost;
  /** Seats that are still chosen. */
  readonly left: number;
  readonly isBusy: boolean;
  readonly onTake: () => void;
  readonly onDismiss: () => void;
}

export function LostSeats({ hall, lost, left, isBusy, onTake, onDismiss }: LostSeatsProps) {
  const gone = lost.seats.map((id) => hall.find(id)).filter((seat) => seat >= 0);
  const offer = (lost.offer ?? []).map((id) => hall.find(id)).filter((seat) => seat >= 0);
  const quiet = left > 0 ? `Keep the other ${left === 1 ? 'one' : count(left)}` : 'Choose myself';
  return (
    <div data-testid="lost" className="arrives rounded-xl border border-signal bg-signal-wash p-4">
      <p tabIndex={-1} className="leading-snug">
        <strong className="text-lg leading-tight">Somebody was quicker.</strong>
        <br />
        <span className="text-[0.9375rem]">
          {gone.length === 0 ? 'A seat you chose' : capitalised(saySeats(hall, gone))} just went to somebody else.
          {offer.length === 0 && ' As many together are not free any more: choose others, or ask for the best apart.'}
        </span>
      </p>
      {offer.length > 0 && (
        <>
          <p className="label mt-4 text-ink">
            {offer.length === 1 ? 'The nearest free seat' : 'The nearest that are free together'}
          </p>
          <ul className="mt-1">
            {rowsOf(hall, offer).map(({ section, row, seats }) => (
              <li key={`${section} ${row}`} className="flex items-baseline justify-between gap-3">
                <RowName section={section} row={row} />
                <span className="numeral text-lg">{numbersIn(hall, seats)}</span>
              </li>
            ))}
          </ul>
          <div className="mt-3 flex flex-wrap gap-2">
            <Button className="grow" data-takes-focus busy={isBusy ? 'Reserving…' : null} onClick={onTake}>
              {offer.length === 1 ? 'Take this seat' : `Take these ${count(offer.length)}`}
            </Button>
            <Button look="quiet" onClick={onDismiss}>
              {quiet}
            </Button>
          </div>
        </>
      )}
    </div>
  );
}
