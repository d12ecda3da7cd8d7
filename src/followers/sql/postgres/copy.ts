/**
 * `COPY … FROM STDIN` with the driver: a query of our own kind that sends its rows when the server
 * asks. The driver accepts such queries (`Submittable`) and calls their public methods, as with its
 * own.
 */
import type { Connection, Submittable } from 'pg';
import type { Cell } from '../cells.ts';

/** What the driver's connection has beyond its declared types. */
interface CopyConnection {
  query(text: string): void;
  sendCopyFromChunk(bytes: Buffer): void;
  endCopyFrom(): void;
}

export class CopyIn implements Submittable {
  /** Called once; the driver wraps its time limit around it. */
  callback: (error: Error | null) => void;
  private readonly text: string;
  private readonly rows: Buffer;

  constructor(text: string, rows: string, callback: (error: Error | null) => void) {
    this.text = text;
    this.rows = Buffer.from(rows);
    this.callback = callback;
  }

  submit(connection: Connection): void {
    connection.query(this.text);
  }

  handleCopyInResponse(connection: CopyConnection): void {
    connection.sendCopyFromChunk(this.rows);
    connection.endCopyFrom();
  }

  /** The number of rows, which the caller knows. */
  handleCommandComplete(): void {}

  handleReadyForQuery(): void {
    this.callback(null);
  }

  handleError(error: Error): void {
    this.callback(error);
  }
}

const escapes: Readonly<Record<string, string>> = { '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/** Rows from `start` to before `end`, a line each, as COPY reads them. */
export function copyText(columns: readonly (readonly Cell[])[], start: number, end: number): string {
  const width = columns.length;
  let out = '';
  for (let row = start; row < end; row += 1) {
    for (let at = 0; at < width; at += 1) {
      if (at > 0) out += '\t';
      const cell = columns[at]![row];
      if (cell === null) out += '\\N';
      else if (typeof cell === 'number') out += integerText(cell);
      else if (typeof cell === 'string') {
        out += /[\\\n\r\t]/.test(cell) ? cell.replace(/[\\\n\r\t]/g, (found) => escapes[found]!) : cell;
      } else throw new TypeError(`row ${row} has no cell ${at}`);
    }
    out += '\n';
  }
  return out;
}

export function integerText(value: number): string {
  if (!Number.isSafeInteger(value)) throw new RangeError(`${value} is no integer that a database and we both know`);
  return String(value);
}
