/**
 * What texts may be, at every door and in every file that is imported, and how they are kept: one
 * rule for names, one for e-mails.
 *
 * The same text can be composed in several ways of Unicode; to the engine, which compares bytes,
 * each is another text. So doors compose: a new name, label or e-mail is kept in NFC, and what is
 * looked up is looked up as it was sent, then in NFC, then in NFD, since a store from before may
 * have it so. Ids and idempotency keys are compared as they are and never changed, and so are
 * fingerprints: a request that is sent again is the same request.
 *
 * Each pattern takes one pass: no part of it can match what the part behind it matches too. So a
 * text that nearly fits costs no more than one that fits.
 */

/** Control characters of Unicode (Cc), for the inside of a character class. */
const controls = '\\u0000-\\u001f\\u007f-\\u009f';

/**
 * A name, of whatever: any characters but control characters, which break lines, tables and
 * terminals. Its length is told apart.
 */
export const namePattern = `^[^${controls}]*$`;
/** The same, with something in it that is no space. */
export const textPattern = `^[^\\S${controls}]*[^\\s${controls}][^${controls}]*$`;

/** Counted in UTF-16 units. */
export const maxEmailCharacters = 255;
/**
 * Something, one @, and a domain of at least two names: what has no such form reaches nobody. What
 * has it may still not.
 */
export const emailPattern = `^[^\\s@${controls}]+@[^\\s@.${controls}]+(?:\\.[^\\s@.${controls}]+)+$`;
const email = new RegExp(emailPattern, 'u');

/** Whether a text is an e-mail. Its length is looked at first. */
export function isEmail(text: string): boolean {
  return text.length <= maxEmailCharacters && email.test(text);
}

export function hasControlCharacter(text: string): boolean {
  for (let at = 0; at < text.length; at += 1) {
    const unit = text.charCodeAt(at);
    if (unit < 0x20 || (unit >= 0x7f && unit <= 0x9f)) return true;
  }
  return false;
}

/** A name as a new thing gets it. */
export function composed(text: string): string {
  return text.normalize('NFC');
}

/** The same where there may be none. */
export function composedOrNull(text: string | null | undefined): string | null {
  return text == null ? null : composed(text);
}

/** Whether a text is as a new name, or a new id, has to be. */
export function isComposed(text: string): boolean {
  return composed(text) === text;
}

/** A text as it was sent, and how else it may be kept; most have one spelling only. */
export function spellings(text: string): readonly string[] {
  const nfc = composed(text);
  const others = [nfc, text.normalize('NFD')].filter((other, i, all) => other !== text && all.indexOf(other) === i);
  return [text, ...others];
}

/** The first spelling of a text that is there, or its NFC form for one that is not. */
export function spelledAs(text: string, isThere: (spelling: string) => boolean): string {
  return spellings(text).find(isThere) ?? composed(text);
}

/** What `find` finds by the first spelling that it knows; -1 for none. */
export function findSpelled(text: string, find: (spelling: string) => number): number {
  for (const spelling of spellings(text)) {
    const found = find(spelling);
    if (found >= 0) return found;
  }
  return -1;
}

/** ASCII that is seen, with single spaces in between. */
const plain = /^[\u0021-\u007e]+(?: [\u0021-\u007e]+)*$/;

/**
 * What is equal of two names that people take for one: case, blanks at the ends and how many, signs
 * that are not seen.
 */
export function lookOf(text: string): string {
  // Most names are plain: a tenth of the time.
  if (plain.test(text)) return text.toLowerCase();
  const seen = text
    .normalize('NFKC')
    .replaceAll(/\p{Cf}/gu, '')
    .replaceAll(/\s+/g, ' ')
    .trim();
  // Capital first: ß and ſ have one, and the two small sigmas share theirs.
  return seen.toUpperCase().toLowerCase().normalize('NFKC');
}
