/**
 * Which texts are valid, at every door and in every imported file, and how they are kept: one rule
 * for names, one for e-mails.
 *
 * Unicode can compose the same text in several ways; to the engine, which compares bytes, each is
 * another text. So doors compose: a new name, label or e-mail is kept in NFC. A look-up tries the
 * text as sent, then NFC, then NFD, since older stores may have it so. Ids and idempotency keys are
 * compared and kept unchanged, and so are fingerprints: a retry is the same request.
 *
 * Each pattern takes one pass, since no part can match what the next part matches too. A text that
 * nearly fits costs no more than one that fits.
 */

/** Unicode control characters (Cc), for use in a character class. */
const controls = '\\u0000-\\u001f\\u007f-\\u009f';

/**
 * A name of any thing: any characters except control characters, which break lines, tables and
 * terminals. Its length is checked separately.
 */
export const namePattern = `^[^${controls}]*$`;
/** The same, with at least one character that is not a space. */
export const textPattern = `^[^\\S${controls}]*[^\\s${controls}][^${controls}]*$`;

/** Counted in UTF-16 units. */
export const maxEmailCharacters = 255;
/**
 * Something, one @, and a domain of at least two names. Other texts reach nobody; texts of this
 * form may still reach nobody.
 */
export const emailPattern = `^[^\\s@${controls}]+@[^\\s@.${controls}]+(?:\\.[^\\s@.${controls}]+)+$`;
const email = new RegExp(emailPattern, 'u');

/** Whether a text is an e-mail. Check its length first. */
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

/** A name as a new thing keeps it. */
export function composed(text: string): string {
  return text.normalize('NFC');
}

/** The same for an optional name. */
export function composedOrNull(text: string | null | undefined): string | null {
  return text == null ? null : composed(text);
}

/** Whether a text is fit for a new name or a new id. */
export function isComposed(text: string): boolean {
  return composed(text) === text;
}

/** A text as sent, and the other forms in which it may be kept; most have one spelling only. */
export function spellings(text: string): readonly string[] {
  const nfc = composed(text);
  const others = [nfc, text.normalize('NFD')].filter((other, i, all) => other !== text && all.indexOf(other) === i);
  return [text, ...others];
}

/** The first spelling that exists, or the NFC form if none does. */
export function spelledAs(text: string, isThere: (spelling: string) => boolean): string {
  return spellings(text).find(isThere) ?? composed(text);
}

/** The result of `find` for the first spelling that it knows; -1 for none. */
export function findSpelled(text: string, find: (spelling: string) => number): number {
  for (const spelling of spellings(text)) {
    const found = find(spelling);
    if (found >= 0) return found;
  }
  return -1;
}

/** Visible ASCII with single spaces in between. */
const plain = /^[\u0021-\u007e]+(?: [\u0021-\u007e]+)*$/;

/**
 * The common form of names that people take for the same: ignores case, spaces at the ends and
 * their number, and invisible characters.
 */
export function lookOf(text: string): string {
  // Most names are plain, which takes a tenth of the time.
  if (plain.test(text)) return text.toLowerCase();
  const seen = text
    .normalize('NFKC')
    .replaceAll(/\p{Cf}/gu, '')
    .replaceAll(/\s+/g, ' ')
    .trim();
  // Upper case first: ß and ſ have one, and the two small sigmas share theirs.
  return seen.toUpperCase().toLowerCase().normalize('NFKC');
}
