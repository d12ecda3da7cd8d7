/** Decodes bytes as UTF-8, strictly: other bytes are reported, never guessed. */
import { kindOf } from './file-kinds.ts';
import type { Flaw, Reading } from './flaws.ts';
import { readingOf } from './flaws.ts';

const decoder = new TextDecoder('utf-8', { fatal: true });
const lineFeed = 0x0a;
const carriageReturn = 0x0d;

/** The text of a file, without its byte order mark. */
export function textOf(bytes: Uint8Array): Reading<string> {
  const kind = kindOf(bytes);
  if (kind !== null) return readingOf('', [{ line: null, column: null, message: kind }]);
  try {
    return readingOf(decoder.decode(bytes), []);
  } catch {
    return readingOf('', linesThatAreNot(bytes));
  }
}

function linesThatAreNot(bytes: Uint8Array): Flaw[] {
  const flaws: Flaw[] = [];
  let line = 1;
  for (let from = 0; from < bytes.length; line += 1) {
    const to = endOfLine(bytes, from);
    if (!isUtf8(bytes.subarray(from, to)))
      flaws.push({ line, column: null, message: 'it is not UTF-8: save the file as UTF-8' });
    from = to;
  }
  return flaws;
}

/** The offset after the LF, CRLF or CR that ends the line. */
function endOfLine(bytes: Uint8Array, from: number): number {
  for (let at = from; at < bytes.length; at += 1) {
    if (bytes[at] === lineFeed) return at + 1;
    if (bytes[at] === carriageReturn) return bytes[at + 1] === lineFeed ? at + 2 : at + 1;
  }
  return bytes.length;
}

function isUtf8(bytes: Uint8Array): boolean {
  try {
    decoder.decode(bytes);
    return true;
  } catch {
    return false;
  }
}
