/** Bytes as text, strictly: what is not UTF-8 is named, never guessed. */
import type { Flaw, Reading } from './flaws.ts';
import { readingOf } from './flaws.ts';

const decoder = new TextDecoder('utf-8', { fatal: true });
const newline = 0x0a;

/** The text of a file, without its byte order mark. */
export function textOf(bytes: Uint8Array): Reading<string> {
  const [first, second] = bytes;
  if ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff))
    return readingOf('', [{ line: null, column: null, message: 'it is UTF-16: save it as UTF-8' }]);
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
    const found = bytes.indexOf(newline, from);
    const to = found < 0 ? bytes.length : found + 1;
    if (!isUtf8(bytes.subarray(from, to)))
      flaws.push({ line, column: null, message: 'it is not UTF-8: save the file as UTF-8' });
    from = to;
  }
  return flaws;
}

function isUtf8(bytes: Uint8Array): boolean {
  try {
    decoder.decode(bytes);
    return true;
  } catch {
    return false;
  }
}
