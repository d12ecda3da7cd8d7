/** The words of a row about seats. */
import type { Command } from '../../src/engine/command.ts';
import { linesOf } from '../../src/engine/commands/lines.ts';
import type { HallDefinition, RowDefinition, SeatDefinition } from '../../src/engine/commands/sales.ts';
import type { SeatAddition } from '../../src/engine/commands/seats.ts';

/**
 * A hall in a word: rows by comma, each `section/row` (with `@rank` where it is given) and a letter
 * a place: `.` a seat, `a` an accessible one, numbered by their place: `A/1/..a.,B/1@2/...`. Or a
 * range of numbers: `A/1/5-7`.
 */
export function hallOf(word: string): HallDefinition {
  const sections = new Map<string, RowDefinition[]>();
  for (const row of word === '' ? [] : word.split(',')) {
    const [, section, name, , rank, letters] = /^([^/]+)\/([^/@]+)(@(\d+))?\/([.a]*|\d+-\d+)$/.exec(row) ?? [];
    if (section === undefined || name === undefined || letters === undefined) throw new Error(`${row} is no row`);
    const [from, to] = letters.split('-').map(Number);
    const seats = to === undefined ? letters.split('').map(seatOf) : { from: from!, to };
    const rows = sections.get(section) ?? [];
    sections.set(section, [...rows, { name, seats, ...(rank === undefined ? {} : { rank: Number(rank) }) }]);
  }
  return { sections: [...sections].map(([name, rows]) => ({ name, rows })) };
}

function seatOf(letter: string, at: number): SeatDefinition {
  const number = String(at + 1);
  return letter === 'a' ? { number, accessible: true } : number;
}

/** How many seats a hall has. */
export function sizeOf({ sections }: HallDefinition): number {
  const rows = sections.flatMap((section) => section.rows);
  const counts = rows.map(({ seats }) => ('from' in seats ? Math.max(0, seats.to - seats.from + 1) : seats.length));
  return counts.reduce((sum, count) => sum + count, 0);
}

/** `A/1/7`, then any of `@place`, `#rank`, `+a` (accessible), `+b` (blocked). */
export function additionOf(word: string): SeatAddition {
  const pattern = /^([^/]+)\/([^/]+)\/([^/@#+]+)(?:@(\d+))?(?:#(\d+))?(\+a)?(\+b)?$/;
  const [, section, row, number, place, rank, accessible, blocked] = pattern.exec(word) ?? [];
  if (section === undefined || row === undefined || number === undefined) throw new Error(`${word} is no seat`);
  return {
    section,
    row,
    number,
    ...(place === undefined ? {} : { place: Number(place) }),
    ...(rank === undefined ? {} : { rank: Number(rank) }),
    ...(accessible === undefined ? {} : { accessible: true }),
    ...(blocked === undefined ? {} : { blocked: true }),
  };
}

/**
 * Adds the line of a word: `0x2` two units of sale 0; `0:3,4` its seats 3 and 4; `0*2` its best
 * two, `0*2@1` of section 1 (`@none` of one that is not there), and behind that `a` for accessible
 * ones and `s` for split.
 */
export function addLineOf(command: Command, word: string): void {
  const [, sale = '', ask, what = ''] = /^(\d+)([x:*])(.*)$/.exec(word) ?? [];
  const best = /^(\d+)(?:@(\d+|none))?(a?)(s?)$/.exec(what);
  if (ask === 'x' && /^\d+$/.test(what)) {
    linesOf(command).add(Number(sale), Number(what));
  } else if (ask === ':' && /^(\d+(,\d+)*)?$/.test(what)) {
    linesOf(command).addSeats(Number(sale), what === '' ? [] : what.split(',').map(Number));
  } else if (ask === '*' && best !== null) {
    const [, quantity, section, accessible, split] = best;
    const number = section === undefined ? 0 : section === 'none' ? 0xffffffff : Number(section) + 1;
    linesOf(command).addBest(Number(sale), Number(quantity), number, accessible === 'a', split === 's');
  } else {
    throw new Error(`${word} is no line`);
  }
}
