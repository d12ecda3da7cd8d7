/**
 * One seat of the map in words: for screen readers the cell that the keys are on, for the eye a
 * tooltip.
 */
import type { Hall } from './hall.ts';
import type { Point } from './layout.ts';
import type { Own } from './map-view.ts';
import { capitalised, stateWords } from './words.ts';

export interface SeatProps {
  readonly hall: Hall;
  readonly seat: number;
  readonly own: Own;
  readonly price: string;
}

export function SeatCell({ id, hall, seat, own, price }: SeatProps & { readonly id: string }) {
  const row = hall.rowOf[seat] ?? 0;
  const { name } = hall.rowAt(seat);
  const extra = hall.isFree(seat) ? `, ${price}` : '';
  const label = `Section ${hall.sectionOf(seat).name}, row ${name}, seat ${hall.numberOf(seat)}, ${wordsFor(hall, seat, own)}${extra}`;
  return (
    <div role="row" aria-rowindex={row + 1} className="sr-only">
      <div id={id} role="gridcell" aria-selected={own.chosen.has(seat)} aria-label={label} />
    </div>
  );
}

/** The words for a seat, as the visitor sees it. */
function wordsFor(hall: Hall, seat: number, { chosen, mine, bought }: Own): string {
  const accessible = hall.isAccessible(seat) ? ', accessible' : '';
  if (mine.has(seat)) return `held for you${accessible}`;
  if (chosen.has(seat)) return `your choice${accessible}`;
  if (bought.has(seat) && hall.stateOf(seat) === 'sold') return `yours${accessible}`;
  return `${stateWords[hall.stateOf(seat)]}${accessible}`;
}

/** Above the seat, below it near the upper edge; never over the sides. */
export function Tooltip({ hall, seat, at, own, price }: SeatProps & { readonly at: Point }) {
  if (seat >= hall.count) return null;
  const isLow = at.y < 96;
  return (
    <div
      aria-hidden="true"
      data-testid="seat-tooltip"
      className="pointer-events-none absolute z-1 w-max max-w-60 rounded-lg bg-ink px-3 py-2 text-[0.9375rem] leading-snug text-paper shadow-lg"
      style={{
        left: `clamp(7.75rem, ${at.x}px, 100% - 7.75rem)`,
        top: at.y,
        transform: `translate(-50%, ${isLow ? '1.25rem' : 'calc(-100% - 1.1rem)'})`,
      }}
    >
      <strong className="font-bold">
        {hall.sectionOf(seat).name}, row {hall.rowAt(seat).name}, seat {hall.numberOf(seat)}
      </strong>
      <span className="block opacity-85">
        {capitalised(wordsFor(hall, seat, own))}
        {hall.isFree(seat) && `, ${price}`}
      </span>
    </div>
  );
}
