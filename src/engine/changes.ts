/**
 * What applied records changed, in order: for streams and for live views. Not state: the node reads
 * the changes once it has applied a batch, and clears them before the next.
 */
export const changeKinds = {
  /** A sale's stock, window or terms; row: sale. */
  sale: 1,
  /** A new order; row: order. */
  order: 2,
  /** Lines of an order were cancelled; row: order. */
  cancelled: 3,
  /** A hold was placed, confirmed, extended, released or has expired; row: hold. */
  hold: 4,
  /** A customer joined a waitlist, left it, was offered stock or was served; row: entry. */
  waitlist: 5,
  /** A customer appeared, was registered, changed or removed; row: customer. */
  customer: 6,
  /** A seat was added, removed, or changed hands; row: seat. */
  seat: 7,
  /** A card was issued, or its balance or state changed; row: card. */
  card: 8,
  /** A tariff was set; row: number of the version. */
  tariff: 9,
  /** A gate was made known; row: gate. */
  gate: 10,
} as const;

export type ChangeKind = (typeof changeKinds)[keyof typeof changeKinds];

export class Changes {
  count = 0;
  /** On only while there is a reader: a replay of millions of records collects nothing. */
  collecting = false;
  private kinds = new Uint8Array(1024);
  private rows = new Uint32Array(1024);
  private positions = new Float64Array(1024);

  add(kind: ChangeKind, row: number, position: number): void {
    if (!this.collecting) return;
    if (this.count === this.kinds.length) this.grow();
    this.kinds[this.count] = kind;
    this.rows[this.count] = row;
    this.positions[this.count] = position;
    this.count += 1;
  }

  kind(at: number): number {
    return this.kinds[at]!;
  }

  row(at: number): number {
    return this.rows[at]!;
  }

  position(at: number): number {
    return this.positions[at]!;
  }

  clear(): void {
    this.count = 0;
  }

  private grow(): void {
    const kinds = new Uint8Array(2 * this.kinds.length);
    const rows = new Uint32Array(kinds.length);
    const positions = new Float64Array(kinds.length);
    kinds.set(this.kinds);
    rows.set(this.rows);
    positions.set(this.positions);
    this.kinds = kinds;
    this.rows = rows;
    this.positions = positions;
  }
}
