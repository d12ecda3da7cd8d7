/**
 * News about seats for the readers of a stream: which seats of a hall changed after a position.
 *
 * The last changes of each watched hall are kept, so news to all its readers costs what changed and
 * not what the hall has. For a reader further behind, each seat's own last position is compared;
 * past 500 seats it must read the map again. So must a reader whose layout is outdated.
 */
import { seatStates } from '../../engine/tables/seats.ts';
import type { State } from '../../engine/state.ts';
import { writePosition } from '../kit/positions.ts';
import { formatId } from '../kit/ids.ts';
import { stateName } from './seat-layout.ts';
import type { SeatMaps } from './seat-map.ts';

/** Maximum of seats in one event. */
const maxChangedSeats = 500;
/** A power of two, well above it, since a seat changes more than once. */
const kept = 2048;

/** The last changes of one hall, as a ring buffer. */
class WatchedHall {
  watchers = 0;
  /** Changes up to here are not kept. */
  floor: number;
  private count = 0;
  private readonly seats = new Uint32Array(kept);
  private readonly positions = new Float64Array(kept);

  constructor(floor: number) {
    this.floor = floor;
  }

  note(seat: number, position: number): void {
    const at = this.count % kept;
    if (this.count >= kept) this.floor = this.positions[at]!;
    this.seats[at] = seat;
    this.positions[at] = position;
    this.count += 1;
  }

  /**
   * The seats that changed after a position that is not before `floor`, newest first, some more
   * than once.
   */
  *after(position: number): Generator<number> {
    const oldest = Math.max(0, this.count - kept);
    for (let n = this.count - 1; n >= oldest && this.positions[n % kept]! > position; n -= 1) {
      yield this.seats[n % kept]!;
    }
  }
}

export class SeatFeed {
  private readonly halls = new Map<number, WatchedHall>();
  private readonly maps: SeatMaps;
  /** The last news made: consecutive readers mostly ask for the same. */
  private last: { sale: number; from: number; to: number; text: string | null } | null = null;

  constructor(maps: SeatMaps) {
    this.maps = maps;
  }

  get size(): number {
    return this.halls.size;
  }

  /** `position`: up to which a new reader knows everything. */
  watch(sale: number, position: number): void {
    const hall = this.halls.get(sale) ?? new WatchedHall(position);
    hall.watchers += 1;
    this.halls.set(sale, hall);
  }

  unwatch(sale: number): void {
    const hall = this.halls.get(sale);
    if (hall === undefined) return;
    hall.watchers -= 1;
    if (hall.watchers === 0) this.halls.delete(sale);
  }

  /** Notes that a seat changed; returns whether its hall is watched. */
  note(state: State, seat: number, position: number): boolean {
    const hall = this.halls.get(state.seats.sale.get(seat));
    hall?.note(seat, position);
    return hall !== undefined;
  }

  /**
   * The changes in a hall after a position, as JSON text true at `now`, the engine's position; null
   * for none.
   */
  news(state: State, sale: number, from: number, now: number): string | null {
    const { last } = this;
    if (last?.sale === sale && last.from === from && last.to === now) return last.text;
    const hall = this.halls.get(sale);
    const changed =
      hall === undefined || from < hall.floor ? this.maps.changedRows(state, sale, from) : hall.after(from);
    const text = newsText(state, sale, changed, now);
    this.last = { sale, from, to: now, text };
    return text;
  }
}

/** For a reader without a usable position: read the map. */
export function reloadText(state: State, sale: number, position: number): string {
  return `{${headOf(state, sale, position)},"reload":true}`;
}

function newsText(state: State, sale: number, changed: Iterable<number>, now: number): string | null {
  const { seats } = state;
  const changedSeats = new Set<number>();
  for (const seat of changed) {
    changedSeats.add(seat);
    // A seat was removed, or remade under its name: the layout is new.
    const isGone = seats.state.get(seat) === seatStates.removed;
    if (isGone || changedSeats.size > maxChangedSeats) return reloadText(state, sale, now);
  }
  if (changedSeats.size === 0) return null;
  const items = Array.from(changedSeats, (seat) => `${JSON.stringify(seats.label(seat))}:"${stateName(state, seat)}"`);
  return `{${headOf(state, sale, now)},"seats":{${items.join(',')}}}`;
}

function headOf(state: State, sale: number, position: number): string {
  return `"sale":"${formatId('sale', state.genesis.cell, sale)}","position":"${writePosition(state, position)}"`;
}
