/** A hall in a page: read from the compact map, and kept up to date by the stream's events. */
import { comparePositions } from './position.ts';
import type { CompactRow, CompactSeats, Seat, SeatState } from './seat-shapes.ts';
import type { SeatsNews } from './stream-events.ts';

const states: readonly SeatState[] = ['available', 'held', 'sold', 'blocked'];

export interface MappedSeat extends Seat {
  /** Seats of a row whose places differ by one are neighbours. */
  readonly place: number;
}

export class SeatMap {
  readonly sale: string;
  /** By name, in the order of the hall. */
  readonly seats: ReadonlyMap<string, MappedSeat>;
  /** The position at which the map is true. */
  position: string;

  constructor(compact: CompactSeats) {
    this.sale = compact.sale;
    this.position = compact.position;
    this.seats = new Map(seatsOf(compact).map((seat) => [seat.id, seat]));
  }

  /**
   * Applies an event of the stream. Returns the names of the seats whose state changed. Null when
   * the map must be read again: the hall has other seats, or the store restarted since the map was
   * read, and may have another history. An event older than the map changes nothing: the map
   * includes it.
   */
  take(news: SeatsNews): string[] | null {
    if (news.sale !== this.sale) return [];
    const behind = comparePositions(news.position, this.position);
    if (behind === null) return null;
    if (behind < 0) return [];
    const { seats } = news;
    if (seats === undefined || !Object.keys(seats).every((id) => this.seats.has(id))) return null;
    const changed: string[] = [];
    for (const [id, state] of Object.entries(seats)) {
      const seat = this.seats.get(id);
      if (seat === undefined || seat.state === state) continue;
      (seat as { state: SeatState }).state = state;
      changed.push(id);
    }
    this.position = news.position;
    return changed;
  }
}

/** The seats of a compact map, in the order of the hall. */
function seatsOf({ sections, states: base64 }: CompactSeats): MappedSeat[] {
  const bits = atob(base64);
  const seats: MappedSeat[] = [];
  for (const { name: section, rows } of sections) {
    for (const row of rows) {
      for (const [i, number] of numbersOf(row).entries()) {
        const code = (bits.charCodeAt(seats.length >> 2) >> (2 * (seats.length & 3))) & 3;
        seats.push({
          id: `${section}-${row.name}-${number}`,
          section,
          row: row.name,
          number,
          rank: row.ranks?.[i] ?? row.rank,
          accessible: row.accessible?.includes(i) ?? false,
          state: states[code] ?? 'blocked',
          place: row.places?.[i] ?? i + 1,
        });
      }
    }
  }
  return seats;
}

function numbersOf({ numbers }: CompactRow): readonly string[] {
  if (!('from' in numbers)) return numbers;
  return Array.from({ length: numbers.to - numbers.from + 1 }, (_, i) => String(numbers.from + i));
}
