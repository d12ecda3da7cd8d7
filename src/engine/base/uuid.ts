/** UUIDs as 16 bytes. Only the canonical form, in lower case, is one: any other text stays text. */
const textLength = 36;

/**
 * The bytes of a UUID that stands in `text`, written to `into`; false when it is none in canonical
 * form.
 */
export function uuidBytes(text: Uint8Array, start: number, length: number, into: Uint8Array): boolean {
  if (length !== textLength) return false;
  let at = 0;
  let digits = 0;
  let value = 0;
  for (let i = 0; i < textLength; i += 1) {
    const unit = text[start + i]!;
    if (i === 8 || i === 13 || i === 18 || i === 23) {
      if (unit !== hyphen) return false;
      continue;
    }
    const digit = digitOf(unit);
    if (digit < 0) return false;
    value = (value << 4) | digit;
    digits += 1;
    if (digits === 2) {
      into[at] = value;
      at += 1;
      digits = 0;
      value = 0;
    }
  }
  return true;
}

const hyphen = 0x2d;

function digitOf(unit: number): number {
  if (unit >= 0x30 && unit <= 0x39) return unit - 0x30;
  return unit >= 0x61 && unit <= 0x66 ? unit - 0x61 + 10 : -1;
}

const hex = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

/** The UUID whose 16 bytes begin at `start`. */
export function uuidText(bytes: Uint8Array, start: number): string {
  let text = '';
  for (let i = 0; i < 16; i += 1) {
    if (i === 4 || i === 6 || i === 8 || i === 10) text += '-';
    text += hex[bytes[start + i]!]!;
  }
  return text;
}
