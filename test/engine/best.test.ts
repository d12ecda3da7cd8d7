/** Best available, as pictures of halls, on every engine. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { HallDefinition } from '../../src/engine/commands/sales.ts';
import { Command, kinds } from '../../src/engine/command.ts';
import { termsOf } from '../../src/engine/commands/holds.ts';
import { linesOf } from '../../src/engine/commands/lines.ts';
import { outcomeOf } from '../../src/engine/outcomes.ts';

import type { Answer } from './reference-model.ts';
import { defaultGenesis, defaultSale } from './rows.ts';
import type { Subject } from './subjects.ts';
import { subjects } from './subjects.ts';
import { best } from './tables/best.ts';

interface Row {
  readonly section: string;
  readonly name: string;
  readonly rank: number | undefined;
  readonly before: string;
  readonly ranks: string | undefined;
  readonly after: string;
}

interface Picture {
  readonly name: string;
  readonly quantity: number;
  readonly words: readonly string[];
  readonly code: string;
  readonly rows: Row[];
}

function picturesOf(table: string): Picture[] {
  const pictures: Picture[] = [];
  let name = '';
  for (const line of table.split('\n').filter((line) => line.trim() !== '')) {
    const [first = '', ...words] = line.trim().split(/\s+/);
    if (!line.startsWith(' ')) name = line;
    else if (first === 'best') {
      const [quantity, ...more] = words.filter((word) => word !== '→' && !/^[A-Z_]+$/.test(word));
      const code = words.find((word) => /^[A-Z_]+$/.test(word)) ?? 'OK';
      pictures.push({ name, quantity: Number(quantity), words: more, code, rows: [] });
    } else pictures.at(-1)!.rows.push(rowOf(first, words));
  }
  return pictures;
}

function rowOf(names: string, words: readonly string[]): Row {
  const [, section, name, , rank] = /^([^/]+)\/([^@]+)(@(\d+))?$/.exec(names) ?? [];
  const [before, after = before] = words.filter((word) => !word.startsWith('#'));
  const ranks = words.find((word) => word.startsWith('#'))?.slice(1);
  if (section === undefined || name === undefined || before === undefined || after === undefined) {
    throw new Error(`${names} is no row`);
  }
  return { section, name, rank: rank === undefined ? undefined : Number(rank), before, ranks, after };
}

/** A subject with one sale, whose hall is that of the pictures before. */
class Hall {
  readonly subject: Subject;
  private position = 0;

  constructor(subject: Subject, hall: HallDefinition) {
    this.subject = subject;
    this.cold('genesis', defaultGenesis);
    this.cold('createSale', { ...defaultSale, kind: 'seated', capacity: 0, hall });
  }

  apply(command: Command): Answer {
    this.position += 1;
    return this.subject.apply(command, this.position, 0);
  }

  cold(kind: 'genesis' | 'createSale' | 'changeSeat' | 'removeSeat', body: Command['body']): void {
    const command = new Command().reset(kinds[kind]);
    command.body = body;
    assert.equal(this.apply(command).number, 0);
  }

  name(kind: 'order' | 'hold', seats: readonly number[]): void {
    if (seats.length === 0) return;
    const command = new Command().reset(kinds[kind]);
    linesOf(command).addSeats(0, seats);
    termsOf(command).holdMs = 1000;
    assert.equal(this.apply(command).number, 0);
  }

  /** The code, and the seats that an order of the best gets. */
  best(
    quantity: number,
    section: number,
    accessible: boolean,
    split: boolean,
  ): [code: string, seats: readonly number[]] {
    const command = new Command().reset(kinds.order);
    linesOf(command).addBest(0, quantity, section, accessible, split);
    const answer = this.apply(command);
    const { code } = outcomeOf(answer.number);
    return [code, code === 'OK' ? this.subject.dump().orders[answer.thing]!.lines[0]!.seats : []];
  }
}

/**
 * Seats of a picture with this letter, by the engine's numbers: in the order of the hall's
 * definition.
 */
function draw(
  subject: Subject,
  rows: readonly Row[],
): { hall: Hall; sections: string[]; seatOf: (row: Row, place: number) => number } {
  const sections = [...new Set(rows.map(({ section }) => section))];
  // Each section of the definition has one row: rows then appear in the order in which they are
  // drawn.
  const definition: HallDefinition = {
    sections: rows.map(({ section, name, rank, before, ranks }) => {
      const seats = before.split('').map((letter, at) => ({
        number: String(at + 1),
        accessible: letter === 'A',
        ...(ranks === undefined ? {} : { rank: Number(ranks[at]) }),
      }));
      return { name: section, rows: [{ name, ...(rank === undefined ? {} : { rank }), seats }] };
    }),
  };
  const all = rows.flatMap((row) => row.before.split('').map((letter, at) => ({ row, letter, place: at + 1 })));
  const seatOf = (row: Row, place: number): number => all.findIndex((one) => one.row === row && one.place === place);
  const shown = (letter: string): number[] => [...all.keys()].filter((seat) => all[seat]!.letter === letter);
  const hall = new Hall(subject, definition);
  hall.name('order', shown('X'));
  hall.name('hold', shown('H'));
  for (const seat of shown('B')) hall.cold('changeSeat', { sale: 0, seat, blocked: true });
  for (const seat of shown('_')) hall.cold('removeSeat', { sale: 0, seat });
  return { hall, sections, seatOf };
}

function check(subject: Subject, { quantity, words, code, rows }: Picture): void {
  const { hall, sections, seatOf } = draw(subject, rows);
  const known = words.filter((word) => ['split', 'accessible'].includes(word) || word.startsWith('section='));
  assert.deepEqual(words, known);
  const named = words.find((word) => word.startsWith('section='))?.slice('section='.length);
  const section = named === undefined ? 0 : sections.indexOf(named) + 1;
  const [got, seats] = hall.best(quantity, section, words.includes('accessible'), words.includes('split'));
  const picture = rows.map((row) =>
    row.before.split('').map((letter, at) => {
      const found = seats.indexOf(seatOf(row, at + 1));
      return found < 0 ? letter : (found + 1).toString(36);
    }),
  );
  const shown = (letters: readonly (string | string[])[]): string =>
    letters.map((letter) => (typeof letter === 'string' ? letter : letter.join(''))).join('\n');
  assert.equal(shown(picture), shown(rows.map(({ after }) => after)));
  assert.equal(got, code);
}

const pictures = picturesOf(best);

for (const [name, make] of Object.entries(subjects)) {
  for (const picture of pictures) test(`${picture.name} (${name})`, () => check(make(), picture));
}

test('no two pictures have the same name, and one that is not as drawn fails', () => {
  assert.equal(new Set(pictures.map(({ name }) => name)).size, pictures.length);
  const wrong = picturesOf('wrong\n  best 2\n  A/1  ....  .12.\n')[0]!;
  for (const make of Object.values(subjects)) assert.throws(() => check(make(), wrong), /12/);
});
