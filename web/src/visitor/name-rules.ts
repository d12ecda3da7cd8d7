/** The rules for a visitor's name. */

export const maxNameLength = 40;

/** What is wrong with a name, in words; null for a valid one. */
export function nameComplaint(name: string): string | null {
  const trimmed = name.trim();
  if (trimmed === '') return 'Type a name first: a nickname is fine.';
  if (trimmed.length > maxNameLength) return `At most ${maxNameLength} characters: shorten it a little.`;
  return null;
}
