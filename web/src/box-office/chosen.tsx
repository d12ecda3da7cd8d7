/**
 * The chosen seats by rows, each with a way to undo it; their total price; and the button that
 * reserves them.
 */
import type { Price } from '../../../sdk/src/index.ts';
import type { Hall } from '../hall/hall.ts';
import { rowsOf } from '../hall/words.ts';
import { Button } from '../shared/button.tsx';
import { count, money, times } from '../shared/format.ts';

interface ChosenProps {
  readonly hall: Hall;
  readonly seats: readonly number[];
  readonly price: Price | null;
  readonly isBusy: boolean;
  readonly onRemove: (seat: number) => void;
  readonly onClear: () => void;
  readonly onReserve: () => void;
}

export function Chosen({ hall, seats, price, isBusy, onRemove, onClear, onReserve }: ChosenProps) {
  const many = seats.length;
  return (
    <div className="flex flex-col gap-4">
      <ul aria-label="Seats you have chosen" className="flex flex-col gap-2 max-lg:max-h-32 max-lg:overflow-y-auto">
        {rowsOf(hall, seats).map(({ section, row, seats: own }) => (
          <li key={`${section} ${row}`} className="flex items-start justify-between gap-3">
            <RowName section={section} row={row} />
            <span className="flex flex-wrap justify-end gap-1.5">
              {own.map((seat) => (
                <button
                  key={seat}
                  type="button"
                  onClick={() => onRemove(seat)}
                  aria-label={`Take back section ${section}, row ${row}, seat ${hall.numberOf(seat)}`}
                  className="numeral arrives flex min-h-9 items-center gap-1.5 rounded-full bg-choice pr-2.5 pl-3.5 text-on-choice hover:brightness-110"
                >
                  {hall.numberOf(seat)}
                  <svg viewBox="0 0 12 12" className="size-3 stroke-current" strokeWidth="2" aria-hidden="true">
                    <path d="M2 2l8 8M10 2l-8 8" strokeLinecap="round" />
                  </svg>
                </button>
              ))}
            </span>
          </li>
        ))}
      </ul>
      <div className="flex gap-2">
        <Button className="grow" busy={isBusy ? 'Reserving…' : null} onClick={onReserve}>
          Reserve {many === 1 ? '1 seat' : `${count(many)} seats`}
          {price !== null && <span className="numeral">{money(times(price, many))}</span>}
        </Button>
        <Button look="quiet" onClick={onClear}>
          Clear<span className="sr-only"> what is chosen</span>
        </Button>
      </div>
    </div>
  );
}

export function RowName({ section, row }: { section: string; row: string }) {
  return (
    <span className="min-w-0 py-1.5 leading-tight">
      <span className="font-semibold wrap-anywhere">{section}</span>
      <span className="text-soft">, row {row}</span>
    </span>
  );
}
