/** What a visitor may be called. */

export const longestName = 40;

/** What is wrong with a name, for people; null when it is fine. */
export function nameComplaint(name: string): string | null {
  const trimmed = name.trim();
  if (trimmed === '') return 'Type a name first: a nickname is fine.';
  if (trimmed.length > longestName) return `At most ${longestName} characters: shorten it a little.`;
  return null;
}
