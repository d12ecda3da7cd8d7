/** The hall without its map: a section, a row, and its seats as buttons. */
import { useState } from 'react';
import type { Hall, Row } from '../hall/hall.ts';
import { stateWords } from '../hall/words.ts';
import { count } from '../shared/format.ts';
import { Choose } from './choose.tsx';

interface SeatListProps {
  readonly hall: Hall;
  readonly chosen: ReadonlySet<number>;
  readonly onToggle: (seat: number) => void;
}

export function SeatList({ hall, chosen, onToggle }: SeatListProps) {
  const [sectionName, setSection] = useState('');
  const [rowName, setRow] = useState('');
  const section = hall.sections.find(({ name }) => name === sectionName) ?? hall.sections[0];
  if (section === undefined) return <p className="text-soft">This hall has no seats yet.</p>;
  const rows = hall.rows.slice(section.firstRow, section.endRow);
  const row = rows.find(({ name }) => name === rowName) ?? rows.find((one) => freeIn(hall, one) > 0) ?? rows[0];
  const at = hall.sections.indexOf(section);
  return (
    <div className="flex flex-col gap-3">
      {hall.sections.length > 1 && (
        <Choose label="Section" value={section.name} onChange={setSection} options={sectionsIn(hall)} />
      )}
      <Choose
        label="Row"
        value={row?.name ?? ''}
        onChange={setRow}
        options={rows.map((one) => [one.name, `${one.name} (${count(freeIn(hall, one))} free)`])}
      />
      {row !== undefined && (
        <ul
          aria-label={`Seats of section ${section.name}, row ${row.name}`}
          className="flex flex-wrap gap-1.5"
          key={`${at} ${row.name}`}
        >
          {Array.from({ length: row.end - row.first }, (_, index) => row.first + index).map((seat) => (
            <li key={seat}>
              <SeatButton hall={hall} seat={seat} isChosen={chosen.has(seat)} onToggle={onToggle} />
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

/** Sections to choose from, with how many seats are free in each. */
export function sectionsIn(hall: Hall): (readonly [name: string, words: string])[] {
  return hall.sections.map(({ name }, at) => [name, `${name} (${count(hall.freeIn[at] ?? 0)} free)`]);
}

function freeIn(hall: Hall, { first, end }: Row): number {
  let free = 0;
  for (let seat = first; seat < end; seat += 1) if (hall.isFree(seat)) free += 1;
  return free;
}

interface SeatButtonProps {
  readonly hall: Hall;
  readonly seat: number;
  readonly isChosen: boolean;
  readonly onToggle: (seat: number) => void;
}

function SeatButton({ hall, seat, isChosen, onToggle }: SeatButtonProps) {
  const state = hall.stateOf(seat);
  const look = isChosen
    ? 'bg-choice text-on-choice'
    : state === 'available'
      ? 'border border-ink hover:bg-ink/8'
      : state === 'held'
        ? 'border border-dashed border-edge text-soft'
        : 'text-soft line-through';
  return (
    <button
      type="button"
      aria-label={`Seat ${hall.numberOf(seat)}${isChosen ? '' : `, ${stateWords[state]}`}${hall.isAccessible(seat) ? ', accessible' : ''}`}
      aria-pressed={isChosen}
      aria-disabled={state !== 'available' && !isChosen ? true : undefined}
      onClick={() => onToggle(seat)}
      className={`numeral min-h-11 min-w-11 px-1.5 text-[0.9375rem] ${hall.isAccessible(seat) ? 'rounded-sm' : 'rounded-full'} ${look}`}
    >
      {hall.numberOf(seat)}
    </button>
  );
}
