import { ByteColumn, NumberColumn, WordColumn } from '../base/columns.ts';
import { Namespaces } from '../base/namespaces.ts';

export class OrderTable {
  count = 0;
  readonly firstLine = new WordColumn();
  readonly lineCount = new ByteColumn();
  /** Customer row + 1; 0 for none. */
  readonly customer = new WordColumn();
  readonly createdAtMs = new NumberColumn();
  readonly position = new NumberColumn();
  /** Hold row + 1 when the order came from a hold. */
  readonly hold = new WordColumn();
  /** Waitlist entry + 1 for what a partial order did not get. */
  readonly entry = new WordColumn();
  /** Number within the door of its first line's sale, from 1. */
  readonly doorNumber = new WordColumn();
  readonly namespaces = new Namespaces();
}

export class LineTable {
  count = 0;
  readonly order = new WordColumn();
  readonly sale = new WordColumn();
  readonly quantity = new WordColumn();
  readonly amount = new NumberColumn();
  /** What the sale had available right after this line. */
  readonly remaining = new WordColumn();
  /** Position of the cancellation; 0 while the line stands. So an order can be shown as it was at any position. */
  readonly cancelledAt = new NumberColumn();
  /** List of its seats (`SeatTable.lists`), as long as its quantity; 0 for none. */
  readonly seats = new WordColumn();
  /** The line sold before this one in the same sale; `none` at the first. */
  readonly previousOfSale = new WordColumn();
}
