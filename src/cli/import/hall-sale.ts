/**
 * A hall's file becomes a seated sale of the native API. The name identifies the sale: a second
 * sale of that name is not made.
 */
import type { NewSeatedSale } from '../../../sdk/src/index.ts';
import { composed } from '../../doors/kit/texts.ts';
import { maxSaleBytes } from '../../doors/v1/sales.ts';
import { seatsOf } from '../../engine/rules/placement.ts';
import type { HallDefinition } from '../../engine/commands/sales.ts';
import { UserError } from '../../store/user-error.ts';
import type { SaleView, StandingSeat, Target } from './target.ts';

export interface SeededHall {
  readonly sale: string;
  /** The sale existed already; nothing was made. */
  readonly wasThere: boolean;
  /** The terms that differ from those of the existing sale. */
  readonly differs: readonly string[];
}

/** @throws UserError if a sale of that name has other seats */
export async function seedHall(target: Target, body: NewSeatedSale, key: string): Promise<SeededHall> {
  const hall = body.hall as HallDefinition;
  const bytes = Buffer.byteLength(JSON.stringify(body));
  if (bytes > maxSaleBytes)
    throw new UserError(
      `the hall takes ${bytes} bytes of the ${maxSaleBytes} that a record of the log has for it: write seats that are only numbers as ranges, and ranks at rows`,
    );
  const named = (await target.sales()).filter(
    ({ name, kind, door }) => composed(name) === composed(body.name) && kind === 'seated' && door === 'v1',
  );
  for (const sale of named) {
    const seats = await target.seats(sale.id);
    if (isHall(hall, seats)) return { sale: sale.id, wasThere: true, differs: differencesOf(body, sale) };
  }
  const [other] = named;
  if (other !== undefined)
    throw new UserError(
      `there is a sale ${JSON.stringify(body.name)} with other seats, ${other.id}: name this one otherwise with --name`,
    );
  const { id, replayed } = await target.createSale(body, key);
  return { sale: String(id), wasThere: replayed, differs: [] };
}

/** Whether these are the seats of the hall, blocked or not. */
function isHall(hall: HallDefinition, seats: readonly StandingSeat[]): boolean {
  const wanted = new Set<string>();
  for (const seat of seatsOfHall(hall)) wanted.add(textOf(seat));
  return wanted.size === seats.length && seats.every((seat) => wanted.has(textOf(seat)));
}

function textOf({ section, row, number, place, rank, accessible }: StandingSeat): string {
  return JSON.stringify([composed(section), composed(row), composed(number), place, rank, accessible]);
}

function* seatsOfHall({ sections }: HallDefinition): Generator<StandingSeat> {
  let rows = 0;
  for (const section of sections) {
    for (const row of section.rows) {
      rows += 1;
      const rankOfRow = row.rank ?? rows;
      let place = 0;
      for (const given of seatsOf(row.seats)) {
        place += 1;
        const { number, rank = rankOfRow, accessible = false } = typeof given === 'string' ? { number: given } : given;
        yield { section: section.name, row: row.name, number, place, rank, accessible };
      }
    }
  }
}

const terms = ['price', 'opensAt', 'closesAt', 'holdSeconds', 'maxPerOrder'] as const;

function differencesOf(body: NewSeatedSale, sale: SaleView): string[] {
  return terms.filter((term) => body[term] !== undefined && JSON.stringify(body[term]) !== JSON.stringify(sale[term]));
}
