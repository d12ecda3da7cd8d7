/**
 * What texts may be, at every door and in every file that is imported: one rule for names, one for e-mails.
 *
 * Each pattern takes one pass: no part of it can match what the part behind it matches too. So a text that nearly fits costs
 * no more than one that fits.
 */

/** Control characters of Unicode (Cc), for the inside of a character class. */
const controls = '\\u0000-\\u001f\\u007f-\\u009f';

/** A name, of whatever: any characters but control characters, which break lines, tables and terminals. Its length is told apart. */
export const namePattern = `^[^${controls}]*$`;
/** The same, with something in it that is no space. */
export const textPattern = `^[^\\S${controls}]*[^\\s${controls}][^${controls}]*$`;

/** Counted in UTF-16 units. */
export const maxEmailCharacters = 255;
/** Something, one @, and a domain of at least two names: what has no such form reaches nobody. What has it may still not. */
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
