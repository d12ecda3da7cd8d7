/**
 * Halls as text: the whole map, the compact one, and the changes. The part that stays the same
 * between two changes of the layout is made once (`seat-layout.ts`); a copy of the states is 25 KB
 * for a hundred thousand seats. All readers share copies, and their compressed forms, while nothing
 * changes.
 */
import type { State } from '../../engine/state.ts';
import type { Call } from '../../http/call.ts';
import { writePosition } from '../kit/positions.ts';
import { SharedBody, takesGzip } from '../kit/shared-body.ts';
import { formatId } from '../kit/ids.ts';
import { OneAtATime } from '../kit/one-at-a-time.ts';
import { Layout, seatText, statesOf, withStates } from './seat-layout.ts';

/**
 * Halls with up to this many seats in all are kept, the most recently requested ones. A seat takes
 * some 110 bytes.
 */
const maxKeptSeats = 400_000;
/** Maximum of seats sent as changes; above it the whole map is sent. */
const maxChanges = 500;

const encoder = new TextEncoder();
const listStart = encoder.encode('{"items":[');

export type MapForm = 'full' | 'compact';

/** A map without its end, and the position at which it is true. */
interface TakenMap {
  readonly body: SharedBody;
  readonly position: number;
}

/** A hall at one moment. */
class Copy {
  readonly layout: Layout;
  readonly bits: Uint8Array<ArrayBuffer>;
  private readonly saleId: string;
  private readonly bodies = new Map<MapForm, SharedBody>();

  constructor(layout: Layout, bits: Uint8Array<ArrayBuffer>, saleId: string) {
    this.layout = layout;
    this.bits = bits;
    this.saleId = saleId;
  }

  /** The part that is made. */
  made(form: MapForm): SharedBody | null {
    return this.bodies.get(form) ?? null;
  }

  async body(form: MapForm): Promise<SharedBody> {
    const made = form === 'full' ? await this.full() : await this.compact();
    const known = this.bodies.get(form) ?? made;
    this.bodies.set(form, known);
    return known;
  }

  async compactText(): Promise<string> {
    const sections = await this.layout.sectionsText();
    const states = Buffer.from(this.bits.buffer).toString('base64');
    return `{"sale":"${this.saleId}","form":"compact","sections":[${sections}],"states":"${states}"`;
  }

  private async full(): Promise<SharedBody> {
    const { layout, bits } = this;
    await layout.makePieces();
    const pieces = layout.pieces ?? [];
    const size = pieces.reduce((sum, { text }) => sum + text.length, listStart.length);
    return new SharedBody(size, bits.length, function* () {
      yield listStart;
      yield* withStates(pieces, bits);
    });
  }

  private async compact(): Promise<SharedBody> {
    const bytes = encoder.encode(await this.compactText());
    return new SharedBody(bytes.length, bytes.length, () => [bytes]);
  }
}

export class SeatMaps {
  /** By sale, the last requested at the end: a Map keeps the order of insertion. */
  private readonly copies = new Map<number, Copy>();
  /** All seats there ever were, by sale. */
  private readonly rows = new Map<number, number[]>();
  /** Maps in the making, by sale, form and compression. */
  private readonly making = new Map<string, OneAtATime<TakenMap>>();
  /** The table was scanned up to here. */
  private seen = 0;

  /** The whole map, as it is now or a little later, ready for a call. */
  async whole(state: State, sale: number, form: MapForm, call: Pick<Call, 'header'>): Promise<TakenMap> {
    const body = this.copyOf(state, sale).made(form);
    if (body !== null && body.isReadyFor(call)) return { body, position: state.position };
    const key = `${sale} ${form} ${takesGzip(call.header('accept-encoding'))}`;
    const making = this.making.get(key) ?? new OneAtATime(() => this.make(state, sale, form, call));
    this.making.set(key, making);
    return await making.get();
  }

  /**
   * The seats that changed after a position, as JSON; those that are gone are `removed`. Null if
   * they are too many to send as changes.
   */
  changed(state: State, sale: number, since: number): readonly string[] | null {
    const { seats, retired } = this.copyOf(state, sale).layout;
    const { changedAt } = state.seats;
    const found: number[] = [];
    for (const seat of seats) {
      if (changedAt.get(seat) <= since) continue;
      if (found.length === maxChanges) return null;
      found.push(seat);
    }
    const gone = new Map<string, number>();
    for (const seat of retired) {
      if (changedAt.get(seat) <= since) continue;
      if (found.length + gone.size === maxChanges) return null;
      gone.set(state.seats.label(seat), seat);
    }
    for (const [label, seat] of gone) if (state.seats.find(sale, label) < 0) found.push(seat);
    return found.map((seat) => seatText(state, seat));
  }

  /** Every seat that a sale ever had, if it changed after a position. */
  *changedRows(state: State, sale: number, since: number): Generator<number> {
    const { changedAt } = state.seats;
    for (const seat of this.rowsOf(state, sale)) if (changedAt.get(seat) > since) yield seat;
  }

  private async make(state: State, sale: number, form: MapForm, call: Pick<Call, 'header'>): Promise<TakenMap> {
    const { position } = state;
    const body = await this.copyOf(state, sale).body(form);
    await body.compress(call);
    return { body, position };
  }

  /** The hall as it is now; the last copy if nothing in it has changed. */
  private copyOf(state: State, sale: number): Copy {
    const last = this.copies.get(sale);
    const layout =
      last?.layout.version === state.seats.hall(sale).layout
        ? last.layout
        : new Layout(state, sale, this.rowsOf(state, sale));
    const bits = statesOf(state, layout.seats);
    const copy =
      last?.layout === layout && Buffer.compare(last.bits, bits) === 0
        ? last
        : new Copy(layout, bits, formatId('sale', state.genesis.cell, sale));
    this.copies.delete(sale);
    this.copies.set(sale, copy);
    this.forgetOldest();
    return copy;
  }

  private forgetOldest(): void {
    let seats = 0;
    for (const { layout } of this.copies.values()) seats += layout.seats.length;
    for (const [sale, { layout }] of this.copies) {
      if (seats <= maxKeptSeats || this.copies.size === 1) return;
      this.copies.delete(sale);
      for (const key of this.making.keys()) if (key.startsWith(`${sale} `)) this.making.delete(key);
      seats -= layout.seats.length;
    }
  }

  private rowsOf({ seats }: State, sale: number): readonly number[] {
    for (; this.seen < seats.count; this.seen += 1) {
      const of = seats.sale.get(this.seen);
      const rows = this.rows.get(of);
      if (rows === undefined) this.rows.set(of, [this.seen]);
      else rows.push(this.seen);
    }
    return this.rows.get(sale) ?? [];
  }
}

export function listText(state: State, items: readonly string[], position: number): string {
  return `{"items":[${items.join(',')}${listEnd(state, position)}`;
}

export function listEnd(state: State, position: number): string {
  return `],"position":"${writePosition(state, position)}"}`;
}

/** Marks a list of changes that has every seat instead. */
export function wholeEnd(state: State, position: number): string {
  return `],"whole":true,"position":"${writePosition(state, position)}"}`;
}

export function compactEnd(state: State, position: number): string {
  return `,"position":"${writePosition(state, position)}"}`;
}
