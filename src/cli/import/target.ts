/** Where an import goes: a store, on a stopped folder or behind a URL. What is to be made is said as the bodies of requests, once for both. */
import type { Static } from 'typebox';
import type { compactSeats, seatsRequest } from '../../doors/v1/seat-schemas.ts';
import type { sale, seatedSaleRequest } from '../../doors/v1/schemas.ts';
import { UserError } from '../../store/user-error.ts';

/** As the native API shows it. */
export type SaleView = Static<typeof sale>;
export type SeatMap = Static<typeof compactSeats>;
export type SeatedSale = Static<typeof seatedSaleRequest>;
export type SeatsBody = Static<typeof seatsRequest>;

/** What POST /api/events takes. */
export interface EventBody {
  readonly name: string;
  readonly event_date: string;
  readonly status?: string;
}

/** An event of the seats dialect that stands. */
export interface KnownEvent {
  /** Small id in the dialect. */
  readonly id: number;
  readonly name: string;
  /** RFC 3339 in UTC with milliseconds; null where it was made without. */
  readonly date: string | null;
  /** Id of its sale in the native API. */
  readonly sale: string;
}

export interface Made {
  /** Of the sale, or small id of the event; null where seats were added. */
  readonly id: string | number | null;
  /** An earlier command with the same key had the effect. */
  readonly replayed: boolean;
}

/** Each method throws a UserError where the store cannot be reached, or refuses. */
export interface Target {
  /** How many events may be on their way at once, and still are numbered in the order in which they were begun. */
  readonly eventsAtOnce: number;
  /** The sales that stand, in no order. */
  sales(): Promise<readonly SaleView[]>;
  /** The events that stand, in the order of their ids. */
  events(): Promise<readonly KnownEvent[]>;
  eventStands(id: number): Promise<boolean>;
  seatMap(sale: string): Promise<SeatMap>;
  createSale(body: SeatedSale, key: string): Promise<Made>;
  createEvent(body: EventBody, key: string): Promise<Made>;
  addSeats(sale: string, body: SeatsBody, key: string): Promise<Made>;
  close(): Promise<void>;
}

/** A seat that stands in a hall. */
export interface StandingSeat {
  readonly section: string;
  readonly row: string;
  readonly number: string;
  readonly place: number;
  readonly rank: number;
  readonly accessible: boolean;
}

/** Every seat of a map, by section, row and place. */
export function* seatsOfMap({ sections }: SeatMap): Generator<StandingSeat> {
  for (const section of sections) {
    for (const row of section.rows) {
      const { numbers } = row;
      const accessible = new Set(row.accessible);
      const count = 'from' in numbers ? numbers.to - numbers.from + 1 : numbers.length;
      for (let i = 0; i < count; i += 1) {
        yield {
          section: section.name,
          row: row.name,
          number: 'from' in numbers ? String(numbers.from + i) : numbers[i]!,
          place: row.places?.[i] ?? i + 1,
          rank: row.ranks?.[i] ?? row.rank,
          accessible: accessible.has(i),
        };
      }
    }
  }
}

/**
 * Makes something once for a key, however often it is asked for. A key whose thing was taken away since stands for that thing still:
 * then the next key is tried. `stands`: whether a thing that a key made before is there.
 */
export async function makeOnce(
  key: string,
  make: (key: string) => Promise<Made>,
  stands: (made: Made) => Promise<boolean>,
): Promise<Made> {
  for (let number = 1; ; number += 1) {
    const made = await make(number === 1 ? key : `${key}-${number}`);
    if (!made.replayed || (await stands(made))) return made;
  }
}

/** Opens a target, uses it, and closes it however that ends. */
export async function withTarget<Result>(
  open: () => Promise<Target>,
  use: (target: Target) => Promise<Result>,
): Promise<Result> {
  const target = await open();
  let result: Result;
  try {
    result = await use(target);
  } catch (error) {
    // The first failure is the one to tell: a disk that is full fails the closing, too.
    await target.close().catch(() => undefined);
    throw error;
  }
  await target.close();
  return result;
}

/** What stopped an import in the middle, at which rows: how far it came, and that the same command goes on from there. */
export function stoppedAt(error: unknown, rows: string, done: number, total: number, noun: string): UserError {
  const reason = error instanceof Error ? error.message : String(error);
  const far = done === 0 ? `None of the ${total} ${noun} is known to be` : `${done} of the ${total} ${noun} are`;
  return new UserError(
    `${reason.replace(/\.$/, '')} (${rows}). ${far} in the store; the same command with the same file goes on from there`,
  );
}
